package slack

import (
	"context"
	"errors"
	"sync"
	"time"

	"latchkey/bot"
)

// Slack takes about one message a second and channel, and a few at once
// (docs.slack.dev/apis/web-api/rate-limits).
const (
	messageEvery = time.Second
	messageBurst = 3
	manyChannels = 4096
)

// pace holds messages back so far that Slack takes them.
type pace struct {
	now func() time.Time

	mu  sync.Mutex
	due map[string]time.Time // by channel: when all that was let through is worked off
}

func newPace(clock func() time.Time) *pace { return &pace{now: clock, due: map[string]time.Time{}} }

// wait returns when the next message may go to the channel; Throttled at once
// if that is later than ctx allows.
func (p *pace) wait(ctx context.Context, channel string) error {
	delay := p.take(channel, ctx)
	if delay < 0 {
		return &bot.Error{Kind: bot.Throttled, Op: "post to slack", RetryAfter: -delay, Err: errors.New("too many messages for one channel")}
	}
	if delay > 0 && !pause(ctx, delay) {
		return bot.E(bot.Unavailable, "post to slack", ctx.Err())
	}
	return nil
}

// take books the next message and gives how long it has to wait; negative, and
// nothing booked, where ctx ends before that.
func (p *pace) take(channel string, ctx context.Context) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if len(p.due) >= manyChannels {
		for c, due := range p.due {
			if due.Before(now) {
				delete(p.due, c)
			}
		}
	}
	due := p.due[channel]
	if due.Before(now) {
		due = now
	}
	delay := max(due.Sub(now)-(messageBurst-1)*messageEvery, 0)
	if ends, limited := ctx.Deadline(); limited && delay > 0 && time.Until(ends) <= delay {
		return -delay
	}
	p.due[channel] = due.Add(messageEvery)
	return delay
}
