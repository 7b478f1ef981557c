package connector

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"latchkey/bot"
)

// Place is a conversation at the service that it is reached through.
type Place struct {
	Service      string // serviceUrl
	Conversation string
}

const maxAnswer = 256 << 10

// call is one request to the Connector.
type call struct {
	op, method string
	service    string
	path       []string // below v3/conversations, not escaped
	query      string
	room       string // the conversation that is written to; "": nothing is
	body, into any
}

// do carries a call out: again after what Teams asks to be tried again, once
// with a new token after a 401, never beyond ctx.
func (c *Client) do(ctx context.Context, k call) error {
	address, err := c.address(k)
	if err != nil {
		return err
	}
	var body []byte
	if k.body != nil {
		if body, err = json.Marshal(k.body); err != nil {
			return bot.E(bot.Internal, k.op, err)
		}
	}
	renewed := false
	for try := 1; ; try++ {
		if k.room != "" {
			if err := c.pace.wait(ctx, k.room); err != nil {
				return err
			}
		}
		token, err := c.tokens.token(ctx)
		if err != nil {
			return err
		}
		status, wait, err := c.once(ctx, k, address, token, body)
		switch {
		case err == nil:
			return nil
		case status == http.StatusUnauthorized && !renewed:
			c.tokens.drop(token)
			renewed = true
			continue
		case !again(status) || try == mostTries:
			return err
		}
		if wait == 0 {
			wait = firstPause << (try - 1)
		}
		wait = c.jitter(wait)
		if ends, limited := ctx.Deadline(); wait > mostRetryTime || limited && time.Until(ends) <= wait {
			return err
		}
		if pause(ctx, wait) != nil {
			return err
		}
	}
}

// again reports whether Microsoft asks to try the same again.
func again(status int) bool {
	switch status {
	case http.StatusPreconditionFailed, http.StatusTooManyRequests, http.StatusBadGateway, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// address builds where to call. The service is checked before, and the host once
// more after: no id can lead the token elsewhere.
func (c *Client) address(k call) (string, error) {
	base, err := url.Parse(k.service)
	if err != nil || !c.cfg.Cloud.Serves(k.service) {
		return "", bot.Ef(bot.Denied, k.op, "The service address of a conversation is not on the list teams.cloud.service_hosts.")
	}
	parts := []string{"v3", "conversations"}
	for _, p := range k.path {
		if p == "" || p == "." || p == ".." {
			return "", bot.E(bot.Invalid, k.op, errors.New("an id is empty"))
		}
		// PathEscape keeps what may stand in a path unescaped; the Connector
		// reads ids whole.
		parts = append(parts, strings.NewReplacer(":", "%3A", "@", "%40", ";", "%3B", "=", "%3D", "&", "%26", "+", "%2B", "$", "%24").Replace(url.PathEscape(p)))
	}
	full := strings.TrimRight(base.Scheme+"://"+base.Host+base.Path, "/") + "/" + strings.Join(parts, "/")
	if k.query != "" {
		full += "?" + k.query
	}
	if u, err := url.Parse(full); err != nil || u.Host != base.Host || u.Scheme != base.Scheme || u.User != nil {
		return "", bot.E(bot.Denied, k.op, errors.New("an id leads to another host"))
	}
	return full, nil
}

// once is one try. wait is what Teams asks to be waited.
func (c *Client) once(ctx context.Context, k call, address, token string, body []byte) (status int, wait time.Duration, err error) {
	req, err := http.NewRequestWithContext(ctx, k.method, address, bytes.NewReader(body))
	if err != nil {
		return 0, 0, bot.E(bot.Internal, k.op, errors.New("the address cannot be used"))
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
	}
	resp, err := c.http.Do(req)
	if err != nil {
		var inURL *url.Error
		if errors.As(err, &inURL) {
			err = inURL.Err // the address holds ids of people
		}
		return 0, 0, bot.E(bot.Unavailable, k.op, err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case resp.StatusCode >= 300:
		wait := retryAfter(resp.Header, c.cfg.Now())
		return resp.StatusCode, wait, fault(k.op, resp.StatusCode, data, wait)
	case err != nil:
		return resp.StatusCode, 0, bot.E(bot.Unavailable, k.op, errors.New("the answer breaks off"))
	case len(data) > maxAnswer:
		return resp.StatusCode, 0, bot.E(bot.Unavailable, k.op, errors.New("the answer has no end"))
	case k.into == nil:
		return resp.StatusCode, 0, nil
	}
	if err := json.Unmarshal(data, k.into); err != nil {
		return resp.StatusCode, 0, bot.E(bot.Unavailable, k.op, errors.New("the answer is not JSON"))
	}
	return resp.StatusCode, 0, nil
}

// fault gives the error for a refusal.
func fault(op string, status int, body []byte, wait time.Duration) error {
	var said struct {
		Error struct {
			Code string `json:"code"`
		} `json:"error"`
	}
	_ = json.Unmarshal(body, &said) // what is not JSON has no code
	code := said.Error.Code
	if len(code) > 64 {
		code = code[:64]
	}
	err := fmt.Errorf("status %d %q", status, code)
	switch {
	case status == http.StatusNotFound, status == http.StatusGone, status == http.StatusForbidden:
		return bot.E(bot.NotFound, op, err) // whoever forbids it has taken the app away, or never had it
	case status == http.StatusUnauthorized:
		return bot.E(bot.Denied, op, err)
	case status == http.StatusTooManyRequests:
		return &bot.Error{Kind: bot.Throttled, Op: op, RetryAfter: max(wait, time.Second), Err: err}
	case status == http.StatusPreconditionFailed, status >= 500:
		return bot.E(bot.Unavailable, op, err)
	}
	return bot.E(bot.Invalid, op, err)
}

// retryAfter reads seconds or a date (RFC 9110, 10.2.3).
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(v); err == nil && seconds > 0 {
		return time.Duration(min(seconds, 3600)) * time.Second
	}
	if at, err := http.ParseTime(v); err == nil && at.After(now) {
		return min(at.Sub(now), time.Hour)
	}
	return 0
}
