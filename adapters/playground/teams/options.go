package teams

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Options describes a tenant. The zero value of each field has a default.
type Options struct {
	TenantID, AppID, AppSecret string
	BotName                    string // how people mention it; "Latchkey"
	BotURL                     string // http://host:port; see SetBotURL
	Users                      []User
	Channels                   []Channel
	Commands                   []Command     // of the message extension
	TokenLife                  time.Duration // of tokens that the bot gets; 1 h
	AnswerWithin               time.Duration // how long Teams waits for the bot; 15 s
	Patience                   time.Duration // how long a story waits for a screen; 10 s
	PerSecond, PerHalfMinute   int           // writes to one conversation; 7 and 60
	DumpDir                    string        // where cards go for an outside checker; "" dumps nothing
	Now                        func() time.Time
	Rand                       io.Reader
}

// User is a person of the tenant, or a stranger in it. The zero flags are
// those of an ordinary member for whom the app is installed.
type User struct {
	ID                           string // aadObjectId; an anonymous one needs some id for the story
	Name, UPN, Email, TZ, Locale string // TZ is an IANA name; "" is UTC
	TenantID                     string // "" is the tenant's own
	Guest, Anonymous             bool
	Uninstalled                  bool // the app is not installed for her
	Old                          bool // her client knows no Action.Execute
}

// Channel is a channel of a team or a group chat. 1:1 chats are made as needed.
type Channel struct {
	ID         string // 19:…@thread.tacv2, or …@thread.v2 for a group chat
	Name       string
	Group      bool     // a group chat
	Members    []string // user ids; nil means everyone
	WithoutBot bool     // the app is not installed there
}

// Command is one entry of the app's menu, as the manifest declares it.
type Command struct {
	ID, Title string
	Contexts  []string // of message, compose, commandBox
}

func (o Options) withDefaults() Options {
	set := func(s *string, value string) {
		if *s == "" {
			*s = value
		}
	}
	set(&o.TenantID, "7e5a1c0f-1111-4222-8333-9d3c0a1b2c3d")
	set(&o.AppID, "b07a9c3e-4444-4555-8666-0e1f2a3b4c5d")
	set(&o.AppSecret, "a secret of the stand-in alone")
	set(&o.BotName, "Latchkey")
	span := func(d *time.Duration, value time.Duration) {
		if *d == 0 {
			*d = value
		}
	}
	span(&o.TokenLife, time.Hour)
	span(&o.AnswerWithin, 15*time.Second)
	span(&o.Patience, 10*time.Second)
	if o.PerSecond == 0 {
		o.PerSecond = 7
	}
	if o.PerHalfMinute == 0 {
		o.PerHalfMinute = 60
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Rand == nil {
		o.Rand = rand.Reader
	}
	return o
}

func (o Options) validate() error {
	var wrong []error
	var ids []string
	for _, u := range o.Users {
		if u.ID == "" || slices.Contains(ids, u.ID) {
			wrong = append(wrong, fmt.Errorf("the user id %q is empty or stands twice", u.ID))
		}
		if _, err := time.LoadLocation(u.TZ); err != nil {
			wrong = append(wrong, fmt.Errorf("the time zone of %s: %w", u.ID, err))
		}
		ids = append(ids, u.ID)
	}
	for _, c := range o.Channels {
		if c.ID == "" || strings.Contains(c.ID, ";") {
			wrong = append(wrong, fmt.Errorf("the channel id %q is empty or has a semicolon", c.ID))
		}
	}
	if err := errors.Join(wrong...); err != nil {
		return fmt.Errorf("the tenant's options: %w", err)
	}
	return nil
}

func (u User) zone() *time.Location {
	if zone, err := time.LoadLocation(u.TZ); err == nil {
		return zone
	}
	return time.UTC
}

func (u User) locale() string {
	if u.Locale == "" {
		return "en-US"
	}
	return u.Locale
}

func (u User) role() string {
	switch {
	case u.Anonymous:
		return "anonymous"
	case u.Guest:
		return "guest"
	}
	return "user"
}
