package teams

import (
	"context"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"

	"latchkey/adapters/chat"
	"latchkey/adapters/teams/activity"
	"latchkey/adapters/teams/connector"
	"latchkey/bot"
)

// keepAgain is how long a reference that has not changed need not be written.
const keepAgain = time.Hour

// acquaintances remembers which references this process has kept of late, so
// that not every activity costs a write.
type acquaintances struct {
	now  func() time.Time
	mu   sync.Mutex
	kept map[bot.Chatter]bot.Reference
}

func newAcquaintances(clock func() time.Time) *acquaintances {
	return &acquaintances{now: clock, kept: map[bot.Chatter]bot.Reference{}}
}

// news reports whether the reference says more than the one that was kept.
func (k *acquaintances) news(r bot.Reference) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	old, have := k.kept[r.Who]
	same := have && old.Service == r.Service && old.Conversation == r.Conversation && old.Key == r.Key
	return !same || r.At.Sub(old.At) >= keepAgain
}

func (k *acquaintances) keep(r bot.Reference) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.kept) >= chat.Many {
		clear(k.kept)
	}
	k.kept[r.Who] = r
}

func (k *acquaintances) forget(who bot.Chatter) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.kept, who)
}

// meet keeps how the sender of an activity is reached, as of that activity. In
// a channel only that he is there is learned: his 1:1 chat is opened when it is
// needed.
func (a *Adapter) meet(ctx context.Context, in activity.Received) {
	a.keepAudit(ctx)
	r := bot.Reference{Who: a.chatter(in), Service: in.ServiceURL, Key: in.Person.MRI, At: a.sentAt(in)}
	if in.Conversation.ConversationType == activity.Personal {
		r.Conversation = in.Conversation.ID
	}
	if r.Who.User == "" || !a.met.news(r) {
		return
	}
	if r.Conversation == "" {
		if old, err := a.refs.Reference(ctx, r.Who); err == nil {
			r.Conversation = old.Conversation
		}
	}
	a.keep(ctx, r)
}

func (a *Adapter) keep(ctx context.Context, r bot.Reference) {
	if err := a.refs.KeepReference(ctx, r); err != nil {
		a.log.Warn("how a person is reached is not kept", zap.String("user", r.Who.User), zap.Error(err))
		return
	}
	a.met.keep(r)
}

func (a *Adapter) chatter(in activity.Received) bot.Chatter {
	return bot.Chatter{Platform: platform, Tenant: a.cfg.Tenant, User: in.Person.ObjectID}
}

// roster takes that the app was installed for a person, or taken away from him.
// What happens in channels needs nothing.
func (a *Adapter) roster(in activity.Received) answer {
	if in.Conversation.ConversationType != activity.Personal || in.Person.ObjectID == "" {
		return answer{}
	}
	self := func(m activity.Account) bool { return in.Recipient != nil && m.ID == in.Recipient.ID }
	gone := in.Type == "installationUpdate" && (in.Action == "remove" || in.Action == "remove-upgrade") ||
		in.Type == "conversationUpdate" && slices.ContainsFunc(in.MembersRemoved, self)
	booked := a.work.Book()
	if booked == nil {
		a.log.Warn("no room to keep how a person is reached", zap.String("user", in.Person.ObjectID))
		return answer{}
	}
	return answer{booked: booked, job: func(ctx context.Context) {
		if !gone {
			a.meet(ctx, in)
			return
		}
		a.met.forget(a.chatter(in))
		if err := a.refs.ForgetReference(ctx, a.chatter(in), a.sentAt(in)); err != nil {
			a.log.Warn("how a person was reached is not forgotten", zap.String("user", in.Person.ObjectID), zap.Error(err))
		}
	}}
}

// reach gives the 1:1 chat with a person, which is opened where there is none
// yet. NotFound: he has never met the bot, or has taken the app away.
func (a *Adapter) reach(ctx context.Context, to bot.Chatter) (connector.Place, error) {
	const op = "find 1:1 chat"
	if to.Platform != platform || to.Tenant != a.cfg.Tenant || to.User == "" {
		return connector.Place{}, bot.E(bot.NotFound, op, nil)
	}
	r, err := a.refs.Reference(ctx, to)
	if err != nil {
		return connector.Place{}, err
	}
	if r.Conversation == "" {
		if r.Conversation, err = a.api.Direct(ctx, r.Service, r.Key); err != nil {
			return connector.Place{}, a.lost(ctx, to, err)
		}
		r.At = a.now()
		a.keep(ctx, r)
	}
	return connector.Place{Service: r.Service, Conversation: r.Conversation}, nil
}

// lost forgets whom Teams says to be out of reach.
func (a *Adapter) lost(ctx context.Context, who bot.Chatter, err error) error {
	if bot.KindOf(err) != bot.NotFound {
		return err
	}
	a.met.forget(who)
	if ferr := a.refs.ForgetReference(ctx, who, a.now()); ferr != nil {
		a.log.Warn("how a person was reached is not forgotten", zap.String("user", who.User), zap.Error(ferr))
	}
	return err
}
