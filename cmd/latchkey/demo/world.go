package demo

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"

	"latchkey/adapters/playground/ldap"
	"latchkey/adapters/playground/mail"
	"latchkey/adapters/playground/page"
	"latchkey/adapters/playground/sms"
)

// desks are the sign-in boxes of the two directories.
type desks map[string]*ldap.Server

// SignIn tries a password over LDAP, as a user's computer would.
func (d desks) SignIn(ctx context.Context, store, login, password string) (page.SignIn, error) {
	server := d[store]
	if server == nil {
		return page.SignIn{}, fmt.Errorf("there is no identity store %q", store)
	}
	word, err := server.SignIn(ctx, login, password)
	if err != nil {
		return page.SignIn{}, err
	}
	s := page.SignIn{Result: page.Refused, Word: string(word)}
	switch word {
	case ldap.Welcomed:
		s.Result = page.Welcome
	case ldap.Wrong:
		s.Result = page.Wrong
	case ldap.Locked:
		s.Result = page.Locked
	}
	return s, nil
}

// slowMail is how long the mail server takes when it is slow: longer than the
// bot waits.
const slowMail = 20 * time.Second

// faults are what can be broken on the stage.
type faults struct {
	mu    sync.Mutex
	on    map[string]bool
	corp  *ldap.Server
	redis *miniredis.Miniredis
	mail  *mail.Server
	texts *sms.Sink
}

// Faults lists them.
func (f *faults) Faults() []page.Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	return []page.Fault{
		{ID: "directory", Label: "Directory away", About: "corp does not answer: nobody there is found or unlocked, and the bot says so.", On: f.on["directory"]},
		{ID: "redis", Label: "Redis away", About: "No case can be begun or continued; nobody is let in.", On: f.on["redis"]},
		{ID: "mail", Label: "Mail slow", About: "The mail server takes longer than the bot waits.", On: f.on["mail"]},
		{ID: "texts", Label: "Text messages away", About: "The gateway of text messages answers that it cannot.", On: f.on["texts"]},
	}
}

// Switch breaks or mends one.
func (f *faults) Switch(_ context.Context, id string, on bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.on[id] == on {
		return nil
	}
	switch {
	case id == "directory" && on:
		f.corp.Away()
	case id == "directory":
		f.corp.Back()
	case id == "redis" && on:
		f.redis.Close()
	case id == "redis":
		if err := f.redis.Restart(); err != nil {
			return fmt.Errorf("start the embedded Redis again: %w", err)
		}
	case id == "mail" && on:
		f.mail.Delay(slowMail)
	case id == "mail":
		f.mail.Delay(0)
	case id == "texts" && on:
		f.texts.Fail(sms.Trouble{Status: http.StatusInternalServerError})
	case id == "texts":
		f.texts.Fail(sms.Trouble{})
	default:
		return fmt.Errorf("there is no fault %q", id)
	}
	f.on[id] = on
	return nil
}
