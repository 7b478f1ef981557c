package e2e

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"latchkey/adapters/playground/sms"
)

// What the bot and the gateway of text messages know each other by.
const (
	gatewayAccount = "ACe2e"
	gatewayToken   = "e2e-canary-token"
	gatewayNumber  = "+12025550199"
)

// withGateway gives the story a gateway of text messages.
func (s *stage) withGateway() {
	s.t.Helper()
	texts, err := sms.New(sms.Options{AccountSID: gatewayAccount, AuthToken: gatewayToken, From: gatewayNumber, Header: "X-Key", HeaderValue: "key"})
	s.ok(err)
	server := httptest.NewServer(texts)
	s.t.Cleanup(server.Close)
	s.texts, s.gateway = texts, server.URL
}

// textedCode is the code in the nth message to the number.
func (s *stage) textedCode(number string, n int) string {
	s.t.Helper()
	all := s.texts.Messages(number)
	if len(all) != n {
		s.t.Fatalf("%d messages came to the phone, want %d", len(all), n)
	}
	code := regexp.MustCompile(`\b[0-9]{6}\b`).FindString(all[n-1].Text)
	if code == "" {
		s.t.Fatalf("no code in the message: %s", all[n-1].Text)
	}
	return code
}

// Mei reads a code from her phone. The gateway fails first, in each of its
// ways, and Dana is told; she sees two digits of the number and no more.
func TestUserIsVerifiedByTextMessage(t *testing.T) {
	t.Parallel()
	const number = "+4915123456789"
	s := newStage(t)
	dana := s.agent("Dana", "restricted")
	mei := s.user("Mei", "Lin", "")
	s.withGateway()
	s.prepare()
	s.enroll("corp", mei, "authenticator")
	must(t, "enroll", "add", "--config", s.bot.config, "--store", "corp", "--user", mei.login, "--type", "mobile", "--to", "01512 345-6789")
	s.start()
	s.samba.Lock(t, mei.dn)

	screen := s.as(dana)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("Authenticate", "Mei Lin", "2 more types")
	s.ok(err)
	s.ok(page.Click("Verify mobile"))
	page, err = screen.Modal("by text message to the mobile number", "counts as restricted", "Safer, and enrolled already: authenticator")
	s.ok(err)

	for _, fault := range []struct {
		trouble sms.Trouble
		code    int
		says    string
	}{
		{sms.Trouble{Status: http.StatusInternalServerError, Body: "canary"}, 0, "takes no message just now"},
		{sms.Trouble{Status: http.StatusOK, Body: "<html>canary</html>"}, 0, "not the gateway of text messages"},
		{sms.Trouble{Delay: time.Minute}, 0, "gateway of text messages does not answer"},
		{sms.Trouble{}, 21610, "has unsubscribed from text messages"},
	} {
		s.texts.Fail(fault.trouble)
		s.texts.Refuse(number, fault.code)
		s.ok(page.Click("Send code"))
		page, err = screen.Modal(fault.says)
		if err != nil && fault.trouble.Delay > 0 { // the bot waits as long for the gateway as Modal does for the page
			page, err = screen.Modal(fault.says)
		}
		s.ok(err)
	}
	s.texts.Refuse(number, 0)
	s.ok(page.Click("Send code"))
	page, err = screen.Modal("A code was sent to •••89")
	s.ok(err)
	s.ok(page.Type("Code", s.textedCode(number, 1)))
	s.ok(page.Submit())
	page, err = screen.Modal("Passed: mobile", "1 more type")
	s.ok(err)
	s.ok(page.Click("Verify authenticator"))
	page, err = screen.Modal("Ask Mei Lin for the code")
	s.ok(err)
	s.ok(page.Type("Code", s.app(mei)))
	s.ok(page.Submit())
	page, err = screen.Modal("Passed: authenticator", "All that policy asks for is passed")
	s.ok(err)
	s.ok(page.Submit()) // Next
	page, err = screen.Modal("Authenticated with mobile and authenticator")
	s.ok(err)
	s.ok(page.Tick(box(mei, "corp")))
	s.ok(page.Submit()) // Unlock
	_, err = screen.Modal("Unlocked: Mei Lin (" + mei.login + ") in corp")
	s.ok(err)
	if !s.signsIn(mei) {
		t.Error("Mei cannot sign in")
	}

	written := s.bot.log() + s.history() + s.history("--json")
	for _, secret := range []string{"1512345", "canary", s.textedCode(number, 1)} {
		if strings.Contains(written, secret) {
			t.Errorf("log or history hold %q:\n%s", secret, written)
		}
	}
	if !strings.Contains(s.history(), "could not send a code to Mei Lin in corp by mobile") {
		t.Errorf("history does not tell what was not sent:\n%s", s.history())
	}
	s.clean()
}
