package slack

import (
	"context"
	"sync"
	"time"
)

// job is the work after an acknowledgement. Its context ends after jobLife.
type job func(ctx context.Context)

// pool carries out jobs, a bounded number at a time and a bounded number
// waiting. A place is booked before the answer goes out and the job started
// after it, so that nobody is promised work that finds no room.
type pool struct {
	workers  int
	patience time.Duration // how long book waits for a place; 0: not at all
	crashed  func(panicked any)
	places   chan struct{}
	jobs     chan job

	mu     sync.Mutex
	closed bool
	booked sync.WaitGroup
}

func newPool(workers, queue int, crashed func(any)) *pool {
	n := workers + queue
	return &pool{workers: workers, crashed: crashed, places: make(chan struct{}, n), jobs: make(chan job, n)}
}

// slot is a booked place. Exactly one of start and drop must be called; a nil
// slot takes both quietly.
type slot struct{ pool *pool }

// book takes a place; nil when there is none in time, or the pool is closing.
func (p *pool) book() *slot {
	select {
	case p.places <- struct{}{}:
	default:
		if !p.place() {
			return nil
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		<-p.places
		return nil
	}
	p.booked.Add(1)
	return &slot{pool: p}
}

// place waits for a place as long as patience allows.
func (p *pool) place() bool {
	if p.patience <= 0 {
		return false
	}
	late := time.NewTimer(p.patience)
	defer late.Stop()
	select {
	case p.places <- struct{}{}:
		return true
	case <-late.C:
		return false
	}
}

// start hands the job to the workers. It does not block: there are as many
// places in the channel as can be booked.
func (s *slot) start(j job) {
	if s != nil && s.pool != nil {
		p := s.pool
		s.pool = nil
		p.jobs <- j
	}
}

// drop gives the place back.
func (s *slot) drop() {
	if s != nil && s.pool != nil {
		p := s.pool
		s.pool = nil
		p.release()
	}
}

func (p *pool) release() {
	<-p.places
	p.booked.Done()
}

// run works until ctx ends and everything that was booked is done.
func (p *pool) run(ctx context.Context) {
	var workers sync.WaitGroup
	for range p.workers {
		workers.Go(func() {
			for j := range p.jobs {
				p.do(j)
			}
		})
	}
	<-ctx.Done()
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.booked.Wait()
	close(p.jobs)
	workers.Wait()
}

// do runs one job with its deadline. Jobs outlive the request and the signal
// to stop: what was accepted is finished.
func (p *pool) do(j job) {
	defer p.release()
	ctx, cancel := context.WithTimeout(context.Background(), jobLife)
	defer cancel()
	defer func() {
		if panicked := recover(); panicked != nil {
			p.crashed(panicked)
		}
	}()
	j(ctx)
}
