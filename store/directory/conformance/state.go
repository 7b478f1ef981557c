package conformance

import (
	"testing"
	"time"

	"latchkey/bot"
)

// state: what an account says of itself besides its lock.
func state(t *testing.T, h Harness) {
	srv := h.Shared(t)
	s := open(t, srv.Config())
	under := srv.Inside(t)
	fresh := byLogin(t, s, srv.Add(t, Person{Under: under}).Login)
	if fresh.Disabled || fresh.Expired || fresh.Password.Expired || fresh.Password.MustChange || fresh.Lock.State != bot.Unlocked {
		t.Errorf("a new account reads %+v", fresh)
	}
	if age := time.Since(fresh.Password.LastSet); age < -time.Minute || age > time.Minute {
		t.Errorf("a password of a moment ago was set %s", fresh.Password.LastSet)
	}
	if !fresh.Password.Expires.After(time.Now()) {
		t.Errorf("a new password expires %s", fresh.Password.Expires)
	}
	for name, c := range map[string]struct {
		do  func(testing.TB, Server, string)
		are func(bot.Account) bool
	}{
		"disabled":         {h.Disable, func(a bot.Account) bool { return a.Disabled }},
		"account expired":  {h.ExpireAccount, func(a bot.Account) bool { return a.Expired }},
		"password expired": {h.ExpirePassword, func(a bot.Account) bool { return a.Password.Expired }},
		"must change":      {h.MustChange, func(a bot.Account) bool { return a.Password.MustChange }},
	} {
		if c.do == nil {
			continue // this kind of directory has no such thing
		}
		who := srv.Add(t, Person{Under: under})
		c.do(t, srv, who.DN)
		if a := byLogin(t, s, who.Login); !c.are(a) || a.Lock.State != bot.Unlocked {
			t.Errorf("%s: the account reads %+v", name, a)
		}
		if err := srv.Bind(who.DN, who.Password); err == nil && name != "must change" {
			t.Errorf("%s: the directory lets the person in", name)
		}
	}
}
