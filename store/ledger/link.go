package ledger

import (
	"cmp"
	"context"
	"slices"

	"latchkey/bot"
)

// Linked gives the accounts that the account is linked to, by way of others,
// too, in the order of String: whoever is one person with b, and b with c, is
// one person with c.
func (l *Ledger) Linked(ctx context.Context, id bot.AccountID) ([]bot.AccountID, error) {
	const op = "read links"
	if _, err := accounts([]bot.AccountID{id}); err != nil {
		return nil, misuse(op, err.Error())
	}
	var out []bot.AccountID
	err := l.read(ctx, op, func(ctx context.Context, t *transaction) error {
		person, err := t.person(ctx, id)
		if err != nil {
			return err
		}
		out = person[1:]
		slices.SortFunc(out, func(a, b bot.AccountID) int { return cmp.Compare(a.String(), b.String()) })
		return nil
	})
	return out, err
}

// person gives the account and all that it is linked to. Link sees to it that
// these are no more than there are stores.
func (t *transaction) person(ctx context.Context, id bot.AccountID) ([]bot.AccountID, error) {
	all := []bot.AccountID{id}
	for i := 0; i < len(all); i++ {
		next, err := collect(ctx, t, scanAccount, `
			SELECT b_store, b_guid FROM links WHERE a_store = ?1 AND a_guid = ?2
			UNION SELECT a_store, a_guid FROM links WHERE b_store = ?1 AND b_guid = ?2`, all[i].Store, all[i].GUID)
		if err != nil {
			return nil, err
		}
		for _, one := range next {
			if !slices.Contains(all, one) {
				all = append(all, one)
			}
		}
	}
	return all, nil
}

func scanAccount(from scanner) (id bot.AccountID, err error) {
	return id, from.Scan(&id.Store, &id.GUID)
}

// Link writes a link with its history records. Accounts that are linked
// already, by way of others, too, are left alone, and so is history. Conflict:
// one person would have two accounts of a store. Invalid: an account is empty,
// or both are of one store.
func (l *Ledger) Link(ctx context.Context, a, b bot.AccountID, records ...bot.Record) error {
	const op = "link accounts"
	if _, err := accounts([]bot.AccountID{a, b}); err != nil {
		return misuse(op, err.Error())
	}
	if a.Store == b.Store {
		return misuse(op, "both accounts are of one store")
	}
	return l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		made, err := t.link(ctx, a, b)
		if err != nil || !made {
			return err
		}
		return l.appendAll(ctx, t, records)
	})
}

// link writes the row; made is false where the two are one person already.
func (t *transaction) link(ctx context.Context, a, b bot.AccountID) (made bool, err error) {
	a, b = ordered(a, b)
	as, err := t.person(ctx, a)
	if err != nil || slices.Contains(as, b) {
		return false, err
	}
	bs, err := t.person(ctx, b)
	if err != nil {
		return false, err
	}
	for _, one := range as {
		if slices.ContainsFunc(bs, func(other bot.AccountID) bool { return other.Store == one.Store }) {
			return false, bot.Ef(bot.Conflict, "link accounts", "One of the accounts is linked to another account of %s already. Unlink that one first.", one.Store)
		}
	}
	_, err = t.exec(ctx, `INSERT INTO links (a_store, a_guid, b_store, b_guid, at) VALUES (?, ?, ?, ?, ?)`,
		a.Store, a.GUID, b.Store, b.GUID, micros(t.now))
	return err == nil, err
}

// Unlink removes a link with its history records. NotFound: there is none, or
// the two are linked by way of another account alone.
func (l *Ledger) Unlink(ctx context.Context, a, b bot.AccountID, records ...bot.Record) error {
	return l.write(ctx, "unlink accounts", func(ctx context.Context, t *transaction) error {
		if err := t.unlink(ctx, a, b); err != nil {
			return err
		}
		return l.appendAll(ctx, t, records)
	})
}

// unlink removes the row.
func (t *transaction) unlink(ctx context.Context, a, b bot.AccountID) error {
	const op = "unlink accounts"
	a, b = ordered(a, b)
	n, err := t.exec(ctx, `DELETE FROM links WHERE a_store = ? AND a_guid = ? AND b_store = ? AND b_guid = ?`,
		a.Store, a.GUID, b.Store, b.GUID)
	if err != nil || n == 1 {
		return err
	}
	person, err := t.person(ctx, a)
	switch {
	case err != nil:
		return err
	case slices.Contains(person[1:], b):
		return bot.Ef(bot.NotFound, op, "These accounts are linked by way of another one. Unlink one of them from that.")
	}
	return bot.Ef(bot.NotFound, op, "These accounts are not linked.")
}

// ordered gives two accounts in the order of String, so that a link is one row
// whichever way it is told.
func ordered(a, b bot.AccountID) (first, second bot.AccountID) {
	if a.String() > b.String() {
		return b, a
	}
	return a, b
}

func (l *Ledger) appendAll(ctx context.Context, t *transaction, records []bot.Record) error {
	for _, r := range records {
		if _, err := l.append(ctx, t, r); err != nil {
			return err
		}
	}
	return nil
}
