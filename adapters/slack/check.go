package slack

import (
	"context"
	"fmt"
	"slices"
	"strings"

	slackgo "github.com/slack-go/slack"

	"latchkey/bot"
	"latchkey/flows"
)

// neededScopes are what the app asks for, and no more.
func neededScopes() []string {
	return []string{"commands", "chat:write", "im:write", "users:read", "users:read.email"}
}

// Check tries the tokens, the workspace, the scopes and the audit channel, for
// `latchkey check`. Nobody sees anything of it.
func (a *Adapter) Check(ctx context.Context) []bot.Finding {
	me, found := a.checkToken(ctx)
	found = append(found, a.socketFindings(ctx)...)
	if me == nil {
		return found
	}
	return append(found, a.auditFinding(ctx, me.UserID))
}

// CheckToken does what Check does, without writing anything anywhere.
func (a *Adapter) CheckToken(ctx context.Context) []bot.Finding {
	_, found := a.checkToken(ctx)
	return found
}

// checkToken gives who the token is; nil where Slack does not take it.
func (a *Adapter) checkToken(ctx context.Context) (*slackgo.AuthTestResponse, []bot.Finding) {
	me, err := a.api.api.AuthTestContext(ctx)
	if err == nil && me.UserID == "" {
		err = errNoReason
	}
	if err != nil {
		return nil, []bot.Finding{tokenFault(fault("test slack token", err))}
	}
	return me, append([]bot.Finding{a.workspaceFinding(me)}, scopeFindings(me.Header.Get("X-OAuth-Scopes"))...)
}

const part = "slack"

func tokenFault(err error) bot.Finding {
	f := bot.Finding{Part: part, Level: bot.LevelFault, What: "Slack cannot be reached.",
		Mend: "See that slack.api_url is right and that this machine may call it."}
	if code := codeOf(err); code != "" {
		f.What = "Slack refuses slack.bot_token: " + code + "."
		f.Mend = "Copy the bot token (xoxb-…) again from the app's page 'OAuth & Permissions', or install the app again."
	}
	return f
}

func (a *Adapter) workspaceFinding(me *slackgo.AuthTestResponse) bot.Finding {
	got := me.TeamID
	if a.cfg.enterprise() {
		got = me.EnterpriseID
	}
	if got != a.cfg.Workspace {
		return bot.Finding{Part: part, Level: bot.LevelFault,
			What: fmt.Sprintf("The bot token belongs to %q, but slack.workspace is %q.", got, a.cfg.Workspace),
			Mend: "Set slack.workspace to the workspace of the token, or use that workspace's token."}
	}
	return bot.Finding{Part: part, Level: bot.LevelOK, What: "The bot token belongs to workspace " + got + "."}
}

// scopeFindings reads the header that Slack sends with every answer.
func scopeFindings(header string) []bot.Finding {
	var have, lack, history []string
	for s := range strings.SplitSeq(header, ",") {
		if s = strings.TrimSpace(s); s != "" {
			have = append(have, s)
		}
		if strings.HasSuffix(s, ":history") {
			history = append(history, s)
		}
	}
	for _, s := range neededScopes() {
		if !slices.Contains(have, s) {
			lack = append(lack, s)
		}
	}
	var found []bot.Finding
	switch {
	case len(have) == 0:
		found = append(found, bot.Finding{Part: part, Level: bot.LevelWarning, What: "Slack did not say which scopes the token has.",
			Mend: "Compare them with " + strings.Join(neededScopes(), ", ") + " on the app's page 'OAuth & Permissions'."})
	case len(lack) > 0:
		found = append(found, bot.Finding{Part: part, Level: bot.LevelFault, What: "The token lacks the scopes " + strings.Join(lack, ", ") + ".",
			Mend: "Add them on the app's page 'OAuth & Permissions' and install the app again."})
	default:
		found = append(found, bot.Finding{Part: part, Level: bot.LevelOK, What: "The token has every scope that is needed."})
	}
	if len(history) > 0 {
		found = append(found, bot.Finding{Part: part, Level: bot.LevelWarning,
			What: "The token may read what people write: " + strings.Join(history, ", ") + ". Latchkey never does.",
			Mend: "Remove these scopes and install the app again."})
	}
	return found
}

// auditFinding writes to the audit channel what only the app itself could see,
// which nobody does: it needs no scope beyond chat:write, and Slack says first
// whether the app is in the channel.
func (a *Adapter) auditFinding(ctx context.Context, self string) bot.Finding {
	const sentence = "latchkey check: this channel can be reached."
	text, blocks := message(flows.Page{Blocks: []flows.Block{{Text: &flows.Text{Said: flows.Say(sentence)}}}})
	_, err := a.api.api.PostEphemeralContext(ctx, a.cfg.AuditChannel, self, slackgo.MsgOptionText(text, false), slackgo.MsgOptionBlocks(blocks...))
	code := codeOf(err)
	switch {
	case err == nil, code == "user_not_in_channel":
		return bot.Finding{Part: part, Level: bot.LevelOK, What: "The audit channel " + a.cfg.AuditChannel + " can be reached."}
	case code == "":
		return bot.Finding{Part: part, Level: bot.LevelFault, What: "Slack did not answer about the audit channel.", Mend: "Try again."}
	}
	mend := "Invite the app to the channel, or set slack.audit_channel to one that it is in."
	if code == "missing_scope" {
		mend = "Add the scope chat:write, as said above."
	}
	return bot.Finding{Part: part, Level: bot.LevelFault,
		What: "The app cannot post to the audit channel " + a.cfg.AuditChannel + ": " + code + ".", Mend: mend}
}
