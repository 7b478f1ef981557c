package playground

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"latchkey/adapters/playground/blockkit"
)

// verificationToken is Slack's old token. It is sent since Slack sends it; a
// bot that trusts it is wrong.
const verificationToken = "playground-verification-token"

// CommandRequest is what a person causes by sending a slash command in a
// channel: the command is the first word of line, the rest is its text.
func (w *Workspace) CommandRequest(user, channel, line string) (Request, error) {
	command, text, _ := strings.Cut(strings.TrimSpace(line), " ")
	if !strings.HasPrefix(command, "/") || command == "/" {
		return Request{}, fmt.Errorf("%q is not a slash command; a bot without im:history reads nothing else", line)
	}
	w.mu.Lock()
	u, r, err := w.standing(user, channel)
	if err != nil {
		w.mu.Unlock()
		return Request{}, err
	}
	if u.IsStranger {
		err := w.offered(user)
		w.mu.Unlock()
		return Request{}, err
	}
	form := url.Values{
		"token": {verificationToken}, "team_id": {w.userTeam(u)}, "team_domain": {w.opts.TeamDomain},
		"channel_id": {r.ID}, "channel_name": {r.outwardName()}, "user_id": {u.ID}, "user_name": {u.Name},
		"command": {command}, "text": {strings.TrimSpace(text)}, "api_app_id": {w.opts.AppID},
		"is_enterprise_install": {"false"},
		"response_url":          {w.newHook("commands", u.ID, r, nil)},
		"trigger_id":            {w.newTrigger(u.ID, nil)},
	}
	if w.opts.EnterpriseID != "" {
		form.Set("enterprise_id", w.opts.EnterpriseID)
		form.Set("enterprise_name", w.opts.TeamDomain)
	}
	w.mu.Unlock()
	req := w.formRequest("command", user, commandsPath, form)
	req.settle = func(x *Exchange) { w.settleCommand(x, r) }
	return req, nil
}

// standing finds a user and the room she acts in. The caller holds mu.
func (w *Workspace) standing(user, channel string) (User, *room, error) {
	u, known := w.users[user]
	if !known {
		return User{}, nil, fmt.Errorf("there is no user %q in the workspace", user)
	}
	if channel == "" {
		r, _ := w.directRoom(user)
		return u, r, nil
	}
	r, known := w.rooms[channel]
	if !known || !r.has(user) {
		return User{}, nil, fmt.Errorf("%s is in no channel %q", user, channel)
	}
	return u, r, nil
}

// envelope is what every interaction carries. The caller holds mu.
func (w *Workspace) envelope(kind, user string) map[string]any {
	u := w.users[user]
	p := map[string]any{
		"type": kind, "token": verificationToken, "api_app_id": w.opts.AppID,
		"team":       map[string]any{"id": w.opts.TeamID, "domain": w.opts.TeamDomain},
		"user":       map[string]any{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": w.userTeam(u)},
		"enterprise": nil, "is_enterprise_install": false,
	}
	if w.opts.EnterpriseID != "" {
		p["enterprise"] = map[string]any{"id": w.opts.EnterpriseID, "name": w.opts.TeamDomain}
	}
	return p
}

// interaction makes the signed request of an interaction payload.
func (w *Workspace) interaction(path string, payload map[string]any, user string) (Request, error) {
	data, err := json.Marshal(payload)
	if err != nil {
		return Request{}, fmt.Errorf("encoding the payload: %w", err)
	}
	return w.formRequest(str(payload["type"]), user, path, url.Values{"payload": {string(data)}}), nil
}

// actionJSON is one entry of actions in a block_actions payload
// (docs.slack.dev/reference/interaction-payloads/block_actions-payload).
func (w *Workspace) actionJSON(c blockkit.Control, extra map[string]any) map[string]any {
	a := map[string]any{
		"type": c.Kind, "block_id": c.BlockID, "action_id": c.ActionID, "action_ts": w.stamp(),
	}
	for _, key := range []string{"text", "value", "style", "confirm", "placeholder", "url"} {
		if v, given := c.Element[key]; given && (c.Kind == "button" || key == "placeholder") {
			a[key] = v
		}
	}
	for key, v := range extra {
		a[key] = v
	}
	return a
}
