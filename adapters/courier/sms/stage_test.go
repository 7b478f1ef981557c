package sms_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"latchkey/adapters/courier/sms"
	sink "latchkey/adapters/playground/sms"
	"latchkey/bot"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var _ bot.Courier = (*sms.Courier)(nil)

// What stands in a message and must stand in no error.
const (
	account = "AC00000000000000000000000000000001"
	token   = "canary-token"
	from    = "+12025550199"
	mei     = "+12025550123"
	text    = "canary 123456"
)

// gateway starts the stand-in.
func gateway(t *testing.T) (*sink.Sink, string) {
	t.Helper()
	s, err := sink.New(sink.Options{AccountSID: account, AuthToken: token, From: from, Header: "Authorization", HeaderValue: "Bearer " + token})
	if err != nil {
		t.Fatal(err)
	}
	return s, serve(t, s)
}

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

func byTwilio(t *testing.T, base string) *sms.Courier {
	t.Helper()
	c, err := sms.NewTwilio(sms.Twilio{AccountSID: account, AuthToken: token, From: from, APIURL: base})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func byWebhook(t *testing.T, address string, ca []byte) *sms.Courier {
	t.Helper()
	c, err := sms.NewWebhook(sms.Webhook{URL: address, Headers: map[string]string{"Authorization": "Bearer " + token}, CA: ca})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// both are a way by Twilio and one by webhook to the same server.
func both(t *testing.T, base string) map[string]*sms.Courier {
	return map[string]*sms.Courier{"twilio": byTwilio(t, base), "webhook": byWebhook(t, base+sink.WebhookPath, nil)}
}

// deliver sends the canaries and wants no error to repeat them.
func deliver(t *testing.T, ctx context.Context, c *sms.Courier) error {
	t.Helper()
	err := c.Deliver(ctx, mei, "canary subject", text)
	if err != nil {
		secretless(t, err.Error()+bot.TextOf(err))
	}
	return err
}

func secretless(t *testing.T, said string) {
	t.Helper()
	for _, secret := range []string{"canary", "123456", mei, strings.TrimPrefix(mei, "+"), account} {
		if strings.Contains(said, secret) {
			t.Errorf("%q is repeated: %s", secret, said)
		}
	}
}

// refusedWith demands an error of a kind, of which the agent reads one part
// and the log both.
func refusedWith(t *testing.T, err error, kind bot.Kind, what, mend string) {
	t.Helper()
	if bot.KindOf(err) != kind || !strings.Contains(bot.TextOf(err), what) {
		t.Errorf("answered %v (%s), want %s: %s", err, bot.KindOf(err), kind, what)
		return
	}
	if mend != "" && !strings.Contains(err.Error(), mend) {
		t.Errorf("the log does not say how to mend it (%s): %v", mend, err)
	}
	if strings.Contains(bot.TextOf(err), "sms.") || strings.Contains(bot.TextOf(err), "HTTP") {
		t.Errorf("whoever waits for the message reads %q: mending it is not his", bot.TextOf(err))
	}
}
