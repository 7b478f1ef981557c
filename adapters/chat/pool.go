package chat

import (
	"context"
	"sync"
	"time"
)

// JobLife bounds one job, from its first step to its last.
const JobLife = 12 * time.Second

// Job is the work after an acknowledgement. Its context ends after JobLife.
type Job func(ctx context.Context)

// Pool carries out jobs, a bounded number at a time and a bounded number
// waiting. A place is booked before the answer goes out and the job started
// after it, so that nobody is promised work that finds no room.
type Pool struct {
	workers  int
	Patience time.Duration // how long Book waits for a place; 0: not at all
	crashed  func(panicked any)
	places   chan struct{}
	jobs     chan Job

	mu     sync.Mutex
	closed bool
	booked sync.WaitGroup
}

// NewPool makes a pool; crashed is told of what a job panicked with.
func NewPool(workers, queue int, crashed func(any)) *Pool {
	n := workers + queue
	return &Pool{workers: workers, crashed: crashed, places: make(chan struct{}, n), jobs: make(chan Job, n)}
}

// Slot is a booked place. Exactly one of Start and Drop must be called; a nil
// slot takes both quietly.
type Slot struct{ pool *Pool }

// Book takes a place; nil when there is none in time, or the pool is closing.
func (p *Pool) Book() *Slot {
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
	return &Slot{pool: p}
}

// place waits for a place as long as Patience allows.
func (p *Pool) place() bool {
	if p.Patience <= 0 {
		return false
	}
	late := time.NewTimer(p.Patience)
	defer late.Stop()
	select {
	case p.places <- struct{}{}:
		return true
	case <-late.C:
		return false
	}
}

// Start hands the job to the workers. It does not block: there are as many
// places in the channel as can be booked.
func (s *Slot) Start(j Job) {
	if s != nil && s.pool != nil {
		p := s.pool
		s.pool = nil
		p.jobs <- j
	}
}

// Drop gives the place back.
func (s *Slot) Drop() {
	if s != nil && s.pool != nil {
		p := s.pool
		s.pool = nil
		p.release()
	}
}

func (p *Pool) release() {
	<-p.places
	p.booked.Done()
}

// Run works until ctx ends and everything that was booked is done.
func (p *Pool) Run(ctx context.Context) {
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
func (p *Pool) do(j Job) {
	defer p.release()
	ctx, cancel := context.WithTimeout(context.Background(), JobLife)
	defer cancel()
	defer func() {
		if panicked := recover(); panicked != nil {
			p.crashed(panicked)
		}
	}()
	j(ctx)
}

// Taken is how many places are booked now.
func (p *Pool) Taken() int { return len(p.places) }
