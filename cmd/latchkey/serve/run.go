package serve

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"go.uber.org/zap"

	"latchkey/bot"
)

const (
	reconcileEvery = 2 * time.Second
	announceEvery  = 500 * time.Millisecond
	evictionEvery  = time.Minute
	remindEvery    = 500 * time.Millisecond
	reportEvery    = time.Second
	stopWithin     = 10 * time.Second
	checkWithin    = 30 * time.Second
)

// Run serves until ctx ends, then takes nothing new, finishes what was
// accepted within 10 s, and returns. Invalid: the parts do not fit together,
// or an address is taken. Conflict: another instance serves from a database of
// its own.
func Run(ctx context.Context, p Parts) error {
	m, err := assemble(p)
	if err != nil {
		return err
	}
	if evicts, err := p.Session.Evicts(ctx); err == nil && evicts {
		return bot.Ef(bot.Invalid, "check Redis", "Redis may evict keys: set maxmemory-policy to noeviction.")
	}
	if err := m.enter(ctx); err != nil {
		return err
	}
	defer m.leave()
	public, err := listenPublic(p.Listen)
	if err != nil {
		return err
	}
	admin, err := listen("server.admin", p.Admin)
	if err != nil {
		_ = public.Close()
		return err
	}
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	var loops, chats sync.WaitGroup
	chats.Go(func() { m.runChats(ctx) })
	loops.Go(func() { m.every(work, reconcileEvery, "reconcile", m.reconcile) })
	loops.Go(func() { m.every(work, announceEvery, "announce", m.announce) })
	loops.Go(func() { m.every(work, remindEvery, "remind", m.remind) })
	loops.Go(func() { m.every(work, reportEvery, "report reminders", m.reporter.Report) })
	loops.Go(func() { m.every(work, evictionEvery, "watch eviction", m.watchEviction) })
	servers := []*http.Server{m.publicServer(), m.adminServer()}
	failed := make(chan error, len(servers)+1)
	if p.Instance != nil {
		loops.Go(func() { m.every(work, beatEvery, "register instance", m.beat(failed)) })
	}
	for i, l := range []net.Listener{public, admin} {
		loops.Go(func() { failed <- m.serve(servers[i], l, i == 0) })
	}
	p.Log.Info("ready", zap.String("listen", public.Addr().String()), zap.String("admin", admin.Addr().String()))
	if p.Ready != nil {
		p.Ready()
	}
	if p.Check != nil {
		loops.Go(func() { tell(work, p) })
	}
	select {
	case <-ctx.Done():
		p.Log.Info("stopping", zap.NamedError("why", context.Cause(ctx)))
		err = nil
	case err = <-failed:
	}
	stop(servers)
	chats.Wait()
	_, _ = m.announcer.Announce(work) // what the last cases made, while there is time
	stopWork()
	loops.Wait()
	p.Log.Info("stopped")
	return err
}

// tell logs what is wrong with the parts that the bot needs and does not wait
// for: a token that is refused would else be met first by somebody in need.
func tell(ctx context.Context, p Parts) {
	ctx, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	for _, f := range p.Check(ctx) {
		if f.Level != bot.LevelOK && ctx.Err() != context.Canceled {
			p.Log.Warn("part is not as it should be", zap.String("part", f.Part), zap.String("level", string(f.Level)),
				zap.String("what", f.What), zap.String("mend", f.Mend))
		}
	}
}

func listen(key, address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, &bot.Error{Kind: bot.Invalid, Op: "listen", Err: err,
			Text: key + ": cannot listen on " + address + ": " + err.Error() + ". Choose a free address of this machine."}
	}
	return l, nil
}

func (m *machine) serve(s *http.Server, l net.Listener, public bool) error {
	var err error
	if public && m.parts.TLS != nil {
		err = s.ServeTLS(l, "", "")
	} else {
		err = s.Serve(l)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return bot.E(bot.Internal, "serve HTTP", err)
}

func stop(servers []*http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	for _, s := range servers {
		if s.Shutdown(ctx) != nil {
			_ = s.Close()
		}
	}
}

func (m *machine) runChats(ctx context.Context) {
	var chats sync.WaitGroup
	run := func(name string, serve func(context.Context) error) {
		chats.Go(func() {
			if err := serve(ctx); err != nil {
				m.parts.Log.Error("chat ended", zap.String("chat", name), zap.Error(err))
			}
		})
	}
	if m.slack != nil {
		run("slack", m.slack.Run)
	}
	if m.teams != nil {
		run("teams", m.teams.Run)
	}
	chats.Wait()
	<-ctx.Done()
}

// every runs a task again and again until ctx ends. An error is logged when it
// begins and when it is over, not each time.
func (m *machine) every(ctx context.Context, pause time.Duration, what string, task func(context.Context) error) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	failing := false
	for {
		err := task(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !failing:
			m.parts.Log.Error("background work fails", zap.String("work", what), zap.Error(err))
		case err == nil && failing:
			m.parts.Log.Info("background work goes on", zap.String("work", what))
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (m *machine) reconcile(ctx context.Context) error {
	n, err := m.reconciler.Reconcile(ctx)
	if n > 0 {
		m.parts.Log.Info("outcomes decided by the directory", zap.Int("intents", n))
	}
	return err
}

func (m *machine) announce(ctx context.Context) error {
	for {
		n, err := m.announcer.Announce(ctx)
		if err != nil || n == 0 {
			return err
		}
	}
}

// remind goes on while there is somebody to be reminded, and comes back at
// least every remindEvery: another agent may have begun.
func (m *machine) remind(ctx context.Context) error {
	for {
		wait, err := m.reminders.Step(ctx)
		if err != nil || wait == 0 || wait > remindEvery {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

func (m *machine) watchEviction(ctx context.Context) error {
	evicts, err := m.parts.Session.Evicts(ctx)
	if err == nil && evicts {
		return bot.Ef(bot.Unavailable, "check Redis", "Redis may evict keys: set maxmemory-policy to noeviction")
	}
	return err
}
