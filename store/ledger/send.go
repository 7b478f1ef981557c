package ledger

import (
	"context"
	"database/sql"
	"errors"

	"latchkey/bot"
)

// allowSend refuses a challenge whose message would be one too many. Pushes in
// the chat and codes by mail or text message are counted apart: what is sent is
// another thing, and so is what a flood of it does to whom it reaches.
func (t *transaction) allowSend(ctx context.Context, c bot.Challenge, limits bot.SendLimits) error {
	same, sent := `type <> ?`, "codes"
	if c.Type == bot.Chat {
		same, sent = `type = ?`, "messages"
	}
	const op = "open challenge"
	if limits.PerSession > 0 {
		var n int
		err := t.row(ctx, `SELECT count(*) FROM challenges WHERE session = ? AND code_sent = 1 AND `+same, c.Session, bot.Chat).Scan(&n)
		if err != nil {
			return err
		}
		if n >= limits.PerSession {
			return bot.Ef(bot.Throttled, op, "No more %s can be sent to this user in this case.", sent)
		}
	}
	if limits.PerHour <= 0 {
		return nil
	}
	// The one that would have to leave the window first.
	var at int64
	err := t.row(ctx, `
		SELECT at FROM challenges WHERE store = ? AND guid = ? AND code_sent = 1 AND at > ? AND `+same+`
		ORDER BY at DESC LIMIT 1 OFFSET ?`,
		c.Account.Store, c.Account.GUID, micros(t.now.Add(-hour)), bot.Chat, limits.PerHour-1).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return &bot.Error{Kind: bot.Throttled, Op: op, Text: "Too many " + sent + " were sent to this user in the last hour.",
		RetryAfter: fromMicros(at).Add(hour).Sub(t.now)}
}
