package ledger

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
)

// VerifyResult is what a walk along the chain of history found.
type VerifyResult struct {
	Rows  int64  // walked
	Seq   int64  // of the last row walked
	Hash  string // of that row, hexadecimal: compare it with one noted elsewhere
	Fault *Fault // nil: the chain is whole
}

// Fault is the first place where the chain is broken.
type Fault struct {
	Seq  int64 // the row that is wrong, or the first that is missing
	Kind FaultKind
	Text string // a sentence
}

// FaultKind says how the chain is broken.
type FaultKind string

// The faults.
const (
	RowChanged  FaultKind = "changed"
	RowMissing  FaultKind = "missing"
	RowMisplace FaultKind = "out_of_place" // moved, or what stood before it was taken away
	RowForeign  FaultKind = "foreign"      // not written by the ledger, or by a newer one
)

// Verify walks the chain from its first row and finds the first that was
// changed, removed, reordered or put in, and an end that was cut off. It fails
// only when the database cannot be read; a broken chain is a result.
//
// It cannot detect that somebody who may write the file computed the chain
// anew from some row on, head included, or cut rows off and set the head back
// to what remains. Against those stands the Hash, noted outside of the database.
func (l *Ledger) Verify(ctx context.Context) (VerifyResult, error) {
	w := walk{last: make([]byte, 32)}
	// A walk may take longer than a call is given, so it does not go by read.
	tx, err := l.engine.beginRead(ctx, l.reader)
	if err != nil {
		return VerifyResult{}, l.failed("verify history", err)
	}
	defer tx.Rollback() //nolint:errcheck // it only read
	if err := l.engine.lasting(ctx, tx); err != nil {
		return VerifyResult{}, l.failed("verify history", err)
	}
	if err := w.rows(ctx, tx); err != nil {
		return VerifyResult{}, l.failed("verify history", err)
	}
	if w.fault == nil {
		if err := w.head(ctx, tx); err != nil {
			return VerifyResult{}, l.failed("verify history", err)
		}
	}
	return VerifyResult{Rows: w.count, Seq: w.seq, Hash: hex.EncodeToString(w.last), Fault: w.fault}, nil
}

// walk is how far a verification has come.
type walk struct {
	count, seq int64
	last       []byte // hash of the row before
	fault      *Fault
}

func (w *walk) rows(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, `SELECT format, prev, hash, search, `+columns+` FROM history ORDER BY seq`)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // Err below has what matters
	for w.fault == nil && rows.Next() {
		var r row
		var form int64
		var prev, hash []byte
		var search string
		if err := rows.Scan(append([]any{&form, &prev, &hash, &search}, r.into()...)...); err != nil {
			return err
		}
		w.step(r, form, prev, hash)
		if w.fault == nil && search != searched(r) {
			// The chain does not hold it, and who is looked for by name is found by it.
			w.broken(r.Seq, RowChanged, "Row %d was changed: it is searched by other names than it has.", r.Seq)
		}
	}
	return rows.Err()
}

// step looks at one row after all before it were found whole.
func (w *walk) step(r row, form int64, prev, hash []byte) {
	next := w.seq + 1
	own := bytes.Equal(digest(r, form, prev), hash)
	follows := bytes.Equal(prev, w.last)
	switch {
	case r.Seq < next:
		w.broken(r.Seq, RowForeign, "Row %d stands before the first row of history.", r.Seq)
	case r.Seq > next:
		w.broken(next, RowMissing, "Row %d is missing: history goes on with row %d.", next, r.Seq)
	case form != format:
		w.broken(r.Seq, RowForeign, "Row %d has form %d, which this program does not know.", r.Seq, form)
	case own && follows:
		w.count, w.seq, w.last = w.count+1, r.Seq, hash
	case own && w.seq > 0:
		// This row is as it was written, so the one before is not: its hash was computed anew.
		w.broken(w.seq, RowChanged, "Row %d was changed: row %d remembers it otherwise.", w.seq, r.Seq)
	case follows:
		w.broken(r.Seq, RowChanged, "Row %d was changed.", r.Seq)
	default:
		w.broken(r.Seq, RowMisplace, "Row %d is out of place: it was moved, or what stood there was taken away.", r.Seq)
	}
}

// head compares the end of the rows with the end that is kept apart.
func (w *walk) head(ctx context.Context, tx *sql.Tx) error {
	var seq int64
	var hash []byte
	err := tx.QueryRowContext(ctx, `SELECT seq, hash FROM history_head`).Scan(&seq, &hash)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		w.broken(w.seq, RowForeign, "The head of history is missing, so its end cannot be proved.")
		return nil
	case err != nil:
		return err
	case seq > w.seq:
		w.broken(w.seq+1, RowMissing, "Row %d is missing: history ended with row %d.", w.seq+1, seq)
	case seq < w.seq:
		w.broken(seq+1, RowForeign, "Row %d was added past the end of history.", seq+1)
	case !bytes.Equal(hash, w.last):
		w.broken(w.seq, RowChanged, "Row %d was changed: the head of history remembers it otherwise.", w.seq)
	}
	return nil
}

func (w *walk) broken(seq int64, kind FaultKind, text string, args ...any) {
	w.fault = &Fault{Seq: seq, Kind: kind, Text: fmt.Sprintf(text, args...)}
}
