package e2e

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"latchkey/adapters/playground"
	"latchkey/servers"
)

// What Slack has not signed, or has sent before, or nobody can read, is
// refused with the right status, and nothing is stored.
func TestRefusedRequests(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf := s.agent("Ulf", "unrestricted")
	mei := s.user("Mei", "Lin", "")
	s.serve()
	s.samba.Lock(t, mei.dn)
	fresh := func() playground.Request {
		r, err := s.slack.CommandRequest(ulf.slack, "", "/unlock "+mei.login)
		s.ok(err)
		return r
	}
	before := s.history()
	for _, c := range []struct {
		name   string
		status int
		change func(*playground.Request)
	}{
		{"unsigned", http.StatusUnauthorized, func(r *playground.Request) { r.Header.Del(playground.HeaderSignature) }},
		{"forged", http.StatusUnauthorized, func(r *playground.Request) { playground.SignWith(r, "another secret", time.Now()) }},
		{"stale", http.StatusUnauthorized, func(r *playground.Request) {
			playground.SignWith(r, s.slack.SigningSecret(), time.Now().Add(-6*time.Minute))
		}},
		{"early", http.StatusUnauthorized, func(r *playground.Request) {
			playground.SignWith(r, s.slack.SigningSecret(), time.Now().Add(6*time.Minute))
		}},
		{"body changed", http.StatusUnauthorized, func(r *playground.Request) { r.Body = append(r.Body, "&x=1"...) }},
		{"two signatures", http.StatusUnauthorized, func(r *playground.Request) {
			r.Header.Add(playground.HeaderSignature, r.Header.Get(playground.HeaderSignature))
		}},
		{"oversized", http.StatusRequestEntityTooLarge, func(r *playground.Request) {
			r.Body = append(r.Body, bytes.Repeat([]byte("a"), 2<<20)...)
			s.slack.Sign(r)
		}},
		{"garbled", http.StatusBadRequest, func(r *playground.Request) { r.Body = []byte("%zz=%"); s.slack.Sign(r) }},
		{"empty", http.StatusBadRequest, func(r *playground.Request) { r.Body = nil; s.slack.Sign(r) }},
		{"no payload", http.StatusBadRequest, func(r *playground.Request) {
			r.Path, r.Body = "/slack/interactions", []byte("payload=%7B")
			s.slack.Sign(r)
		}},
	} {
		r := fresh()
		c.change(&r)
		x, err := s.slack.Send(t.Context(), r)
		if c.status == http.StatusRequestEntityTooLarge && err != nil {
			continue // the connection was closed while the rest was still being sent
		}
		s.ok(err)
		if x.Status != c.status {
			t.Errorf("%s: status %d, not %d", c.name, x.Status, c.status)
		}
	}
	r := fresh()
	for i, status := range []int{http.StatusOK, http.StatusUnauthorized} {
		x, err := s.slack.Send(t.Context(), r)
		s.ok(err)
		if x.Status != status {
			t.Errorf("sending %d of the same request: status %d, not %d", i+1, x.Status, status)
		}
	}
	if after := s.history(); after != before && strings.Contains(after, "unlock") {
		t.Errorf("history has more than before:\n%s", after)
	}
	if strings.Contains(s.bot.log(), "panic") {
		t.Errorf("the program panicked:\n%s", s.bot.log())
	}
}

// People of other workspaces, guests, bots and whoever is nobody here.
func TestStrangers(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf := s.agent("Ulf", "unrestricted")
	mei := s.user("Mei", "Lin", "")
	for id, change := range map[string]func(*playground.User){
		"U0GUEST":    func(u *playground.User) { u.IsRestricted = true },
		"U0ONECHAN":  func(u *playground.User) { u.IsUltraRestricted = true },
		"U0STRANGER": func(u *playground.User) { u.IsStranger, u.TeamID = true, "T0OTHER" },
		"U0MACHINE":  func(u *playground.User) { u.IsBot = true },
		"U0NOMAIL":   func(u *playground.User) { u.Unconfirmed = true },
		"U0NOBODY":   func(u *playground.User) { u.Email = "nobody@elsewhere.test" },
	} {
		u := playground.User{ID: id, Name: strings.ToLower(id), RealName: id, Email: ulf.mail}
		change(&u)
		s.people = append(s.people, u)
	}
	s.serve()
	s.samba.Lock(t, mei.dn)
	for _, u := range s.people[1:] {
		_ = s.slack.As(u.ID).Say("/unlock " + mei.login)
		if _, err := s.slack.As(u.ID).Within(time.Second).Modal("Accounts to unlock"); err == nil {
			t.Errorf("%s reached page Unlock", u.ID)
		}
	}
	if !s.lockedOut(mei) {
		t.Error("somebody unlocked the account")
	}
}

// The service account may unlock in one container alone: check says so
// beforehand, and the agent reads why.
func TestOutsideTheServiceAccountsRights(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf := s.agent("Ulf", "unrestricted")
	inside := s.user("Ina", "Inside", "")
	login := short("otto")
	outside := s.samba.AddUser(t, servers.User{Login: login, Under: s.samba.External, First: "Otto", Last: "Outside", Display: "Otto Outside"})
	s.serve()
	s.samba.Lock(t, inside.dn)
	s.samba.Lock(t, outside.DN)
	out, _, _ := run(t, "check", "--config", s.bot.config)
	if !strings.Contains(out, "lockoutTime") {
		t.Errorf("check does not speak of the right to write lockoutTime:\n%s", out)
	}
	screen := s.as(ulf)
	s.ok(screen.Say("/unlock " + login))
	page, err := screen.Modal("Accounts to unlock")
	s.ok(err)
	s.ok(page.Tick("Otto Outside (" + login + ") in corp"))
	s.ok(page.Submit())
	_, err = screen.Modal("Not unlocked: Otto Outside", "service account may not")
	s.ok(err)
	s.ok(screen.Say("/unlock " + inside.login))
	page, err = screen.Modal("Ina Inside", "Accounts to unlock")
	s.ok(err)
	s.unlockOn(page, inside, "corp")
	_, err = screen.Modal("Unlocked: Ina Inside")
	s.ok(err)
	s.clean()
}

// A whole run writes no secret to its log.
func TestNoSecretInTheLog(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	dana := s.agent("Dana", "restricted")
	mei := s.user("Mei", "Lin", "")
	s.prepare()
	s.enroll("corp", mei, "email", "authenticator")
	s.start()
	s.samba.Lock(t, mei.dn)
	screen := s.as(dana)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("2 more types")
	s.ok(err)
	s.ok(page.Click("Verify authenticator"))
	page, err = screen.Modal("Code")
	s.ok(err)
	typed := s.app(mei)
	s.ok(page.Type("Code", typed))
	s.ok(page.Submit())
	page, err = screen.Modal("Passed")
	s.ok(err)
	s.ok(page.Click("Verify e-mail"))
	page, err = screen.Modal("A code goes to")
	s.ok(err)
	s.ok(page.Click("Send code"))
	_, err = screen.Modal("A code was sent to")
	s.ok(err)
	mailed := s.mailedCode(mei, 1)
	s.bot.stop()
	for what, secret := range map[string]string{"authenticator code": typed, "mailed code": mailed, "mail address": mei.mail,
		"bot token": s.slack.Token(), "signing secret": s.slack.SigningSecret(), "bind password": s.samba.Unlocker.Password,
		"Redis password": s.redis.Password, "mail password": s.mail.Password, "name": "Mei Lin"} {
		if strings.Contains(s.bot.log(), secret) {
			t.Errorf("the log has the %s:\n%s", what, s.bot.log())
		}
	}
}
