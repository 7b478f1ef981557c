package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"
	"go.uber.org/zap"

	"latchkey/adapters/chat"
	"latchkey/bot"
	"latchkey/flows"
)

// maxReplies is how often Slack takes a response_url
// (docs.slack.dev/interactivity/handling-user-interaction).
const maxReplies = 5

// response is the body for a response_url, and the answer to a command.
// slack.Msg would add members that Slack then reads as given.
type response struct {
	Type    string          `json:"response_type"`
	Text    string          `json:"text"`
	Blocks  []slackgo.Block `json:"blocks"`
	Replace bool            `json:"replace_original"`
}

// onlyYou shows a page to the one person who asked. It never replaces the
// message whose button was pressed.
func onlyYou(p flows.Page) response {
	text, blocks := message(p)
	return response{Type: "ephemeral", Text: text, Blocks: blocks}
}

// hooks posts to response URLs on known hosts.
type hooks struct {
	hosts []string
	http  *http.Client
}

func newHooks(hosts []string) *hooks {
	return &hooks{hosts: hosts, http: &http.Client{
		Timeout:       callLife,
		Transport:     newTransport(),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// replier is one response_url with the uses that are left.
type replier struct {
	hooks *hooks
	url   string
	left  int
}

// to gives a replier; a URL that is not Slack's is never called.
func (h *hooks) to(raw string) *replier { return &replier{hooks: h, url: raw, left: maxReplies} }

// allowed reports whether the URL leads to a host of the list: https, or http
// on this machine. A port counts only where the list names one.
func (h *hooks) allowed(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil || !secure(u) || u.Opaque != "" {
		return false
	}
	host := strings.ToLower(u.Host)
	if u.Scheme == "https" {
		host = strings.TrimSuffix(host, ":443")
	}
	return slices.ContainsFunc(h.hosts, func(known string) bool { return strings.EqualFold(known, host) })
}

// say sends one response. The URL is a secret of its own and stays out of errors.
func (r *replier) say(ctx context.Context, body response) error {
	const op = "answer by response_url"
	switch {
	case !r.hooks.allowed(r.url):
		return bot.E(bot.Denied, op, errors.New("not an address of a host in response_hosts"))
	case r.left == 0:
		return bot.E(bot.Expired, op, errors.New("used five times"))
	}
	r.left--
	data, err := json.Marshal(body)
	if err != nil {
		return bot.E(bot.Internal, op, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, bytes.NewReader(data))
	if err != nil {
		return bot.E(bot.Internal, op, errors.New("the address cannot be used"))
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := r.hooks.http.Do(req)
	if err != nil {
		var inURL *url.Error
		if errors.As(err, &inURL) {
			err = inURL.Err
		}
		return bot.E(bot.Unavailable, op, err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // so that the connection can be used again
	if resp.StatusCode != http.StatusOK {
		return bot.E(bot.Unavailable, op, fmt.Errorf("status %d", resp.StatusCode))
	}
	return nil
}

// tell says something to the person alone, outside any dialog.
func (a *Adapter) tell(r *replier, text string) {
	ctx, cancel := context.WithTimeout(context.Background(), tellLife)
	defer cancel()
	err := r.say(ctx, onlyYou(chat.Notice(text)))
	for try := 1; bot.KindOf(err) == bot.Unavailable && try < showTries && pause(ctx, showPause); try++ {
		err = r.say(ctx, onlyYou(chat.Notice(text)))
	}
	if err != nil {
		a.log.Warn("person could not be told", zap.Error(err))
	}
}

// apologise acknowledges a click and says why nothing comes of it: over the
// dialog, or beside the card. Where there is no room for that either, Slack
// shows that the app did not answer.
func (a *Adapter) apologise(p payload, text string) answer {
	booked := a.spare.Book()
	if booked == nil {
		a.log.Warn("no room to say why a click was not carried out")
		return refused(http.StatusServiceUnavailable, text)
	}
	return answer{status: http.StatusOK, booked: booked, job: func(ctx context.Context) {
		if p.View.ID == "" && p.ResponseURL != "" {
			a.tell(a.hooks.to(p.ResponseURL), text)
			return
		}
		ctx, cancel := context.WithTimeout(ctx, 3*time.Second) // the trigger's life
		defer cancel()
		var err error
		if p.inDialog() {
			err = a.api.pushView(ctx, p.TriggerID, modal(chat.Notice(text)))
		} else {
			_, _, err = a.api.openView(ctx, p.TriggerID, modal(chat.Notice(text)))
		}
		if err != nil {
			a.log.Warn("person could not be told", zap.Error(err))
		}
	}}
}
