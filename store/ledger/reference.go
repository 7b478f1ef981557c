package ledger

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
	"unicode"

	"latchkey/bot"
)

// maxReference bounds each part of a reference, in bytes.
const maxReference = 1024

// KeepReference writes how a person is reached. One that is newer stays. Invalid:
// a part is missing, too long, or holds a control character.
func (l *Ledger) KeepReference(ctx context.Context, r bot.Reference) error {
	const op = "keep how a person is reached"
	for _, part := range []string{r.Who.Platform, r.Who.Tenant, r.Who.User, r.Service, r.Key} {
		if part == "" {
			return misuse(op, "a part is missing")
		}
	}
	for _, part := range []string{r.Who.Platform, r.Who.Tenant, r.Who.User, r.Service, r.Key, r.Conversation} {
		if len(part) > maxReference || strings.ContainsFunc(part, unicode.IsControl) {
			return misuse(op, "a part is too long or holds a control character")
		}
	}
	return l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		_, err := t.exec(ctx, `
			INSERT INTO chat_references (platform, tenant, person, service, conversation, key, at) VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (platform, tenant, person) DO UPDATE SET service = excluded.service,
				conversation = excluded.conversation, key = excluded.key, at = excluded.at
			WHERE excluded.at >= chat_references.at`,
			r.Who.Platform, r.Who.Tenant, r.Who.User, r.Service, text(r.Conversation), r.Key, micros(r.At))
		return err
	})
}

// Reference gives how a person is reached; NotFound where nobody knows.
func (l *Ledger) Reference(ctx context.Context, who bot.Chatter) (bot.Reference, error) {
	const op = "read how a person is reached"
	r := bot.Reference{Who: who}
	err := l.read(ctx, op, func(ctx context.Context, t *transaction) error {
		var at int64
		err := t.row(ctx, `SELECT service, conversation, key, at FROM chat_references WHERE platform = ? AND tenant = ? AND person = ?`,
			who.Platform, who.Tenant, who.User).Scan(&r.Service, &r.Conversation, &r.Key, &at)
		if errors.Is(err, sql.ErrNoRows) {
			return bot.Ef(bot.NotFound, op, "This person has never met the bot in the chat, or has taken it away.")
		}
		r.At = fromMicros(at)
		return err
	})
	if err != nil {
		return bot.Reference{}, err
	}
	return r, nil
}

// ForgetReference removes a reference that is not newer than before: news of an
// uninstall that comes late takes nothing from who has installed it anew.
func (l *Ledger) ForgetReference(ctx context.Context, who bot.Chatter, before time.Time) error {
	return l.write(ctx, "forget how a person is reached", func(ctx context.Context, t *transaction) error {
		_, err := t.exec(ctx, `DELETE FROM chat_references WHERE platform = ? AND tenant = ? AND person = ? AND at <= ?`,
			who.Platform, who.Tenant, who.User, micros(before))
		return err
	})
}
