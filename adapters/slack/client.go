package slack

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	slackgo "github.com/slack-go/slack"

	"latchkey/bot"
)

// callLife bounds one HTTP exchange with Slack; slack-go itself waits for ever.
const callLife = 5 * time.Second

// client calls the Web API. Its errors have kinds.
type client struct {
	api  *slackgo.Client
	http *http.Client
	pace *pace
}

func newTransport() *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: 2 * time.Second}).DialContext,
		TLSHandshakeTimeout: 2 * time.Second,
		MaxIdleConnsPerHost: 16,
		IdleConnTimeout:     60 * time.Second,
		ForceAttemptHTTP2:   true,
	}
}

// newClient honours Retry-After within the caller's deadline. The order of
// the options counts: the retries wrap the HTTP client that stands before them.
func newClient(cfg Config, clock func() time.Time) *client {
	h := &http.Client{Timeout: callLife, Transport: newTransport()}
	retry := slackgo.RetryConfig{MaxRetries: 2, RetryAfterDuration: time.Second, RetryAfterJitter: 500 * time.Millisecond}
	retry.Handlers = []slackgo.RetryHandler{patient{slackgo.NewRateLimitErrorRetryHandler(retry)}}
	return &client{http: h, pace: newPace(clock), api: slackgo.New(cfg.BotToken,
		slackgo.OptionHTTPClient(h),
		slackgo.OptionRetryConfig(retry),
		slackgo.OptionAPIURL(cfg.APIURL),
	)}
}

// patient waits only as long as the caller has time; otherwise the caller
// hears at once that it is too often, and when to come back.
type patient struct{ slackgo.RetryHandler }

// ShouldRetry decides as the handler within does, unless the wait would be in vain.
func (p patient) ShouldRetry(state *slackgo.RetryState, req *http.Request, resp *http.Response, err error) (bool, time.Duration) {
	retry, wait := p.RetryHandler.ShouldRetry(state, req, resp, err)
	if ends, limited := req.Context().Deadline(); retry && limited && time.Until(ends) <= wait {
		return false, 0
	}
	return retry, wait
}

// silent says that Slack does not tell who somebody is.
func silent(err error) error {
	return &bot.Error{Kind: bot.Unavailable, Op: "ask slack who it is", Text: textSlackOut, Err: err}
}

// user reads one person (users.info). A person whom Slack does not show is NotFound.
func (c *client) user(ctx context.Context, id string) (member, error) {
	u, err := c.api.GetUserInfoContext(ctx, id, slackgo.GetUserInfoOptionIncludeLocale(false))
	if err != nil {
		err = fault("ask slack who it is", err)
		if bot.KindOf(err) == bot.Unavailable {
			err = silent(err)
		}
		return member{}, err
	}
	if u.ID != id { // {"ok":false} without an error reads as success
		return member{}, silent(errNoReason)
	}
	m := member{
		ID: u.ID, Team: u.TeamID, Enterprise: u.Enterprise.EnterpriseID, EnterpriseUser: u.Enterprise.ID,
		Name: u.Profile.RealName, Confirmed: u.IsEmailConfirmed, Deleted: u.Deleted,
		Bot:   u.IsBot || u.IsConnectorBot || u.IsWorkflowBot,
		Guest: u.IsRestricted || u.IsUltraRestricted, Stranger: u.IsStranger,
	}
	if m.Name == "" {
		m.Name = u.RealName
	}
	if m.Confirmed {
		m.Mail = u.Profile.Email
	}
	return m, nil
}

var errNoReason = errors.New("slack answered not ok and named no error")

// openView opens a dialog and gives its id and hash.
func (c *client) openView(ctx context.Context, trigger string, v slackgo.ModalViewRequest) (id, hash string, err error) {
	got, err := c.api.OpenViewContext(ctx, trigger, v)
	return viewResult("open slack dialog", got, err)
}

// pushView lays a dialog over the one whose trigger it is.
func (c *client) pushView(ctx context.Context, trigger string, v slackgo.ModalViewRequest) error {
	got, err := c.api.PushViewContext(ctx, trigger, v)
	_, _, err = viewResult("push slack dialog", got, err)
	return err
}

// updateView changes the dialog that either its name or its id says, if its
// hash is still the one given (or none is), and gives the new hash.
func (c *client) updateView(ctx context.Context, v slackgo.ModalViewRequest, external, id, hash string) (string, error) {
	got, err := c.api.UpdateViewContext(ctx, v, external, hash, id)
	_, hash, err = viewResult("update slack dialog", got, err)
	return hash, err
}

func viewResult(op string, got *slackgo.ViewResponse, err error) (id, hash string, _ error) {
	if err != nil {
		return "", "", fault(op, err)
	}
	if got.View.ID == "" {
		return "", "", bot.E(bot.Unavailable, op, errNoReason)
	}
	return got.View.ID, got.View.Hash, nil
}
