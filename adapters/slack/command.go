package slack

import (
	"context"
	"strings"

	"go.uber.org/zap"

	"latchkey/adapters/chat"
	"latchkey/flows"
)

// command is a slash command
// (docs.slack.dev/interactivity/implementing-slash-commands).
type command struct {
	sender
	Name, Text  string
	Trigger     string
	ResponseURL string
	sslCheck    bool
}

// readCommand demands what every real command has. Slack writes & < > as
// entities in the text.
func readCommand(body []byte) (command, error) {
	form, err := readForm(body)
	if err != nil {
		return command{}, err
	}
	if form.Get("ssl_check") == "1" {
		return command{sslCheck: true}, nil
	}
	c := command{
		sender: sender{
			User: form.Get("user_id"), Team: form.Get("team_id"), Enterprise: form.Get("enterprise_id"),
			Shared: form.Get("is_ext_shared_channel") == "true",
		},
		Name: form.Get("command"), Trigger: form.Get("trigger_id"), ResponseURL: form.Get("response_url"),
		Text: strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(form.Get("text")),
	}
	if !strings.HasPrefix(c.Name, "/") || !personID.MatchString(c.User) || c.Trigger == "" || c.Team == "" && c.Enterprise == "" {
		return command{}, errForm
	}
	return c, nil
}

// command answers /unlock: help at once, everything else by a dialog that a
// worker opens.
func (a *Adapter) command(r request) answer {
	cmd, err := readCommand(r.body)
	switch {
	case err != nil:
		return refused(400, textGarbled)
	case cmd.sslCheck:
		return answered(nil)
	}
	switch a.first(r.Context(), r.signature, "trigger:"+cmd.Trigger, replayLife) {
	case replayed:
		return refused(401, textUnsigned)
	case repeated:
		return answered(nil)
	case unknown:
		return answered(onlyYou(chat.Notice(chat.TextAway)))
	}
	if why := a.outsider(cmd.sender); why != "" {
		a.log.Info("slack command refused", zap.String("user", cmd.User), zap.String("team", cmd.Team))
		return answered(onlyYou(chat.Notice(why)))
	}
	if cmd.Name != a.cfg.Command {
		return answered(onlyYou(chat.Notice("Latchkey knows the command " + a.cfg.Command + " only.")))
	}
	typed := flows.ParseCommand(cmd.Text)
	if typed.Help {
		return answered(onlyYou(a.desk.Help()))
	}
	booked := a.work.Book()
	if booked == nil {
		return answered(onlyYou(chat.Notice(chat.TextBusy)))
	}
	ev := flows.Event{ID: "slack:" + cmd.Trigger, Kind: typed.Kind, Text: typed.Text, Workspace: cmd.Team}
	t := turn{from: cmd.sender, event: ev, trigger: cmd.Trigger, reply: a.hooks.to(cmd.ResponseURL),
		again: "Type " + a.cfg.Command + " again."}
	return answer{status: 200, booked: booked, job: func(ctx context.Context) { a.begin(ctx, t) }}
}
