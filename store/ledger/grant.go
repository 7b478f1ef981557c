package ledger

import (
	"context"
	"database/sql"
	"errors"

	"latchkey/bot"
)

// Offer writes grants, all or none. Conflict: an id is taken, or evidence that
// a grant rests on is not on record.
func (l *Ledger) Offer(ctx context.Context, offers []bot.Offer) error {
	if len(offers) == 0 {
		return nil
	}
	const op = "offer grants"
	for _, o := range offers {
		if o.ID == "" || o.Session == "" || o.Agent.IsZero() || o.Target.IsZero() || o.Account.IsZero() || o.Expires.IsZero() {
			return misuse(op, "a grant is incomplete")
		}
	}
	return l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		for _, o := range offers {
			if err := t.offer(ctx, o); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *transaction) offer(ctx context.Context, o bot.Offer) error {
	_, err := t.exec(ctx, `
		INSERT INTO grants (id, session, agent_store, agent_guid, target_store, target_guid, store, guid, policy, skipped, at, expires)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		o.ID, o.Session, o.Agent.Store, o.Agent.GUID, o.Target.Store, o.Target.GUID, o.Account.Store, o.Account.GUID,
		o.Policy, number(o.Skipped), micros(o.At), micros(o.Expires))
	if err != nil {
		return err
	}
	for i, e := range o.Evidence {
		if _, err := t.exec(ctx, `INSERT INTO grant_evidence (grant_id, place, evidence_id) VALUES (?, ?, ?)`, o.ID, i, e); err != nil {
			return err
		}
	}
	return nil
}

// Offered reads a grant, used or not; NotFound if there is none.
func (l *Ledger) Offered(ctx context.Context, id string) (bot.Offer, error) {
	var o bot.Offer
	err := l.read(ctx, "read grant", func(ctx context.Context, t *transaction) error {
		var err error
		o, err = t.offered(ctx, id)
		return err
	})
	return o, err
}

func (t *transaction) offered(ctx context.Context, id string) (bot.Offer, error) {
	o := bot.Offer{ID: id}
	var at, expires int64
	err := t.row(ctx, `
		SELECT session, agent_store, agent_guid, target_store, target_guid, store, guid, policy, skipped, at, expires
		FROM grants WHERE id = ?`, id).Scan(&o.Session, &o.Agent.Store, &o.Agent.GUID, &o.Target.Store, &o.Target.GUID,
		&o.Account.Store, &o.Account.GUID, &o.Policy, &o.Skipped, &at, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return bot.Offer{}, bot.E(bot.NotFound, "read grant", nil)
	}
	if err != nil {
		return bot.Offer{}, err
	}
	o.At, o.Expires = fromMicros(at), fromMicros(expires)
	o.Evidence, err = collect(ctx, t, scanText, `SELECT evidence_id FROM grant_evidence WHERE grant_id = ? ORDER BY place`, id)
	return o, err
}

func scanText(row scanner) (s string, err error) { return s, row.Scan(&s) }
