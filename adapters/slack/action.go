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
	beginID    = actionMark + ":begin::0" // stands on the App Home alone
	maxRow     = 100_000
)

func actionOf(b flows.Button) action { return action{kind: b.Kind, typ: b.Type, row: b.Row} }

// id is at most 80 characters, and the same for the same button.
func (a action) id() string {
	return strings.Join([]string{actionMark, string(a.kind), string(a.typ), strconv.Itoa(a.row)}, ":")
}

// valid reports whether a page may offer the action: what a person can press
// or submit, about a type and a row that there can be. Beginnings and Closed
// are made by the adapter alone.
func (a action) valid() bool {
	switch a.kind {
	case flows.Search, flows.Pick, flows.More, flows.Previous, flows.Confirm, flows.ChooseType, flows.SendCode, flows.Verify, flows.Overview,
		flows.Next, flows.Skip, flows.Unlock, flows.OpenHistory, flows.Back, flows.Remind, flows.Cancel, flows.Resume:
	default:
		return false
	}
	return (a.typ == "" || a.typ.Valid()) && a.row >= 0 && a.row <= maxRow
}

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
	return a, a.valid()
}
