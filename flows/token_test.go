package flows

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/bot"
	"latchkey/bot/bottest"
)

var nine = time.Date(2026, time.November, 2, 9, 0, 0, 0, time.UTC)

const someone = "slack:T1:U1"

func sealed(t testing.TB, k ticket) string {
	t.Helper()
	token, err := sealTicket(bottest.Vault{}, k)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestToken(t *testing.T) {
	k := ticket{record: "s1", version: 7, actor: someone, expires: nine.Add(5 * time.Minute)}
	token := sealed(t, k)
	part := strings.Split(token, ".")
	swap := func(i int, with string) string {
		p := append([]string(nil), part...)
		p[i] = with
		return strings.Join(p, ".")
	}
	other := strings.Split(sealed(t, ticket{record: "s2", version: 7, actor: someone, expires: k.expires}), ".")
	for name, c := range map[string]struct {
		token string
		actor string
		at    time.Time
		want  bot.Kind
	}{
		"good":                      {token, someone, nine, ""},
		"in its last second":        {token, someone, k.expires, ""},
		"past its time":             {token, someone, k.expires.Add(time.Second), bot.Expired},
		"somebody else's":           {token, "slack:T1:U2", nine, bot.Denied},
		"somebody else's, past":     {token, "slack:T1:U2", k.expires.Add(time.Hour), bot.Denied},
		"another tenant's":          {token, "slack:T2:U1", nine, bot.Denied},
		"another platform's":        {token, "teams:T1:U1", nine, bot.Denied},
		"none":                      {"", someone, nine, bot.Denied},
		"dots":                      {"...", someone, nine, bot.Denied},
		"one part more":             {token + ".", someone, nine, bot.Denied},
		"one part less":             {strings.Join(part[:3], "."), someone, nine, bot.Denied},
		"another record":            {swap(0, "s2"), someone, nine, bot.Denied},
		"a hash of another record":  {swap(3, other[3]), someone, nine, bot.Denied},
		"no hash":                   {swap(3, ""), someone, nine, bot.Denied},
		"half a hash":               {swap(3, part[3][:20]), someone, nine, bot.Denied},
		"later version":             {swap(1, "8"), someone, nine, bot.Denied},
		"the version with a sign":   {swap(1, "+7"), someone, nine, bot.Denied},
		"the version with a zero":   {swap(1, "07"), someone, nine, bot.Denied},
		"the version as hex":        {swap(1, "0x7"), someone, nine, bot.Denied},
		"longer life":               {swap(2, strconv.FormatInt(k.expires.Unix()+3600, 10)), someone, nine, bot.Denied},
		"a life beyond all numbers": {swap(2, strings.Repeat("9", 30)), someone, nine, bot.Denied},
		"a hash with a line break":  {token + "\n", someone, nine, bot.Denied},
		"a hash with padding":       {token + "=", someone, nine, bot.Denied},
		"very long":                 {token + strings.Repeat("A", 100000), someone, nine, bot.Denied},
	} {
		got, err := openTicket(bottest.Vault{}, c.token, c.actor, c.at)
		if bot.KindOf(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if err == nil && (got.record != "s1" || got.version != 7) {
			t.Errorf("%s: read as %+v", name, got)
		}
	}
}

// TestTokenBindsAll: a token opens for what it was sealed for, and any change
// of a single bit of it is refused.
func TestTokenBindsAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := ticket{record: rapid.StringMatching(`[0-9A-Za-z_-]{1,40}`).Draw(t, "record"),
			version: rapid.Int64Range(0, math.MaxInt64).Draw(t, "version"),
			actor:   rapid.String().Draw(t, "actor"), expires: nine.Add(time.Minute)}
		token, err := sealTicket(bottest.Vault{}, k)
		if err != nil || len(token) > 200 {
			t.Fatalf("token %q: %v", token, err)
		}
		got, err := openTicket(bottest.Vault{}, token, k.actor, nine)
		if err != nil || got.record != k.record || got.version != k.version || !got.expires.Equal(k.expires) {
			t.Fatalf("sealed %+v, opened %+v: %v", k, got, err)
		}
		forged := []byte(token)
		forged[rapid.IntRange(0, len(forged)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, err := openTicket(bottest.Vault{}, string(forged), k.actor, nine); bot.KindOf(err) != bot.Denied {
			t.Fatalf("%q was forged to %q: %v", token, forged, err)
		}
		if _, err := openTicket(bottest.Vault{}, token[:rapid.IntRange(0, len(token)-1).Draw(t, "cut")], k.actor, nine); bot.KindOf(err) != bot.Denied {
			t.Fatalf("a cut token: %v", err)
		}
	})
}

// FuzzToken: no text but a sealed token opens, and none is a panic.
func FuzzToken(f *testing.F) {
	good := sealed(f, ticket{record: "s1", version: 7, actor: someone, expires: nine.Add(time.Minute)})
	for _, seed := range []string{good, "", "...", "a.1.2.b", good + "\r\n", strings.Replace(good, ".7.", ".+7.", 1), "s1.9223372036854775808.0.AA"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, token string) {
		k, err := openTicket(bottest.Vault{}, token, someone, nine)
		if err == nil && token != sealed(t, k) {
			t.Fatalf("%q opens, and is not what was sealed", token)
		}
		if kind := bot.KindOf(err); err != nil && kind != bot.Denied && kind != bot.Expired {
			t.Fatalf("%q: %v", token, err)
		}
	})
}
