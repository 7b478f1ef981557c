package courier_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/adapters/courier"
	"latchkey/bot"
)

var _ bot.Courier = (*courier.Courier)(nil)

const (
	canaryText    = "canary 123456"
	canaryAddress = "canary@example.test"
)

// deliver sends the canaries and wants no error to repeat them.
func deliver(t *testing.T, ctx context.Context, c courier.Config) error {
	t.Helper()
	err := open(t, c).Deliver(ctx, canaryAddress, "canary subject", canaryText)
	if err != nil {
		for _, secret := range []string{"canary", "123456", c.Password} {
			if strings.Contains(err.Error(), secret) || strings.Contains(bot.TextOf(err), secret) {
				t.Errorf("the error repeats %q: %v", secret, err)
			}
		}
	}
	return err
}

func TestDeliverReadsTheServersAnswer(t *testing.T) {
	for _, c := range []struct {
		command, answer string
		kind            bot.Kind
		says            string
	}{
		{"GREETING", "421 4.3.2 closing", bot.Unavailable, "takes no mail just now"},
		{"GREETING", "554 5.3.2 no", bot.Unavailable, "takes no mail just now"},
		{"GREETING", "HTTP/1.1 400 canary", bot.Unavailable, "does not answer"},
		{"STARTTLS", "454 4.7.0 not now", bot.Unavailable, "takes no mail just now"},
		{"AUTH", "535 5.7.8 wrong canary", bot.Unavailable, "correct the user and password"},
		{"AUTH", "454 4.7.0 later", bot.Unavailable, "takes no mail just now"},
		{"EHLO over TLS", "250 scripted", bot.Unavailable, "offers no login"},
		{"EHLO over TLS", "250 AUTH GSSAPI XOAUTH2", bot.Unavailable, "offers no login"},
		{"MAIL", "553 5.7.1 <canary@x>: not yours", bot.Unavailable, "correct mail.from"},
		{"MAIL", "452 4.3.1 full", bot.Unavailable, "takes no mail just now"},
		{"RCPT", "550 5.1.1 <canary@example.test>: unknown", bot.NotFound, "no such mailbox"},
		{"RCPT", "550 <canary@example.test>: unknown", bot.NotFound, "no such mailbox"},
		{"RCPT", "550 5.7.1 <canary@example.test>: spam", bot.Invalid, "refuses to send to this address"},
		{"RCPT", "554 5.7.1 <canary@example.test>: no", bot.Invalid, "refuses to send to this address"},
		{"RCPT", "552 5.2.2 full", bot.Invalid, "takes no more mail"},
		{"RCPT", "451 4.7.1 <canary@example.test>: greylisted", bot.Unavailable, "nothing for this address just now"},
		{"RCPT", "530 5.7.0 log in", bot.Unavailable, "refuses Latchkey's login"},
		{"DATA", "451 4.3.0 no", bot.Unavailable, "takes no mail just now"},
		{"DATA", "554 5.6.0 canary", bot.Invalid, "refuses this mail"},
		{".", "451 4.3.0 canary", bot.Unavailable, "takes no mail just now"},
		{".", "554 5.7.1 canary", bot.Invalid, "refuses this mail"},
		{".", drop, bot.Unavailable, "does not answer"},
		{"RCPT", drop, bot.Unavailable, "does not answer"},
		{"GREETING", drop, bot.Unavailable, "does not answer"},
	} {
		t.Run(c.command+" "+c.answer, func(t *testing.T) {
			server := startScripted(t, map[string]string{c.command: c.answer})
			err := deliver(t, t.Context(), server.config())
			if bot.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.says) {
				t.Errorf("answered %v (%s), expected %s: %s", err, bot.KindOf(err), c.kind, c.says)
			}
			if maybe := c.command == "." && c.answer == drop; errors.Is(err, bot.ErrMaybeSent) != maybe {
				t.Errorf("it may have been sent: %t, want %t", !maybe, maybe)
			}
			if text := bot.TextOf(err); text == "" || strings.Contains(text, "mail.url") || strings.Contains(text, "mail.from") {
				t.Errorf("whoever waits for the mail reads %q: mending it is not his", text)
			}
		})
	}
}

func TestDeliverIsDoneWhenTheServerHasTakenIt(t *testing.T) {
	for _, answer := range []string{"", drop, "500 what?", hang} {
		server := startScripted(t, map[string]string{"QUIT": answer})
		began := time.Now()
		if err := deliver(t, t.Context(), server.config()); err != nil {
			t.Errorf("with %q to QUIT: %v", answer, err)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("with %q to QUIT it took %v", answer, took)
		}
	}
}

func TestDeliverHonoursItsContextAtEachStep(t *testing.T) {
	var all sync.WaitGroup
	for _, step := range []string{"GREETING", "EHLO", "STARTTLS", "EHLO over TLS", "AUTH", "MAIL", "RCPT", "DATA", "."} {
		for _, how := range []string{hang, trickle} {
			server := startScripted(t, map[string]string{step: how})
			all.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				began := time.Now()
				if err := deliver(t, ctx, server.config()); bot.KindOf(err) != bot.Unavailable || !strings.Contains(bot.TextOf(err), "does not answer") {
					t.Errorf("with %s to %s: %v", how, step, err)
				}
				if took := time.Since(began); took > 3*time.Second {
					t.Errorf("with %s to %s it took %v", how, step, took)
				}
				if !server.hasReached(step) {
					t.Errorf("%s was not reached: this test shows nothing", step)
				}
			})
		}
	}
	all.Wait()
}

func TestDeliverEndsWithinTenSeconds(t *testing.T) {
	var all sync.WaitGroup
	for _, how := range []string{hang, trickle} {
		server := startScripted(t, map[string]string{"RCPT": how})
		all.Go(func() {
			began := time.Now()
			if err := deliver(t, t.Context(), server.config()); bot.KindOf(err) != bot.Unavailable {
				t.Errorf("with %s: %v", how, err)
			}
			if took := time.Since(began); took < 8*time.Second || took > 11*time.Second {
				t.Errorf("with %s it took %v, expected 10 s", how, took)
			}
		})
	}
	all.Wait()
}

func TestACancelledDeliveryEnds(t *testing.T) {
	server := startScripted(t, map[string]string{"RCPT": hang})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- open(t, server.config()).Deliver(ctx, canaryAddress, "s", "t") }()
	for deadline := time.Now().Add(5 * time.Second); !server.hasHeard("RCPT TO"); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the server was not asked")
		}
	}
	cancel()
	select {
	case err := <-done:
		if bot.KindOf(err) != bot.Unavailable {
			t.Errorf("answered %v", err)
		}
	case <-time.After(3 * time.Second):
		t.Error("a cancelled delivery goes on")
	}
}

func TestNothingGoesInTheClear(t *testing.T) {
	server := startScripted(t, nil)
	server.plain = true
	err := deliver(t, t.Context(), server.config())
	if bot.KindOf(err) != bot.Unavailable || !strings.Contains(bot.TextOf(err), "STARTTLS") {
		t.Errorf("answered %v", err)
	}
	for _, word := range []string{"AUTH", "MAIL", "RCPT", "DATA", "canary"} {
		if server.hasHeard(word) {
			t.Errorf("the server without encryption heard %s", word)
		}
	}
}

// What stands in the clear behind the answer to STARTTLS is an attacker's
// (CVE-2011-0411 and its like): it must not count as the server's.
func TestAnswersSentAheadOfTLSDoNotCount(t *testing.T) {
	server := startScripted(t, map[string]string{"STARTTLS": "220 go on\r\n250-evil\r\n250 AUTH LOGIN"})
	if err := deliver(t, t.Context(), server.config()); err == nil && !server.hasHeard("AUTH PLAIN") {
		t.Error("the list of an attacker was believed")
	}
	if server.hasHeard("AUTH LOGIN") {
		t.Error("the list of an attacker was believed")
	}
}

func TestOnlyOneBareAddressIsTaken(t *testing.T) {
	server := startScripted(t, nil)
	c := open(t, server.config())
	for _, to := range []string{
		"", "mei", "@example.test", "mei@", "a@example.test,b@example.test", "a@example.test b@example.test", "a@example.test;b@example.test",
		"a@example.test\r\nBcc: b@example.test", "a@example.test\nb", "a@example.test>\r\nRCPT TO:<b@example.test", "Mei <mei@example.test>", "<mei@example.test>",
		"mei@example.test (Mei)", " mei@example.test", "mei@example.test ", "mei\x00@example.test", "friends: a@example.test, b@example.test;",
		"mei@exa mple.test", "a@b@example.test", strings.Repeat("x", 250) + "@example.test", "\"a\r\n b\"@example.test", "mei@example.test\u0085",
	} {
		err := c.Deliver(t.Context(), to, "subject", "text")
		if bot.KindOf(err) != bot.Invalid || !strings.Contains(bot.TextOf(err), "not one mail address") {
			t.Errorf("%q answered %v", to, err)
		}
	}
	if server.hasHeard("EHLO") {
		t.Error("for an address that is none the server was asked")
	}
	for _, to := range []string{"mei@example.test", "mei.lin+unlock@sub.example.test", `"a> b"@example.test`, `"a@b"@example.test`} {
		if err := c.Deliver(t.Context(), to, "subject", "text"); err != nil {
			t.Errorf("%q answered %v", to, err)
		}
		if !server.hasHeard("RCPT TO:<" + to + ">") {
			t.Errorf("%q is not what the server heard", to)
		}
	}
}

func TestAnInternationalAddressNeedsAServerThatKnowsIt(t *testing.T) {
	simple := startScripted(t, nil)
	if err := open(t, simple.config()).Deliver(t.Context(), "梅@example.test", "s", "t"); bot.KindOf(err) != bot.Invalid || !strings.Contains(bot.TextOf(err), "beyond ASCII") {
		t.Errorf("answered %v", err)
	}
	able := startScripted(t, map[string]string{"EHLO over TLS": "250-scripted\r\n250-SMTPUTF8\r\n250 AUTH PLAIN"})
	if err := open(t, able.config()).Deliver(t.Context(), "梅@example.test", "s", "t"); err != nil || !able.hasHeard("SMTPUTF8") {
		t.Errorf("answered %v", err)
	}
	usual := startScripted(t, able.answers)
	if err := open(t, usual.config()).Deliver(t.Context(), "mei@example.test", "s", "t"); err != nil || usual.hasHeard("SMTPUTF8") {
		t.Errorf("an ordinary address: %v, SMTPUTF8 asked for: %v", err, usual.hasHeard("SMTPUTF8"))
	}
}
