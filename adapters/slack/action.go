package slack

import (
	"strconv"
	"strings"

	"latchkey/bot"
	"latchkey/flows"
)

// action is what a button or a submit means. It travels as the element's
// action id or the dialog's callback id.
type action struct {
	kind flows.EventKind
	typ  bot.Type
	row  int
}

const (
	actionMark = "latchkey"
	maxRow     = 100_000
)

func actionOf(b flows.Button) action { return action{kind: b.Kind, typ: b.Type, row: b.Row} }

// id is at most 80 characters, and the same for the same button.
func (a action) id() string {
	return strings.Join([]string{actionMark, string(a.kind), string(a.typ), strconv.Itoa(a.row)}, ":")
}

// valid reports whether a page may offer the action: what a person can press
// or submit, about a type and a row that there can be.
func (a action) valid() bool {
	return a.kind.Pressable() && (a.typ == "" || a.typ.Valid()) && a.row >= 0 && a.row <= maxRow
}

// opens reports whether the action begins something new, which takes no token
// and no more words.
func (a action) opens() bool { return a.kind.Opens() && a.typ == "" && a.row == 0 }

// readAction reads an id that came back. What follows the fourth part only
// keeps ids apart.
func readAction(id string) (action, bool) {
	part := strings.SplitN(id, ":", 5)
	if len(id) > 255 || len(part) < 4 || part[0] != actionMark {
		return action{}, false
	}
	row, err := strconv.Atoi(part[3])
	if err != nil || part[3] != strconv.Itoa(row) {
		return action{}, false
	}
	a := action{kind: flows.EventKind(part[1]), typ: bot.Type(part[2]), row: row}
	return a, a.valid() || a.opens()
}
