package playground

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Options set up a workspace. Only Users is needed; the zero value of every
// other field has the default that stands beside it.
type Options struct {
	TeamID       string // "T0PLAY"
	TeamDomain   string // "playground"
	EnterpriseID string // "": no Enterprise Grid
	AppID        string // "A0LATCHKEY"
	AppName      string // "Latchkey"
	BotUserID    string // "U0BOT"
	BotID        string // "B0BOT"

	Token         string   // the bot's token, "xoxb-playground"
	AppToken      string   // the app-level token, "xapp-playground"
	SocketMode    bool     // everything goes to the bot by its connections, nothing to BotURL
	SigningSecret string   // "playground-signing-secret"
	Scopes        []string // what the token may do; DefaultScopes()
	BotURL        string   // where the bot listens, http://host:port; SetBotURL sets it later

	Users    []User
	Channels []Channel

	Shortcuts []Shortcut // in the app's manifest; DefaultShortcuts()
	NoHome    bool       // the manifest leaves the Home tab off

	// DumpDir is the folder that takes every payload with Block Kit and every
	// modal answer, for an outside checker; "" writes none. It is created.
	DumpDir string
	// AnswerWithin is how long Slack waits for the bot's answer to a command or
	// an interaction, by the wall clock; 3 s.
	AnswerWithin time.Duration
	// MessageEvery is the least distance of two chat.postMessage into one
	// channel, by Now; 0 sets no limit. Slack's own is about 1 s.
	MessageEvery time.Duration
	// Patience is how long the driver waits for something to appear, by the
	// wall clock; 10 s.
	Patience time.Duration

	Now  func() time.Time // time.Now; triggers, response URLs and stamps go by it
	Rand io.Reader        // crypto/rand.Reader; secrets in triggers and URLs come from it
}

// DefaultScopes are the scopes that the product asks for.
func DefaultScopes() []string {
	return []string{"commands", "chat:write", "im:write", "users:read", "users:read.email"}
}

func (o Options) withDefaults() Options {
	for _, d := range []struct {
		field *string
		value string
	}{
		{&o.TeamID, "T0PLAY"}, {&o.TeamDomain, "playground"}, {&o.AppID, "A0LATCHKEY"}, {&o.AppName, "Latchkey"},
		{&o.BotUserID, "U0BOT"}, {&o.BotID, "B0BOT"}, {&o.Token, "xoxb-playground"},
		{&o.SigningSecret, "playground-signing-secret"}, {&o.AppToken, "xapp-playground"},
	} {
		if *d.field == "" {
			*d.field = d.value
		}
	}
	if o.Scopes == nil {
		o.Scopes = DefaultScopes()
	}
	if o.Shortcuts == nil {
		o.Shortcuts = DefaultShortcuts()
	}
	if o.AnswerWithin == 0 {
		o.AnswerWithin = 3 * time.Second
	}
	if o.Patience == 0 {
		o.Patience = 10 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	o.BotURL = strings.TrimRight(o.BotURL, "/")
	return o
}

func (o Options) validate() error {
	var faults []error
	seen := map[string]bool{o.BotUserID: true}
	for _, u := range o.Users {
		if u.ID == "" || seen[u.ID] {
			faults = append(faults, fmt.Errorf("user %q: the id is empty or used twice", u.ID))
		}
		seen[u.ID] = true
		if _, err := u.zone(); err != nil {
			faults = append(faults, fmt.Errorf("user %q: time zone %q: %w", u.ID, u.TZ, err))
		}
	}
	for _, c := range o.Channels {
		if c.ID == "" || seen[c.ID] {
			faults = append(faults, fmt.Errorf("channel %q: the id is empty or used twice", c.ID))
		}
		seen[c.ID] = true
	}
	faults = append(faults, checkShortcuts(o.Shortcuts))
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("setting up the workspace: %w", err)
	}
	return nil
}
