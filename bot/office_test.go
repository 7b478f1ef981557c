package bot_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/bot/bottest"
	"latchkey/store/ledger"
)

// office is the small helpdesk on a real ledger.
type office struct {
	*bottest.World
	t *testing.T
}

func openOffice(t *testing.T) *office {
	t.Helper()
	clock := bottest.NewClock()
	l, err := ledger.Open(t.Context(), ledger.Config{URL: "sqlite://" + filepath.Join(t.TempDir(), "latchkey.db"),
		Now: clock.Now, NewID: bottest.NewIDs().New})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return &office{World: bottest.NewWorld(l, clock), t: t}
}

func (o *office) enroll(id bot.AccountID, typ bot.Type) bot.Enrollment {
	o.t.Helper()
	e, err := o.Enroll(o.t.Context(), id, typ)
	if err != nil {
		o.t.Fatal(err)
	}
	return e
}

func (o *office) facts(c bot.Case) bot.Facts {
	o.t.Helper()
	f, err := o.Desk().Facts(o.t.Context(), c)
	if err != nil {
		o.t.Fatal(err)
	}
	return f
}

// open begins a challenge of the type in the session.
func (o *office) open(c bot.Case, typ bot.Type) bot.Opened {
	o.t.Helper()
	opened, err := o.Verifier().Open(o.t.Context(), o.facts(c), typ, false)
	if err != nil {
		o.t.Fatal(err)
	}
	return opened
}

func (o *office) verify(c bot.Case, challenge string, typ bot.Type, typed string) bot.Verdict {
	o.t.Helper()
	v, err := o.Verifier().Verify(o.t.Context(), o.facts(c), challenge, typ, typed)
	if err != nil {
		o.t.Fatal(err)
	}
	return v
}

// offers proves what the enrollment proves and opens page Unlock.
func (o *office) offers(c bot.Case, e bot.Enrollment) []bot.Offer {
	o.t.Helper()
	opened := o.open(c, e.Type)
	if v := o.verify(c, opened.Challenge, e.Type, o.Right(e)); !v.Passed {
		o.t.Fatalf("the right value is not: %+v", v)
	}
	return o.offer(c)
}

func (o *office) offer(c bot.Case) []bot.Offer {
	o.t.Helper()
	c.Proceed = true
	f := o.facts(c)
	offers, err := o.Unlocker().Offer(o.t.Context(), f, bot.Decide(f))
	if err != nil {
		o.t.Fatal(err)
	}
	return offers
}

// ready is page Unlock of Mei in a session, proved by her authenticator.
func (o *office) ready() bot.Order {
	o.t.Helper()
	c := o.Case("session-" + o.IDs.New())
	return bot.Order{Case: c, Offer: o.offers(c, o.enroll(o.Mei, bot.Authenticator))[0].ID}
}

func (o *office) unlock(order bot.Order) bot.Done {
	o.t.Helper()
	done, err := o.Unlocker().Unlock(o.t.Context(), order)
	if err != nil {
		o.t.Fatal(err)
	}
	return done
}

// history gives the records of an action, oldest first.
func (o *office) history(a bot.Action) []bot.Record {
	o.t.Helper()
	all, err := o.Ledger.History(context.Background(), bot.HistoryQuery{Limit: 1000})
	if err != nil {
		o.t.Fatal(err)
	}
	var out []bot.Record
	for _, r := range slices.Backward(all) {
		if r.Action == a {
			out = append(out, r)
		}
	}
	return out
}

func (o *office) openIntents() []bot.Intent {
	o.t.Helper()
	open, err := o.Ledger.OpenIntents(context.Background(), o.Clock.Now().Add(time.Hour))
	if err != nil {
		o.t.Fatal(err)
	}
	return open
}

// oneOutcome demands that every unlock was asked for once and ended once, that
// none is open, and gives the last result's record.
func (o *office) oneOutcome() bot.Record {
	o.t.Helper()
	if n := len(o.openIntents()); n != 0 {
		o.t.Fatalf("%d intents are open", n)
	}
	asked, ended := make(map[string]int), make(map[string]int)
	records := o.history(bot.ActionUnlock)
	for _, r := range records {
		if r.Status == bot.StatusAsked {
			asked[r.Operation]++
		} else {
			ended[r.Operation]++
		}
	}
	if len(asked) == 0 || len(asked) != len(ended) {
		o.t.Fatalf("asked %v, ended %v", asked, ended)
	}
	for id := range asked {
		if asked[id] != 1 || ended[id] != 1 {
			o.t.Fatalf("operation %s: asked %d times, ended %d times", id, asked[id], ended[id])
		}
	}
	return records[len(records)-1]
}

// guard lets the directories fail as told, and demands at the moment of each
// write that its grant is on record and its intent committed.
func (o *office) guard(f bottest.Faults) {
	o.t.Helper()
	inner := f.Unlock
	f.Unlock = func(g bot.Grant, apply func() error) error {
		open := o.openIntents()
		if len(open) != 1 || open[0].Offer.ID != g.ID() || open[0].Offer.Account != g.Account() || open[0].Seen.Value != g.Seen().Value {
			o.t.Errorf("a write for %v without its committed intent: %+v", g.Account(), open)
		}
		if inner != nil {
			return inner(g, apply)
		}
		return apply()
	}
	o.Corp.Fail(f)
	o.Lab.Fail(f)
}

// lock puts another lock on Mei's account.
func (o *office) lock(l bot.Lock) {
	o.Corp.Change(o.Mei, func(a *bot.Account) { a.Lock = l })
}

// notices gives the outbox, emptied.
func (o *office) notices() []bot.Notice {
	o.t.Helper()
	due, err := o.Ledger.Due(o.t.Context(), o.Clock.Now().Add(time.Second), 100, time.Hour)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, n := range due {
		if err := o.Ledger.Done(o.t.Context(), n.ID); err != nil {
			o.t.Fatal(err)
		}
	}
	return due
}
