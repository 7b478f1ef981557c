package ledger

import (
	"context"
	"strings"

	"golang.org/x/text/unicode/norm"

	"latchkey/bot"
)

// columns are a history row as scanRow reads it.
const columns = `seq, id, operation, session, at, action, status, why, detail, types,
	actor_kind, actor_store, actor_guid, actor_login, actor_name, actor_chat,
	target_kind, target_store, target_guid, target_login, target_name, target_chat,
	store, client, helpdesk, workspace, address, mode, reason, ticket`

// into are where a row's columns are read to.
func (w *row) into() []any {
	return []any{&w.Seq, &w.ID, &w.Operation, &w.Session, &w.At, &w.Action, &w.Status, &w.Why, &w.Detail, &w.Types,
		&w.Actor.Kind, &w.Actor.Store, &w.Actor.GUID, &w.Actor.Login, &w.Actor.Name, &w.Actor.Chat,
		&w.Target.Kind, &w.Target.Store, &w.Target.GUID, &w.Target.Login, &w.Target.Name, &w.Target.Chat,
		&w.Store, &w.Client, &w.Helpdesk, &w.Workspace, &w.Address, &w.Mode, &w.Reason, &w.Ticket}
}

// Append writes a record to history, and notices about it to the outbox, in
// one transaction. A record without id or time gets them. Conflict: the id is
// taken.
func (l *Ledger) Append(ctx context.Context, r bot.Record, notices ...bot.Notice) error {
	return l.write(ctx, "append to history", func(ctx context.Context, t *transaction) error {
		return l.appendWith(ctx, t, r, notices)
	})
}

func (l *Ledger) appendWith(ctx context.Context, t *transaction, r bot.Record, notices []bot.Notice) error {
	written, err := l.append(ctx, t, r)
	if err != nil {
		return err
	}
	for _, n := range notices {
		if n.Record.ID == r.ID { // it is about this record: it carries what the ledger added
			n.Record = written
		}
		if err := l.post(ctx, t, n); err != nil {
			return err
		}
	}
	return nil
}

// append adds a row to the chain. The write lock makes it the only one. The head
// follows at the end of the transaction.
func (l *Ledger) append(ctx context.Context, t *transaction, r bot.Record) (bot.Record, error) {
	if r.ID == "" {
		r.ID = l.newID()
	}
	if r.At.IsZero() {
		r.At = t.now
	}
	if err := t.readHead(ctx); err != nil {
		return bot.Record{}, err
	}
	prev := t.head.hash
	r.Seq = t.head.seq + 1
	w := rowOf(r)
	hash := digest(w, format, prev)
	values := []any{searched(w), format, prev, hash}
	for _, column := range w.into() {
		switch v := column.(type) {
		case *string:
			values = append(values, *v)
		case *int64:
			values = append(values, *v)
		}
	}
	if _, err := t.exec(ctx, `INSERT INTO history (search, format, prev, hash, `+columns+`) VALUES (?`+
		strings.Repeat(", ?", len(values)-1)+`)`, values...); err != nil {
		return bot.Record{}, err
	}
	t.head = &head{seq: r.Seq, hash: hash, moved: true}
	return w.record(), nil
}

// head is the end of the chain, as a transaction has brought it on.
type head struct {
	seq   int64
	hash  []byte
	moved bool
}

func (t *transaction) readHead(ctx context.Context) error {
	if t.head != nil {
		return nil
	}
	var h head
	if err := t.row(ctx, `SELECT seq, hash FROM history_head`).Scan(&h.seq, &h.hash); err != nil {
		return err
	}
	t.head = &h
	return nil
}

// moveHead writes the end of the chain, once a transaction: PostgreSQL keeps
// every version of a row until the transaction ends, and would have to pass by
// all of them for each record of a long one.
func (t *transaction) moveHead(ctx context.Context) error {
	if t.head == nil || !t.head.moved {
		return nil
	}
	_, err := t.exec(ctx, `UPDATE history_head SET seq = ?, hash = ?`, t.head.seq, t.head.hash)
	return err
}

// History gives records, newest first. Invalid: the limit is not 1 to 1000, or
// an account is empty.
func (l *Ledger) History(ctx context.Context, q bot.HistoryQuery) ([]bot.Record, error) {
	const op = "read history"
	if q.Limit < 1 || q.Limit > 1000 {
		return nil, misuse(op, "the limit is not 1 to 1000")
	}
	where, args := []string{"1 = 1"}, []any{}
	and := func(condition string, values ...any) {
		where, args = append(where, condition), append(args, values...)
	}
	if len(q.Accounts) > 0 {
		ids, err := accounts(q.Accounts)
		if err != nil {
			return nil, misuse(op, err.Error())
		}
		list := values(len(q.Accounts))
		and(`((actor_store, actor_guid) IN (`+list+`) OR (target_store, target_guid) IN (`+list+`))`, append(ids, ids...)...)
	}
	if part := folded(q.Text); part != "" {
		and(`search LIKE ? ESCAPE '\'`, "%"+literal(part)+"%")
	}
	if !q.Since.IsZero() {
		and(`at >= ?`, micros(q.Since))
	}
	if !q.Until.IsZero() {
		and(`at < ?`, micros(q.Until))
	}
	if q.Before != 0 {
		and(`seq < ?`, q.Before)
	}
	var out []bot.Record
	err := l.read(ctx, op, func(ctx context.Context, t *transaction) error {
		var err error
		out, err = collect(ctx, t, scanRecord, `SELECT `+columns+` FROM history WHERE `+strings.Join(where, " AND ")+
			` ORDER BY seq DESC LIMIT ?`, append(args, q.Limit)...)
		return err
	})
	return out, err
}

func scanRecord(from scanner) (bot.Record, error) {
	var w row
	err := from.Scan(w.into()...)
	return w.record(), err
}

// folded is text as it is searched: one normal form, no case, no matter how a
// directory or a keyboard writes it.
func folded(parts ...string) string {
	return strings.ToLower(norm.NFKC.String(text(strings.TrimSpace(strings.Join(parts, "\n")))))
}

// searched is what a row is searched by.
func searched(r row) string {
	return folded(r.Actor.Login, r.Actor.Name, r.Target.Login, r.Target.Name)
}

// literal takes the meaning from what LIKE would take for a pattern.
func literal(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}
