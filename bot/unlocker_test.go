package bot_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/bot/bottest"
)

var unanswered = bot.E(bot.Unavailable, "modify", bot.ErrUnanswered)

// ending is what becomes of one order.
type ending struct {
	write  func(o *office, g bot.Grant, apply func() error) error // nil: apply
	read   error                                                  // of reading back
	want   bot.Result                                             // at once; "" is pending
	after  func(o *office)                                        // before the reconciler looks
	later  bot.Result                                             // by the reconciler, where it was pending
	status bot.Status
}

// TestEndings: every answer of a directory has one outcome, at once or by the
// reconciler, and none claims more than is known.
func TestEndings(t *testing.T) {
	answer := func(k bot.Kind) func(*office, bot.Grant, func() error) error {
		return func(*office, bot.Grant, func() error) error { return bot.E(k, "modify", nil) }
	}
	conflict := func(now bot.Lock) func(*office, bot.Grant, func() error) error {
		return func(o *office, _ bot.Grant, _ func() error) error {
			o.lock(now)
			return bot.E(bot.Conflict, "modify", nil)
		}
	}
	lost := func(*office, bot.Grant, func() error) error { return unanswered }
	landed := func(_ *office, _ bot.Grant, apply func() error) error {
		_ = apply()
		return unanswered
	}
	away := bot.E(bot.Unavailable, "read", nil)
	for name, c := range map[string]ending{
		"done":                                 {want: bot.Applied, status: bot.StatusSuccess},
		"done, reading back fails":             {read: away, want: bot.Applied, status: bot.StatusSuccess},
		"done, deleted since":                  {read: bot.E(bot.NotFound, "read", nil), want: bot.Applied, status: bot.StatusSuccess},
		"denied":                               {write: answer(bot.Denied), want: bot.NotApplied, status: bot.StatusFailure},
		"gone":                                 {write: answer(bot.NotFound), want: bot.NotApplied, status: bot.StatusFailure},
		"refused without doing it":             {write: answer(bot.Unavailable), want: bot.NotApplied, status: bot.StatusFailure},
		"conflict: somebody else unlocked":     {write: conflict(bot.Lock{State: bot.Unlocked}), want: bot.UnlockedNotByUs, status: bot.StatusSuccess},
		"conflict: the lock had run out":       {write: conflict(bot.Lock{State: bot.Unlocked, Value: "134"}), want: bot.RanOut, status: bot.StatusFailure},
		"conflict: locked by another lock":     {write: conflict(bot.Lock{State: bot.Locked, Value: "135"}), want: bot.LockedAgain, status: bot.StatusFailure},
		"conflict: an administrator locked it": {write: conflict(bot.Lock{State: bot.LockedByAdministrator, Value: "0"}), want: bot.LockedAgain, status: bot.StatusFailure},
		"conflict: still the same lock":        {write: conflict(bot.Lock{State: bot.Locked, Value: "134"}), want: bot.NotApplied, status: bot.StatusFailure},
		"conflict, and cannot be read":         {write: conflict(bot.Lock{State: bot.Unlocked}), read: away, later: bot.UnlockedNotByUs, status: bot.StatusSuccess},
		"unanswered, landed":                   {write: landed, later: bot.UnlockedNotByUs, status: bot.StatusSuccess},
		"unanswered, not landed":               {write: lost, later: bot.NotApplied, status: bot.StatusFailure},
		"unanswered, the lock ran out":         {write: lost, after: func(o *office) { o.lock(bot.Lock{State: bot.Unlocked, Value: "134"}) }, later: bot.RanOut, status: bot.StatusFailure},
		"unanswered, locked again since":       {write: landed, after: func(o *office) { o.lock(bot.Lock{State: bot.Locked, Value: "135"}) }, later: bot.LockedAgain, status: bot.StatusFailure},
		"unanswered, deleted since":            {write: lost, after: func(o *office) { o.Corp.Remove(o.Mei) }, later: bot.Unknown, status: bot.StatusUnknown},
		"an answer that nobody understands":    {write: answer(bot.Internal), later: bot.NotApplied, status: bot.StatusFailure},
		"done, and locked again by wrong tries": {write: func(o *office, _ bot.Grant, apply func() error) error {
			err := apply()
			o.lock(bot.Lock{State: bot.Locked, Value: "135"})
			return err
		}, want: bot.LockedAgain, status: bot.StatusFailure},
	} {
		t.Run(name, func(t *testing.T) { play(t, c) })
	}
}

func play(t *testing.T, c ending) {
	o := openOffice(t)
	order := o.ready()
	o.guard(bottest.Faults{Written: c.read, Unlock: func(g bot.Grant, apply func() error) error {
		if c.write == nil {
			return apply()
		}
		return c.write(o, g, apply)
	}})
	done := o.unlock(order)
	if done.Result != c.want || done.Pending != (c.want == "") || done.Refused != "" {
		t.Fatalf("at once: result %q, pending %v, refused %q; want %q", done.Result, done.Pending, done.Refused, c.want)
	}
	o.Corp.Fail(bottest.Faults{})
	if c.want == "" {
		if len(o.openIntents()) != 1 {
			t.Fatal("the outcome is pending, and no intent is open")
		}
		if c.after != nil {
			c.after(o)
		}
		o.Clock.Move(2 * time.Minute)
		if n, err := o.Reconciler().Reconcile(t.Context()); n != 1 || err != nil {
			t.Fatalf("the reconciler closed %d: %v", n, err)
		}
	}
	if r := o.oneOutcome(); r.Status != c.status || r.Target.Account != o.Mei || r.Actor.Account != o.Dana {
		t.Fatalf("record %+v, want status %s", r, c.status)
	}
	if n, err := o.Reconciler().Reconcile(t.Context()); n != 0 || err != nil {
		t.Fatalf("the reconciler closed %d more: %v", n, err)
	}
	if want := c.want + c.later; o.resultOf(t) != want {
		t.Fatalf("outcome %q, want %q", o.resultOf(t), want)
	}
}

// resultOf tells the outcome by what its grant may still do, and how the record reads.
func (o *office) resultOf(t *testing.T) bot.Result {
	t.Helper()
	r := o.history(bot.ActionUnlock)
	for result, detail := range map[bot.Result]string{
		bot.UnlockedNotByUs: "the account reads unlocked; it cannot be proved that this was our change",
		bot.RanOut:          "not applied: the lock had run out by itself",
	} {
		if r[len(r)-1].Detail == detail {
			return result
		}
	}
	switch n, _, err := o.Ledger.UnlockState(t.Context(), o.Mei, o.Clock.Now().Add(-time.Hour)); {
	case err != nil:
		t.Fatal(err)
	case n == 0:
		return bot.NotApplied
	case r[len(r)-1].Status == bot.StatusUnknown:
		return bot.Unknown
	case r[len(r)-1].Status == bot.StatusFailure:
		return bot.LockedAgain
	}
	return bot.Applied
}

// TestNotices: the channel, the agent and the user.
func TestNotices(t *testing.T) {
	o := openOffice(t)
	o.unlock(o.ready())
	told := make(map[bot.NoticeKind]string)
	for _, n := range o.notices() {
		told[n.Kind] = n.To
		if n.Record.Status != bot.StatusSuccess || n.Record.Target.Account != o.Mei {
			t.Errorf("notice %s is about %+v", n.Kind, n.Record)
		}
	}
	want := map[bot.NoticeKind]string{bot.NoticeAudit: "", bot.NoticeAgent: o.DanaChat.String(), bot.NoticeTarget: "mei@corp.example"}
	if len(told) != len(want) || told[bot.NoticeAgent] != want[bot.NoticeAgent] || told[bot.NoticeTarget] != want[bot.NoticeTarget] {
		t.Errorf("told %v, want %v", told, want)
	}
	records := o.history(bot.ActionUnlock)
	if len(records) != 2 || records[0].Status != bot.StatusAsked || records[0].Operation != records[1].Operation ||
		!slices.Equal(records[1].Types, []bot.Type{bot.Authenticator}) || !records[1].Helpdesk || records[1].Mode != bot.RestrictedMode {
		t.Errorf("records %+v", records)
	}
}

// TestCancelled: impatience before the intent leaves nothing, after it changes nothing.
func TestCancelled(t *testing.T) {
	o := openOffice(t)
	order := o.ready()
	ctx, cancel := context.WithCancel(t.Context())
	u := o.Unlocker()
	u.Records = afterIntend{o.Ledger, cancel}
	done, err := u.Unlock(ctx, order)
	if err != nil || done.Result != bot.Applied || ctx.Err() == nil {
		t.Fatalf("cancelled right after the intent: %+v, %v", done, err)
	}
	o.oneOutcome()
	if len(o.Corp.Writes()) != 1 {
		t.Fatalf("writes %v", o.Corp.Writes())
	}

	o = openOffice(t)
	order = o.ready()
	if _, err := o.Unlocker().Unlock(ctx, order); err == nil || len(o.openIntents()) > 0 || len(o.Corp.Writes()) > 0 {
		t.Fatalf("cancelled before the intent: %v", err)
	}
}

// afterIntend does something as soon as an intent is committed.
type afterIntend struct {
	bot.Unlocks
	then func()
}

func (a afterIntend) Intend(ctx context.Context, i bot.Intent, r bot.Record, perDay int) (bot.Reason, error) {
	why, err := a.Unlocks.Intend(ctx, i, r, perDay)
	a.then()
	return why, err
}

// TestOrdersAtOnce: many clicks, and two agents, end in one write.
func TestOrdersAtOnce(t *testing.T) {
	o := openOffice(t)
	mine := o.ready()
	o.Clock.Move(time.Minute) // another code of the app
	finns := mine
	finns.Case.Agent, finns.Case.Chat, finns.Case.Session = o.Finn, o.FinnChat, "finns"
	es, err := o.Ledger.Enrollments(t.Context(), []bot.AccountID{o.Mei})
	if err != nil || len(es) != 1 {
		t.Fatal(es, err)
	}
	finns.Offer = o.offers(finns.Case, es[0])[0].ID
	done := make([]bot.Done, 12)
	var wait sync.WaitGroup
	for i := range done {
		order := mine
		if i%2 == 1 {
			order = finns
		}
		wait.Go(func() {
			var err error
			if done[i], err = o.Unlocker().Unlock(t.Context(), order); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	applied := 0
	for _, d := range done {
		switch {
		case d.Result == bot.Applied:
			applied++
		case d.Result == bot.UnlockedNotByUs: // decided while it was locked, written when it was not: the directory said no
		case !slices.Contains([]bot.Reason{bot.GrantUsed, bot.UnlockUnderWay, bot.NotLocked}, d.Refused):
			t.Errorf("one of the others: %+v", d)
		}
	}
	if applied != 1 || len(o.Corp.Writes()) != 1 {
		t.Fatalf("%d orders were applied, writes %v", applied, o.Corp.Writes())
	}
	o.oneOutcome()
}

// TestGrantAfterNotApplied: where nothing was written, the same click may be
// tried again; where something was, never.
func TestGrantAfterNotApplied(t *testing.T) {
	o := openOffice(t)
	order := o.ready()
	o.guard(bottest.Faults{Unlock: func(bot.Grant, func() error) error { return bot.E(bot.Denied, "modify", nil) }})
	for range 2 {
		if done := o.unlock(order); done.Result != bot.NotApplied {
			t.Fatalf("denied: %+v", done)
		}
	}
	o.guard(bottest.Faults{})
	if done := o.unlock(order); done.Result != bot.Applied {
		t.Fatalf("allowed now: %+v", done)
	}
	o.lock(bot.Lock{State: bot.Locked, Value: "2"})
	if done := o.unlock(order); done.Refused != bot.GrantUsed {
		t.Fatalf("the same click once more: %+v", done)
	}
	o.oneOutcome()
}

// TestFourthUnlockOfADay is refused, and the next day it is not.
func TestFourthUnlockOfADay(t *testing.T) {
	o := openOffice(t)
	o.Agents.Helpdesk.Mode = bot.UnrestrictedMode
	o.unlockLab()
	for n := range 5 {
		o.lock(bot.Lock{State: bot.Locked, Value: o.IDs.New()})
		c := o.Case("session-" + o.IDs.New())
		c.Proceed = true
		d := bot.Decide(o.facts(c))
		switch {
		case n < 3 || n == 4:
			if done := o.unlock(bot.Order{Case: c, Offer: o.offer(c)[0].ID}); done.Result != bot.Applied {
				t.Fatalf("unlock %d: %+v", n+1, done)
			}
		case d.Refused != bot.TooManyUnlocks:
			t.Fatalf("fourth unlock: page %q, refused %q", d.Page, d.Refused)
		default:
			o.Clock.Move(24*time.Hour + time.Second)
		}
	}
}

// TestOffer: one grant for each account that is offered, bound to all that it rests on.
func TestOffer(t *testing.T) {
	o := openOffice(t)
	o.Policy.Stores[1].TrustEnrollmentOf = []string{"corp"}
	c := o.Case("s1")
	offers := o.offers(c, o.enroll(o.Mei, bot.Authenticator))
	if len(offers) != 2 || offers[0].Account != o.Mei || offers[1].Account != o.MeiLab {
		t.Fatalf("offers %+v", offers)
	}
	evidence, err := o.Ledger.Evidence(t.Context(), "s1")
	if err != nil || len(evidence) != 1 {
		t.Fatal(evidence, err)
	}
	for _, offer := range offers {
		kept, err := o.Ledger.Offered(t.Context(), offer.ID)
		if err != nil {
			t.Fatal(err)
		}
		if kept.Session != "s1" || kept.Agent != o.Dana || kept.Target != o.Mei || kept.Policy != "p1" || kept.Skipped ||
			!slices.Equal(kept.Evidence, []string{evidence[0].ID}) || !kept.Expires.Equal(o.Clock.Now().Add(5*time.Minute)) {
			t.Errorf("on record: %+v", kept)
		}
	}
	f := o.facts(c) // Next was not pressed
	if _, err := o.Unlocker().Offer(t.Context(), f, bot.Decide(f)); bot.KindOf(err) != bot.Denied {
		t.Errorf("offers from page Authenticate: %v", err)
	}
	if _, err := o.Unlocker().Offer(t.Context(), f, bot.Decision{Page: bot.PageRefused}); bot.KindOf(err) != bot.Denied {
		t.Errorf("offers from a refusal: %v", err)
	}
}

// TestOfferRestsOnWhatCounts: evidence that has run out is no ground of a grant.
func TestOfferRestsOnWhatCounts(t *testing.T) {
	o := openOffice(t)
	o.Policy.Limits.EvidenceLife = 2 * time.Minute
	c, e := o.Case("s1"), o.enroll(o.Mei, bot.Authenticator)
	o.offers(c, e)
	o.Clock.Move(3 * time.Minute)
	offers := o.offers(c, e)
	all, err := o.Ledger.Evidence(t.Context(), "s1")
	if err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	if !slices.Equal(offers[0].Evidence, []string{all[1].ID}) {
		t.Errorf("rests on %v, want %v alone", offers[0].Evidence, all[1].ID)
	}
}

// TestOneProofOneUnlock: what was proved in a case unlocks an account once. One
// that is locked again at once asks for new proof.
func TestOneProofOneUnlock(t *testing.T) {
	o := openOffice(t)
	c, e := o.Case("s1"), o.enroll(o.Mei, bot.Authenticator)
	c.Proceed = true
	if done := o.unlock(bot.Order{Case: c, Offer: o.offers(c, e)[0].ID}); done.Result != bot.Applied {
		t.Fatalf("first: %+v", done)
	}
	o.lock(bot.Lock{State: bot.Locked, Value: "guessed"})
	if done := o.unlock(bot.Order{Case: c, Offer: o.offer(c)[0].ID}); done.Refused != bot.GrantUsed {
		t.Fatalf("again, by a new grant of the case: %+v", done)
	}
	o.Clock.Move(time.Minute) // another code of the app
	c = o.Case("s2")
	if done := o.unlock(bot.Order{Case: c, Offer: o.offers(c, e)[0].ID}); done.Result != bot.Applied {
		t.Fatalf("proved anew: %+v", done)
	}
	o.oneOutcome()
}
