package conformance

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"latchkey/bot"
	"latchkey/store/directory"
)

// Batch tries Logins: of each name of many it has to say what Lookup says of
// it alone.
func Batch(t *testing.T, srv Server) {
	s := open(t, srv.Config())
	inside, clan := srv.Inside(t), unique("b")[:6]
	var names []string
	for i := range 7 {
		names = append(names, srv.Add(t, Person{Under: inside, Login: fmt.Sprintf("%s%d", clan, i), Display: "Batch", Mail: clan + "@example.test"}).Login)
	}
	accent := srv.Add(t, Person{Under: inside, Login: clan + "é"}).Login
	fullWidth := strings.Replace(names[0], "0", "０", 1)
	t.Run("as Lookup says", func(t *testing.T) {
		asked := append([]string{strings.ToUpper(names[1]), accent, clan + "e", clan + "e\u0301", fullWidth, unique("none"), clan + "*", names[2] + ")(uid=*",
			names[3] + "\x00", "", " " + names[3], names[3] + " ", strings.Repeat("a", 257), "\\", "*"}, names...)
		agrees(t, s, asked)
	})
	t.Run("two that the server takes for one", func(t *testing.T) {
		srv.Add(t, Person{Under: srv.Outside(t), Login: clan + "twin"})
		if another(t, srv, inside, clan+"twin") { // where the server lets two have it
			agrees(t, s, append([]string{clan + "twin"}, names...))
		}
	})
	t.Run("many", func(t *testing.T) {
		asked := names
		for i := len(asked); i < directory.MostLogins; i++ {
			asked = append(asked, fmt.Sprintf("%s-none-%d", clan, i))
		}
		found, err := s.Logins(context.Background(), asked)
		if err != nil {
			t.Fatal(err)
		}
		there := 0
		for _, m := range found {
			if m.Err == nil {
				there++
			}
		}
		if len(found) != len(asked) || there != len(names) {
			t.Errorf("of %d names %d are answered and %d are there, which are %d", len(asked), len(found), there, len(names))
		}
		_, err = s.Logins(context.Background(), append(asked, "one-more"))
		wantKind(t, err, bot.Invalid)
	})
	t.Run("away", func(t *testing.T) {
		c := srv.Config()
		c.URLs, c.WriteTo = []string{"ldaps://" + nobody(t)}, ""
		_, err := open(t, c).Logins(context.Background(), names)
		wantKind(t, err, bot.Unavailable)
	})
}

// agrees compares each answer with Lookup's.
func agrees(t *testing.T, s *directory.Store, asked []string) {
	t.Helper()
	found, err := s.Logins(context.Background(), asked)
	if err != nil {
		t.Fatal(err)
	}
	for _, login := range asked {
		want, wantErr := s.Lookup(context.Background(), bot.FieldLogin, login)
		got := found[login]
		if bot.KindOf(got.Err) != bot.KindOf(wantErr) {
			t.Errorf("%q: %v, alone %v", login, got.Err, wantErr)
			continue
		}
		a := got.Account
		if a.ID != want.ID || a.Login != want.Login || a.DisplayName != want.DisplayName || a.Mail != want.Mail || a.DN != want.DN {
			t.Errorf("%q: %+v, alone %+v", login, a, want)
		}
	}
}

// another adds a second account with a login name, and reports whether the
// server lets it be: Active Directory keeps login names apart by itself.
func another(t *testing.T, srv Server, parent, login string) bool {
	t.Helper()
	if srv.Config().Kind == directory.ActiveDirectory {
		return false
	}
	srv.Add(t, Person{Under: parent, Login: login})
	return true
}
