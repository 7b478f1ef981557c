package courier

import (
	"context"
	"fmt"

	"latchkey/bot"
)

const part = "mail"

// Check connects, encrypts, logs in and names the sender, and sends nothing.
func (c *Courier) Check(ctx context.Context) []bot.Finding {
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	line, problem := c.connect(ctx)
	if problem != nil {
		return []bot.Finding{problem.finding()}
	}
	defer line.close()
	if err := line.client.Mail(envelope(c.from)); err != nil {
		return []bot.Finding{senderRefused(err).finding()}
	}
	line.quit()
	what := fmt.Sprintf("%s answers over TLS and takes the login", c.address)
	if c.config.User == "" {
		what = fmt.Sprintf("%s answers over TLS, without a login", c.address)
	}
	return []bot.Finding{{Part: part, Level: bot.LevelOK, What: what}}
}
