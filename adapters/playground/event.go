package playground

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
)

// EventRequest is the delivery of one event, not sent yet. Sending it again
// unchanged is a replay; RetryEvent makes it Slack's own second delivery.
func (w *Workspace) EventRequest(user string, inner map[string]any) (Request, error) {
	w.mu.Lock()
	body := map[string]any{
		"token": verificationToken, "team_id": w.opts.TeamID, "api_app_id": w.opts.AppID, "event": inner,
		"type": "event_callback", "event_id": fmt.Sprintf("Ev%08d", w.next()), "event_time": w.opts.Now().Unix(),
		"context_team_id": w.opts.TeamID, "context_enterprise_id": nil, "is_ext_shared_channel": false,
		"authorizations": []any{map[string]any{
			"enterprise_id": nil, "team_id": w.opts.TeamID, "user_id": w.opts.BotUserID, "is_bot": true, "is_enterprise_install": false,
		}},
	}
	w.mu.Unlock()
	return w.eventRequest(user, body)
}

func (w *Workspace) eventRequest(user string, body map[string]any) (Request, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return Request{}, fmt.Errorf("encoding the event: %w", err)
	}
	return w.newRequest(str(body["type"]), user, eventsPath, "application/json", data), nil
}

// RetryEvent is the nth delivery again of an event that was not answered in
// time, signed anew.
func (w *Workspace) RetryEvent(r Request, n int) Request {
	again := r.Clone()
	again.Header.Set("X-Slack-Retry-Num", strconv.Itoa(n))
	again.Header.Set("X-Slack-Retry-Reason", "http_timeout")
	w.Sign(&again)
	return again
}

// URLVerificationRequest asks the bot to give a challenge back, as Slack does
// when the events address is set.
func (w *Workspace) URLVerificationRequest(challenge string) (Request, error) {
	return w.eventRequest("", map[string]any{"token": verificationToken, "challenge": challenge, "type": "url_verification"})
}

// SSLCheckRequest is Slack's look at the certificate of the commands address.
func (w *Workspace) SSLCheckRequest() Request {
	return w.formRequest("ssl_check", "", commandsPath, url.Values{"ssl_check": {"1"}, "token": {verificationToken}})
}
