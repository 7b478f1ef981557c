package sms

import (
	"context"

	"latchkey/bot"
)

const part = "sms"

// Check asks the gateway whether it would take a message, as far as that can
// be known without sending one.
func (c *Courier) Check(ctx context.Context) []bot.Finding {
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	return []bot.Finding{c.gateway.try(ctx, c)}
}
