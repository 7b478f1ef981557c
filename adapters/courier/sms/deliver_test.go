package sms_test

import (
	"context"
	"encoding/pem"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"latchkey/adapters/courier/sms"
	sink "latchkey/adapters/playground/sms"
	"latchkey/bot"
)

func TestDeliver(t *testing.T) {
	for _, by := range []string{"twilio", "webhook"} {
		s, base := gateway(t)
		if err := deliver(t, t.Context(), both(t, base)[by]); err != nil {
			t.Fatal(err)
		}
		got := s.Messages(mei)
		if len(got) != 1 || got[0].Text != text || by == "twilio" && got[0].From != from {
			t.Errorf("by %s the phone shows %+v", by, got)
		}
	}
}

func TestDeliverReadsTwiliosErrors(t *testing.T) {
	for _, c := range []struct {
		code       int
		kind       bot.Kind
		what, mend string
	}{
		{21211, bot.NotFound, "No phone has this number", ""},
		{21610, bot.Invalid, "unsubscribed", ""},
		{21614, bot.Invalid, "not that of a mobile phone", ""},
		{21408, bot.Unavailable, "does not send to this country", "geographic permissions"},
		{21606, bot.Unavailable, "refuses Latchkey as a sender", "sms.twilio.from"},
		{20003, bot.Unavailable, "refuses Latchkey's credentials", "auth_token"},
		{20005, bot.Unavailable, "suspended", "account's page"},
		{20429, bot.Throttled, "takes no more", ""},
		{21611, bot.Throttled, "takes no more", ""},
		{21699, bot.Invalid, "refuses this message", ""},
		{30003, bot.Unavailable, "switched off or out of reach", ""},
		{30004, bot.Invalid, "phone refuses", ""},
		{30005, bot.NotFound, "No phone has this number", ""},
		{30006, bot.Invalid, "not that of a mobile phone", ""},
		{30007, bot.Unavailable, "does not carry", "registered"},
		{39999, bot.Unavailable, "could not be delivered", "errors/39999"},
	} {
		s, base := gateway(t)
		s.Refuse(mei, c.code)
		err := deliver(t, t.Context(), byTwilio(t, base))
		refusedWith(t, err, c.kind, c.what, c.mend)
		if len(s.Messages(mei)) != 0 {
			t.Errorf("%d: the message arrived", c.code)
		}
	}
}

func TestDeliverReadsStrangeAnswers(t *testing.T) {
	const login = `{"code": 20003, "message": "canary 123456 +12025550123"}`
	for _, c := range []struct {
		by         string // "": both
		trouble    sink.Trouble
		kind       bot.Kind
		what, mend string
	}{
		{"", sink.Trouble{Status: 500, Body: "canary"}, bot.Unavailable, "takes no message just now", "log and status"},
		{"", sink.Trouble{Status: 503}, bot.Unavailable, "takes no message just now", "log and status"},
		{"", sink.Trouble{Status: 401, Body: login}, bot.Unavailable, "refuses Latchkey's credentials", "correct sms."},
		{"", sink.Trouble{Status: 403}, bot.Unavailable, "refuses Latchkey's credentials", "correct sms."},
		{"", sink.Trouble{Status: 404, Body: "canary"}, bot.Unavailable, "not where Latchkey looks", "correct sms."},
		{"", sink.Trouble{Status: 302, Headers: map[string]string{"Location": "http://127.0.0.1:1/canary"}}, bot.Unavailable, "has moved", "redirects"},
		{"twilio", sink.Trouble{Status: 200, Body: "<html>canary</html>"}, bot.Unavailable, "not the gateway", "in between"},
		{"twilio", sink.Trouble{Status: 201, Body: `{"status": "queued"}`}, bot.Unavailable, "not the gateway", "in between"},
		{"twilio", sink.Trouble{Status: 201, Body: `{"sid": "SM1", "status": "failed"}`}, bot.Unavailable, "could not be delivered", "Twilio's log"},
		{"twilio", sink.Trouble{Status: 400, Body: "canary"}, bot.Invalid, "refuses this message", ""},
		{"webhook", sink.Trouble{Status: 422, Body: "canary"}, bot.Invalid, "refuses to send to this number", ""},
		{"webhook", sink.Trouble{Status: 415}, bot.Unavailable, "not where Latchkey looks", "sms.webhook.url"},
	} {
		s, base := gateway(t)
		s.Fail(c.trouble)
		for by, courier := range both(t, base) {
			if c.by == "" || c.by == by {
				refusedWith(t, deliver(t, t.Context(), courier), c.kind, c.what, c.mend)
			}
		}
	}
}

func TestDeliverTellsHowLongToWait(t *testing.T) {
	later := time.Now().Add(90 * time.Second).UTC().Format(http.TimeFormat)
	for said, want := range map[string][2]time.Duration{
		"7": {7 * time.Second, 7 * time.Second}, later: {80 * time.Second, 90 * time.Second}, "": {0, 0}, "-3": {0, 0}, "soon": {0, 0},
		"99999999": {time.Hour, time.Hour}, "Mon, 02 Jan 2006 15:04:05 GMT": {0, 0}, "99999999999999999999": {0, 0},
	} {
		s, base := gateway(t)
		s.Fail(sink.Trouble{Status: 429, Headers: map[string]string{"Retry-After": said}})
		for by, courier := range both(t, base) {
			err := deliver(t, t.Context(), courier)
			var e *bot.Error
			if !errors.As(err, &e) || e.Kind != bot.Throttled || e.RetryAfter < want[0] || e.RetryAfter > want[1] {
				t.Errorf("%s with %q: %v, wait %v", by, said, err, e.RetryAfter)
			}
		}
	}
}

func TestDeliverFollowsNoRedirect(t *testing.T) {
	var asked atomic.Int32
	other := serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	for _, status := range []int{301, 302, 303, 307, 308} {
		s, base := gateway(t)
		s.Fail(sink.Trouble{Status: status, Headers: map[string]string{"Location": other}})
		for _, courier := range both(t, base) {
			refusedWith(t, deliver(t, t.Context(), courier), bot.Unavailable, "has moved", "")
		}
	}
	if asked.Load() != 0 {
		t.Error("credentials and code were carried to another address")
	}
}

func TestDeliverEndsInTime(t *testing.T) {
	s, base := gateway(t)
	s.Fail(sink.Trouble{Delay: time.Minute})
	trickle := serve(t, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.WriteHeader(http.StatusCreated)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-r.Context().Done():
				return
			case <-tick.C:
				if _, err := rw.Write([]byte(" ")); err != nil {
					return
				}
				_ = http.NewResponseController(rw).Flush()
			}
		}
	}))
	for _, way := range []struct{ name, base string }{{"silent", base}, {"trickling", trickle}} {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			began := time.Now()
			refusedWith(t, deliver(t, ctx, byTwilio(t, way.base)), bot.Unavailable, "does not answer", "time was up")
			if took := time.Since(began); took > 3*time.Second {
				t.Errorf("with half a second to go it took %v", took)
			}
			began = time.Now()
			refusedWith(t, deliver(t, t.Context(), byTwilio(t, way.base)), bot.Unavailable, "does not answer", "time was up")
			if took := time.Since(began); took < 8*time.Second || took > 11*time.Second {
				t.Errorf("it took %v, expected 10 s", took)
			}
		})
	}
}

// TestDeliverToWhatSpeaksNoHTTP: what such a server says may be anything.
func TestDeliverToWhatSpeaksNoHTTP(t *testing.T) {
	for _, says := range []string{"220 canary 123456\r\n", "HTTP/1.1 abc canary\r\n\r\n", "", "HTTP/1.1 201 Created\r\nContent-Length: 99\r\n\r\ncanary"} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				buffer := make([]byte, 4096)
				_, _ = conn.Read(buffer)
				_, _ = conn.Write([]byte(says))
				_ = conn.Close()
			}
		}()
		for _, courier := range both(t, "http://"+l.Addr().String()) {
			refusedWith(t, deliver(t, t.Context(), courier), bot.Unavailable, "does not answer", "see that sms.")
		}
		_ = l.Close()
		<-done
		for _, courier := range both(t, "http://"+l.Addr().String()) {
			refusedWith(t, deliver(t, t.Context(), courier), bot.Unavailable, "does not answer", "refused")
		}
	}
}

func TestDeliverOverTLS(t *testing.T) {
	s, err := sink.New(sink.Options{AccountSID: account, AuthToken: token, From: from, Header: "Authorization", HeaderValue: "Bearer " + token})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewTLSServer(s)
	defer server.Close()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := deliver(t, t.Context(), byWebhook(t, server.URL+sink.WebhookPath, ca)); err != nil || len(s.Messages(mei)) != 1 {
		t.Fatalf("with the authority: %v", err)
	}
	refusedWith(t, deliver(t, t.Context(), byWebhook(t, server.URL+sink.WebhookPath, nil)), bot.Unavailable, "encrypted connection", "sms.webhook.ca_file")
	named := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	refusedWith(t, deliver(t, t.Context(), byWebhook(t, named+sink.WebhookPath, ca)), bot.Unavailable, "encrypted connection", "another name")
	plain := serve(t, s)
	refusedWith(t, deliver(t, t.Context(), byWebhook(t, strings.Replace(plain, "http:", "https:", 1), ca)), bot.Unavailable, "gateway of text messages", "sms.webhook.url")
	if len(s.Messages(mei)) != 1 {
		t.Error("a message went over a connection that is not trusted")
	}
}

func TestOnlyOneNumberIsTaken(t *testing.T) {
	s, base := gateway(t)
	for _, to := range []string{"", "mei", "2025550123", "+1 202 555 0123", mei + ",+12025550124", mei + "\r\nX: y", "+\uff11\uff12025550123", "whatsapp:" + mei, "+1", "+01234567890", mei + "00000000"} {
		for by, courier := range both(t, base) {
			if err := courier.Deliver(t.Context(), to, "", text); bot.KindOf(err) != bot.Invalid || !strings.Contains(bot.TextOf(err), "not one international mobile number") {
				t.Errorf("%s to %q: %v", by, to, err)
			}
		}
	}
	if len(s.Messages(mei)) != 0 {
		t.Error("something was sent")
	}
}

func TestNewNamesTheKeyToMend(t *testing.T) {
	twilio := sms.Twilio{AccountSID: account, AuthToken: token, From: from, APIURL: "https://api.twilio.com"}
	for _, c := range []struct {
		key    string
		change func(*sms.Twilio)
	}{
		{"api_url", func(t *sms.Twilio) { t.APIURL = "" }},
		{"api_url", func(t *sms.Twilio) { t.APIURL = "http://api.twilio.com" }},
		{"api_url", func(t *sms.Twilio) { t.APIURL = "http://127.0.0.1.example.com" }},
		{"api_url", func(t *sms.Twilio) { t.APIURL = "https://user:canary@api.twilio.com" }},
		{"api_url", func(t *sms.Twilio) { t.APIURL = "ftp://api.twilio.com" }},
		{"account_sid", func(t *sms.Twilio) { t.AccountSID = "" }},
		{"account_sid", func(t *sms.Twilio) { t.AccountSID = "AC1/../AC2" }},
		{"auth_token", func(t *sms.Twilio) { t.AuthToken = "" }},
		{"from", func(t *sms.Twilio) { t.From = "Helpdesk" }},
	} {
		changed := twilio
		c.change(&changed)
		if _, err := sms.NewTwilio(changed); bot.KindOf(err) != bot.Invalid || !strings.Contains(bot.TextOf(err), "sms.twilio."+c.key) {
			t.Errorf("%+v answered %v", changed, err)
		}
	}
	for _, c := range []struct {
		key string
		w   sms.Webhook
	}{
		{"url", sms.Webhook{URL: "http://sms.example.com/send"}},
		{"url", sms.Webhook{URL: "sms.example.com"}},
		{"headers", sms.Webhook{URL: "https://sms.example.com", Headers: map[string]string{"X Key": "v"}}},
		{"headers", sms.Webhook{URL: "https://sms.example.com", Headers: map[string]string{"X-Key": "canary\r\nX: y"}}},
		{"headers", sms.Webhook{URL: "https://sms.example.com", Headers: map[string]string{"Host": "other"}}},
		{"ca_file", sms.Webhook{URL: "https://sms.example.com", CA: []byte("no certificate")}},
	} {
		_, err := sms.NewWebhook(c.w)
		if bot.KindOf(err) != bot.Invalid || !strings.Contains(bot.TextOf(err), "sms.webhook."+c.key) {
			t.Errorf("%+v answered %v", c.w, err)
		}
		secretless(t, err.Error())
	}
}
