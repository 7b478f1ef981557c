package e2e

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// router stands before the replicas as a load balancer does: each request goes
// to the next of those that are named, and to another where nobody listens.
type router struct {
	URL string

	client *http.Client
	mu     sync.Mutex
	to     []*bot
	turn   int
	both   bool // the same request to all of them at the same moment
	took   []*bot
	again  atomic.Int64 // requests that went to another replica, since nobody took them
}

func newRouter(t *testing.T) *router {
	r := &router{client: &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}}
	server := httptest.NewServer(r)
	r.URL = server.URL
	t.Cleanup(server.Close)
	return r
}

// send says who gets what comes from now on: one, or each in turn.
func (r *router) send(to ...*bot) { r.set(false, to) }

// copies has each request carried to all of them at once, as a network that
// delivers twice; Slack gets the first answer that accepts it.
func (r *router) copies(to ...*bot) { r.set(true, to) }

func (r *router) set(both bool, to []*bot) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.to, r.both, r.turn = to, both, 0
}

// handled is how many requests a replica was given.
func (r *router) handled(b *bot) (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, one := range r.took {
		if one == b {
			n++
		}
	}
	return n
}

// next gives the candidates for one request, the one whose turn it is first.
func (r *router) next() (to []*bot, both bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	to = append(slices.Clone(r.to[r.turn:]), r.to[:r.turn]...)
	r.turn = (r.turn + 1) % len(r.to)
	return to, r.both
}

type passedOn struct {
	by     *bot
	answer *http.Response
	body   []byte
	err    error
}

func (r *router) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	to, both := r.next()
	var got passedOn
	if both {
		got = r.all(to, req, body)
	} else {
		for _, b := range to {
			if got = r.pass(b, req, body); got.err == nil || !untaken(got.err) {
				break
			}
			r.again.Add(1)
		}
	}
	if got.err != nil {
		http.Error(w, got.err.Error(), http.StatusBadGateway)
		return
	}
	w.Header().Set("Content-Type", got.answer.Header.Get("Content-Type"))
	w.WriteHeader(got.answer.StatusCode)
	_, _ = w.Write(got.body)
}

func (r *router) all(to []*bot, req *http.Request, body []byte) passedOn {
	got := make([]passedOn, len(to))
	var wait sync.WaitGroup
	for i, b := range to {
		wait.Go(func() { got[i] = r.pass(b, req, body) })
	}
	wait.Wait()
	for _, one := range got {
		if one.err == nil && one.answer.StatusCode == http.StatusOK {
			return one
		}
	}
	return got[0]
}

func (r *router) pass(b *bot, req *http.Request, body []byte) passedOn {
	on, err := http.NewRequestWithContext(req.Context(), req.Method, "http://"+b.listen+req.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		return passedOn{by: b, err: err}
	}
	on.Header = req.Header.Clone()
	answer, err := r.client.Do(on)
	if err != nil {
		return passedOn{by: b, err: err}
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.took = append(r.took, b)
	return passedOn{by: b, answer: answer, body: text, err: err}
}

// untaken: nobody listens, or the connection was dropped before anybody took
// it from the queue, as at the end of a process. To send it again is safe even
// where it was read: the replicas know a request that was here before.
func untaken(err error) bool {
	var dial *net.OpError
	return errors.As(err, &dial) && dial.Op == "dial" || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.EOF)
}
