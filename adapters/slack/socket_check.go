package slack

import (
	"context"

	"latchkey/bot"
)

// socketFindings asks for the address of a connection, and opens none: what is
// said in the meantime goes to the connections that stand.
func (a *Adapter) socketFindings(ctx context.Context) []bot.Finding {
	if a.socket == nil {
		return nil
	}
	_, err := openSocket(ctx, a.socket.api)
	if err == nil {
		return []bot.Finding{{Part: part, Level: bot.LevelOK, What: "Slack takes slack.app_token and lets Latchkey connect (Socket Mode)."}}
	}
	f := bot.Finding{Part: part, Level: bot.LevelFault, What: "Slack does not let Latchkey connect (Socket Mode).",
		Mend: "See that slack.api_url is right and that this machine may call it, then try again."}
	switch why := departed(err); {
	case why.ended != nil:
		f.What, f.Mend = why.ended.what(), why.ended.mend()
	case why.reason != "":
		f.What = "Slack does not let Latchkey connect (Socket Mode): " + why.reason + "."
		f.Mend = "Try again in some minutes."
	}
	return []bot.Finding{f}
}
