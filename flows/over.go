package flows

import (
	"context"
	"strings"
	"time"

	"go.uber.org/zap"

	"latchkey/bot"
)

// CardBook remembers cards that a person may never answer, until they are
// settled: the outbox. When its time comes, any replica asks CardDue.
type CardBook interface {
	Remember(ctx context.Context, n bot.Notice) error
	Done(ctx context.Context, id string) error
}

// Overdue is a conversation whose card says so when its record has ended
// unanswered.
type Overdue interface {
	Overdue() Page
}

// askedKey leads from a record that asks somebody to his.
func askedKey(asker string) string { return "asked:" + asker }

// rememberCard has the card settled when its record ends. What cannot be
// remembered costs that line, never the case.
func (d *Dispatcher) rememberCard(ctx context.Context, r Record) {
	if _, ok := d.talk(r).(Overdue); !ok || d.Cards == nil || r.Card == "" {
		return
	}
	err := d.Cards.Remember(ctx, bot.Notice{ID: r.ID, Kind: bot.NoticeCard, To: r.Chat.String() + " " + r.Talk + " " + r.Card, Next: r.Ends})
	if err != nil {
		d.Log.Warn("card not remembered", zap.String("session", r.ID), zap.Error(err))
	}
}

// pointAsked leads from the record that asks to the one that was invited.
func (d *Dispatcher) pointAsked(ctx context.Context, asker string, r Record) {
	if asker == "" {
		return
	}
	if err := d.Sessions.Point(ctx, askedKey(asker), r.ID, r.Started.Add(d.Limits.Life)); err != nil {
		d.Log.Warn("whom a case has asked not kept", zap.String("session", asker), zap.Error(err))
	}
}

// tellAsked lets the person whom the record has asked last know that it is
// over. Where he cannot be told now, his card says so when its own time is over.
func (d *Dispatcher) tellAsked(ctx context.Context, asker string, anew bool) {
	id, err := d.Sessions.Pointed(ctx, askedKey(asker))
	if err == nil {
		err = d.Tell(ctx, id, CaseOver, anew)
	}
	if err != nil && bot.KindOf(err) != bot.NotFound {
		d.Log.Warn("card of an ended case not changed", zap.String("session", asker), zap.Error(err))
	}
}

// settled does what follows from a state that is never left: its card needs no
// watch, and whom it has asked is told.
func (d *Dispatcher) settled(ctx context.Context, r Record) {
	if !d.talk(r).Table().final(r.State) {
		return
	}
	if _, ok := d.talk(r).(Overdue); ok && d.Cards != nil && r.Card != "" {
		if err := d.Cards.Done(ctx, r.ID); err != nil {
			d.Log.Warn("settled card still watched", zap.String("session", r.ID), zap.Error(err))
		}
		return
	}
	d.tellAsked(ctx, r.ID, false)
}

// CardDue settles the card of a notice whose record has ended; again is when to
// ask once more, where it has not. Invalid: it is no such notice.
func (d *Dispatcher) CardDue(ctx context.Context, n bot.Notice) (again time.Time, err error) {
	chat, rest, _ := strings.Cut(n.To, " ")
	talk, ref, _ := strings.Cut(rest, " ")
	to, ok := bot.ParseChatter(chat)
	over, knows := d.named(talk).(Overdue)
	m := d.Messengers[to.Platform]
	if !ok || !knows || m == nil || ref == "" {
		return time.Time{}, bot.Ef(bot.Invalid, "settle card", "no card of a chat that is served")
	}
	r, _, err := d.load(ctx, n.ID)
	switch {
	case bot.KindOf(err) == bot.Expired:
		_, err := m.Card(ctx, to, ref, over.Overdue())
		return time.Time{}, err
	case err != nil:
		return time.Time{}, err
	case d.talk(r).Table().final(r.State):
		return time.Time{}, nil
	}
	return r.Ends, nil
}
