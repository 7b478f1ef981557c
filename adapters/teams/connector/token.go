package connector

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
	"golang.org/x/sync/singleflight"

	"latchkey/bot"
)

// refreshEarly is how long before its end a token is asked for anew.
const refreshEarly = 5 * time.Minute

// ask gets a new token.
type ask func(ctx context.Context) (*oauth2.Token, error)

// source gives the way to tokens by the configured credential
// (learn.microsoft.com, "OAuth 2.0 client credentials flow").
func source(cfg Config, client *http.Client) (ask, error) {
	grant := clientcredentials.Config{ClientID: cfg.AppID, ClientSecret: cfg.Secret, TokenURL: cfg.Cloud.TokenURL,
		Scopes: []string{cfg.Cloud.Scope}, AuthStyle: oauth2.AuthStyleInParams}
	if cfg.Secret == "" {
		return azure(cfg, client)
	}
	return func(ctx context.Context) (*oauth2.Token, error) {
		return grant.Token(context.WithValue(ctx, oauth2.HTTPClient, client))
	}, nil
}

// tokens keeps the token that is in use. Many callers wait for one request.
type tokens struct {
	ask    ask
	now    func() time.Time
	flight singleflight.Group
	mu     sync.Mutex
	held   string
	until  time.Time
}

func newTokens(a ask, clock func() time.Time) *tokens { return &tokens{ask: a, now: clock} }

// token gives a token that is good for some minutes.
func (t *tokens) token(ctx context.Context) (string, error) {
	t.mu.Lock()
	held, until := t.held, t.until
	t.mu.Unlock()
	now := t.now()
	if held != "" && now.Before(until.Add(-refreshEarly)) {
		return held, nil
	}
	got := t.flight.DoChan("token", t.renew)
	select {
	case <-ctx.Done():
		return "", bot.E(bot.Unavailable, loginOp, ctx.Err())
	case answer := <-got:
		if answer.Err == nil {
			return answer.Val.(string), nil
		}
		if held != "" && now.Before(until) {
			return held, nil // it serves while Microsoft's login is away
		}
		return "", answer.Err
	}
}

func (t *tokens) renew() (any, error) {
	ctx, cancel := context.WithTimeout(context.Background(), callLife)
	defer cancel()
	got, err := t.ask(ctx)
	if err != nil {
		return "", loginFault(err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.held, t.until = got.AccessToken, t.now().Add(left(got))
	return t.held, nil
}

// drop forgets a token that was refused.
func (t *tokens) drop(refused string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.held == refused {
		t.held = ""
	}
}

var aadsts = regexp.MustCompile(`AADSTS[0-9]{4,9}`)

const loginOp = "get a token of Microsoft"

// loginFault says what Microsoft's login has against the credential. Its own
// description names more than anybody needs, so only the number is kept.
func loginFault(err error) error {
	var known *bot.Error
	var refused *oauth2.RetrieveError
	var inURL *url.Error
	switch {
	case errors.As(err, &known):
		return err
	case errors.As(err, &refused):
		return refusedBy(aadsts.FindString(refused.ErrorDescription), refused.ErrorCode)
	case errors.As(err, &inURL):
		err = inURL.Err
	}
	return &bot.Error{Kind: bot.Unavailable, Op: loginOp, Text: "Microsoft's login cannot be reached.", Err: err}
}

// refusedBy gives the sentence for a number of Microsoft's
// (learn.microsoft.com, "Microsoft Entra authentication and authorization error codes").
func refusedBy(number, code string) error {
	text := "Microsoft's login refuses the bot (" + number + ")."
	kind := bot.Denied
	switch number {
	case "AADSTS7000215":
		text = "Microsoft's login refuses teams.client_secret (" + number + "): copy the secret's value, not its id, from the app registration."
	case "AADSTS7000222":
		text = "The secret of teams.client_secret has expired (" + number + "): make a new one in the app registration."
	case "AADSTS90002":
		text = "Microsoft knows no tenant with the id of teams.tenant_id (" + number + ")."
	case "AADSTS700016":
		text = "The tenant has no app with the id of teams.app_id (" + number + ")."
	case "AADSTS700027":
		text = "Microsoft's login does not know the certificate of teams.certificate_file (" + number + "): upload it to the app registration."
	case "AADSTS70021", "AADSTS700211", "AADSTS700213":
		text = "No federated credential of the app registration fits the token of teams.federated_token_file (" + number + ")."
	case "":
		kind, text = bot.Unavailable, "Microsoft's login does not give a token."
	}
	return &bot.Error{Kind: kind, Op: loginOp, Text: text, Err: errors.New(code)}
}

// Token tries the credential, for `latchkey check`. Denied says which of app,
// tenant and credential is refused; Unavailable, that nobody answers.
func (c *Client) Token(ctx context.Context) error {
	_, err := c.tokens.token(ctx)
	return err
}
