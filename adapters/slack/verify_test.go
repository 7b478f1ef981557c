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
	signature, _, why := newVerifier([]string{"the new secret", secret}).check(h, []byte(body), time.Unix(1531420618, 0))
	if why != "" || signature != want {
		t.Errorf("check gives %q, %v", signature, why)
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
		why    refusal
	}{
		"new secret":               {good("new", stamp), ""},
		"old secret":               {good("old", stamp), ""},
		"5 minutes old":            {good("new", at(-5*time.Minute)), ""},
		"5 minutes early":          {good("new", at(5*time.Minute)), ""},
		"a second too old":         {good("new", at(-5*time.Minute-time.Second)), stale},
		"a second too early":       {good("new", at(5*time.Minute+time.Second)), stale},
		"another secret":           {good("other", stamp), forged},
		"empty secret":             {good("", stamp), forged},
		"no header":                {http.Header{}, unsigned},
		"no signature":             {with(good("new", stamp), headerSignature), unsigned},
		"no timestamp":             {with(good("new", stamp), headerTimestamp), unsigned},
		"two signatures":           {with(good("new", stamp), headerSignature, signature, "v0=00"), unsigned},
		"the same signature twice": {with(good("new", stamp), headerSignature, signature, signature), unsigned},
		"two timestamps":           {with(good("new", stamp), headerTimestamp, stamp, stamp), unsigned},
		"signatures in one header": {with(good("new", stamp), headerSignature, signature+", "+signature), forged},
		"version 1":                {with(good("new", stamp), headerSignature, "v1"+signature[2:]), forged},
		"upper case":               {with(good("new", stamp), headerSignature, "V0"+signature[2:]), forged},
		"cut short":                {with(good("new", stamp), headerSignature, signature[:40]), forged},
		"signed with a plus":       {good("new", "+"+stamp), unsigned},
		"signed with a minus":      {good("new", "-"+stamp), unsigned},
		"signed with a space":      {good("new", stamp+" "), unsigned},
		"signed with a point":      {good("new", stamp+".0"), unsigned},
		"in hexadecimal":           {good("new", "0x6b49d200"), unsigned},
		"in another script":        {good("new", "١٨٠٠٠٠٠٠٠٠"), unsigned},
		"empty timestamp":          {good("new", ""), unsigned},
		"far beyond":               {good("new", "99999999999999999999"), unsigned},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if signature, _, why := v.check(c.header, body, now); why != c.why || (why == "") != (signature != "") {
				t.Errorf("check says %q, want %q", why, c.why)
			}
		})
	}
	t.Run("another body", func(t *testing.T) {
		if _, _, why := v.check(good("new", stamp), []byte("command=%2Fother"), now); why != forged {
			t.Error("a body that was not signed is taken")
		}
	})
}
