package conformance

import (
	"context"
	"strings"
	"testing"

	"latchkey/bot"
)

// hostile: texts that are made to be somebody else's.
func hostile(t *testing.T, h Harness) {
	srv := h.Shared(t)
	s := open(t, srv.Config())
	inside := srv.Inside(t)
	login := unique("alice")
	alice := srv.Add(t, Person{Under: inside, Login: login, First: login, Last: "Ng", Mail: login + "@example.test", Link: login + "-7"})
	full := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r - 'a' + 'ａ'
		}
		return r
	}, login)

	t.Run("refused", func(t *testing.T) {
		for _, text := range []string{"", "  ", "\n", login + "\x00", "\x00", login[:3] + "\x00" + login[3:], login + "\nx", "\x1b" + login, login + "\x7f",
			"\u202e" + login, login + "\u200f", "\u2066" + login + "\u2069", login[:2] + "\u200b" + login[2:], login + "\u00ad", "\ufeff" + login, login + "\u2028x",
			login + "\xff", strings.Repeat("a", 257), strings.Repeat(login, 1000), strings.Repeat("\\", 10<<10), strings.Repeat("a ", 100)} {
			_, err := s.Find(context.Background(), bot.Query{Text: text, Limit: 10})
			wantKind(t, err, bot.Invalid)
			for _, f := range []bot.Field{bot.FieldLogin, bot.FieldMail, bot.FieldLink} {
				if strings.Contains(text, " ") && strings.TrimSpace(text) != "" {
					continue // many words are no value, and no harm
				}
				_, err := s.Lookup(context.Background(), f, text)
				wantKind(t, err, bot.Invalid)
			}
		}
	})
	t.Run("literal", func(t *testing.T) {
		wantLogins(t, s, login, login)
		for _, text := range []string{"*", login + "*", "*" + login, login[:3] + "*" + login[3:], login + ")(uid=*", "*)(objectClass=*", login + "))(|(cn=*",
			`\2a`, login + `\2a`, `\`, login + `\`, `\00`, login + "(", ")" + login, "&", "|" + login, "!" + login, login + `\5c`,
			full[:3] + login, login + "ﬀ", login + "\u0301", login + "\u034f", "\u034f" + login, login + "\ufe0f", login + "\u115f"} {
			got := logins(t, s, text)
			for _, found := range got {
				if found == login {
					t.Errorf("searching %q found %q", text, found)
				}
			}
		}
	})
	t.Run("full width", func(t *testing.T) {
		for _, text := range []string{full, full[:3] + login[1:], strings.ToUpper(full), full + "＠example．test"} {
			wantLogins(t, s, text, login)
		}
		wantLogins(t, s, login+"＊")
	})
	t.Run("values", func(t *testing.T) {
		for field, value := range map[bot.Field]string{bot.FieldLogin: login, bot.FieldMail: login + "@example.test", bot.FieldLink: login + "-7"} {
			if a, err := s.Lookup(context.Background(), field, strings.ToUpper(value)); err != nil || a.Login != login {
				t.Errorf("%s %q: %s, %v", field, value, a.Login, err)
			}
			for _, other := range []string{"*", value[:4] + "*", value[:len(value)-1], value + ")", value + " ", " " + value, value[:1] + "  " + value[1:], `\` + value,
				strings.Replace(value, login, full, 1), value + "\u0301", value + "\u034f", value + "\ufe0f", strings.Replace(value, "i", "ı", 1), strings.Replace(value, "i", "İ", 1)} {
				a, err := s.Lookup(context.Background(), field, other)
				if bot.KindOf(err) != bot.NotFound {
					t.Errorf("%s %q: %s, %v, expected %s", field, other, a.Login, err, bot.NotFound)
				}
			}
		}
	})
	t.Run("names that hold them", func(t *testing.T) {
		odd := unique("q")
		people := map[string]string{}
		for _, display := range []string{odd + " (Ext)", odd + ` back\slash`, odd + " star*", odd + " ＦＵＬＬ", odd + " a,b+c=d", odd + ` "quoted" <x>;#`, odd + " Ælfrēd Ωσς"} {
			people[display] = srv.Add(t, Person{Under: inside, Display: display, Last: odd}).Login
		}
		for display, who := range people {
			wantLogins(t, s, display, who)
			wantLogins(t, s, strings.ToLower(display), who)
		}
		wantLogins(t, s, odd+" full")
	})
	if err := srv.Bind(alice.DN, alice.Password); err != nil {
		t.Errorf("after all that alice cannot sign in: %v", err)
	}
}
