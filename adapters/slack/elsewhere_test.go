package slack

import (
	"context"
	"strings"
	"testing"
	"time"

	"latchkey/flows"
)

// proved is the page that another person's deed has made of the overview.
func proved() flows.Page { return pageNamed("authenticate_part") }

const provedSays = "Passed"

// Every event whose answer stands in a dialog names that dialog, so that it
// can be changed later; what has none names none.
func TestEventsNameTheirDialog(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.OpenHome())
	_, err := who.Home("Mei Lin")
	s.must(err)
	s.must(who.Say("/unlock"))
	m, err := who.Modal("Who is it?")
	s.must(err)
	s.must(m.Type("Who is it?", "mei"))
	s.must(m.Submit())
	s.must(m.Until("1 to 5 of 5 found"))
	s.must(m.Click("Choose Mei Lin in corp"))
	s.must(m.Until("not passed yet"))
	s.must(m.Close())
	s.until("the desk hears that the dialog was closed", func() bool { return len(s.desk.seen()) == 4 })
	for i, ev := range s.desk.seen() {
		want := m.ID()
		if ev.Kind == flows.Closed {
			want = ""
		}
		if ev.View != want {
			t.Errorf("event %d, %s, names the dialog %q, want %q", i, ev.Kind, ev.View, want)
		}
	}
	s.good()
}

func TestADialogIsToldOfWhatHappenedElsewhere(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal("not passed yet")
	s.must(err)
	s.must(s.bot.Show(t.Context(), dana(), m.ID(), proved()))
	s.must(m.Until(provedSays))
	s.must(m.Close())
	s.must(s.bot.Show(t.Context(), dana(), m.ID(), proved())) // nobody looks any more
	s.must(s.bot.Show(t.Context(), dana(), "V_NONE", proved()))
	s.must(s.bot.Show(t.Context(), dana(), "", proved()))
	s.good()
}

// A page that another replica has shown meanwhile, and that this one has just
// put an older one over, is put back.
func TestTheNewestPageStays(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal("not passed yet")
	s.must(err)
	newest := proved()
	newest.Token = "a newer token"
	s.desk.mu.Lock()
	s.desk.newer = func(token string) (flows.Page, bool) { return newest, token != newest.Token }
	s.desk.mu.Unlock()
	s.must(s.bot.Show(t.Context(), dana(), m.ID(), pageNamed("code_email")))
	s.must(m.Until(provedSays))
	s.desk.answers(func(context.Context, flows.Event) (flows.Page, error) {
		p := pageNamed("code_email")
		p.Token = pageToken
		return p, nil
	})
	s.must(m.Click("Verify authenticator of Mei Lin"))
	s.until("the click is answered", func() bool { return len(s.desk.seen()) == 2 && s.bot.work.Taken() == 0 })
	s.must(m.Until(provedSays))
	s.good()
}

// What somebody types while the page changes under his hands stays, as long as
// the page has the same field; and what he sends belongs to the page that
// stands now.
func TestWhatIsTypedStays(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal("not passed yet")
	s.must(err)
	s.desk.answers(func(ctx context.Context, ev flows.Event) (flows.Page, error) {
		if ev.Kind == flows.ChooseType {
			return pageNamed("code_email"), nil
		}
		return walk(ctx, ev)
	})
	s.must(m.Click("Verify e-mail of Mei Lin"))
	s.must(m.Until("Code"))
	s.must(m.Type("Code", "1234"))
	again := pageNamed("code_email")
	again.Token = pageToken + "later"
	s.must(s.bot.Show(t.Context(), dana(), m.ID(), again))
	if m.PrivateMetadata() != again.Token {
		t.Fatal("the page has not changed")
	}
	s.must(m.Submit())
	s.must(m.Until("Accounts to unlock"))
	last := s.desk.seen()[len(s.desk.seen())-1]
	if last.Fields["code"] != "1234" || last.Token != again.Token {
		t.Errorf("sent %q of page %q", last.Fields["code"], last.Token)
	}
	s.good()
}

// A click whose result was there before the news is shown no more, however
// late its way to Slack ends; one that was carried out after the news is.
func TestNewsAndClicksInTheirOrder(t *testing.T) {
	s := begin(t, nil)
	n := s.bot.newest
	before, after := n.next("V", "h"), n.next("V", "h")
	n.finish(before, flows.Page{})
	news := n.tell("V", flows.Page{})
	if !n.overtaken(before) || n.overtaken(news) {
		t.Error("the news are newer than what was there before")
	}
	if !n.overtaken(after) {
		t.Error("a page that waits takes the place of the news")
	}
	if last, _ := n.finish(after, flows.Page{}); !last || n.overtaken(after) || !n.overtaken(news) {
		t.Error("what came out after the news is newer")
	}
	repeat := n.next("V", "h")
	n.tell("V", flows.Page{})
	if last, _ := n.finish(repeat, flows.Page{Repeat: true}); last || n.overtaken(repeat) {
		t.Error("the answer to a repeated click is of now, and no result")
	}
}

// News while a form is on its way: neither 'Checking …' nor the form's result
// that was there before stays in their place.
func TestNewsWhileAFormIsSent(t *testing.T) {
	for _, first := range []string{"the news", "the result"} {
		t.Run(first+" first", func(t *testing.T) {
			s := begin(t, nil)
			who := s.ws.As("U_DANA")
			s.must(who.Say("/unlock"))
			m, err := who.Modal("Who is it?")
			s.must(err)
			asked, release := make(chan struct{}), make(chan struct{})
			s.desk.answers(func(ctx context.Context, ev flows.Event) (flows.Page, error) {
				if ev.Kind == flows.Search {
					close(asked)
					<-release
				}
				return walk(ctx, ev)
			})
			s.must(m.Type("Who is it?", "lin"))
			s.must(m.Submit())
			<-asked
			if first == "the news" {
				s.must(s.bot.Show(t.Context(), dana(), m.ID(), proved()))
				s.must(m.Until(provedSays))
				close(release)
				s.must(m.Until("1 to 5 of 5 found"))
			} else {
				close(release)
				s.must(m.Until("1 to 5 of 5 found"))
				s.must(s.bot.Show(t.Context(), dana(), m.ID(), proved()))
				s.must(m.Until(provedSays))
			}
			s.until("every job has ended", func() bool { return s.bot.work.Taken() == 0 })
			if got := m.Text(); strings.Contains(got, provedSays) != (first == "the result") {
				t.Errorf("in the end the dialog says %q", got)
			}
			s.good()
		})
	}
}

// The answer to a form is still on its way to Slack when the news come: they
// wait for 'Checking …', which would take their place.
func TestNewsBeforeSlackHasTakenTheAnswer(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock"))
	m, err := who.Modal("Who is it?")
	s.must(err)
	s.must(m.Type("Who is it?", "lin"))
	req, err := m.SubmitRequest()
	s.must(err)
	x, err := s.ws.Send(t.Context(), req) // answered, and nothing shown of it
	if err != nil || x.Status != 200 {
		t.Fatalf("%v, %s", err, x)
	}
	s.until("the desk has carried it out", func() bool { return len(s.desk.seen()) == 2 })
	shown := make(chan error, 1)
	go func() { shown <- s.bot.Show(context.WithoutCancel(t.Context()), dana(), m.ID(), proved()) }()
	s.must(m.Until(provedSays)) // the answer was lost: by the dialog's own id
	s.must(<-shown)
	s.clock.pass(time.Second)
	s.until("every job has ended", func() bool { return s.bot.work.Taken() == 0 })
	if got := m.Text(); !strings.Contains(got, provedSays) {
		t.Errorf("the older result has come back: %s", got)
	}
	s.good()
}
