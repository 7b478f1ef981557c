//go:build !race

package bot_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/bot/bottest"
)

// The race detector makes this one ten times as long; what may race is in the
// ledger's own tests.

// TestTenThousandReminders: the mail server says 'later' for a while, refuses
// some, drops the line on some, and the program is killed twice right after a
// mail. It goes at its pace, goes on, and nobody is mailed twice.
func TestTenThousandReminders(t *testing.T) {
	t.Parallel()
	const people = 10_000
	o := openOffice(t)
	o.employ(people, bottest.Staff)
	m, post := o.reminders()
	later := bot.E(bot.Unavailable, "deliver mail", errors.New("450"))
	killed := false
	post.answer = func(to string, n int) error {
		switch {
		case n >= 3_000 && n < 3_006, strings.HasSuffix(to, "777@corp.example") && post.taken["greylist "+to] == 0:
			post.taken["greylist "+to]++
			return later
		case strings.HasSuffix(to, "500@corp.example"):
			return bot.E(bot.NotFound, "deliver mail", nil)
		case strings.HasSuffix(to, "999@corp.example"):
			post.taken[to]++
			return bot.E(bot.Unavailable, "deliver mail", bot.ErrMaybeSent)
		case to == "w05000@corp.example" || to == "w06000@corp.example":
			killed = true // right after the server has taken it
		}
		return nil
	}
	jobs := &killedJobs{ReminderJobs: m.Jobs, killed: &killed}
	m.Jobs = jobs
	if n := o.begins(m, bot.Search{Text: "worker"}, bot.Email); n != people {
		t.Fatalf("about %d", n)
	}
	began := o.Clock.Now()
	o.run(m)
	for to, n := range post.taken {
		if n > 1 && !strings.HasPrefix(to, "greylist") {
			t.Errorf("%s was mailed %d times", to, n)
		}
	}
	for i := 1; i < len(post.at); i++ {
		if d := post.at[i].Sub(post.at[i-1]); d < time.Second {
			t.Fatalf("mail %d went %s after the one before", i, d)
		}
	}
	last, err := o.Ledger.History(t.Context(), bot.HistoryQuery{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if r := last[0]; r.Action != bot.ActionRemindMany || r.Detail != "10,000 people in corp; 9,978 of 10,000 reminded, 10 refused by the mail server, 12 not known to be sent or not" {
		t.Errorf("history: %+v", r)
	}
	t.Logf("%s, %d times handed in", o.Clock.Now().Sub(began), post.n)
}

// killedJobs loses what became of a mail, as a process that is killed does.
type killedJobs struct {
	bot.ReminderJobs
	killed *bool
}

func (k *killedJobs) SettleReminder(ctx context.Context, t bot.ReminderTurn, became bot.ReminderState, records ...bot.Record) error {
	if *k.killed {
		*k.killed = false
		return errKilled
	}
	return k.ReminderJobs.SettleReminder(ctx, t, became, records...)
}
