package flows

import (
	"context"
	"maps"
	"slices"
	"time"

	"go.uber.org/zap"

	"latchkey/bot"
)

// Announcer delivers what stands in the outbox: to the audit channel, to the
// agent, to the user. Each notice is delivered at least once; a chat or a mail
// server that is away only makes it late.
type Announcer struct {
	Outbox     bot.Outbox
	Messengers map[string]Messenger // by platform
	Courier    bot.Courier          // nil: users are not told by mail
	// CardDue settles a card whose time is over, or says when to ask again;
	// Dispatcher's.
	CardDue func(ctx context.Context, n bot.Notice) (again time.Time, err error)
	Now     func() time.Time
	Log     *zap.Logger
}

const (
	announceBatch = 20
	announceLease = time.Minute
	announceFirst = 5 * time.Second  // wait after the first failure, doubled each time
	announceMost  = 10 * time.Minute // longest wait between tries
)

// Announce delivers what is due, once, and gives how many were delivered.
func (a *Announcer) Announce(ctx context.Context) (int, error) {
	due, err := a.Outbox.Due(ctx, a.Now(), announceBatch, announceLease)
	if err != nil {
		return 0, err
	}
	delivered := 0
	for i, n := range due {
		log := a.Log.With(zap.String("notice", n.ID), zap.String("kind", string(n.Kind)), zap.Int("tries", n.Tries))
		again, err := a.deliver(ctx, n)
		if err != nil && ctx.Err() != nil {
			a.release(ctx, due[i:])
			return delivered, ctx.Err()
		}
		if err != nil && !hopeless(n, err) {
			log.Warn("notice not delivered", zap.Error(err))
			again = a.Now().Add(backoff(n.Tries))
		}
		if !again.IsZero() {
			if err := a.Outbox.Later(ctx, n.ID, again); err != nil {
				return delivered, err
			}
			continue
		}
		if err != nil {
			log.Warn("notice dropped", zap.Error(err))
		}
		if err := a.Outbox.Done(ctx, n.ID); err != nil {
			return delivered, err
		}
		delivered++
	}
	return delivered, nil
}

// release gives back what a process that stops has not delivered, so that
// another need not wait for the lease to end.
func (a *Announcer) release(ctx context.Context, left []bot.Notice) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	for _, n := range left {
		if err := a.Outbox.Later(ctx, n.ID, a.Now()); err != nil {
			a.Log.Warn("notice not given back", zap.String("notice", n.ID), zap.Error(err))
			return
		}
	}
}

// hopeless: the person is on no chat, or the address is none, and waiting does
// not mend that. The audit channel is never given up.
func hopeless(n bot.Notice, err error) bool {
	kind := bot.KindOf(err)
	return n.Kind != bot.NoticeAudit && (kind == bot.NotFound || kind == bot.Invalid)
}

func backoff(tries int) time.Duration {
	return min(announceFirst<<min(max(tries, 0), 10), announceMost)
}

// deliver brings a notice to whom it is for; again is when it is due once more
// where there was nothing to bring yet.
func (a *Announcer) deliver(ctx context.Context, n bot.Notice) (again time.Time, err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	switch n.Kind {
	case bot.NoticeAudit:
		return again, a.audit(ctx, n)
	case bot.NoticeAgent:
		to, ok := bot.ParseChatter(n.To)
		m := a.Messengers[to.Platform]
		if !ok || m == nil {
			return again, bot.Ef(bot.Invalid, "tell agent", "no chat %q is configured", to.Platform)
		}
		return again, m.Direct(ctx, to, agentMessage(n.Record))
	case bot.NoticeTarget:
		if a.Courier == nil {
			return again, nil
		}
		subject, text := letter(n.Record)
		return again, a.Courier.Deliver(ctx, n.To, subject, text)
	case bot.NoticeCard:
		if a.CardDue == nil {
			return again, nil
		}
		return a.CardDue(ctx, n)
	}
	return again, bot.Ef(bot.Invalid, "deliver notice", "no such kind of notice %q", n.Kind)
}

// audit tells the audit channel of the chat that the notice names. One that
// names none becomes one for each chat, so that a chat which is away does not
// make the others tell it again.
func (a *Announcer) audit(ctx context.Context, n bot.Notice) error {
	if m := a.Messengers[n.To]; m != nil {
		return m.Audit(ctx, auditMessage(n.Record))
	}
	if n.To != "" { // a chat that is not served any more
		return nil
	}
	for _, platform := range slices.Sorted(maps.Keys(a.Messengers)) {
		if len(a.Messengers) == 1 {
			return a.Messengers[platform].Audit(ctx, auditMessage(n.Record))
		}
		one := bot.Notice{ID: n.ID + "." + platform, Kind: n.Kind, To: platform, Record: n.Record, Next: a.Now()}
		if err := a.Outbox.Remember(ctx, one); err != nil && bot.KindOf(err) != bot.Conflict {
			return err
		}
	}
	return nil
}

func auditMessage(r bot.Record) Page {
	p := Page{ID: "audit", Title: heading(r)}
	p.Blocks = append(p.Blocks, Block{Text: &Text{ID: "audit.sentence", Tone: tone(r), Said: Sentence(r)}})
	if r.Reason != "" {
		p.Blocks = append(p.Blocks, Block{Text: &Text{ID: "audit.reason", Tone: Note, Said: Say("Reason: ", r.Reason)}})
	}
	p.Blocks = append(p.Blocks, Block{Text: &Text{ID: "audit.record", Tone: Note, Said: Say("Operation ", r.Operation)}})
	return p
}

func agentMessage(r bot.Record) Page {
	return Page{ID: "result", Title: heading(r), Blocks: []Block{
		{Text: &Text{ID: "result.sentence", Tone: tone(r), Said: Sentence(r)}},
		{Text: &Text{ID: "result.record", Tone: Note, Said: Say("Operation ", r.Operation)}},
	}}
}

func heading(r bot.Record) string {
	switch r.Action {
	case bot.ActionNotMe:
		return "This is not me"
	case bot.ActionLift:
		return "Freeze lifted"
	case bot.ActionUnenroll:
		return "User unenrolled"
	}
	switch r.Status {
	case bot.StatusSuccess:
		return "Account unlocked"
	case bot.StatusUnknown:
		return "Outcome unknown"
	}
	return "Not unlocked"
}

func tone(r bot.Record) Tone {
	switch r.Action {
	case bot.ActionNotMe:
		return Bad
	case bot.ActionUnenroll:
		return Warning
	}
	switch r.Status {
	case bot.StatusSuccess:
		return Good
	case bot.StatusUnknown:
		return Warning
	}
	return Bad
}

func targetMail(r bot.Record) string {
	by := " was unlocked by the helpdesk on "
	if !r.Helpdesk {
		by = " was unlocked from your own chat, by self-service, on "
	}
	if r.Detail != "" { // not provably by the helpdesk's own change
		by = ", which the helpdesk was asked to unlock, was found unlocked on "
	}
	return "Hello " + bot.Line(r.Target.Name) + ",\n\nyour account " + bot.Line(r.Target.Login) + " in " + r.Store + by +
		r.At.UTC().Format("2006-01-02 at 15:04 UTC") + ".\n\nIf you did not ask for that, tell your security team now.\n"
}
