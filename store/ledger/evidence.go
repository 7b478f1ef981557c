package ledger

import (
	"context"

	"latchkey/bot"
)

// Evidence gives what a session has passed, stale or fresh, in the order in
// which it was passed.
func (l *Ledger) Evidence(ctx context.Context, session string) ([]bot.Evidence, error) {
	var out []bot.Evidence
	err := l.read(ctx, "read evidence", func(ctx context.Context, t *transaction) error {
		var err error
		out, err = collect(ctx, t, scanEvidence, `
			SELECT id, session, challenge, enrollment, type, question, target_store, target_guid, agent_store, agent_guid, at, expires
			FROM evidence WHERE session = ? ORDER BY seq`, session)
		return err
	})
	return out, err
}

func scanEvidence(row scanner) (e bot.Evidence, err error) {
	var at, expires int64
	err = row.Scan(&e.ID, &e.Session, &e.Challenge, &e.Enrollment, &e.Type, &e.Question, &e.Target.Store, &e.Target.GUID,
		&e.Agent.Store, &e.Agent.GUID, &at, &expires)
	e.At, e.Expires = fromMicros(at), fromMicros(expires)
	return e, err
}

func (t *transaction) addEvidence(ctx context.Context, e bot.Evidence) error {
	_, err := t.exec(ctx, `
		INSERT INTO evidence (id, session, challenge, enrollment, type, question, target_store, target_guid, agent_store, agent_guid, at, expires)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.ID, e.Session, e.Challenge, e.Enrollment, e.Type, e.Question, e.Target.Store, e.Target.GUID,
		e.Agent.Store, e.Agent.GUID, micros(e.At), micros(e.Expires))
	return err
}
