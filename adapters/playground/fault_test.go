package playground_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"latchkey/adapters/playground"
)

// slack-go waits for Retry-After and tries again; the message arrives once.
func TestRateLimitIsHonouredAndMended(t *testing.T) {
	b := start(t, nil)
	b.ws.Fail("chat.postMessage", playground.RateLimited(time.Second), 1)
	client := slack.New(b.ws.Token(), slack.OptionAPIURL(b.ws.APIURL()), slack.OptionHTTPClient(&http.Client{Timeout: 5 * time.Second}), slack.OptionRetry(2))
	_, _, err := client.PostMessage("C_AUDIT", slack.MsgOptionText("at last", false))
	must(t, err)
	calls := b.ws.Calls()
	if len(calls) != 2 || calls[0].Status != 429 || !calls[0].Fault || calls[0].Error != "ratelimited" || calls[1].Status != 200 || calls[1].Error != "" {
		t.Fatalf("calls: %+v", calls)
	}
	if apart := calls[1].At.Sub(calls[0].At); apart < time.Second {
		t.Errorf("tried again after %s, Retry-After was 1 s", apart)
	}
	if got := b.ws.Channel("C_AUDIT").Text(); got != "at last" {
		t.Errorf("the channel reads %q", got)
	}
	if len(b.ws.Problems()) > 0 {
		t.Errorf("a fault set by the test counts as a problem: %q", b.ws.Problems())
	}
}

func TestFaultsOnDemand(t *testing.T) {
	b := start(t, nil)
	post := func(ctx context.Context) error {
		_, _, err := b.client.PostMessageContext(ctx, "C_AUDIT", slack.MsgOptionText("a", false))
		return err
	}
	ctx := context.Background()

	b.ws.Fail("*", playground.Refusing("account_inactive"), 2)
	for range 2 {
		if err := post(ctx); err == nil || err.Error() != "account_inactive" {
			t.Errorf("account_inactive: %v", err)
		}
	}
	b.ws.Fail("chat.postMessage", playground.Failing(503), -1)
	for range 3 {
		var status slack.StatusCodeError
		if err := post(ctx); !errors.As(err, &status) || status.Code != 503 {
			t.Errorf("503: %v", err)
		}
	}
	if _, err := b.client.AuthTest(); err != nil {
		t.Errorf("another method failed too: %v", err)
	}
	b.ws.Mend()
	b.ws.Fail("chat.postMessage", playground.Hanging(), 1)
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	if err := post(short); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("hanging: %v", err)
	}
	b.ws.Fail("chat.postMessage", playground.Fault{Drop: true}, 1)
	if err := post(ctx); err == nil {
		t.Error("a cut connection was not noticed")
	}
	if n := len(b.ws.Channel("C_AUDIT").Messages()); n != 0 {
		t.Errorf("%d messages arrived although every call failed", n)
	}

	// The answer is lost, the message is not: who tries again posts twice.
	b.ws.Fail("chat.postMessage", playground.Fault{Lose: true}, 1)
	if err := post(ctx); err == nil {
		t.Error("a lost answer was not noticed")
	}
	if n := len(b.ws.Channel("C_AUDIT").Messages()); n != 1 {
		t.Errorf("%d messages after a lost answer, want 1", n)
	}
	// slack-go takes {"ok":false} without an error as success: ts tells.
	b.ws.Fail("chat.postMessage", playground.Refusing("-"), 1)
	if _, ts, err := b.client.PostMessage("C_AUDIT", slack.MsgOptionText("a", false)); err != nil || ts != "" {
		t.Errorf("ok false without error: ts %q, %v", ts, err)
	}
}

// Close frees whoever hangs.
func TestCloseEndsHangingCalls(t *testing.T) {
	b := start(t, nil)
	b.ws.Fail("auth.test", playground.Hanging(), 1)
	done := make(chan error, 1)
	go func() { _, err := b.client.AuthTest(); done <- err }()
	must(t, b.ws.Close())
	if err := <-done; err == nil {
		t.Error("the call succeeded")
	}
	must(t, b.ws.Close())
}
