package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"latchkey/bot"
	"latchkey/store/vault"
)

// pendingLife is how long an earlier key is needed for what is not counted:
// buttons and pages in chat, and what a session keeps sealed.
const pendingLife = time.Hour

// holding counts what each key is needed for in the database.
type holding struct {
	seals   map[uint32]int // sealed values by key
	peppers map[uint32]int // answers by pepper
}

func (h holding) of(k vault.KeyInfo) int {
	switch k.Purpose {
	case vault.Seal:
		return h.seals[k.ID]
	case vault.Pepper:
		return h.peppers[k.ID]
	}
	return 0 // what a MAC signs is not kept
}

// held counts by what the values say they were sealed or hashed with.
func held(ctx context.Context, l seals) (holding, error) {
	h := holding{seals: map[uint32]int{}, peppers: map[uint32]int{}}
	err := eachEnrollment(ctx, l, func(e bot.Enrollment) error {
		for _, s := range sealsOf(e) {
			if id, ok := vault.SealedWith(s.sealed); ok {
				h.seals[id]++
			}
		}
		for _, a := range e.Answers {
			if id, ok := vault.PepperOf(a.Hash); ok {
				h.peppers[id]++
			}
		}
		return nil
	})
	if err != nil {
		return h, err
	}
	return h, eachNotice(ctx, l, func(n bot.Notice) error {
		if _, sealed, ok := n.Sealed(); ok {
			if id, ok := vault.SealedWith(sealed); ok {
				h.seals[id]++
			}
		}
		return nil
	})
}

// retiring is what `keys retire` is told.
type retiring struct {
	now    bool // does not wait for what is pending
	remove bool
	undo   bool
}

// retired is what it answers.
type retired struct {
	Disabled []vault.KeyInfo `json:"disabled,omitempty"`
	Removed  []vault.KeyInfo `json:"removed,omitempty"`
	Enabled  []vault.KeyInfo `json:"enabled,omitempty"`
	Kept     []keptKey       `json:"kept,omitempty"`
}

// keptKey is an earlier key that is still needed.
type keptKey struct {
	vault.KeyInfo
	Rows int    `json:"rows"` // values that it seals, or answers hashed with it
	Why  string `json:"why"`
}

func (p *program) retireKeys(ctx context.Context, r retiring) error {
	if r.undo && (r.now || r.remove) || r.now && r.remove {
		return usage("latchkey keys retire takes one of --now, --remove and --undo")
	}
	return p.onRecord(ctx, subject{}, func(o opened) error {
		file := o.cfg.Keys.File
		keys, err := vault.List(file)
		if err != nil {
			return err
		}
		if r.undo {
			return p.enableKeys(file, keys)
		}
		h, err := held(ctx, o.ledger)
		if err != nil {
			return err
		}
		if r.remove {
			return p.removeKeys(file, keys, h)
		}
		return p.disableKeys(file, keys, h, r.now)
	})
}

// disableKeys disables each earlier key that nothing needs any more, and
// refuses where there are such keys and all are needed.
func (p *program) disableKeys(file string, keys []vault.KeyInfo, h holding, now bool) error {
	var out retired
	for _, k := range keys {
		if k.Primary || k.Waiting || !k.Enabled {
			continue
		}
		if why := p.needed(k, keys, h, now); why != "" {
			out.Kept = append(out.Kept, keptKey{k, h.of(k), why})
		} else {
			out.Disabled = append(out.Disabled, k)
		}
	}
	var lines []string
	for _, k := range out.Kept {
		lines = append(lines, fmt.Sprintf("Key %d (%s) stays: %s.", k.ID, k.Purpose, k.Why))
	}
	kept := strings.Join(lines, "\n")
	switch {
	case len(out.Disabled) > 0:
		if err := vault.Disable(file, out.Disabled); err != nil {
			return err
		}
		return p.answer(out, fmt.Sprintf("Disabled %s: nothing is sealed or hashed with %s. --undo enables them again, --remove removes them for good. Replace the copies of %s.\n%s",
			counted(len(out.Disabled), "key", "keys"), theOnes(len(out.Disabled)), file, kept))
	case len(out.Kept) > 0:
		return bot.Ef(bot.Conflict, "retire keys", "No key was disabled. %s", strings.Join(lines, " "))
	}
	return p.answer(out, "There is no earlier key that is enabled; nothing was changed.")
}

// needed says why an earlier key is still needed; "" where it is not.
func (p *program) needed(k vault.KeyInfo, keys []vault.KeyInfo, h holding, now bool) string {
	n := h.of(k)
	switch {
	case n > 0 && k.Purpose == vault.Seal:
		return counted(n, "value in the database is sealed", "values in the database are sealed") + " with it; run latchkey keys reseal first"
	case n > 0:
		return counted(n, "answer was", "answers were") + " hashed with it, and only whoever knows the answers can have them hashed anew: it goes when these security questions have been set again or removed"
	}
	for _, other := range keys {
		end := other.PrimarySince.Add(pendingLife)
		if other.Purpose == k.Purpose && other.Primary && !now && p.now().Before(end) {
			return "pages and buttons may still need it until " + end.UTC().Format(time.DateTime) + " UTC; --now does not wait, and people begin anew"
		}
	}
	return ""
}

// removeKeys removes the disabled keys that nothing in the database names: it
// may have come back from a backup meanwhile.
func (p *program) removeKeys(file string, keys []vault.KeyInfo, h holding) error {
	var out retired
	for _, k := range keys {
		switch n := h.of(k); {
		case k.Enabled:
		case n > 0:
			return bot.Ef(bot.Conflict, "remove keys", "No key was removed: the disabled key %d (%s) is needed by %s in the database. Enable it with latchkey keys retire --undo.",
				k.ID, k.Purpose, counted(n, "value", "values"))
		default:
			out.Removed = append(out.Removed, k)
		}
	}
	if len(out.Removed) == 0 {
		return p.answer(out, "No key is disabled; nothing was removed. latchkey keys retire disables those that nothing needs.")
	}
	if err := vault.Remove(file, out.Removed); err != nil {
		return err
	}
	return p.answer(out, fmt.Sprintf("Removed %s for good. A backup of the database from before opens with a copy of %s from before alone.", counted(len(out.Removed), "disabled key", "disabled keys"), file))
}

func (p *program) enableKeys(file string, keys []vault.KeyInfo) error {
	var out retired
	for _, k := range keys {
		if !k.Enabled {
			out.Enabled = append(out.Enabled, k)
		}
	}
	if len(out.Enabled) == 0 {
		return p.answer(out, "No key is disabled; nothing was changed.")
	}
	if err := vault.Enable(file, out.Enabled); err != nil {
		return err
	}
	return p.answer(out, fmt.Sprintf("Enabled %s again.", counted(len(out.Enabled), "key", "keys")))
}

func theOnes(n int) string {
	if n == 1 {
		return "it"
	}
	return "them"
}
