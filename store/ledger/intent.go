package ledger

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"latchkey/bot"
)

// open is how many intents OpenIntents gives at most.
const open = 100

// Intend consumes the grant and commits the intent with its history record, or
// says why not: GrantUsed, Frozen, GrantExpired (both by the ledger's clock),
// UnlockUnderWay, TooManyUnlocks, NotLocked (the very lock that was decided on
// was undone meanwhile). NotFound: there is no such grant. Invalid: the
// intent's offer is not the one on record.
//
// Of any number of calls with one grant and account, one commits until its
// outcome is NotApplied; then one may again. A session's other grants of the
// account are used with it, unless the outcome is NotApplied or RanOut.
func (l *Ledger) Intend(ctx context.Context, i bot.Intent, asked bot.Record, perDay int) (bot.Reason, error) {
	const op = "intend unlock"
	if i.ID == "" || i.At.IsZero() {
		return "", misuse(op, "the intent is incomplete")
	}
	var why bot.Reason
	err := l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		why = ""
		grant, err := t.offered(ctx, i.Offer.ID)
		if err != nil {
			return err
		}
		if i.Offer.Account != grant.Account || i.Offer.Agent != grant.Agent || i.Offer.Target != grant.Target ||
			i.Offer.Session != grant.Session || i.Offer.Policy != grant.Policy {
			return misuse(op, "the grant on record is another")
		}
		if why, err = t.unintended(ctx, grant, perDay); err != nil || why != "" {
			return err
		}
		if undone, err := t.undone(ctx, i); err != nil || undone {
			why = bot.NotLocked
			return err
		}
		if err := t.intend(ctx, i); err != nil {
			return err
		}
		_, err = l.append(ctx, t, asked)
		return err
	})
	if err != nil {
		return "", err
	}
	return why, nil
}

// unintended says why the grant cannot be used now. The unique indexes of the
// table say the same: what this overlooks is a Conflict there, never a second
// intent.
func (t *transaction) unintended(ctx context.Context, g bot.Offer, perDay int) (bot.Reason, error) {
	var used bool
	err := t.row(ctx, `
		SELECT EXISTS (SELECT 1 FROM intents WHERE grant_id = ? AND store = ? AND guid = ? AND (result IS NULL OR result <> ?))`,
		g.ID, g.Account.Store, g.Account.GUID, bot.NotApplied).Scan(&used)
	if err != nil || used {
		return bot.GrantUsed, err
	}
	// A new grant of the session rests on the same proof: what was proved once
	// does not undo the lock that a guesser brings back.
	err = t.row(ctx, `
		SELECT EXISTS (SELECT 1 FROM intents i JOIN grants g ON g.id = i.grant_id
		  WHERE g.session = ? AND i.store = ? AND i.guid = ? AND (i.result IS NULL OR i.result NOT IN (?, ?)))`,
		g.Session, g.Account.Store, g.Account.GUID, bot.NotApplied, bot.RanOut).Scan(&used)
	if err != nil || used {
		return bot.GrantUsed, err
	}
	until, err := t.frozen(ctx, t.now, g.Account, g.Target) // linked since, it may be the one and not the other
	if err != nil || !until.IsZero() {
		return bot.Frozen, err
	}
	if !t.now.Before(g.Expires) {
		return bot.GrantExpired, nil
	}
	n, underWay, err := t.unlockState(ctx, g.Account, t.now.Add(-day))
	switch {
	case err != nil:
		return "", err
	case underWay:
		return bot.UnlockUnderWay, nil
	case perDay > 0 && n >= perDay:
		return bot.TooManyUnlocks, nil
	}
	return "", nil
}

// undone reports whether another intent has undone this very lock since it was
// read: the decision rests on what is no longer so. Carried on, it would find
// the account unlocked, and stand in history as a second unlock. A lock that
// was read after that is another one, even if the directory counts locks by the
// second and gave it the same value.
func (t *transaction) undone(ctx context.Context, i bot.Intent) (bool, error) {
	locks, err := collect(ctx, t, scanLock, `
		SELECT seen FROM intents WHERE store = ? AND guid = ? AND result IN (?, ?) AND settled > ?`,
		i.Offer.Account.Store, i.Offer.Account.GUID, bot.Applied, bot.UnlockedNotByUs, micros(i.Read))
	return i.Seen.Value != "" && slices.ContainsFunc(locks, func(l bot.Lock) bool { return l.Value == i.Seen.Value }), err
}

func scanLock(row scanner) (l bot.Lock, err error) {
	var seen string
	if err := row.Scan(&seen); err != nil {
		return l, err
	}
	return l, json.Unmarshal([]byte(seen), &l)
}

func (t *transaction) intend(ctx context.Context, i bot.Intent) error {
	var texts [3]string
	for at, v := range []any{i.Seen, partyOf(i.Agent), partyOf(i.Target)} {
		b, err := json.Marshal(v)
		if err != nil {
			return err
		}
		texts[at] = string(b)
	}
	_, err := t.exec(ctx, `
		INSERT INTO intents (id, grant_id, store, guid, at, seen, agent, target, verified, mode, client, workspace, reason, ticket, thread)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		i.ID, i.Offer.ID, i.Offer.Account.Store, i.Offer.Account.GUID, micros(i.At), texts[0], texts[1], texts[2],
		joinTypes(i.Verified), i.Mode, i.Client, i.Workspace, i.Reason, i.Ticket, i.Thread)
	return err
}

// OpenIntents gives those without an outcome that began before the time,
// oldest first, 100 at most.
func (l *Ledger) OpenIntents(ctx context.Context, before time.Time) ([]bot.Intent, error) {
	var out []bot.Intent
	err := l.read(ctx, "read open intents", func(ctx context.Context, t *transaction) error {
		var err error
		out, err = collect(ctx, t, scanIntent, `
			SELECT id, grant_id, at, seen, agent, target, verified, mode, client, workspace, reason, ticket, thread
			FROM intents WHERE result IS NULL AND at < ? ORDER BY at, seq LIMIT ?`, micros(before), open)
		if err != nil {
			return err
		}
		for i := range out {
			if out[i].Offer, err = t.offered(ctx, out[i].Offer.ID); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func scanIntent(row scanner) (i bot.Intent, err error) {
	var at int64
	var seen, agent, target, verified string
	err = row.Scan(&i.ID, &i.Offer.ID, &at, &seen, &agent, &target, &verified,
		&i.Mode, &i.Client, &i.Workspace, &i.Reason, &i.Ticket, &i.Thread)
	if err != nil {
		return i, err
	}
	i.At, i.Verified = fromMicros(at), splitTypes(verified)
	var a, b party
	if err := json.Unmarshal([]byte(seen), &i.Seen); err != nil {
		return i, err
	}
	if err := json.Unmarshal([]byte(agent), &a); err != nil {
		return i, err
	}
	if err := json.Unmarshal([]byte(target), &b); err != nil {
		return i, err
	}
	i.Agent, i.Target = a.party(), b.party()
	return i, nil
}
