package teams

import (
	"context"
	"sync"
	"time"
)

// underway knows which pages have a click that this replica still carries out,
// so that Refresh waits for its end instead of showing what stood before it.
type underway struct {
	mu   sync.Mutex
	jobs map[string]chan struct{} // by page, the newest one
}

func newUnderway() *underway { return &underway{jobs: map[string]chan struct{}{}} }

// begin notes a click on a page, by the page's token; end, that it was carried out.
func (u *underway) begin(page string) (end func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	over := make(chan struct{})
	u.jobs[page] = over
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		close(over)
		if u.jobs[page] == over {
			delete(u.jobs, page)
		}
	}
}

// wait returns when nothing is carried out on the page any more, or after most.
func (u *underway) wait(ctx context.Context, page string, most time.Duration) {
	u.mu.Lock()
	over := u.jobs[page]
	u.mu.Unlock()
	if over == nil {
		return
	}
	late := time.NewTimer(most)
	defer late.Stop()
	select {
	case <-over:
	case <-late.C:
	case <-ctx.Done():
	}
}
