package unlock

import (
	"strings"
	"testing"

	"latchkey/bot"
	"latchkey/flows"
)

// refuse demands that the event is refused and that the page stays good.
func (s *stage) refuse(want bot.Kind, ev flows.Event) {
	s.t.Helper()
	before := s.page
	ev.Token = before.Token
	s.send(ev)
	if bot.KindOf(s.err) != want {
		s.t.Fatalf("%s %+v: error %v, want %s", ev.Kind, ev, s.err, want)
	}
	s.page = before
}

// TestRowsNotShown: rows and types that the page did not show are no mistake.
func TestRowsNotShown(t *testing.T) {
	s := newStage(t)
	e := s.enroll(bot.Authenticator)
	s.command(flows.Begin, "i").see("pick")                // Finn, Mei, Omar
	s.refuse(bot.Denied, flows.Event{Kind: flows.Confirm}) // nobody was picked
	for _, row := range []int{-1, 3, 1 << 40} {
		s.refuse(bot.Denied, flows.Event{Kind: flows.Pick, Row: row})
	}
	s.give(flows.Event{Kind: flows.Pick, Row: 1}).see("person").press(flows.Confirm).see("authenticate")
	for _, typ := range []bot.Type{"", "yubikey", bot.Type(strings.Repeat("x", 4000))} {
		s.refuse(bot.Denied, flows.Event{Kind: flows.ChooseType, Type: typ})
		s.refuse(bot.Denied, flows.Event{Kind: flows.SendCode, Type: typ})
	}
	s.give(flows.Event{Kind: flows.ChooseType, Type: bot.Authenticator}).code(bot.Authenticator, s.w.Right(e)).press(flows.Next).see("unlock")
	for _, rows := range [][]int{{-1}, {2}, {0, 1, 7}} {
		s.refuse(bot.Denied, flows.Event{Kind: flows.Unlock, Rows: rows})
	}
	if n := len(s.w.Corp.Writes()) + len(s.w.Lab.Writes()); n != 0 {
		t.Fatalf("%d accounts were unlocked", n)
	}
}

// TestTypesThatNobodyCanPassHere: named, but not among the user's.
func TestTypesThatNobodyCanPassHere(t *testing.T) {
	s := newStage(t)
	s.enroll(bot.Authenticator)
	s.toProof()
	for _, typ := range []bot.Type{bot.SecurityQuestions, bot.Mobile, bot.Email, bot.Chat} {
		s.give(flows.Event{Kind: flows.SendCode, Type: typ}).see("type_refused").in(AwaitingProof)
		if f := faults(s.page); len(f) > 0 {
			t.Errorf("%s: %v", typ, f)
		}
	}
	s.code(bot.Email, "123456").see("authenticate") // of a type that is not open
	if n := len(s.w.Mail.Letters()); n != 0 {
		t.Errorf("%d letters went out", n)
	}
}

func buttonsOf(p flows.Page) []flows.EventKind {
	var out []flows.EventKind
	if p.Submit != nil {
		out = append(out, p.Submit.Kind)
	}
	for _, b := range p.Blocks {
		for _, button := range b.Buttons {
			out = append(out, button.Kind)
		}
		if b.Row != nil && b.Row.Button != nil {
			out = append(out, b.Row.Button.Kind)
		}
	}
	return out
}

// TestEveryButtonLeadsOn: what a page of the stories shows as a button, its
// state knows.
func TestEveryButtonLeadsOn(t *testing.T) {
	for name, play := range stories() {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			s.watch = func(p flows.Page) {
				r, _ := s.record()
				for _, k := range buttonsOf(p) {
					if !table().Knows(r.State, k) {
						t.Errorf("page %q in %q has a button %q that does nothing", p.ID, r.State, k)
					}
				}
				if f := faults(p); len(f) > 0 {
					t.Errorf("page %q: %v", p.ID, f)
				}
			}
			play(s)
		})
	}
}
