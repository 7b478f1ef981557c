package bot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/bot/bottest"
)

// postOffice takes mail as a test says, and keeps who was sent any.
type postOffice struct {
	mu     sync.Mutex
	answer func(to string, n int) error // n: how many were handed in before; nil: takes all
	n      int
	taken  map[string]int
	texts  map[string]string
	at     []time.Time
	now    func() time.Time
}

func (p *postOffice) Deliver(_ context.Context, to, _, text string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n++
	p.at = append(p.at, p.now())
	if p.answer != nil {
		if err := p.answer(to, p.n-1); err != nil {
			return err
		}
	}
	p.taken[to]++
	p.texts[to] = text
	return nil
}

func (o *office) reminders() (*bot.Reminders, *postOffice) {
	post := &postOffice{taken: map[string]int{}, texts: map[string]string{}, now: o.Clock.Now}
	return &bot.Reminders{Desk: o.Desk(), Jobs: o.Ledger, Journal: o.Ledger, Courier: post, Pace: time.Second}, post
}

func (o *office) agent() bot.AgentFacts {
	o.t.Helper()
	a, err := o.Desk().Agent(o.t.Context(), o.Dana)
	if err != nil {
		o.t.Fatal(err)
	}
	return a
}

// employ adds n people to a container of the staff.
func (o *office) employ(n int, container bot.DN) {
	for i := range n {
		login := fmt.Sprintf("w%05d", i)
		o.Corp.Put(bot.Account{ID: bot.AccountID{Store: "corp", GUID: login + o.IDs.New()}, DN: bot.DN("cn="+login+",") + container, Login: login,
			DisplayName: "Worker " + login, Mail: login + "@corp.example", Lock: bot.Lock{State: bot.Unlocked}})
	}
}

// begins counts and begins, and gives how many it is about.
func (o *office) begins(m *bot.Reminders, s bot.Search, wanted ...bot.Type) int {
	o.t.Helper()
	crowd, err := m.Crowd(o.t.Context(), o.agent(), s, wanted)
	if err != nil {
		o.t.Fatal(err)
	}
	c := o.Case("s1")
	if err := m.Begin(o.t.Context(), o.agent(), c, "in corp", wanted, crowd.IDs); err != nil {
		o.t.Fatal(err)
	}
	return len(crowd.IDs)
}

// run steps until nothing runs, moving the clock as each step asks.
func (o *office) run(m *bot.Reminders) (steps int) {
	o.t.Helper()
	for steps = range 100_000 {
		wait, err := m.Step(o.t.Context())
		if err != nil && bot.KindOf(err) != bot.Unavailable && !errors.Is(err, errKilled) {
			o.t.Fatal(err)
		}
		if wait == 0 && err == nil {
			return steps
		}
		o.Clock.Move(max(wait, time.Millisecond))
	}
	o.t.Fatal("it does not end")
	return steps
}

var errKilled = errors.New("killed")

func (o *office) ended() bot.Record {
	o.t.Helper()
	r := o.history(bot.ActionRemindMany)
	if len(r) != 2 || r[0].Status != bot.StatusAsked || r[0].Operation != r[1].Operation {
		o.t.Fatalf("history: %+v", r)
	}
	return r[1]
}

// TestRemindersLeaveOut: who is enrolled, recently reminded, out of reach,
// disabled, gone or without an address is counted and not mailed.
func TestRemindersLeaveOut(t *testing.T) {
	o := openOffice(t)
	o.Agents.Helpdesk.Containers = []bot.DN{bottest.Staff}
	o.employ(8, bottest.Staff)
	m, post := o.reminders()
	all := bot.Search{Stores: []string{"corp"}}
	crowd, err := m.Crowd(t.Context(), o.agent(), all, []bot.Type{bot.Email})
	if err != nil || len(crowd.IDs) != 10 { // eight, Mei and Omar; Dana and Finn are elsewhere
		t.Fatalf("%d people, %v", len(crowd.IDs), err)
	}
	workers := slices.DeleteFunc(slices.Clone(crowd.IDs), func(id bot.AccountID) bool { return id == o.Mei || id == o.Omar })
	o.enroll(o.Omar, bot.Authenticator)
	if n := o.begins(m, all, bot.Email, bot.Authenticator); n != 10 {
		t.Fatalf("about %d", n)
	}
	change := func(i int, f func(*bot.Account)) { o.Corp.Change(workers[i], f) }
	change(0, func(a *bot.Account) { a.Disabled = true })
	change(1, func(a *bot.Account) { a.DN = "cn=x,ou=it," + bottest.CorpBase })
	change(2, func(a *bot.Account) { a.Mail = "" })
	o.Corp.Remove(workers[3])
	o.Corp.Put(o.account(workers[4]), bottest.Admins)
	o.enroll(workers[5], bot.Email)
	o.enroll(workers[5], bot.Authenticator)
	single := o.facts(bot.Case{Session: "s9", Chat: o.DanaChat, Agent: o.Dana, Target: workers[6], Client: bot.ClientSlack})
	if done, err := o.Reminder().Remind(t.Context(), single); done != bot.ReminderSent || err != nil {
		t.Fatalf("%s, %v", done, err)
	}
	o.Clock.Move(2 * time.Hour)
	o.run(m)
	if want := (map[string]int{"mei@corp.example": 1, "omar@corp.example": 1, "w00007@corp.example": 1}); fmt.Sprint(post.taken) != fmt.Sprint(want) {
		t.Errorf("mailed %v", post.taken)
	}
	if text := post.texts["omar@corp.example"]; !strings.Contains(text, "not enrolled yet with: e-mail.") {
		t.Errorf("Omar, who has an authenticator, reads: %s", text)
	}
	if text := post.texts["mei@corp.example"]; !strings.Contains(text, "e-mail, authenticator") {
		t.Errorf("Mei reads: %s", text)
	}
	const want = "10 people in corp; 3 of 10 reminded, 1 without a mail address, 1 reminded within a day already, 1 enrolled meanwhile, 4 gone, disabled or out of reach"
	if r := o.ended(); r.Detail != want || r.Status != bot.StatusSuccess || r.Actor.Account != o.Dana || !slices.Equal(r.Types, []bot.Type{bot.Email, bot.Authenticator}) {
		t.Errorf("history: %+v", r)
	}
	if n := len(o.history(bot.ActionRemind)); n != 4 {
		t.Errorf("%d records of one person", n)
	}
}

// TestRemindersCrowd: by text, by filter, one of each address, within reach.
func TestRemindersCrowd(t *testing.T) {
	o := openOffice(t)
	m, _ := o.reminders()
	o.enroll(o.Omar, bot.Mobile)
	o.Lab.Change(o.MeiLab, func(a *bot.Account) { a.Mail = "MEI@corp.example" })
	for name, c := range map[string]struct {
		s      bot.Search
		wanted []bot.Type
		want   []bot.AccountID
	}{
		"everybody":           {bot.Search{}, []bot.Type{bot.Email}, []bot.AccountID{o.Finn, o.Mei, o.Omar}},
		"not enrolled at all": {bot.Search{Enrollment: bot.EnrollmentFilter{Not: true}}, nil, []bot.AccountID{o.Finn, o.Mei}},
		"any type":            {bot.Search{}, nil, []bot.AccountID{o.Finn, o.Mei}},
		"without mobile":      {bot.Search{Enrollment: bot.EnrollmentFilter{Type: bot.Mobile, Not: true}}, []bot.Type{bot.Email}, []bot.AccountID{o.Finn, o.Mei}},
		"by name":             {bot.Search{Text: "omar"}, []bot.Type{bot.Email}, []bot.AccountID{o.Omar}},
		"of a store":          {bot.Search{Stores: []string{"lab"}}, []bot.Type{bot.Email}, []bot.AccountID{o.MeiLab}},
		"of another":          {bot.Search{Stores: []string{"none"}}, []bot.Type{bot.Email}, nil},
	} {
		crowd, err := m.Crowd(t.Context(), o.agent(), c.s, c.wanted)
		if err != nil || !slices.Equal(crowd.IDs, c.want) {
			t.Errorf("%s: %v, %v", name, crowd.IDs, err)
		}
	}
	o.Lab.Fail(bottest.Faults{Down: true})
	if crowd, err := m.Crowd(t.Context(), o.agent(), bot.Search{}, nil); err != nil || !slices.Equal(crowd.Unread, []string{"lab"}) {
		t.Errorf("one store away: %+v, %v", crowd, err)
	}
}

// TestRemindersNeedThePermission: at the start, and all the time.
func TestRemindersNeedThePermission(t *testing.T) {
	o := openOffice(t)
	o.employ(5, bottest.Staff)
	m, post := o.reminders()
	o.begins(m, bot.Search{Text: "worker"}, bot.Email)
	for range 3 {
		if _, err := m.Step(t.Context()); err != nil {
			t.Fatal(err)
		}
		o.Clock.Move(time.Second)
	}
	o.Agents.Permissions = slices.DeleteFunc(bot.Permissions(), func(p bot.Permission) bool { return p == bot.PermitRemind })
	if err := m.Begin(t.Context(), o.agent(), o.Case("s2"), "", nil, []bot.AccountID{o.Mei}); bot.KindOf(err) != bot.Denied {
		t.Errorf("began: %v", err)
	}
	o.run(m)
	if r := o.ended(); len(post.taken) != 3 || r.Status != bot.StatusFailure || !strings.Contains(r.Detail, "may remind nobody any more; 3 of 5 reminded") {
		t.Errorf("%d mailed; history %+v", len(post.taken), r)
	}
}

// TestRemindersStopped by their agent: nobody more is mailed.
func TestRemindersStopped(t *testing.T) {
	o := openOffice(t)
	o.employ(5, bottest.Staff)
	m, post := o.reminders()
	if _, err := m.Stop(t.Context(), o.Dana); bot.KindOf(err) != bot.NotFound {
		t.Errorf("stopped nothing: %v", err)
	}
	o.begins(m, bot.Search{Text: "worker"}, bot.Email)
	if err := m.Begin(t.Context(), o.agent(), o.Case("s2"), "", nil, []bot.AccountID{o.Mei}); bot.KindOf(err) != bot.Conflict {
		t.Errorf("a second one: %v", err)
	}
	if _, err := m.Step(t.Context()); err != nil {
		t.Fatal(err)
	}
	j, err := m.Stop(t.Context(), o.Dana)
	if err != nil || j.Counts[bot.RemindSent] != 1 {
		t.Fatalf("%+v, %v", j, err)
	}
	o.run(m)
	if r := o.ended(); len(post.taken) != 1 || !strings.Contains(r.Detail, "stopped; 1 of 5 reminded") {
		t.Errorf("%d mailed; history %+v", len(post.taken), r)
	}
}
