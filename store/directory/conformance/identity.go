package conformance

import (
	"context"
	"strings"
	"testing"

	"latchkey/bot"
	"latchkey/store/directory"
)

func canonical(tb testing.TB, dn string) bot.DN {
	tb.Helper()
	c, err := directory.Canonical(dn)
	if err != nil {
		tb.Fatalf("%s: %v", dn, err)
	}
	return c
}

// identity: the immutable id outlives names and places, and is nobody else's.
func identity(t *testing.T, h Harness) {
	srv := h.Shared(t)
	s := open(t, srv.Config())
	ctx := context.Background()
	who := srv.Add(t, Person{Under: srv.Inside(t), Display: "Before"})
	a := byLogin(t, s, who.Login)
	if a.ID.GUID != strings.ToLower(a.ID.GUID) {
		t.Errorf("the id is %s", a.ID.GUID)
	}
	moved := srv.Move(t, who.DN, srv.Outside(t))
	srv.Set(t, moved, "displayName", "After")
	for name, read := range map[string]func(context.Context, string) (bot.Account, error){"Account": s.Account, "Written": s.Written} {
		b, err := read(ctx, a.ID.GUID)
		if err != nil || b.ID != a.ID || b.DN != canonical(t, moved) || b.DisplayName != "After" {
			t.Errorf("%s after moving: %+v, %v", name, b, err)
		}
	}
	group := srv.AddGroup(t, srv.GroupBase(t), unique("g"))
	srv.Delete(t, moved)
	again := srv.Add(t, Person{Under: srv.Inside(t), Login: who.Login})
	for _, guid := range []string{a.ID.GUID, "", "*", "00000000-0000-0000-0000-000000000000", strings.ToUpper(a.ID.GUID), a.ID.GUID[:35], a.ID.GUID + "0",
		strings.ReplaceAll(a.ID.GUID, "-", ""), again.DN, group, "*)(objectClass=*"} {
		_, err := s.Account(ctx, guid)
		wantKind(t, err, bot.NotFound)
		_, err = s.Written(ctx, guid)
		wantKind(t, err, bot.NotFound)
		_, err = s.Groups(ctx, guid)
		wantKind(t, err, bot.NotFound)
	}
	if b := byLogin(t, s, again.Login); b.ID == a.ID {
		t.Error("a new account with an old name has the old id")
	}
}

// lookup: exactly one, or none, or a conflict.
func lookup(t *testing.T, h Harness) {
	srv := h.Shared(t)
	s := open(t, srv.Config())
	ctx := context.Background()
	word := unique("m")
	who := srv.Add(t, Person{Under: srv.Inside(t), Mail: word + "@example.test", Link: word})
	a := byLogin(t, s, who.Login)
	values := map[bot.Field]string{bot.FieldLogin: who.Login, bot.FieldMail: word + "@example.test", bot.FieldLink: word, bot.FieldDN: who.DN}
	if h.UPN {
		values[bot.FieldUPN] = who.Login + "@" + a.Domain
	}
	for field, value := range values {
		got, err := s.Lookup(ctx, field, value)
		if err != nil || got.ID != a.ID {
			t.Errorf("%s %s: %s, %v", field, value, got.ID, err)
		}
	}
	if got, err := s.Lookup(ctx, bot.FieldDN, string(a.DN)); err != nil || got.ID != a.ID {
		t.Errorf("by the canonical name: %s, %v", got.ID, err)
	}
	twin := srv.Add(t, Person{Under: srv.Outside(t), Mail: word + "@example.test", Link: word})
	for _, field := range []bot.Field{bot.FieldMail, bot.FieldLink} {
		_, err := s.Lookup(ctx, field, values[field])
		wantKind(t, err, bot.Conflict)
	}
	base := srv.Config().Base
	for field, value := range map[bot.Field]string{bot.FieldLogin: unique("none"), bot.FieldMail: unique("none") + "@example.test", bot.FieldDN: "cn=nobody," + base} {
		_, err := s.Lookup(ctx, field, value)
		wantKind(t, err, bot.NotFound)
	}
	for _, dn := range []string{base, "dc=elsewhere,dc=test", "nonsense=1," + base, twin.DN + ",dc=x", srv.AddGroup(t, srv.GroupBase(t), unique("g"))} {
		_, err := s.Lookup(ctx, bot.FieldDN, dn)
		wantKind(t, err, bot.NotFound)
	}
	for _, dn := range []string{"", "mei", "=", ",", "cn=a\x00," + base} {
		_, err := s.Lookup(ctx, bot.FieldDN, dn)
		wantKind(t, err, bot.Invalid)
	}
	_, err := s.Lookup(ctx, bot.Field("other"), "x")
	wantKind(t, err, bot.Invalid)
	c := srv.Config()
	c.LinkAttribute = ""
	_, err = open(t, c).Lookup(ctx, bot.FieldLink, word)
	wantKind(t, err, bot.Invalid)
}
