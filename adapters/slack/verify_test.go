package slack

import (
	"net/http"
	"strconv"
	"testing"
	"time"
)

// The example that Slack publishes
// (docs.slack.dev/authentication/verifying-requests-from-slack).
func TestPublishedSignature(t *testing.T) {
	const (
		secret = "8f742231b10e8888abcd99yyyzzz85a5"
		stamp  = "1531420618"
		body   = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar" +
			"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com" +
			"%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
		want = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
	)
	h := http.Header{}
	h.Set(headerSignature, want)
	h.Set(headerTimestamp, stamp)
	signature, ok := newVerifier([]string{"the new secret", secret}).check(h, []byte(body), time.Unix(1531420618, 0))
	if !ok || signature != want {
		t.Errorf("check gives %q, %v", signature, ok)
	}
}

func TestSignatures(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	body := []byte("command=%2Funlock")
	v := newVerifier([]string{"new", "old"})
	stamp := strconv.FormatInt(now.Unix(), 10)
	good := func(secret, stamp string) http.Header {
		h := http.Header{}
		h.Set(headerTimestamp, stamp)
		h.Set(headerSignature, string(signatureOf([]byte(secret), stamp, body)))
		return h
	}
	with := func(h http.Header, key string, values ...string) http.Header {
		h[http.CanonicalHeaderKey(key)] = values
		return h
	}
	at := func(d time.Duration) string { return strconv.FormatInt(now.Add(d).Unix(), 10) }
	signature := good("new", stamp).Get(headerSignature)
	cases := map[string]struct {
		header http.Header
		ok     bool
	}{
		"new secret":               {good("new", stamp), true},
		"old secret":               {good("old", stamp), true},
		"5 minutes old":            {good("new", at(-5*time.Minute)), true},
		"5 minutes early":          {good("new", at(5*time.Minute)), true},
		"a second too old":         {good("new", at(-5*time.Minute-time.Second)), false},
		"a second too early":       {good("new", at(5*time.Minute+time.Second)), false},
		"another secret":           {good("other", stamp), false},
		"empty secret":             {good("", stamp), false},
		"no header":                {http.Header{}, false},
		"no signature":             {with(good("new", stamp), headerSignature), false},
		"no timestamp":             {with(good("new", stamp), headerTimestamp), false},
		"two signatures":           {with(good("new", stamp), headerSignature, signature, "v0=00"), false},
		"the same signature twice": {with(good("new", stamp), headerSignature, signature, signature), false},
		"two timestamps":           {with(good("new", stamp), headerTimestamp, stamp, stamp), false},
		"signatures in one header": {with(good("new", stamp), headerSignature, signature+", "+signature), false},
		"version 1":                {with(good("new", stamp), headerSignature, "v1"+signature[2:]), false},
		"upper case":               {with(good("new", stamp), headerSignature, "V0"+signature[2:]), false},
		"cut short":                {with(good("new", stamp), headerSignature, signature[:40]), false},
		"signed with a plus":       {good("new", "+"+stamp), false},
		"signed with a minus":      {good("new", "-"+stamp), false},
		"signed with a space":      {good("new", stamp+" "), false},
		"signed with a point":      {good("new", stamp+".0"), false},
		"in hexadecimal":           {good("new", "0x6b49d200"), false},
		"in another script":        {good("new", "١٨٠٠٠٠٠٠٠٠"), false},
		"empty timestamp":          {good("new", ""), false},
		"far beyond":               {good("new", "99999999999999999999"), false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if _, ok := v.check(c.header, body, now); ok != c.ok {
				t.Errorf("check says %v, want %v", ok, c.ok)
			}
		})
	}
	t.Run("another body", func(t *testing.T) {
		if _, ok := v.check(good("new", stamp), []byte("command=%2Fother"), now); ok {
			t.Error("a body that was not signed is taken")
		}
	})
}
