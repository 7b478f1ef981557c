package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"strconv"
)

// format is the canonical form that new rows are hashed in. Each row carries
// its own, so that a later form can join without touching what is written.
const format = 1

// domain begins the canonical form, so that its hash is of nothing else.
const domain = "latchkey history "

// digest is the hash of a row in the chain: SHA-256 over its canonical form.
//
// The form is a list of fields: the domain with the format's number, then the
// columns of the row in the order of fields, then the hash of the row before
// (32 zero bytes for the first). A field is its length in bytes, as a 4-byte
// big-endian number, and then its bytes. Text is UTF-8, a number is decimal
// ASCII. No two rows have the same form, since every field says where it ends.
func digest(w row, format int64, prev []byte) []byte {
	var b bytes.Buffer
	field := func(s string) {
		var size [4]byte
		binary.BigEndian.PutUint32(size[:], uint32(len(s))) //nolint:gosec // rows are far below 4 GiB
		b.Write(size[:])
		b.WriteString(s)
	}
	field(domain + strconv.FormatInt(format, 10))
	for _, s := range w.fields() {
		field(s)
	}
	field(string(prev))
	sum := sha256.Sum256(b.Bytes())
	return sum[:]
}

// fields are the columns that format 1 proves, in its order.
func (w row) fields() []string {
	return []string{
		strconv.FormatInt(w.Seq, 10), w.ID, w.Operation, w.Session, strconv.FormatInt(w.At, 10),
		w.Action, w.Status, w.Why, w.Detail, w.Types,
		w.Actor.Kind, w.Actor.Store, w.Actor.GUID, w.Actor.Login, w.Actor.Name, w.Actor.Chat,
		w.Target.Kind, w.Target.Store, w.Target.GUID, w.Target.Login, w.Target.Name, w.Target.Chat,
		w.Store, w.Client, strconv.FormatInt(w.Helpdesk, 10), w.Workspace, w.Address, w.Mode, w.Reason, w.Ticket,
	}
}
