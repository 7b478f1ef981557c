package playground

import (
	"fmt"
	"slices"

	"latchkey/adapters/playground/blockkit"
)

// maxStack is how deep modals lie upon each other (docs.slack.dev/surfaces/modals).
const maxStack = 3

// view is one modal or home tab of one user.
type view struct {
	id, user string
	root     string // id of the bottom view of its stack
	previous string // id of the view below, or ""
	content  map[string]any
	blocks   []any // with ids
	form     form
	errors   map[string]string // by block id, from response_action errors
	hash     string
	external string
	open     bool
}

// newView makes a view of checked content. The caller holds mu.
func (w *Workspace) newView(user string, content map[string]any) *view {
	v := &view{id: fmt.Sprintf("V%08d%s", w.next(), w.secret(3)), user: user, open: true} // another one than in a run before
	v.root = v.id
	w.fill(v, content)
	return v
}

// fill gives a view new content and a new hash. The caller holds mu.
func (w *Workspace) fill(v *view, content map[string]any) {
	list, _ := content["blocks"].([]any)
	v.content, v.blocks = content, w.withIDs(list)
	v.form = v.form.carried(v.blocks)
	v.errors = nil
	v.external = str(content["external_id"])
	v.hash = fmt.Sprintf("%d.%s", w.opts.Now().Unix(), w.secret(4))
	w.stir()
}

// withIDs fills in the ids that the bot left out. The caller holds mu.
func (w *Workspace) withIDs(blocks []any) []any {
	return blockkit.WithIDs(blocks, func() string { return fmt.Sprintf("auto%d", w.next()) })
}

// push lays a new modal on the user's stack. The caller holds mu and has
// looked at maxStack.
func (w *Workspace) push(v *view) {
	if stack := w.stacks[v.user]; len(stack) > 0 {
		v.root, v.previous = stack[0].id, stack[len(stack)-1].id
	}
	w.stacks[v.user] = append(w.stacks[v.user], v)
	w.stir()
}

// pop closes one modal and everything above it. The caller holds mu.
func (w *Workspace) pop(v *view) {
	stack := w.stacks[v.user]
	i := slices.Index(stack, v)
	if i < 0 {
		return
	}
	for _, above := range stack[i:] {
		above.open = false
	}
	w.stacks[v.user] = stack[:i:i]
	w.stir()
}

// clear closes every modal of a user. The caller holds mu.
func (w *Workspace) clear(user string) {
	if stack := w.stacks[user]; len(stack) > 0 {
		w.pop(stack[0])
	}
}

// top is the modal that a user sees, or nil. The caller holds mu.
func (w *Workspace) top(user string) *view {
	if stack := w.stacks[user]; len(stack) > 0 {
		return stack[len(stack)-1]
	}
	return nil
}

// findView finds an open view by one of its ids. The caller holds mu.
func (w *Workspace) findView(id, external string) *view {
	match := func(v *view) bool { return id != "" && v.id == id || external != "" && v.external == external }
	for _, stack := range w.stacks {
		if i := slices.IndexFunc(stack, match); i >= 0 {
			return stack[i]
		}
	}
	for _, home := range w.homes {
		if match(home) {
			return home
		}
	}
	return nil
}

// viewJSON is the view object as Slack shows it to the bot
// (docs.slack.dev/reference/interaction-payloads/view-interactions-payload).
func (w *Workspace) viewJSON(v *view) map[string]any {
	orNull := func(key string) any { return v.content[key] }
	flag := func(key string) bool { b, _ := v.content[key].(bool); return b }
	out := map[string]any{
		"id": v.id, "team_id": w.opts.TeamID, "app_id": w.opts.AppID, "bot_id": w.opts.BotID,
		"app_installed_team_id": w.opts.TeamID, "type": v.content["type"], "blocks": v.blocks,
		"title": orNull("title"), "submit": orNull("submit"), "close": orNull("close"),
		"private_metadata": str(v.content["private_metadata"]), "callback_id": str(v.content["callback_id"]),
		"external_id": v.external, "clear_on_close": flag("clear_on_close"), "notify_on_close": flag("notify_on_close"),
		"state": v.form.values(), "hash": v.hash, "root_view_id": v.root, "previous_view_id": nil,
	}
	if v.previous != "" {
		out["previous_view_id"] = v.previous
	}
	return out
}
