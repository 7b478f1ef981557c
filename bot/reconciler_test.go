package bot_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/bot/bottest"
)

// noSettling is a ledger that is away for so many outcomes.
type noSettling struct {
	bot.Unlocks
	mu   sync.Mutex
	fail int
}

func (n *noSettling) Settle(ctx context.Context, o bot.Outcome, r bot.Record, notices []bot.Notice) error {
	n.mu.Lock()
	away := n.fail > 0
	n.fail--
	n.mu.Unlock()
	if away {
		return bot.E(bot.Unavailable, "settle", nil)
	}
	return n.Unlocks.Settle(ctx, o, r, notices)
}

// TestLedgerAwayAfterTheWrite: the account is unlocked, and what is on record
// is an open intent. The agent is told that it is not known; the reconciler
// closes it, and does not claim that it was us.
func TestLedgerAwayAfterTheWrite(t *testing.T) {
	o := openOffice(t)
	order := o.ready()
	o.guard(bottest.Faults{})
	u := o.Unlocker()
	u.Records = &noSettling{Unlocks: o.Ledger, fail: 1}
	done, err := u.Unlock(t.Context(), order)
	if err != nil || !done.Pending || done.Result != "" {
		t.Fatalf("%+v, %v", done, err)
	}
	if again := o.unlock(order); again.Refused == "" || len(o.Corp.Writes()) != 1 {
		t.Fatalf("a second click: %+v; writes %v", again, o.Corp.Writes())
	}
	o.Clock.Move(time.Minute)
	if n, err := o.Reconciler().Reconcile(t.Context()); n != 1 || err != nil {
		t.Fatalf("closed %d: %v", n, err)
	}
	if r := o.oneOutcome(); r.Status != bot.StatusSuccess || o.resultOf(t) != bot.UnlockedNotByUs {
		t.Fatalf("record %+v", r)
	}
	told := make(map[bot.NoticeKind]string)
	for _, n := range o.notices() {
		told[n.Kind] = n.To
	}
	if told[bot.NoticeAgent] != o.DanaChat.String() || told[bot.NoticeTarget] != "mei@corp.example" {
		t.Errorf("agent and user are not told of the late outcome: %v", told)
	}
}

// unansweredOrder leaves an open intent of Mei's account.
func (o *office) unansweredOrder() {
	o.t.Helper()
	order := o.ready()
	o.guard(bottest.Faults{Unlock: func(bot.Grant, func() error) error { return unanswered }})
	if done := o.unlock(order); !done.Pending {
		o.t.Fatalf("not pending: %+v", done)
	}
	o.Corp.Fail(bottest.Faults{})
}

// TestReconcilerWaits: young intents belong to who made them; "still locked"
// proves nothing while the write may yet land.
func TestReconcilerWaits(t *testing.T) {
	o := openOffice(t)
	o.unansweredOrder()
	for _, step := range []struct {
		move time.Duration
		want int
	}{{0, 0}, {10 * time.Second, 0}, {20 * time.Second, 0}, {31 * time.Second, 1}, {time.Hour, 0}} {
		o.Clock.Move(step.move)
		if n, err := o.Reconciler().Reconcile(t.Context()); n != step.want || err != nil {
			t.Fatalf("%v later: closed %d, %v; want %d", step.move, n, err, step.want)
		}
	}
	if o.oneOutcome().Status != bot.StatusFailure || o.resultOf(t) != bot.NotApplied {
		t.Fatalf("outcome %q", o.resultOf(t))
	}
}

// TestReconcilerGivesUp after a day without an answer, which frees the account.
func TestReconcilerGivesUp(t *testing.T) {
	o := openOffice(t)
	o.unansweredOrder()
	o.Corp.Fail(bottest.Faults{Down: true})
	o.Clock.Move(23 * time.Hour)
	if n, err := o.Reconciler().Reconcile(t.Context()); n != 0 || bot.KindOf(err) != bot.Unavailable {
		t.Fatalf("after 23 hours: closed %d, %v", n, err)
	}
	o.Clock.Move(time.Hour)
	if n, err := o.Reconciler().Reconcile(t.Context()); n != 1 || err != nil {
		t.Fatalf("after a day: closed %d, %v", n, err)
	}
	if r := o.oneOutcome(); r.Status != bot.StatusUnknown {
		t.Fatalf("record %+v", r)
	}
	if _, underWay, err := o.Ledger.UnlockState(t.Context(), o.Mei, o.Clock.Now().Add(-48*time.Hour)); underWay || err != nil {
		t.Fatalf("still under way: %v", err)
	}
}

// TestReconcilersAtOnce: several processes look at the same intent, and one
// outcome stands. It never writes to the directory.
func TestReconcilersAtOnce(t *testing.T) {
	o := openOffice(t)
	o.unansweredOrder()
	o.Clock.Move(2 * time.Minute)
	var wait sync.WaitGroup
	for range 6 {
		wait.Go(func() {
			if _, err := o.Reconciler().Reconcile(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	o.oneOutcome()
	if len(o.Corp.Writes()) != 0 {
		t.Fatal("the reconciler wrote to the directory")
	}
	if n := len(o.notices()); n != 2 {
		t.Errorf("%d notices for one outcome, want channel and agent", n)
	}
}

// TestReconcilerGoesOn: one that cannot be read does not keep it from the others.
func TestReconcilerGoesOn(t *testing.T) {
	o := openOffice(t)
	o.Agents.Helpdesk.Mode = bot.UnrestrictedMode
	c := o.Case("s1")
	c.Proceed = true
	lose := bottest.Faults{Unlock: func(bot.Grant, func() error) error { return unanswered }}
	o.Corp.Fail(lose)
	o.Lab.Fail(lose)
	for _, offer := range o.offer(c) {
		if done := o.unlock(bot.Order{Case: c, Offer: offer.ID}); !done.Pending {
			t.Fatalf("%+v", done)
		}
	}
	o.Corp.Fail(bottest.Faults{Down: true})
	o.Lab.Fail(bottest.Faults{})
	o.Clock.Move(2 * time.Minute)
	if n, err := o.Reconciler().Reconcile(t.Context()); n != 1 || bot.KindOf(err) != bot.Unavailable {
		t.Fatalf("closed %d, %v", n, err)
	}
	o.Corp.Fail(bottest.Faults{})
	if n, err := o.Reconciler().Reconcile(t.Context()); n != 1 || err != nil {
		t.Fatalf("closed %d, %v", n, err)
	}
	o.oneOutcome()
}

// TestReconcilerCountsWhatItClosed, and nothing that could not be written down.
func TestReconcilerCountsWhatItClosed(t *testing.T) {
	o := openOffice(t)
	o.unansweredOrder()
	o.Clock.Move(2 * time.Minute)
	r := o.Reconciler()
	r.Records = &noSettling{Unlocks: o.Ledger, fail: 1}
	if n, err := r.Reconcile(t.Context()); n != 0 || bot.KindOf(err) != bot.Unavailable {
		t.Fatalf("closed %d, %v", n, err)
	}
	if n, err := r.Reconcile(t.Context()); n != 1 || err != nil {
		t.Fatalf("closed %d, %v", n, err)
	}
	o.oneOutcome()
}

// TestStoreNoLongerConfigured: an account whose store was taken out of the
// configuration is not gone; what became of it is not known.
func TestStoreNoLongerConfigured(t *testing.T) {
	o := openOffice(t)
	o.unansweredOrder()
	o.Clock.Move(2 * time.Minute)
	r := o.Reconciler()
	delete(r.Desk.Directories, "corp")
	if n, err := r.Reconcile(t.Context()); n != 0 || err == nil {
		t.Fatalf("closed %d, %v", n, err)
	}
	o.Clock.Move(24 * time.Hour)
	if n, err := r.Reconcile(t.Context()); n != 1 || err != nil {
		t.Fatalf("after a day: closed %d, %v", n, err)
	}
	if last := o.oneOutcome(); last.Status != bot.StatusUnknown || last.Why == bot.TargetGone {
		t.Fatalf("record %+v", last)
	}
}

// TestAnsweredAndStillLocked: the server said done, and reads the same lock
// still. That is not an account that was unlocked.
func TestAnsweredAndStillLocked(t *testing.T) {
	play(t, ending{write: func(*office, bot.Grant, func() error) error { return nil }, later: bot.NotApplied, status: bot.StatusFailure})
}
