package conformance

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"latchkey/bot"
	"latchkey/store/directory"
)

// find: parts of names, words, domains, order and pages.
func find(t *testing.T, h Harness) {
	srv := h.Shared(t)
	s := open(t, srv.Config())
	family := unique("tan")
	inside := srv.Inside(t)
	mei := srv.Add(t, Person{Under: inside, First: "Mei Lin", Last: family, Display: "Lin Mei " + family, Mail: "mei." + family + "@mail.example.test"})
	ana := srv.Add(t, Person{Under: srv.Outside(t), First: "Ana", Last: family, Display: "ana " + family})
	domain := byLogin(t, s, mei.Login).Domain

	t.Run("parts", func(t *testing.T) {
		for _, text := range []string{family[1:], strings.ToUpper(family), "  " + family + "  ", "A " + family} {
			wantLogins(t, s, text, ana.Login, mei.Login)
		}
		for _, text := range []string{"ei lin " + family, family + " MEI", "mei." + family + "@", mei.Login, mei.Login[1:],
			"Lin Mei " + family, mei.Login + "@" + domain, strings.ToUpper(mei.Login + "@" + domain), h.Short + `\` + mei.Login, domain + `\` + mei.Login} {
			wantLogins(t, s, text, mei.Login)
		}
		for _, text := range []string{"mei " + ana.Login + " " + family, family + family, h.Short + `\` + mei.Login[1:], `elsewhere\` + mei.Login, mei.Login + "@elsewhere.test"} {
			wantLogins(t, s, text)
		}
		if !h.UPN { // else it is part of that
			wantLogins(t, s, mei.Login[1:]+"@"+domain)
		}
	})
	t.Run("people alone", func(t *testing.T) {
		name := unique("room")
		srv.AddGroup(t, srv.GroupBase(t), name)
		wantLogins(t, s, name)
	})
	t.Run("fields", func(t *testing.T) {
		a := byLogin(t, s, mei.Login)
		if a.First != "Mei Lin" || a.Last != family || a.DisplayName != "Lin Mei "+family || a.Mail != "mei."+family+"@mail.example.test" {
			t.Errorf("the account reads %+v", a)
		}
		if !a.DN.Under(canonical(t, inside)) || a.ID.Store != srv.Config().Name || len(a.ID.GUID) != 36 {
			t.Errorf("the account is %s %s", a.ID, a.DN)
		}
		if bare := byLogin(t, s, srv.Add(t, Person{Under: inside}).Login); bare.DisplayName == "" {
			t.Error("an account without a display name has none to show")
		}
	})
	t.Run("pages", func(t *testing.T) { pages(t, srv, s) })
}

func pages(t *testing.T, srv Server, s *directory.Store) {
	clan := unique("wu")
	container := srv.Inside(t)
	var want []string
	for i := range 7 {
		// The second letter's case must not count, and neither the order of making.
		display := fmt.Sprintf("%c%c %s", 'G'-rune(i), "oO"[i%2], clan)
		want = append([]string{srv.Add(t, Person{Under: container, Last: clan, Display: display}).Login}, want...)
	}
	var got []string
	for offset := 0; offset < 9; offset += 3 {
		hits, err := s.Find(context.Background(), bot.Query{Text: clan, Offset: offset, Limit: 3})
		if err != nil || hits.Total != 7 || hits.Cut {
			t.Fatalf("page at %d: %+v, %v", offset, hits, err)
		}
		for _, a := range hits.Accounts {
			got = append(got, a.Login)
		}
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("the pages gave %q, expected %q", got, want)
	}
	if hits, err := s.Find(context.Background(), bot.Query{Text: clan, Offset: 99, Limit: 1}); err != nil || len(hits.Accounts) != 0 || hits.Total != 7 {
		t.Errorf("beyond the end: %+v, %v", hits, err)
	}
	for _, q := range []bot.Query{{Text: clan}, {Text: clan, Limit: 501}, {Limit: 1}, {Text: clan, Limit: 1, Offset: -1}} {
		_, err := s.Find(context.Background(), q)
		wantKind(t, err, bot.Invalid)
	}
}
