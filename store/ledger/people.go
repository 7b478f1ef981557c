package ledger

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"latchkey/bot"
)

// Bound gives the account of a chat person; NotFound if he is not bound.
func (l *Ledger) Bound(ctx context.Context, chat bot.Chatter) (bot.AccountID, error) {
	var id bot.AccountID
	err := l.read(ctx, "read binding", func(ctx context.Context, t *transaction) error {
		var err error
		id, err = t.bound(ctx, chat)
		return err
	})
	return id, err
}

func (t *transaction) bound(ctx context.Context, chat bot.Chatter) (id bot.AccountID, err error) {
	err = t.row(ctx, `SELECT store, guid FROM people WHERE platform = ? AND tenant = ? AND person = ?`,
		chat.Platform, chat.Tenant, chat.User).Scan(&id.Store, &id.GUID)
	if errors.Is(err, sql.ErrNoRows) {
		return bot.AccountID{}, bot.Ef(bot.NotFound, "read binding", "This chat person is bound to no account.")
	}
	return id, err
}

// Bind writes a binding with its history record; Conflict where the person, or
// the account on that platform, is bound to another. The binding that is there
// already is left alone, and so is history.
func (l *Ledger) Bind(ctx context.Context, chat bot.Chatter, id bot.AccountID, r bot.Record) error {
	const op = "bind chat person"
	if chat.Platform == "" || chat.Tenant == "" || chat.User == "" || id.Store == "" || id.GUID == "" {
		return misuse(op, "person or account is incomplete")
	}
	return l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		has, err := t.bound(ctx, chat)
		switch {
		case err == nil && has == id:
			return nil
		case err == nil:
			return bot.Ef(bot.Conflict, op, "This chat person is bound to another account. Unbind that first.")
		case bot.KindOf(err) != bot.NotFound:
			return err
		}
		var taken bool
		err = t.row(ctx, `SELECT EXISTS (SELECT 1 FROM people WHERE platform = ? AND store = ? AND guid = ?)`,
			chat.Platform, id.Store, id.GUID).Scan(&taken)
		if err != nil {
			return err
		}
		if taken {
			return bot.Ef(bot.Conflict, op, "The account is bound to another person of this chat. Unbind that one first.")
		}
		_, err = t.exec(ctx, `INSERT INTO people (platform, tenant, person, store, guid, at, made_by) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			chat.Platform, chat.Tenant, chat.User, id.Store, id.GUID, micros(t.now), howBound(r))
		if err != nil {
			return err
		}
		_, err = l.append(ctx, t, r)
		return err
	})
}

// howBound reads from the record how a binding came about.
func howBound(r bot.Record) string {
	if how, ok := strings.CutPrefix(r.Detail, "matched by "); ok {
		return how
	}
	return string(r.Actor.Kind)
}

// Unbind removes a binding with a history record; NotFound if there is none.
func (l *Ledger) Unbind(ctx context.Context, chat bot.Chatter, r bot.Record) error {
	const op = "unbind chat person"
	return l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		n, err := t.exec(ctx, `DELETE FROM people WHERE platform = ? AND tenant = ? AND person = ?`,
			chat.Platform, chat.Tenant, chat.User)
		if err != nil {
			return err
		}
		if n == 0 {
			return bot.Ef(bot.NotFound, op, "This chat person is bound to no account.")
		}
		_, err = l.append(ctx, t, r)
		return err
	})
}

// Bindings gives all, or with an id those of that account, by platform, tenant
// and person.
func (l *Ledger) Bindings(ctx context.Context, id bot.AccountID) ([]bot.Binding, error) {
	var out []bot.Binding
	err := l.read(ctx, "read bindings", func(ctx context.Context, t *transaction) error {
		var err error
		out, err = collect(ctx, t, scanBinding, `
			SELECT platform, tenant, person, store, guid, at, made_by FROM people
			WHERE ?1 = 1 OR (store = ?2 AND guid = ?3) ORDER BY platform, tenant, person`, number(id.IsZero()), id.Store, id.GUID)
		return err
	})
	return out, err
}

func scanBinding(from scanner) (b bot.Binding, err error) {
	var at int64
	err = from.Scan(&b.Chat.Platform, &b.Chat.Tenant, &b.Chat.User, &b.Account.Store, &b.Account.GUID, &at, &b.By)
	b.At = fromMicros(at)
	return b, err
}
