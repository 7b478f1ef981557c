package slack

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"latchkey/flows"
)

// What was accepted is finished; nothing new is taken; no goroutine stays.
func TestStoppingFinishesWhatWasAccepted(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	p := newPool(2, 8, func(any) { t.Error("crashed") })
	ctx, stop := context.WithCancel(t.Context())
	var ended sync.WaitGroup
	ended.Go(func() { p.run(ctx) })
	release := make(chan struct{})
	var done atomic.Int32
	for range 10 {
		slot := p.book()
		if slot == nil {
			t.Fatal("no place among ten")
		}
		slot.start(func(ctx context.Context) {
			<-release
			if _, limited := ctx.Deadline(); limited && ctx.Err() == nil {
				done.Add(1)
			}
		})
	}
	if p.book() != nil {
		t.Error("an eleventh place among ten")
	}
	stop()
	close(release)
	ended.Wait()
	if done.Load() != 10 {
		t.Errorf("%d of 10 were finished", done.Load())
	}
	if p.book() != nil {
		t.Error("a place after the end")
	}
}

func TestADroppedPlaceIsFreeAgain(t *testing.T) {
	p := newPool(1, 0, nil)
	for range 3 {
		slot := p.book()
		if slot == nil {
			t.Fatal("no place")
		}
		slot.drop()
		slot.drop() // once is enough
		slot.start(func(context.Context) { t.Error("a dropped place was used") })
	}
	(*slot)(nil).drop()
	(*slot)(nil).start(nil)
}

func TestACrashedJobFreesItsPlace(t *testing.T) {
	var crashes atomic.Int32
	p := newPool(1, 0, func(any) { crashes.Add(1) })
	ctx, stop := context.WithCancel(t.Context())
	var ended sync.WaitGroup
	ended.Go(func() { p.run(ctx) })
	p.book().start(func(context.Context) { panic("out of range") })
	stop()
	ended.Wait()
	if crashes.Load() != 1 {
		t.Errorf("%d crashes were told, want 1", crashes.Load())
	}
}

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
	s.until("every click is carried out", func() bool { return len(s.bot.work.places) == 0 })
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
