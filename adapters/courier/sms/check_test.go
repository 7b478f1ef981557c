package sms_test

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"latchkey/adapters/courier/sms"
	sink "latchkey/adapters/playground/sms"
	"latchkey/bot"
)

func found(t *testing.T, c *sms.Courier, level bot.Level, says ...string) {
	t.Helper()
	all := c.Check(t.Context())
	if len(all) != 1 || all[0].Part != "sms" || all[0].Level != level {
		t.Errorf("found %+v, want one %s", all, level)
		return
	}
	said := all[0].What + " " + all[0].Mend
	for _, word := range says {
		if !strings.Contains(said, word) {
			t.Errorf("%q does not say %q", said, word)
		}
	}
	secretless(t, said)
}

func TestCheckTwilioSendsNothing(t *testing.T) {
	s, base := gateway(t)
	found(t, byTwilio(t, base), bot.LevelOK, "takes the credentials")
	wrong, err := sms.NewTwilio(sms.Twilio{AccountSID: account, AuthToken: "wrong", From: from, APIURL: base})
	if err != nil {
		t.Fatal(err)
	}
	found(t, wrong, bot.LevelFault, "credentials", "sms.twilio.account_sid and auth_token")
	for body, want := range map[string][2]string{
		`{"sid":"` + account + `","status":"suspended"}`:             {"fault", "suspended"},
		`{"sid":"` + account + `","status":"active","type":"Trial"}`: {"warning", "trial"},
		`{"sid":"AC2","status":"active"}`:                            {"fault", "not the gateway"},
		"<html>":                                                     {"fault", "not the gateway"},
	} {
		s.Fail(sink.Trouble{Status: http.StatusOK, Body: body})
		found(t, byTwilio(t, base), bot.Level(want[0]), want[1])
	}
	s.Fail(sink.Trouble{Status: http.StatusBadGateway})
	found(t, byTwilio(t, base), bot.LevelFault, "takes no message just now", "502")
	found(t, byTwilio(t, "http://127.0.0.1:1"), bot.LevelFault, "does not answer", "sms.twilio.api_url")
	if len(s.Messages(mei)) != 0 {
		t.Error("a check sends")
	}
}

func TestCheckWebhookConnects(t *testing.T) {
	asked := false
	handler := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true })
	found(t, byWebhook(t, serve(t, handler), nil), bot.LevelOK, "without TLS")
	server := httptest.NewTLSServer(handler)
	defer server.Close()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	found(t, byWebhook(t, server.URL, ca), bot.LevelOK, "over TLS", "first message")
	found(t, byWebhook(t, server.URL, nil), bot.LevelFault, "unknown authority", "sms.webhook.ca_file")
	found(t, byWebhook(t, "https://127.0.0.1:1", ca), bot.LevelFault, "does not answer", "sms.webhook.url")
	if asked {
		t.Error("the check sent a request")
	}
}
