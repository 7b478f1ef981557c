package directory

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/go-ldap/ldap/v3"
	"github.com/jackc/puddle/v2"
	"go.uber.org/zap"
)

const (
	connectionsPerServer = 8
	connectionAge        = 30 * time.Minute
	connectionIdle       = time.Minute // firewalls forget connections after a few
	// callLimit bounds a whole call, whatever servers it tries: people wait.
	callLimit = 8 * time.Second
	// awayFor is how long a server that was not reached is tried last.
	awayFor = 15 * time.Second
	// refusedFor is how long no bind is tried after one was refused: each
	// wrong one counts towards locking the service account.
	refusedFor = 30 * time.Second
)

// server is one of the URLs with its connections.
type server struct {
	endpoint
	pool *puddle.Pool[*connection]

	mu        sync.Mutex
	awayUntil time.Time
}

// refusal remembers that the directory refused the service account.
type refusal struct {
	mu    sync.Mutex
	until time.Time
	err   error
}

func (r *refusal) get() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Now().Before(r.until) {
		return r.err
	}
	return nil
}

func (r *refusal) set(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.until, r.err = time.Now().Add(refusedFor), err
}

func (s *Store) newServer(at endpoint) (*server, error) {
	srv := &server{endpoint: at}
	pool, err := puddle.NewPool(&puddle.Config[*connection]{
		Constructor: func(ctx context.Context) (*connection, error) {
			if err := s.refused.get(); err != nil {
				return nil, err
			}
			c, err := dial(ctx, at, s.config.BindDN, s.config.BindPassword)
			var bind *bindError
			if errors.As(err, &bind) && codeIs(err, ldap.LDAPResultInvalidCredentials) {
				s.refused.set(err)
			}
			return c, err
		},
		Destructor: func(c *connection) { c.close() },
		MaxSize:    connectionsPerServer,
	})
	srv.pool = pool
	return srv, err
}

// acquire gives a connection that was good when it was last used, or a new one.
func (v *server) acquire(ctx context.Context) (*puddle.Resource[*connection], error) {
	for {
		held, err := v.pool.Acquire(ctx)
		if err != nil {
			return nil, reached(ctx, err)
		}
		if held.Value().usable() && held.IdleDuration() < connectionIdle && time.Since(held.CreationTime()) < connectionAge {
			return held, nil
		}
		held.Destroy()
	}
}

// reached makes the pool's own errors errors of the network.
func reached(ctx context.Context, err error) error {
	if errors.Is(err, puddle.ErrClosedPool) || over(ctx) {
		return &netError{"wait for a connection", err}
	}
	return err
}

// release gives the connection back. A broken one is closed, and so are all
// others that wait beside it: what broke one has most likely broken them.
func (v *server) release(held *puddle.Resource[*connection]) {
	if held.Value().usable() {
		held.Release()
		return
	}
	held.Destroy()
	v.pool.Reset()
}

func (v *server) note(away bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.awayUntil = time.Time{}
	if away {
		v.awayUntil = time.Now().Add(awayFor)
	}
}

func (v *server) isAway() bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return time.Now().Before(v.awayUntil)
}

// task is what a call does with a connection. It may run twice: it sets its
// results anew each time.
type task func(context.Context, *connection) error

// read runs a task that only reads, on the first server that answers.
func (s *Store) read(ctx context.Context, op string, do task) error {
	return s.readWithin(ctx, callLimit, op, do)
}

// readWithin is read with a limit of its own.
func (s *Store) readWithin(ctx context.Context, limit time.Duration, op string, do task) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	order := slices.Clone(s.servers)
	slices.SortStableFunc(order, func(a, b *server) int { return rank(a) - rank(b) })
	var err error
	for _, v := range order {
		err = s.readFrom(ctx, v, do)
		if !unreached(err) || over(ctx) {
			break
		}
	}
	return s.fault(op, err)
}

func rank(v *server) int {
	if v.isAway() {
		return 1
	}
	return 0
}

// readFrom runs a reading task on one server; where a connection that was used
// before turns out to be dead, once more on a fresh one.
func (s *Store) readFrom(ctx context.Context, v *server, do task) error {
	for again := true; ; again = false {
		held, err := v.acquire(ctx)
		if err != nil {
			v.note(unreached(err) && !over(ctx))
			s.log.Warn("directory server not reached", zap.String("store", s.name), zap.String("url", v.url), zap.Error(err))
			return err
		}
		used := held.Value().begin()
		err = do(ctx, held.Value())
		v.release(held)
		v.note(err != nil && !answered(err) && unreached(err))
		if !unreached(err) || !used || !again || over(ctx) {
			return err
		}
	}
}
