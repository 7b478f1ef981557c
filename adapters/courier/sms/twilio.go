package sms

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"latchkey/bot"
)

// Twilio is an account there
// (https://www.twilio.com/docs/messaging/api/message-resource).
type Twilio struct {
	AccountSID, AuthToken string
	From                  string // a number of the account's, E.164
	APIURL                string // base of the API: https, or http on this machine
}

// NewTwilio checks the settings and does not connect: Check does. Its errors
// are Invalid, with a text that names the key to mend.
func NewTwilio(t Twilio) (*Courier, error) {
	base, err := addressOf(t.APIURL)
	switch {
	case err != nil || base.RawQuery != "":
		return nil, unfit("sms.twilio.api_url must be an address such as https://api.twilio.com")
	case t.AccountSID == "" || strings.ContainsAny(t.AccountSID, "/?#:%"):
		return nil, unfit("sms.twilio.account_sid is not an account: it begins with AC")
	case t.AuthToken == "":
		return nil, unfit("sms.twilio.auth_token is empty")
	case !e164.MatchString(t.From):
		return nil, unfit("sms.twilio.from is not a number in the form +15550100")
	}
	trust, _ := trusting(nil)
	return &Courier{gateway: &twilio{t, base.JoinPath("2010-04-01", "Accounts")}, client: newClient(trust)}, nil
}

type twilio struct {
	Twilio
	accounts *url.URL
}

func (t *twilio) keys() (address, credentials string) {
	return "sms.twilio.api_url", "sms.twilio.account_sid and auth_token"
}

func (t *twilio) request(ctx context.Context, to, text string) (*http.Request, error) {
	form := url.Values{"To": {to}, "From": {t.From}, "Body": {text}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.accounts.JoinPath(t.AccountSID, "Messages.json").String(), strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept", "application/json")
	r.SetBasicAuth(t.AccountSID, t.AuthToken)
	return r, nil
}

// read takes a message as handed over when Twilio has given it an id and does
// not say in the same breath that it has failed.
func (t *twilio) read(a answer) *problem {
	if a.status < 200 || a.status >= 300 {
		return t.refusal(a, codeOf(a))
	}
	var message struct {
		SID       string `json:"sid"`
		Status    string `json:"status"`
		ErrorCode int    `json:"error_code"`
	}
	switch err := json.Unmarshal(a.body, &message); {
	case a.status != http.StatusCreated || err != nil || message.SID == "":
		return strange(t, a.status)
	case message.ErrorCode != 0 || message.Status == "failed" || message.Status == "undelivered":
		return t.refusal(a, message.ErrorCode)
	}
	return nil
}

// codeOf gives Twilio's number of the error in a refusal, 0 where it has none.
func codeOf(a answer) int {
	var said struct {
		Code int `json:"code"`
	}
	if json.Unmarshal(a.body, &said) != nil {
		return 0
	}
	return said.Code
}

// try reads the account. Nothing is sent.
func (t *twilio) try(ctx context.Context, c *Courier) bot.Finding {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, t.accounts.JoinPath(t.AccountSID+".json").String(), nil)
	if err != nil {
		return silent("sms.twilio.api_url", err).finding()
	}
	r.SetBasicAuth(t.AccountSID, t.AuthToken)
	a, problem := c.ask(r)
	if problem != nil {
		return problem.finding()
	}
	var account struct {
		SID    string `json:"sid"`
		Status string `json:"status"`
		Type   string `json:"type"`
	}
	if a.status != http.StatusOK {
		return t.refusal(a, codeOf(a)).finding()
	}
	switch err := json.Unmarshal(a.body, &account); {
	case err != nil || account.SID != t.AccountSID:
		return strange(t, a.status).finding()
	case account.Status != "active":
		return suspended(t, errors.New("the account's status is not active")).finding()
	case account.Type == "Trial":
		return bot.Finding{Part: part, Level: bot.LevelWarning, What: "Twilio takes the credentials; the account is a trial, which sends to verified numbers only",
			Mend: "upgrade the account at Twilio before people depend on it"}
	}
	return bot.Finding{Part: part, Level: bot.LevelOK, What: "Twilio takes the credentials, and the account is active"}
}
