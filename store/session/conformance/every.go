package conformance

import (
	"context"
	"errors"
	"sync"
	"time"
)

// EveryCall makes each of the store's calls once, all at the same time, and
// gives the error of each by its name. A store's own tests of failures use it.
func EveryCall(ctx context.Context, s Store) map[string]error {
	id := unique("any")
	var mu sync.Mutex
	var all sync.WaitGroup
	out := map[string]error{}
	for name, call := range map[string]func() error{
		"Create":   func() error { return s.Create(ctx, id, nil, inAnHour()) },
		"Load":     func() error { _, _, err := s.Load(ctx, id); return err },
		"Save":     func() error { return s.Save(ctx, id, 1, nil, inAnHour()) },
		"Point":    func() error { return s.Point(ctx, id, id, inAnHour()) },
		"Pointed":  func() error { _, err := s.Pointed(ctx, id); return err },
		"First":    func() error { return noYes(s.First(ctx, id, time.Hour)) },
		"Allow":    func() error { ok, _, err := s.Allow(ctx, id, 1, time.Hour); return noYes(ok, err) },
		"PutCode":  func() error { return s.PutCode(ctx, id, nil, time.Hour) },
		"Code":     func() error { _, err := s.Code(ctx, id); return err },
		"DropCode": func() error { return s.DropCode(ctx, id) },
		"PutSeed":  func() error { return s.PutSeed(ctx, id, nil, time.Hour) },
		"Seed":     func() error { _, err := s.Seed(ctx, id); return err },
		"DropSeed": func() error { return s.DropSeed(ctx, id) },
	} {
		all.Go(func() {
			err := call()
			mu.Lock()
			defer mu.Unlock()
			out[name] = err
		})
	}
	all.Wait()
	return out
}

// noYes keeps the error only where it came without a yes.
func noYes(yes bool, err error) error {
	if yes && err != nil {
		return errors.New("an error came with a yes")
	}
	return err
}
