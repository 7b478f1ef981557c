package blockkit

import "strconv"

// acrossBlocks holds the rules that no single block can break: ids used twice,
// two elements that want the focus, two tables in one message.
func acrossBlocks(r *report, at string, blocks []any, where face) {
	blockIDs := map[string]bool{}
	focus, tables := 0, 0
	for i, b := range blocks {
		here := at + "/" + strconv.Itoa(i)
		if id := str(member(b, "block_id")); id != "" {
			if blockIDs[id] {
				r.add(under(here, "block_id"), "block_id %q is used twice", clip(id))
			}
			blockIDs[id] = true
		}
		if str(member(b, "type")) == "table" {
			tables++
		}
		actionIDs := map[string]bool{}
		for _, e := range elementsOf(b) {
			if id := str(e["action_id"]); id != "" {
				if actionIDs[id] {
					r.add(here, "action_id %q is used twice in one block", clip(id))
				}
				actionIDs[id] = true
			}
			if e["focus_on_load"] == true {
				focus++
			}
		}
	}
	if focus > 1 {
		r.add(at, "focus_on_load may be true on one element only, not %d", focus)
	}
	if tables > 1 && where == onMessage {
		r.add(at, "a message may have one table only, not %d", tables)
	}
}

// elementsOf lists the elements of a block: of its list, its input and its accessory.
func elementsOf(block any) []map[string]any {
	var out []map[string]any
	all := append(members(block, "elements")[:len(members(block, "elements")):len(members(block, "elements"))],
		member(block, "element"), member(block, "accessory"))
	for _, e := range all {
		if o, ok := e.(map[string]any); ok {
			out = append(out, o)
		}
	}
	return out
}
