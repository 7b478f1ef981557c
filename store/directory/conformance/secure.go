package conformance

import (
	"context"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
)

// secure: nothing is said before the server is known.
func secure(t *testing.T, h Harness) {
	srv := h.Shared(t)
	who := srv.Add(t, Person{Under: srv.Inside(t)})
	ctx := context.Background()
	look := func(s bot.Directory) error { _, err := s.Lookup(ctx, bot.FieldLogin, who.Login); return err }

	for _, url := range []string{srv.Config().URLs[0], srv.PlainURL()} {
		c := srv.Config()
		c.URLs, c.WriteTo = []string{url}, ""
		s := open(t, c)
		if err := look(s); err != nil {
			t.Errorf("%s: %v", url, err)
		}
		if err := s.Unlock(ctx, Grant(t, locked(t, srv, s, who))); err != nil {
			t.Errorf("unlocking by %s: %v", url, err)
		}
		_, c.CA = selfMade(t)
		began := time.Now()
		err := look(open(t, c))
		wantKind(t, err, bot.Unavailable)
		if err == nil || !strings.Contains(err.Error(), "certificate") || time.Since(began) > 2*time.Second {
			t.Errorf("%s by another authority: %v after %v", url, err, time.Since(began))
		}
	}
	c := srv.Config()
	c.BindPassword = "wrong-" + c.BindPassword
	s := open(t, c)
	for range 10 { // three would lock the service account
		wantKind(t, look(s), bot.Unavailable)
	}
	if err := look(open(t, srv.Config())); err != nil {
		t.Errorf("after a wrong bind_password the service account is locked: %v", err)
	}
}
