package demo

import (
	"context"
	"fmt"

	"github.com/alicebob/miniredis/v2"

	"latchkey/bot"
	"latchkey/cmd/latchkey/serve"
)

// startRedis starts the embedded Redis, whose keys expire by the demo's clock.
func startRedis(clock *Clock) (*miniredis.Miniredis, error) {
	m := miniredis.NewMiniRedis()
	m.ClockTTL(true)
	if err := m.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("start the embedded Redis: %w", err)
	}
	clock.Follow(m.FastForward)
	return m, nil
}

// Roomy is a session store on the embedded Redis, which has no memory limit
// and cannot be asked for one.
type Roomy struct{ serve.Session }

// Evicts asks the embedded Redis something that it can answer.
func (r Roomy) Evicts(ctx context.Context) (bool, error) {
	_, err := r.Pointed(ctx, "demo")
	if bot.KindOf(err) == bot.NotFound {
		return false, nil
	}
	return false, err
}
