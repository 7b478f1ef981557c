package serve

import (
	"context"
	"time"

	"go.uber.org/zap"

	"latchkey/bot"
)

// Registry has the instances that serve through one Redis.
type Registry interface {
	// Beat says that this one lives. by names the place of those that serve
	// from another database, for so long yet, and is "" where this one may.
	Beat(ctx context.Context) (by string, left time.Duration, err error)
	Leave(ctx context.Context) error
}

const (
	beatEvery  = 5 * time.Second
	beatAgain  = 500 * time.Millisecond // while another place is watched for a sign of life
	leaveAfter = time.Second
)

// enter registers this instance. Where another place is registered, it waits:
// one that was killed is silent until its entry ends, one that lives beats, and
// that moves the end. Without Redis it goes on, as everything does that can
// only deny; the next beat tries again.
func (m *machine) enter(ctx context.Context) error {
	if m.parts.Instance == nil {
		return nil
	}
	tick := time.NewTicker(beatAgain)
	defer tick.Stop()
	var least time.Duration
	for waited := false; ; waited = true {
		by, left, err := m.parts.Instance.Beat(ctx)
		switch {
		case ctx.Err() != nil || by == "" && err == nil:
			return nil
		case err != nil:
			m.parts.Log.Warn("instance is not registered", zap.Error(err))
			return nil
		case !waited:
			m.parts.Log.Info("waiting whether another instance lives", zap.String("by", by), zap.Duration("left", left))
			least = left
		case left > least:
			return elsewhere(by)
		}
		least = min(least, left)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// beat says that this instance lives; in vain when another place has come
// between, after Redis lost its data or was away at the start.
func (m *machine) beat(ousted chan<- error) func(context.Context) error {
	return func(ctx context.Context) error {
		by, _, err := m.parts.Instance.Beat(ctx)
		if err == nil && by != "" {
			err = elsewhere(by)
			select {
			case ousted <- err:
			default: // told already
			}
		}
		return err
	}
}

// leave lets the next one begin at once.
func (m *machine) leave() {
	if m.parts.Instance == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), leaveAfter)
	defer cancel()
	if err := m.parts.Instance.Leave(ctx); err != nil {
		m.parts.Log.Warn("instance is still registered", zap.Error(err))
	}
}

func elsewhere(by string) error {
	return bot.Ef(bot.Conflict, "register the instance", "Another latchkey serves through this Redis with a database of its own, %s: "+
		"stop the other, give both one PostgreSQL in database.url, or give this one a redis.prefix of its own.", by)
}
