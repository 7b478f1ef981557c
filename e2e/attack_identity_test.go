package e2e

import (
	"context"
	"strings"
	"testing"

	"latchkey/adapters/playground"
)

// An agent who becomes a guest while page Unlock is open unlocks nothing: the
// click that unlocks asks Slack afresh.
func TestAgentBecomesGuest(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*playground.User){
		"guest":       func(u *playground.User) { u.IsRestricted = true },
		"left":        func(u *playground.User) { u.Deleted = true },
		"moved":       func(u *playground.User) { u.TeamID, u.IsStranger = "T0OTHER", true },
		"unconfirmed": func(u *playground.User) { u.Unconfirmed = true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			ulf, mei := s.agent("Ulf", "unrestricted"), s.user("Mei", "Lin", "")
			s.serve()
			s.samba.Lock(t, mei.dn)
			screen := s.atSlack(ulf)
			s.ok(screen.Say("/unlock " + mei.login))
			page, err := screen.Modal("Accounts to unlock")
			s.ok(err)
			s.ok(page.Tick(box(mei, "corp")))
			r, err := page.SubmitRequest()
			s.ok(err)
			u := s.people[0]
			change(&u)
			s.slack.SetUser(u)
			s.send(r)
			s.quiet("SELECT count(*) FROM history")
			if n := s.count("SELECT count(*) FROM intents"); n != 0 || !s.lockedOut(mei) {
				t.Errorf("%d intents, locked %v", n, s.lockedOut(mei))
			}
		})
	}
}

// Somebody gives his Slack account the mail address of an agent who is bound
// already, and later one of an agent who is not: a binding never moves.
func TestMailOfAnAgent(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf, nora := s.agent("Ulf", "unrestricted"), s.agent("Nora", "powerless")
	mei := s.user("Mei", "Lin", "")
	s.serve()
	s.samba.Lock(t, mei.dn)
	s.ok(s.atSlack(ulf).Say("/unlock " + mei.login))
	page, err := s.atSlack(ulf).Modal("Accounts to unlock")
	s.ok(err)
	s.ok(page.Close())
	s.ok(s.atSlack(nora).Say("/unlock " + mei.login))
	_, err = s.atSlack(nora).Modal("does not have the permission")
	s.ok(err)

	thief := s.people[1] // Nora, bound to her own account
	thief.Email = ulf.mail
	s.slack.SetUser(thief)
	s.slack.SetUser(playground.User{ID: "U0NEW", Name: "new", RealName: "New Comer", Email: ulf.mail})
	s.slack.SetUser(playground.User{ID: "U0CASE", Name: "case", RealName: "Case Comer", Email: strings.ToUpper(ulf.mail)})
	for _, id := range []string{nora.slack, "U0NEW", "U0CASE"} {
		screen := s.slack.As(id)
		_ = screen.Say("/unlock " + mei.login)
		_, err := screen.ModalWhere("a refusal", func(v *playground.View) bool {
			return textHas(v.Text(), "does not have the permission") || textHas(v.Text(), "bound to no directory account")
		})
		s.ok(err)
	}
	if n := s.count("SELECT count(*) FROM people"); n != 2 {
		t.Errorf("%d bindings, not 2", n)
	}
	// The account is deleted and made again: the binding is to the old one.
	s.samba.Delete(t, ulf.dn)
	s.ok(s.atSlack(ulf).Say("/unlock " + mei.login))
	_, err = s.atSlack(ulf).Modal("no longer exists")
	s.ok(err)
}

// Keys are rotated in the middle of a case: what was begun goes on.
func TestKeysRotateInTheMiddle(t *testing.T) {
	t.Parallel()
	s, dana, mei := restricted(t)
	screen := s.atSlack(dana)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("2 more types")
	s.ok(err)
	s.ok(page.Click("Verify e-mail"))
	page, err = screen.Modal("A code goes to")
	s.ok(err)
	s.ok(page.Click("Send code"))
	page, err = screen.Modal("A code was sent to")
	s.ok(err)
	must(t, "keys", "rotate", "--config", s.bot.config)
	s.ok(page.Type("Code", s.mailedCode(mei, 1)))
	s.ok(page.Submit())
	_, err = screen.Modal("Passed: e-mail")
	s.ok(err)
	s.pass(dana, mei, "authenticator", 1)
}

// Nothing that Redis holds is a code, a seed or a password.
func TestSecretsInRedis(t *testing.T) {
	t.Parallel()
	s, dana, mei := restricted(t)
	c := s.memory()
	screen := s.atSlack(dana)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("2 more types")
	s.ok(err)
	s.ok(page.Click("Verify e-mail"))
	page, err = screen.Modal("A code goes to")
	s.ok(err)
	s.ok(page.Click("Send code"))
	page, err = screen.Modal("A code was sent to")
	s.ok(err)
	mailed := s.mailedCode(mei, 1)
	s.ok(page.Type("Code", wrongCode(mailed)))
	s.ok(page.Submit())
	_, err = screen.Modal("4 tries are left")
	s.ok(err)
	keys, err := c.Keys(context.Background(), "*").Result()
	s.ok(err)
	all := strings.Join(keys, "\n")
	for _, k := range keys {
		if text, err := c.Get(context.Background(), k).Result(); err == nil {
			all += "\n" + text
		}
		if m, err := c.HGetAll(context.Background(), k).Result(); err == nil {
			all += "\n" + m["data"]
		}
		if ttl := c.TTL(context.Background(), k).Val(); ttl <= 0 {
			t.Errorf("%s has no end", k)
		}
	}
	for what, secret := range map[string]string{"mailed code": mailed, "wrong code": wrongCode(mailed), "mail address": mei.mail,
		"bot token": s.slack.Token(), "signing secret": s.slack.SigningSecret()} {
		if strings.Contains(all, secret) {
			t.Errorf("Redis has the %s", what)
		}
	}
}
