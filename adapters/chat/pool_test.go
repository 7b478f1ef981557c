package chat

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"
)

// What was accepted is finished; nothing new is taken; no goroutine stays.
func TestStoppingFinishesWhatWasAccepted(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	p := NewPool(2, 8, func(any) { t.Error("crashed") })
	ctx, stop := context.WithCancel(t.Context())
	var ended sync.WaitGroup
	ended.Go(func() { p.Run(ctx) })
	release := make(chan struct{})
	var done atomic.Int32
	for range 10 {
		slot := p.Book()
		if slot == nil {
			t.Fatal("no place among ten")
		}
		slot.Start(func(ctx context.Context) {
			<-release
			if _, limited := ctx.Deadline(); limited && ctx.Err() == nil {
				done.Add(1)
			}
		})
	}
	if p.Book() != nil {
		t.Error("an eleventh place among ten")
	}
	stop()
	close(release)
	ended.Wait()
	if done.Load() != 10 {
		t.Errorf("%d of 10 were finished", done.Load())
	}
	if p.Book() != nil {
		t.Error("a place after the end")
	}
}

func TestADroppedPlaceIsFreeAgain(t *testing.T) {
	p := NewPool(1, 0, nil)
	for range 3 {
		slot := p.Book()
		if slot == nil {
			t.Fatal("no place")
		}
		slot.Drop()
		slot.Drop() // once is enough
		slot.Start(func(context.Context) { t.Error("a dropped place was used") })
	}
	(*Slot)(nil).Drop()
	(*Slot)(nil).Start(nil)
}

func TestACrashedJobFreesItsPlace(t *testing.T) {
	var crashes atomic.Int32
	p := NewPool(1, 0, func(any) { crashes.Add(1) })
	ctx, stop := context.WithCancel(t.Context())
	var ended sync.WaitGroup
	ended.Go(func() { p.Run(ctx) })
	p.Book().Start(func(context.Context) { panic("out of range") })
	stop()
	ended.Wait()
	if crashes.Load() != 1 {
		t.Errorf("%d crashes were told, want 1", crashes.Load())
	}
}
