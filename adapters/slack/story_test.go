package slack

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/bot"
	"latchkey/flows"
)

// The whole way: command, dialog, code, check box, result.
func TestAnAgentUnlocksInADialog(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal("Mei Lin", "not passed yet", "Nov 2, 2026 at 10:10")
	s.must(err)
	s.must(m.Click("Verify authenticator of Mei Lin"))
	s.must(m.Until("That code is not right"))
	s.must(m.Type("Code", "123456"))
	s.must(m.Submit())
	s.must(m.Until("Authenticated with e-mail"))
	s.must(m.Tick("Mei Lin (mei) in corp"))
	s.must(m.Tick("Mei Lin (mlin) in lab"))
	s.must(m.Type("Reason", "called from the desk"))
	s.must(m.Submit())
	s.must(m.Until("✅ Unlocked: Mei Lin"))
	s.good()

	profile := flows.Profile{Name: "Dana Reyes", Mail: "dana@example.com"}
	base := flows.Event{Actor: dana(), Profile: profile, Workspace: "T0PLAY", View: m.ID()}
	want := []flows.Event{base, base, base, base}
	want[0].Kind, want[0].Text = flows.Begin, "mei"
	want[1].Kind, want[1].Type, want[1].Token, want[1].Fields = flows.ChooseType, bot.Authenticator, pageToken, map[string]string{}
	want[2].Kind, want[2].Type, want[2].Token, want[2].Fields = flows.Verify, bot.Email, pageToken, map[string]string{"code": "123456"}
	want[3].Kind, want[3].Token, want[3].Rows = flows.Unlock, pageToken, []int{0, 1}
	want[3].Fields = map[string]string{"reason": "called from the desk", "ticket": ""}
	got := s.desk.seen()
	ids := map[string]bool{}
	for i := range got {
		ids[got[i].ID] = true
		got[i].ID = ""
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events, -want +got:\n%s", diff)
	}
	if len(ids) != 4 {
		t.Errorf("4 clicks have the ids %v, want 4 of them", ids)
	}
}

func TestHelpIsAnsweredAtOnceAndForMeOnly(t *testing.T) {
	s := begin(t, nil)
	s.must(s.ws.As("U_DANA").In("C_AUDIT").Say("/unlock help"))
	m, err := s.ws.As("U_DANA").In("C_AUDIT").Room().Message("/unlock mei goes straight to the person")
	s.must(err)
	if !m.Ephemeral() {
		t.Error("the help is there for everyone to see")
	}
	if got := s.kinds(); len(got) != 0 {
		t.Errorf("help reached the desk: %v", got)
	}
	s.good()
}

// The answer goes out before the desk has even been asked anything.
func TestAcknowledgedBeforeTheWork(t *testing.T) {
	s := begin(t, nil)
	release := make(chan struct{})
	s.desk.answers(func(ctx context.Context, ev flows.Event) (flows.Page, error) {
		<-release
		return walk(ctx, ev)
	})
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal("Looking up …")
	s.must(err)
	if len(m.Buttons()) != 0 {
		t.Errorf("buttons on a page that waits: %v", m.Buttons())
	}
	close(release)
	s.must(m.Until("not passed yet"))
	for _, x := range s.ws.Exchanges() {
		if x.Took > time.Second || x.Status != 200 || len(x.Answer) != 0 {
			t.Errorf("%s with %q: want an empty 200 within a second", x, x.Answer)
		}
	}
	s.good()
}

// A submission shows that it is being checked, in the same answer, and the
// result replaces that, however fast it is.
func TestTheResultIsNeverOverwrittenByChecking(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	for range 20 {
		s.must(who.Say("/unlock"))
		m, err := who.Modal("Unlock account", "Who is it?")
		s.must(err)
		s.must(m.Type("Who is it?", "lin"))
		s.must(m.Submit())
		s.must(m.Until("1 to 5 of 5 found"))
		s.clock.pass(time.Second)
		if got := m.Text(); !strings.Contains(got, "1 to 5 of 5 found") {
			t.Fatalf("the result has gone again: %s", got)
		}
	}
	s.good()
}

func TestASlowClickIsShownToBeTaken(t *testing.T) {
	s := begin(t, nil)
	s.bot.showWaiting, s.bot.showLate = time.Millisecond, 50*time.Millisecond
	release := make(chan struct{})
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal("not passed yet")
	s.must(err)
	s.desk.answers(func(ctx context.Context, ev flows.Event) (flows.Page, error) {
		<-release
		return walk(ctx, ev)
	})
	s.must(m.Click("Skip"))
	s.must(m.Until("takes longer than it should"))
	close(release)
	s.must(m.Until("Accounts to unlock"))
	s.good()
}

func TestAClosedDialogKeepsTheCase(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal("not passed yet")
	s.must(err)
	s.must(m.Close())
	s.until("the desk hears that the dialog was closed", func() bool { return len(s.desk.seen()) == 2 })
	ev := s.desk.seen()[1]
	if ev.Kind != flows.Closed || ev.Token == "" || ev.Actor != dana() {
		t.Errorf("the desk got %+v", ev)
	}
	s.good()
}

// A dialog that was closed while the desk thought is no error.
func TestAVanishedDialogIsNoError(t *testing.T) {
	s := begin(t, nil)
	asked, release := make(chan struct{}), make(chan struct{})
	s.desk.answers(func(ctx context.Context, ev flows.Event) (flows.Page, error) {
		if ev.Kind == flows.Begin {
			close(asked)
			<-release
		}
		return walk(ctx, ev)
	})
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal("Looking up")
	s.must(err)
	<-asked
	s.must(m.Close())
	close(release)
	s.until("the page is given up", func() bool { return s.logs.FilterMessage("slack dialog is closed, page not shown").Len() == 1 })
	s.good()
}

func TestContinueOnACardOpensADialog(t *testing.T) {
	s := begin(t, nil)
	_, err := s.bot.Card(t.Context(), dana(), "", pageNamed("card"))
	s.must(err)
	who := s.ws.As("U_DANA")
	card, err := who.DM().Message("Your case of Mei Lin")
	s.must(err)
	s.must(card.Click("Continue the case of Mei Lin"))
	_, err = who.Modal("not passed yet")
	s.must(err)
	s.must(card.Click("Cancel the case of Mei Lin"))
	_, err = who.Modal("was cancelled")
	s.must(err)
	want := []flows.EventKind{flows.Resume, flows.Cancel}
	if diff := cmp.Diff(want, s.kinds()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := s.desk.seen()[0].Token; got != pageToken {
		t.Errorf("the card's token came back as %q", got)
	}
	s.good()
}

// Two clicks at once: what the later one shows stays, whichever is slower.
func TestAnOlderAnswerDoesNotOverwriteANewer(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal("not passed yet")
	s.must(err)
	asked, release := make(chan struct{}), make(chan struct{})
	s.desk.answers(func(ctx context.Context, ev flows.Event) (flows.Page, error) {
		if ev.Kind == flows.Skip {
			close(asked)
			<-release
		}
		return walk(ctx, ev)
	})
	s.must(m.Click("Skip"))
	<-asked
	s.must(m.Click("History of Mei Lin"))
	s.must(m.Until("Dana Reyes unlocked Mei Lin"))
	s.until("the newer answer was dealt with", func() bool { return s.bot.work.Taken() == 1 })
	before := len(s.ws.Calls())
	close(release)
	s.until("the older answer was dealt with", func() bool { return s.bot.work.Taken() == 0 })
	if got := m.Text(); !strings.Contains(got, "Dana Reyes unlocked Mei Lin") {
		t.Errorf("the older answer took the place: %s", got)
	}
	for _, c := range s.ws.Calls()[before:] {
		t.Errorf("an older answer was sent: %s %s", c.Method, c.Error)
	}
	s.good()
}

// Something else changed the dialog: the hash says so, and the page is shown
// all the same since nothing newer has come.
func TestTheNewestAnswerWinsOverAStaleHash(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal("not passed yet")
	s.must(err)
	s.desk.answers(func(ctx context.Context, ev flows.Event) (flows.Page, error) {
		_, err := s.bot.api.updateView(ctx, modal(pageNamed("pick")), "", m.ID(), "")
		s.must(err)
		return walk(ctx, ev)
	})
	s.must(m.Click("Skip"))
	s.must(m.Until("Accounts to unlock"))
	var codes []string
	for _, c := range s.ws.Calls() {
		codes = append(codes, c.Error)
	}
	if !slices.Contains(codes, "hash_conflict") {
		t.Errorf("no hash was sent: %q", codes)
	}
	s.good()
}

func TestSpacesAreNoInput(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock"))
	m, err := who.Modal("Who is it?")
	s.must(err)
	s.must(m.Type("Who is it?", "   "))
	s.must(m.Submit())
	if got := m.Errors(); got["Who is it?"] != "Type something here." {
		t.Errorf("errors under the fields: %v", got)
	}
	if got := s.kinds(); len(got) != 1 {
		t.Errorf("the desk got %v", got)
	}
	s.must(m.Type("Who is it?", "mei")) // the same form, mended: no repeat
	s.must(m.Submit())
	s.must(m.Until("1 to 5 of 5 found"))
	s.good()
}

// The same form from several devices at once is one event, and its result
// stands in the end.
func TestOneFormSentFourTimes(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	for _, slow := range []bool{false, true} {
		s.must(who.Say("/unlock"))
		m, err := who.Modal("Who is it?")
		s.must(err)
		release := make(chan struct{})
		s.desk.answers(func(ctx context.Context, ev flows.Event) (flows.Page, error) {
			if ev.Kind == flows.Search {
				<-release
			}
			return walk(ctx, ev)
		})
		if !slow {
			close(release)
		}
		s.must(m.Type("Who is it?", "lin"))
		s.must(m.SubmitAtOnce(4))
		if slow {
			s.must(m.Until("Looking up"))
			close(release)
		}
		s.until("every job has ended", func() bool { return s.bot.work.Taken() == 0 })
		if got := m.Text(); !strings.Contains(got, "1 to 5 of 5 found") {
			t.Errorf("in the end the dialog says %q", got)
		}
		s.must(m.Close())
		s.desk.answers(walk)
	}
	searches := 0
	for _, k := range s.kinds() {
		if k == flows.Search {
			searches++
		}
	}
	if searches != 2 {
		t.Errorf("two forms reached the desk as %d searches: %v", searches, s.kinds())
	}
	s.good()
}

// Another replica took the form: this one shows the case as it stands.
func TestAFormThatAnotherReplicaHasTaken(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock"))
	m, err := who.Modal("Who is it?")
	s.must(err)
	s.must(m.Type("Who is it?", "lin"))
	first, err := s.gate.First(t.Context(), "slack:view:"+m.ID()+":"+m.Hash(), time.Minute)
	if err != nil || !first {
		t.Fatalf("%v, %v", first, err)
	}
	s.must(m.Submit())
	s.must(m.Until("not passed yet"))
	if diff := cmp.Diff([]flows.EventKind{flows.Begin, flows.Look}, s.kinds()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	s.good()
}

// The answer to a repeated click gives way to the answer of the click itself.
func TestARepeatGivesWay(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal("not passed yet")
	s.must(err)
	asked, release := make(chan struct{}), make(chan struct{})
	var once atomic.Bool
	s.desk.answers(func(ctx context.Context, ev flows.Event) (flows.Page, error) {
		if once.CompareAndSwap(false, true) {
			close(asked)
			<-release
			return walk(ctx, ev)
		}
		p := pageNamed("history_full")
		p.Repeat = true
		return p, nil
	})
	again, err := m.ClickRequest("Skip")
	s.must(err)
	s.must(m.Click("Skip"))
	<-asked
	x, err := s.ws.Deliver(t.Context(), again)
	s.must(err)
	if x.Status != 200 {
		t.Errorf("the second click: %s", x)
	}
	s.must(m.Until("Dana Reyes unlocked")) // what stands meanwhile
	close(release)
	s.must(m.Until("Accounts to unlock"))
	s.good()
}
