package slack

import (
	"sync"
	"testing"
	"time"

	"latchkey/flows"
)

func TestNewestForgets(t *testing.T) {
	c := &clock{now: time.Unix(1_800_000_000, 0)}
	n := newNewest(c.Now)
	first, second := n.next("V", "h"), n.next("V", "h")
	later, _ := n.finish(second, flows.Page{})
	earlier, _ := n.finish(first, flows.Page{})
	if !later || earlier || !n.overtaken(first) || n.overtaken(second) {
		t.Error("the second is the newest, although the first ended after it")
	}
	for i := range manyViews {
		n.next(string(rune('a'+i%26))+string(rune(i)), "")
	}
	c.pass(forgetViews + time.Second)
	n.next("W", "")
	if len(n.views) > 2 {
		t.Errorf("%d dialogs are remembered after their time", len(n.views))
	}
}

// Many people at once, each in a dialog of her own.
func TestManyAtOnce(t *testing.T) {
	s := begin(t, nil)
	var all sync.WaitGroup
	for _, user := range []string{"U_DANA", "U_MEI"} {
		all.Go(func() {
			who := s.ws.As(user)
			for range 5 {
				if err := who.Say("/unlock mei"); err != nil {
					t.Error(err)
					return
				}
				m, err := who.Modal("not passed yet")
				if err != nil {
					t.Error(err)
					return
				}
				if err := m.ClickTwice("Skip"); err != nil {
					t.Error(err)
					return
				}
				if err := m.Until("Accounts to unlock"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	s.until("every click is carried out", func() bool { return s.bot.work.Taken() == 0 })
	s.good()
	skips := 0
	for _, k := range s.kinds() {
		if k == flows.Skip {
			skips++
		}
	}
	if skips != 20 { // two clicks are two events; the flow tells them apart by the token
		t.Errorf("%d clicks reached the desk, want 20", skips)
	}
}
