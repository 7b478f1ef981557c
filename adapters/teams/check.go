package teams

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"time"

	"latchkey/bot"
)

// Check tries the bot's token, Microsoft's metadata and keys, the clock, the
// endpoint and the audit channel's address, for `latchkey check`. Nobody sees
// anything of it.
func (a *Adapter) Check(ctx context.Context) []bot.Finding {
	found := a.CheckToken(ctx)
	return append(found, a.endpointFinding(ctx))
}

const part = "teams"

// most that the clock of this machine may be off: tokens are refused beyond.
const mostSkew = 5 * time.Minute

// CheckToken does what Check does, without calling the bot's own endpoint.
func (a *Adapter) CheckToken(ctx context.Context) []bot.Finding {
	var found []bot.Finding
	if err := a.api.Token(ctx); err != nil {
		text := bot.TextOf(err)
		if text == "" {
			text = "The bot gets no token of Microsoft."
		}
		found = append(found, bot.Finding{Part: part, Level: bot.LevelFault, What: text,
			Mend: "See that teams.app_id, teams.tenant_id and the credential are those of one app registration, and that this machine may call " + a.cfg.Cloud.TokenURL + "."})
	} else {
		found = append(found, bot.Finding{Part: part, Level: bot.LevelOK, What: "Microsoft gives the bot a token for app " + a.cfg.AppID + "."})
	}
	return append(found, a.metadataFinding(ctx)...)
}

// metadataFinding asks for the signing keys, and holds the clock against what
// the server says.
func (a *Adapter) metadataFinding(ctx context.Context) []bot.Finding {
	at, err := a.callers.Fetch(ctx)
	if err != nil {
		return []bot.Finding{{Part: part, Level: bot.LevelFault, What: "The keys with which Microsoft signs cannot be fetched: " + err.Error() + ".",
			Mend: "See that this machine may call " + a.cfg.Cloud.MetadataURL + ": without the keys every message is refused."}}
	}
	found := []bot.Finding{{Part: part, Level: bot.LevelOK, What: "The keys with which Microsoft signs are there."}}
	if off := a.now().Sub(at).Abs(); !at.IsZero() && off > mostSkew {
		found = append(found, bot.Finding{Part: part, Level: bot.LevelFault,
			What: fmt.Sprintf("The clock of this machine is %s away from Microsoft's.", off.Round(time.Second)),
			Mend: "Let the machine keep time by NTP: beyond 5 minutes every message is refused."})
	}
	return found
}

// endpointFinding calls the bot where Microsoft does, as a stranger: a bot that
// serves there refuses him.
func (a *Adapter) endpointFinding(ctx context.Context) bot.Finding {
	f := bot.Finding{Part: part, Level: bot.LevelWarning, Mend: "While `latchkey serve` runs, " + a.cfg.Endpoint + " must lead to it, from the internet too: it is the messaging endpoint of the Azure bot."}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.cfg.Endpoint, bytes.NewReader([]byte("{}")))
	if err != nil {
		f.What = "server.public_url gives no address for Teams to call."
		return f
	}
	req.Header.Set("Content-Type", "application/json")
	client := &http.Client{Timeout: 5 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		f.What = "The messaging endpoint " + a.cfg.Endpoint + " does not answer."
		return f
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized {
		f.What = fmt.Sprintf("The messaging endpoint %s answers %d to a stranger; the bot would answer 401.", a.cfg.Endpoint, resp.StatusCode)
		return f
	}
	return bot.Finding{Part: part, Level: bot.LevelOK, What: "The messaging endpoint " + a.cfg.Endpoint + " leads to a bot that refuses strangers."}
}
