package conformance

import (
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/bot"
)

// job begins reminders to n people, in order.
func (s *stage) job(t *testing.T, agent bot.AccountID, n int) (bot.ReminderJob, []bot.AccountID) {
	t.Helper()
	var who []bot.AccountID
	for range n {
		who = append(who, account())
	}
	j := s.newJob(agent)
	must(t, s.BeginReminders(t.Context(), j, who))
	return j, who
}

func (s *stage) newJob(agent bot.AccountID) bot.ReminderJob {
	r := s.record(bot.ActionRemindMany, bot.StatusAsked)
	r.Detail = "people in corp"
	return bot.ReminderJob{ID: r.ID, Agent: agent, Chat: bot.Chatter{Platform: "slack", Tenant: "T1", User: "U1"}, Record: r,
		Types: []bot.Type{bot.Email, bot.Authenticator}}
}

// take takes the next person, who has to be there.
func (s *stage) take(t *testing.T) bot.ReminderTurn {
	t.Helper()
	turn, wait, ok, err := s.TakeReminder(t.Context(), time.Second)
	must(t, err)
	if !ok {
		t.Fatalf("nobody is to be reminded for %s", wait)
	}
	return turn
}

// waits fails the test unless nobody is to be reminded for so long.
func (s *stage) waits(t *testing.T, want time.Duration) {
	t.Helper()
	turn, wait, ok, err := s.TakeReminder(t.Context(), time.Second)
	must(t, err)
	if ok || wait != want {
		t.Fatalf("taken %v, %+v; wait %s, want %s", ok, turn, wait, want)
	}
}

func remindersPaced(t *testing.T, s *stage) {
	s.waits(t, 0)
	agent := account()
	j, who := s.job(t, agent, 3)
	kind(t, s.BeginReminders(t.Context(), s.newJob(agent), who), bot.Conflict) // one an agent
	for i, id := range who {
		turn := s.take(t)
		same(t, turn.Account, id)
		same(t, turn.N, i)
		same(t, turn.Tries, 1)
		same(t, turn.Job.Types, j.Types)
		same(t, turn.Job.Chat, j.Chat)
		same(t, turn.Job.Record, j.Record)
		s.waits(t, time.Second)
		if i == 1 { // needed no mail: the next may go at once
			must(t, s.SettleReminder(t.Context(), turn, bot.RemindNoMail))
			kind(t, s.SettleReminder(t.Context(), turn, bot.RemindSent, s.record(bot.ActionRemind, bot.StatusSuccess)), bot.Conflict)
			continue
		}
		must(t, s.SettleReminder(t.Context(), turn, bot.RemindSent, s.record(bot.ActionRemind, bot.StatusSuccess)))
		s.waits(t, time.Second)
		s.clock.Pass(time.Second)
	}
	same(t, s.take(t).Account, bot.AccountID{}) // nobody is left
	r := s.record(bot.ActionRemindMany, bot.StatusSuccess)
	r.Detail = "3 people"
	must(t, s.EndReminders(t.Context(), j.ID, bot.JobDone, r))
	kind(t, s.EndReminders(t.Context(), j.ID, bot.JobStopped, r), bot.Conflict)
	same(t, s.newest(t, 1)[0].Detail, "3 people; 2 of 3 reminded, 1 without a mail address")
	s.waits(t, 0)
	_, err := s.RunningReminders(t.Context(), agent)
	kind(t, err, bot.NotFound)
	s.job(t, agent, 1)
	s.verified(t, 5)
}

// Who was taken and never settled may have been mailed: after the lease that is
// said, and nobody is mailed for it.
func remindersForgotten(t *testing.T, s *stage) {
	agent := account()
	j, who := s.job(t, agent, 2)
	lost := s.take(t)
	s.clock.Pass(2*time.Minute - time.Microsecond)
	other := s.take(t)
	same(t, other.Account, who[1])
	must(t, s.SettleReminder(t.Context(), other, bot.RemindRefused))
	s.clock.Pass(time.Second)
	running, err := s.RunningReminders(t.Context(), agent)
	must(t, err)
	same(t, running.Counts, bot.JobCounts{bot.RemindTaken: 1, bot.RemindRefused: 1})
	same(t, s.take(t).Account, bot.AccountID{})
	must(t, s.SettleReminder(t.Context(), lost, bot.RemindSent, s.record(bot.ActionRemind, bot.StatusSuccess))) // it was only slow
	kind(t, s.SettleReminder(t.Context(), lost, bot.RemindSent), bot.Conflict)
	must(t, s.EndReminders(t.Context(), j.ID, bot.JobDone, s.record(bot.ActionRemindMany, bot.StatusSuccess)))
	same(t, s.newest(t, 1)[0].Detail, "1 of 2 reminded, 1 refused by the mail server")
}

func remindersPutOff(t *testing.T, s *stage) {
	_, who := s.job(t, account(), 2)
	turn := s.take(t)
	must(t, s.PutOffReminder(t.Context(), turn, time.Minute, true))
	kind(t, s.PutOffReminder(t.Context(), turn, time.Minute, true), bot.Conflict)
	s.waits(t, time.Minute)
	s.clock.Pass(time.Minute)
	due, err := s.DueReports(t.Context(), time.Second)
	must(t, err)
	same(t, due[0].Until, time.Time{})
	next := s.take(t)
	same(t, next.Account, who[1]) // who was put off stands behind the others
	same(t, next.Waits, 1)
	must(t, s.PutOffReminder(t.Context(), next, 2*time.Minute, true))
	s.clock.Pass(time.Minute)
	due, err = s.DueReports(t.Context(), time.Second)
	must(t, err)
	same(t, due[0].Until, s.clock.Now().Add(time.Minute))
	s.clock.Pass(time.Minute)
	again := s.take(t)
	same(t, again.Account, who[0])
	same(t, []int{again.Tries, again.Waits}, []int{2, 2})
	must(t, s.PutOffReminder(t.Context(), again, time.Second, false)) // nothing of the mail server's
	s.clock.Pass(time.Second)
	again = s.take(t)
	same(t, []int{again.Tries, again.Waits}, []int{2, 2})
	must(t, s.SettleReminder(t.Context(), again, bot.RemindSent))
	s.clock.Pass(time.Second)
	same(t, s.take(t).Waits, 0)
}

// Jobs of several agents take turns, and a person of both is mailed by one.
func remindersLately(t *testing.T, s *stage) {
	both := account()
	one, two := s.newJob(account()), s.newJob(account())
	must(t, s.BeginReminders(t.Context(), one, []bot.AccountID{both, account()}))
	must(t, s.BeginReminders(t.Context(), two, []bot.AccountID{both, account()}))
	got := map[bot.AccountID]int{}
	for range 3 {
		turn := s.take(t)
		got[turn.Account]++
		must(t, s.SettleReminder(t.Context(), turn, bot.RemindSent))
		s.clock.Pass(time.Second)
	}
	same(t, len(got), 3)
	same(t, got[both], 1)
	for range 2 {
		turn := s.take(t)
		same(t, turn.Account, bot.AccountID{})
		must(t, s.EndReminders(t.Context(), turn.Job.ID, bot.JobDone, s.record(bot.ActionRemindMany, bot.StatusSuccess)))
	}
	details := s.newest(t, 2)
	if !strings.Contains(details[0].Detail+details[1].Detail, "1 of 2 reminded, 1 reminded within a day already") {
		t.Errorf("history: %q, %q", details[0].Detail, details[1].Detail)
	}
	s.clock.Pass(24 * time.Hour)
	three := s.newJob(account())
	must(t, s.BeginReminders(t.Context(), three, []bot.AccountID{both}))
	same(t, s.take(t).Account, both)
}

func remindersReported(t *testing.T, s *stage) {
	agent := account()
	j, _ := s.job(t, agent, 1)
	due := func() (all []bot.ReminderJob) {
		t.Helper()
		all, err := s.DueReports(t.Context(), 10*time.Second)
		must(t, err)
		return all
	}
	first := due()
	same(t, []int{len(first), first[0].Counts.Total(), first[0].Counts.Left()}, []int{1, 1, 1})
	must(t, s.Reported(t.Context(), j.ID, "D1:17", false))
	s.clock.Pass(10*time.Second - time.Microsecond)
	same(t, len(due()), 0)
	s.clock.Pass(time.Microsecond)
	same(t, due()[0].Card, "D1:17")
	must(t, s.EndReminders(t.Context(), j.ID, bot.JobStopped, s.record(bot.ActionRemindMany, bot.StatusFailure)))
	last := due() // at once
	same(t, []string{last[0].ID, string(last[0].How)}, []string{j.ID, string(bot.JobStopped)})
	s.clock.Pass(10 * time.Second)
	same(t, len(due()), 1) // until it was told
	must(t, s.Reported(t.Context(), j.ID, "D1:17", true))
	s.clock.Pass(time.Hour)
	same(t, len(due()), 0)
}

func remindersMisused(t *testing.T, s *stage) {
	for name, spoil := range map[string]func(*bot.ReminderJob, *[]bot.AccountID){
		"no id": func(j *bot.ReminderJob, _ *[]bot.AccountID) { j.ID = "" }, "no agent": func(j *bot.ReminderJob, _ *[]bot.AccountID) { j.Agent = bot.AccountID{} },
		"nobody": func(_ *bot.ReminderJob, w *[]bot.AccountID) { *w = nil }, "an empty account": func(_ *bot.ReminderJob, w *[]bot.AccountID) { (*w)[0].GUID = "" },
	} {
		j, who := s.newJob(account()), []bot.AccountID{account()}
		spoil(&j, &who)
		if err := s.BeginReminders(t.Context(), j, who); bot.KindOf(err) != bot.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, _, _, err := s.TakeReminder(t.Context(), 0)
	kind(t, err, bot.Invalid)
	id := account()
	kind(t, s.BeginReminders(t.Context(), s.newJob(account()), []bot.AccountID{id, id}), bot.Conflict) // twice in one
	kind(t, s.EndReminders(t.Context(), rand.Text(), bot.JobDone, s.record(bot.ActionRemindMany, bot.StatusSuccess)), bot.Conflict)
	s.verified(t, 0)
}

// Of many replicas at once each person is given to one, also of 1,203 people.
func remindersTogether(t *testing.T, s *stage) {
	_, who := s.job(t, account(), 1203)
	var mu sync.Mutex
	given := map[bot.AccountID]int{}
	together(8, func(int) {
		for range 40 {
			turn, _, ok, err := s.TakeReminder(t.Context(), time.Second)
			if err != nil {
				t.Error(err)
				return
			}
			if !ok {
				continue
			}
			mu.Lock()
			given[turn.Account]++
			mu.Unlock()
			if err := s.SettleReminder(t.Context(), turn, bot.RemindEnrolled); err != nil {
				t.Error(err)
			}
		}
	})
	for id, n := range given {
		if n != 1 {
			t.Errorf("%v was given %d times", id, n)
		}
	}
	if len(given) < 2 || len(given) > len(who) {
		t.Errorf("%d people were given", len(given))
	}
}

// Whatever replicas do and however they end, nobody is mailed twice, and none
// sooner than the pace after the one before.
func propertyReminders(t *testing.T, s *stage) {
	rapid.Check(t, func(r *rapid.T) {
		agent := account()
		_, who := s.job(t, agent, rapid.IntRange(1, 6).Draw(r, "people"))
		mailed := map[bot.AccountID]int{}
		var last time.Time
		var open []bot.ReminderTurn
		for range 60 {
			switch rapid.IntRange(0, 4).Draw(r, "what") {
			case 0, 1: // a replica takes one and mails
				turn, _, ok, err := s.TakeReminder(t.Context(), time.Second)
				must(t, err)
				if !ok || turn.Account.IsZero() {
					continue
				}
				if !last.IsZero() && s.clock.Now().Sub(last) < time.Second {
					r.Fatalf("%s after the one before", s.clock.Now().Sub(last))
				}
				last = s.clock.Now()
				if rapid.Bool().Draw(r, "the server says later") {
					must(t, s.PutOffReminder(t.Context(), turn, 5*time.Second, true))
					continue
				}
				mailed[turn.Account]++
				open = append(open, turn)
			case 2: // it ends well, if it is not too late to say so
				if len(open) > 0 {
					if err := s.SettleReminder(t.Context(), open[0], bot.RemindSent); err != nil && !errors.As(err, new(*bot.Error)) {
						r.Fatal(err)
					}
					open = open[1:]
				}
			case 3: // it was killed
				open = nil
			case 4:
				s.clock.Pass(time.Duration(rapid.IntRange(1, 180).Draw(r, "seconds")) * time.Second)
			}
		}
		for id, n := range mailed {
			if n > 1 {
				r.Fatalf("%v was mailed %d times", id, n)
			}
		}
		j, err := s.RunningReminders(t.Context(), agent)
		must(t, err)
		same(t, j.Counts.Total(), len(who))
		must(t, s.EndReminders(t.Context(), j.ID, bot.JobStopped, s.record(bot.ActionRemindMany, bot.StatusFailure)))
		s.clock.Pass(25 * time.Hour)
	})
}
