package slack

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/adapters/chat"
	"latchkey/adapters/playground"
	"latchkey/bot"
	"latchkey/flows"
)

// Everybody who may not is told why, alone, and the desk never hears of him.
func TestWhoIsRefused(t *testing.T) {
	s := begin(t, nil)
	cases := map[string]string{
		"U_GUEST": textGuest, "U_SINGLE": textGuest,
		"U_GONE": textLeft, "U_NEW": textMail, "U_ROBOT": textBot,
	}
	for user, why := range cases {
		t.Run(user, func(t *testing.T) {
			who := s.ws.As(user)
			s.must(who.Say("/unlock mei"))
			m, err := who.Modal(why)
			s.must(err)
			if len(m.Buttons()) != 0 {
				t.Errorf("buttons for one who is refused: %v", m.Buttons())
			}
		})
	}
	t.Run("another team", func(t *testing.T) {
		who := s.ws.As("U_OTHER")
		s.must(who.Say("/unlock mei"))
		_, err := who.DM().Message(textForeign)
		s.must(err)
	})
	if got := s.kinds(); len(got) != 0 {
		t.Errorf("the desk got %v", got)
	}
	s.good()
}

// Slack Connect: outsiders cannot run the command, but they can press.
func TestAnOutsiderPressesAButton(t *testing.T) {
	s := begin(t, nil)
	_, err := s.bot.api.post(t.Context(), "C_AUDIT", pageNamed("card"))
	s.must(err)
	for _, user := range []string{"U_OTHER", "U_STRANGER"} {
		who := s.ws.As(user).In("C_AUDIT")
		card, err := who.Room().Message("Your case of Mei Lin")
		s.must(err)
		s.must(card.Click("Continue"))
		s.until("he is told", func() bool {
			m, err := who.Within(time.Millisecond).Modal(textForeign)
			return err == nil && m != nil || strings.Contains(who.Room().Text(), textForeign)
		})
	}
	if got := s.kinds(); len(got) != 0 {
		t.Errorf("the desk got %v", got)
	}
	s.good()
}

func TestASharedChannelIsRefused(t *testing.T) {
	s := begin(t, nil)
	form := url.Values{"command": {"/unlock"}, "text": {"mei"}, "team_id": {"T0PLAY"}, "user_id": {"U_DANA"}, "trigger_id": {"1"},
		"is_ext_shared_channel": {"true"}}
	body := []byte(form.Encode())
	w := s.post("POST", "/slack/commands", formType, body, s.signed(body))
	if w.Code != 200 || !strings.Contains(w.Body.String(), "shared with another organisation") {
		t.Errorf("answered %d %s", w.Code, w.Body)
	}
	for _, hint := range []string{`"is_ext_shared_channel":true`, `"channel":{"id":"C1","is_ext_shared":true}`, `"channel":{"is_ext_shared_channel":true}`} {
		p, err := readPayload([]byte(url.Values{"payload": {`{"type":"block_actions","user":{"id":"U1"},"team":{"id":"T0PLAY"},` + hint + `}`}}.Encode()))
		s.must(err)
		if why := s.bot.outsider(p.sender()); why != textShared {
			t.Errorf("%s: %q", hint, why)
		}
	}
}

// Somebody is deactivated in the middle: at the latest the unlock is refused.
func TestTheUnlockAsksSlackAfresh(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal("not passed yet")
	s.must(err)
	s.ws.SetUser(playground.User{ID: "U_DANA", Name: "dana", RealName: "Dana Reyes", Email: "dana@example.com", Deleted: true})
	s.must(m.Click("Skip")) // within the minute
	s.must(m.Until("Accounts to unlock"))
	s.must(m.Tick("Mei Lin (mei) in corp"))
	s.must(m.Submit())
	s.must(m.Until(textLeft))
	if got := s.kinds(); len(got) != 2 {
		t.Errorf("the desk got %v", got)
	}
	s.good()
}

func TestPeopleAreRememberedForAMinute(t *testing.T) {
	c := &clock{now: time.Unix(1_800_000_000, 0)}
	var mu sync.Mutex
	asked := 0
	p := chat.NewPeople(func(context.Context, string) (member, error) {
		mu.Lock()
		defer mu.Unlock()
		asked++
		return member{ID: "U1"}, nil
	}, textSlackOut, c.Now)
	steps := []struct {
		pass  time.Duration
		fresh bool
		asked int
	}{{0, false, 1}, {59 * time.Second, false, 1}, {time.Second, false, 2}, {0, true, 3}, {59 * time.Second, false, 3}}
	for i, step := range steps {
		c.pass(step.pass)
		if _, err := p.Member(t.Context(), "U1", step.fresh); err != nil {
			t.Fatal(err)
		}
		if asked != step.asked {
			t.Errorf("step %d: Slack was asked %d times, want %d", i, asked, step.asked)
		}
	}
}

// On a Grid the enterprise counts, and the person's enterprise id.
func TestGrid(t *testing.T) {
	s := begin(t, func(o *playground.Options, c *Config) {
		o.EnterpriseID, c.Workspace = "E0GRID", "E0GRID"
		o.Users = append(o.Users, playground.User{ID: "U_GRID", Name: "grid", RealName: "Grid User", Email: "g@example.com",
			TeamID: "T_SISTER", EnterpriseUserID: "W_GRID"})
	})
	who := s.ws.As("U_GRID")
	s.must(who.Say("/unlock mei"))
	_, err := who.Modal("not passed yet")
	s.must(err)
	want := bot.Chatter{Platform: "slack", Tenant: "E0GRID", User: "W_GRID"}
	if got := s.desk.seen()[0]; got.Actor != want || got.Workspace != "T_SISTER" {
		t.Errorf("the desk got %+v", got)
	}
	dana := s.ws.As("U_DANA") // without an enterprise id she cannot be placed
	s.must(dana.Say("/unlock mei"))
	_, err = dana.Modal(textForeign)
	s.must(err)
	s.good()
}

func TestSlackAwayIsSaid(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.ws.Fail("users.info", playground.Failing(503), -1)
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal(textSlackOut)
	s.must(err)
	s.must(m.Close())
	s.ws.Mend()
	s.ws.Fail("users.info", playground.Refusing("-"), 1) // {"ok":false} and nothing else
	s.must(who.Say("/unlock lin"))
	m, err = who.Modal(textSlackOut)
	s.must(err)
	s.must(m.Close())
	if got := s.kinds(); len(got) != 0 {
		t.Errorf("the desk got %v", got)
	}
	s.must(who.Say("/unlock again"))
	_, err = who.Modal("not passed yet")
	s.must(err)
	if s.desk.seen()[0].Kind != flows.Begin {
		t.Error("no recovery")
	}
}
