package unlock

import (
	"context"
	"slices"
	"time"

	"latchkey/bot"
	"latchkey/flows"
)

// effects of reminding many
type (
	countCrowd     struct{}
	beginReminders struct{ most int } // as many as were confirmed
	stopReminders  struct{}
)

// crowdFound is how many would be reminded, or, with begun, are now.
type crowdFound struct {
	n      int
	cut    bool
	unread []string
	begun  bool
}

// reminding leads from a search to the reminders of everybody in it.
func (t *turn) reminding() (flows.Move, error) {
	switch t.h.Kind {
	case flows.BeginRemind:
		return t.beginRemind()
	case flows.RemindMany:
		return t.askWanted()
	case flows.CountCrowd:
		return t.wanted()
	case crowdCounted:
		return t.counted(t.h.Found.(crowdFound))
	case flows.Confirm:
		if t.r.Page.ID != "remind_confirm" {
			return flows.Move{}, bot.E(bot.Denied, "confirm what was not shown", nil)
		}
		return flows.Move{Effect: beginReminders{t.b.Crowd}}, nil
	case flows.Back:
		if t.r.Page.ID != "remind" {
			return t.to(AwaitingReminders, t.pageRemind(nil)), nil
		}
		return flows.Move{Effect: search{t.b.Looked, 0}}, nil
	case found:
		return t.found()
	case flows.StopReminders:
		t.to(AwaitingReminders, Waiting(flows.StopReminders))
		return flows.Move{Effect: stopReminders{}}, nil
	case remindersStopped:
		return t.finish(Done, pageRemindersStopped(t.h.Found.(bot.ReminderJob)))
	}
	return t.strange()
}

// beginRemind begins with what was typed; a whole store, where that names nobody.
func (t *turn) beginRemind() (flows.Move, error) {
	if why := t.h.Agent.MayRemind(); why != "" {
		return t.finish(Refused, PageRefused(why))
	}
	l, why := readLooked(t.h.Event.Text, t.h.Agent.Role.ActsOn)
	if why != "" {
		return t.finish(Refused, pageNotReminded(why))
	}
	if (l.Enrollment == bot.EnrollmentFilter{}) {
		l.Enrollment.Not = true
	}
	t.b.Looked = l
	return t.to(AwaitingReminders, t.pageRemind(nil)), nil
}

func (t *turn) askWanted() (flows.Move, error) {
	if why := t.h.Agent.MayRemind(); why != "" {
		return t.finish(Refused, PageRefused(why))
	}
	return t.to(AwaitingReminders, t.pageRemind(nil)), nil
}

// wanted reads which types the mail is to name.
func (t *turn) wanted() (flows.Move, error) {
	all := wantable()
	t.b.Wanted = nil
	for _, n := range t.h.Event.Rows {
		if n < 0 || n >= len(all) || slices.Contains(t.b.Wanted, all[n]) {
			return flows.Move{}, bot.E(bot.Denied, "tick row", nil)
		}
		t.b.Wanted = append(t.b.Wanted, all[n])
	}
	if len(t.b.Wanted) == 0 {
		return t.to(AwaitingReminders, t.pageRemind(flows.Say("Tick at least one type."))), nil
	}
	return flows.Move{Effect: countCrowd{}}, nil
}

func (t *turn) counted(f crowdFound) (flows.Move, error) {
	if f.begun {
		return t.finish(Done, pageReminding(f.n, t.pace))
	}
	t.b.Crowd = f.n
	return t.to(AwaitingReminders, pageRemindConfirm(f, t.b.Looked, t.b.Wanted, t.pace)), nil
}

// wantable are the types that somebody can enroll with.
func wantable() []bot.Type {
	return slices.DeleteFunc(bot.Types(), func(t bot.Type) bool { return t == bot.Chat })
}

func (c *Conversation) crowd(ctx context.Context, t turn) (bot.Crowd, error) {
	if c.Reminders == nil || c.Reminders.Courier == nil {
		return bot.Crowd{}, bot.Ef(bot.Unavailable, "find whom to remind", "No mail server is configured, so nobody can be reminded.")
	}
	return c.Reminders.Crowd(ctx, t.h.Agent, t.b.Looked.search(0, 1), t.b.Wanted)
}

func (c *Conversation) countCrowd(ctx context.Context, t turn) (crowdFound, error) {
	crowd, err := c.crowd(ctx, t)
	return crowdFound{n: len(crowd.IDs), cut: crowd.Cut, unread: crowd.Unread}, err
}

// beginReminders begins with no more people than the agent has confirmed:
// where there are more now, he is asked again.
func (c *Conversation) beginReminders(ctx context.Context, t turn, e beginReminders) (crowdFound, error) {
	crowd, err := c.crowd(ctx, t)
	found := crowdFound{n: len(crowd.IDs), cut: crowd.Cut, unread: crowd.Unread}
	if err != nil || found.n == 0 || found.n > e.most {
		return found, err
	}
	kase := t.kase(false)
	kase.Target = bot.AccountID{}
	err = c.Reminders.Begin(ctx, t.h.Agent, kase, t.b.Looked.words(), t.b.Wanted, crowd.IDs)
	found.begun = err == nil
	return found, err
}

// takes is how long reminders to so many people take at least.
func takes(n int, pace time.Duration) time.Duration { return time.Duration(n) * pace }
