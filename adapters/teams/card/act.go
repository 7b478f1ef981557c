package card

import (
	"strconv"
	"strings"

	"latchkey/bot"
	"latchkey/flows"
)

// act is what a button means. It travels as the verb, and in the data, of an
// action.
type act struct {
	kind flows.EventKind
	typ  bot.Type
	row  int
}

const (
	actMark  = "latchkey"
	maxRow   = 100_000
	maxToken = 2000 // bytes; flows makes them shorter than 200
	maxWho   = 300  // runes
)

func actOf(b flows.Button) act { return act{kind: b.Kind, typ: b.Type, row: b.Row} }

// id is the same for the same button.
func (a act) id() string {
	return strings.Join([]string{actMark, string(a.kind), string(a.typ), strconv.Itoa(a.row)}, ":")
}

// valid reports whether a page may offer the act: what a person can press or
// submit, about a type and a row that there can be.
func (a act) valid() bool {
	return a.kind.Pressable() && (a.typ == "" || a.typ.Valid()) && a.row >= 0 && a.row <= maxRow
}

// opens reports whether the act begins something new, which takes no token and
// no more words.
func (a act) opens() bool { return a.kind.Opens() && a.typ == "" && a.row == 0 }

// looks reports whether the act is what a base card's refresh asks.
func (a act) looks() bool { return a == act{kind: flows.Look} }

// readAct reads an id that came back; ok is false for what no card offers.
func readAct(id string) (a act, ok bool) {
	part := strings.Split(id, ":")
	if len(id) > 255 || len(part) != 4 || part[0] != actMark {
		return act{}, false
	}
	row, err := strconv.Atoi(part[3])
	if err != nil {
		return act{}, false
	}
	a = act{kind: flows.EventKind(part[1]), typ: bot.Type(part[2]), row: row}
	return a, a.id() == id && (a.valid() || a.opens() || a.looks())
}

// OpensDialog reports whether a button of the kind, in a message, opens a
// dialog: what is shown then is for one person, or asks him to type. Any other
// changes the message in place.
func OpensDialog(k flows.EventKind) bool {
	return k.Opens() || k == flows.Resume || k == flows.Answer
}
