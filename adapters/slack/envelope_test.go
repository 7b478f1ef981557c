package slack

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"latchkey/adapters/chat"
	"latchkey/adapters/playground"
	"latchkey/bot"
	"latchkey/flows"
)

// One click, form or closing in several envelopes: the very bytes are refused,
// the same in a new envelope does nothing more.
func TestEachEnvelopeCountsOnce(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal("not passed yet")
	s.must(err)
	click, err := m.ClickRequest("History of Mei Lin")
	s.must(err)
	view := map[string]any{"id": m.ID(), "hash": m.Hash(), "callback_id": m.CallbackID(), "private_metadata": m.PrivateMetadata()}
	closing := s.bent(click, func(p map[string]any) { p["type"], p["view"] = "view_closed", view })
	form := s.bent(click, func(p map[string]any) {
		v := map[string]any{"callback_id": "latchkey:search::0:query"}
		for key, value := range view {
			if v[key] == nil {
				v[key] = value
			}
		}
		p["type"], p["view"] = "view_submission", v
	})
	kinds := map[flows.EventKind]playground.Request{flows.OpenHistory: click, flows.Search: form, flows.Closed: closing}
	for kind, req := range kinds {
		for delivery, want := range []int{200, 401, 200} {
			if delivery == 2 {
				s.clock.pass(time.Second)
				s.ws.Sign(&req)
			}
			x, err := s.ws.Send(t.Context(), req)
			s.must(err)
			if x.Status != want {
				t.Errorf("%s, delivery %d: %s, want %d", kind, delivery+1, x, want)
			}
			s.until("it is dealt with", func() bool { return s.bot.work.Taken() == 0 })
		}
	}
	counts := map[flows.EventKind]int{}
	for _, k := range s.kinds() {
		counts[k]++
	}
	for kind := range kinds {
		if counts[kind] != 1 {
			t.Errorf("%s reached the desk %d times", kind, counts[kind])
		}
	}
}

// Signed, but nothing that a page of ours could have caused: acknowledged, and
// nothing comes of it.
func TestWhatNoPageCauses(t *testing.T) {
	s := begin(t, nil)
	const mine = `"team":{"id":"T0PLAY"},"user":{"id":"U_DANA","team_id":"T0PLAY"},"trigger_id":"1.2",`
	const view = `"view":{"id":"V1","hash":"1.a","private_metadata":"t","callback_id":`
	for name, body := range map[string]string{
		"another kind":               `{"type":"message_action",` + mine + `"callback_id":"x"}`,
		"a form without submit":      `{"type":"view_submission",` + mine + view + `"latchkey:page::0:done"}}`,
		"a form of somebody":         `{"type":"view_submission",` + mine + view + `"approve"}}`,
		"a form that begins a case":  `{"type":"view_submission",` + mine + view + `"latchkey:begin::0:x"}}`,
		"a form without a token":     `{"type":"view_submission",` + mine + `"view":{"id":"V1","hash":"1.a","callback_id":"latchkey:unlock::0:unlock"}}`,
		"somebody's dialog closed":   `{"type":"view_closed",` + mine + view + `"approve"}}`,
		"a notice closed":            `{"type":"view_closed",` + mine + `"view":{"id":"V1","hash":"1.a","callback_id":"latchkey:page::0:x"}}`,
		"an outsider closes":         `{"type":"view_closed","team":{"id":"T_OTHER"},"user":{"id":"U_OTHER"},` + view + `"latchkey:unlock::0:unlock"}}`,
		"a button without a token":   `{"type":"block_actions",` + mine + `"actions":[{"action_id":"latchkey:resume::0"}]}`,
		"another app's button":       `{"type":"block_actions",` + mine + `"actions":[{"action_id":"approve","value":"t"}]}`,
		"an id that is far too long": `{"type":"block_actions",` + mine + `"actions":[{"action_id":"latchkey:resume::0:` + strings.Repeat("x", 300) + `","value":"t"}]}`,
	} {
		form := []byte(url.Values{"payload": {body}}.Encode())
		if w := s.post("POST", "/slack/interactions", formType, form, s.signed(form)); w.Code != 200 || w.Body.Len() != 0 {
			t.Errorf("%s: %d %q, want an empty 200", name, w.Code, w.Body)
		}
	}
	form := []byte(url.Values{"payload": {`{"type":"view_submission","team":{"id":"T_OTHER"},"user":{"id":"U_OTHER"},"trigger_id":"1",` + view + `"latchkey:unlock::0:unlock"}}`}}.Encode())
	if w := s.post("POST", "/slack/interactions", formType, form, s.signed(form)); w.Code != 200 || !strings.Contains(w.Body.String(), textForeign) {
		t.Errorf("an outsider's form: %d %q", w.Code, w.Body)
	}
	s.until("it is dealt with", func() bool { return s.bot.work.Taken() == 0 })
	if len(s.kinds()) != 0 || len(s.ws.Calls()) != 0 {
		t.Errorf("the desk got %v, Slack %v", s.kinds(), s.ws.Calls())
	}
}

func TestNoMenuLoadsItsOptions(t *testing.T) {
	s := begin(t, nil)
	form := []byte(url.Values{"payload": {`{"type":"block_suggestion","user":{"id":"U_DANA"},"action_id":"x","value":"me"}`}}.Encode())
	header := s.signed(form)
	for _, want := range []int{200, 401} {
		w := s.post("POST", "/slack/options", formType, form, header)
		if w.Code != want || want == 200 && strings.TrimSpace(w.Body.String()) != `{"options":[]}` {
			t.Errorf("%d %q, want %d", w.Code, w.Body, want)
		}
	}
}

// Closing asks for no answer: what goes wrong is in the log alone.
func TestAClosingThatFails(t *testing.T) {
	s := begin(t, nil)
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal("not passed yet")
	s.must(err)
	s.until("all calls are logged", func() bool { return s.bot.work.Taken() == 0 })
	calls := len(s.ws.Calls())
	s.desk.answers(func(context.Context, flows.Event) (flows.Page, error) {
		return flows.Page{}, bot.E(bot.Unavailable, "save session", errors.New("away"))
	})
	s.must(m.Close())
	s.until("the failure is logged", func() bool { return s.logs.FilterMessage("event failed").Len() == 1 })
	if got := s.ws.Calls()[calls:]; len(got) != 0 {
		t.Errorf("Slack was called: %v", got)
	}
	s.good()
}

// A flood of clicks that cannot be carried out costs room for a few apologies.
func TestNoRoomForApologies(t *testing.T) {
	s := begin(t, nil)
	var taken []*chat.Slot
	for slot := s.bot.spare.Book(); slot != nil; slot = s.bot.spare.Book() {
		taken = append(taken, slot)
	}
	p := payload{}
	if ans := s.bot.apologise(p, chat.TextBusy); ans.status != 503 || ans.booked != nil {
		t.Errorf("answered %+v", ans)
	}
	if s.logs.FilterMessage("no room to say why a click was not carried out").Len() != 1 {
		t.Error("the log says nothing of it")
	}
	for _, slot := range taken {
		slot.Drop()
	}
}
