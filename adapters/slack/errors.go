package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.uber.org/zap"

	"latchkey/bot"
	"latchkey/flows"
)

// What a person is told when a request cannot be carried out at all.
const (
	textAway    = "Latchkey cannot reach its memory (Redis), without which it cannot tell a new request from an old one. Nothing was done. Try again in a minute."
	textBusy    = "Latchkey is busy with many requests. Nothing was done. Try again in a minute."
	textUnshown = "The dialog could not be changed, so the answer is not there. What was done is done. Type /unlock and the name again to see where the case stands."
	textLate    = "This takes longer than it should: a server is slow to answer. The result will stand here. If you close this, nothing that was begun is lost."
)

// said is what a person reads of an error of each kind that brings no words
// of its own.
func said(k bot.Kind) string {
	switch k {
	case bot.Invalid:
		return "What was entered cannot be used. Check it and try again."
	case bot.NotFound:
		return "What this was about is not there any more."
	case bot.Denied:
		return "You may not do this."
	case bot.Conflict:
		return "Something has changed since this page was shown. Nothing was done by this click."
	case bot.Expired:
		return "This page is too old. Begin again."
	case bot.Throttled:
		return "That was too often in a short time."
	case bot.Unavailable:
		return "A server that is needed for this does not answer. Try again in a minute."
	}
	return "Something went wrong inside Latchkey."
}

// explain turns an error into what the person reads, and logs it, once. The
// texts of refusals may name people, so only faults are logged in full.
func (a *Adapter) explain(err error, ev flows.Event, user string) string {
	kind := bot.KindOf(err)
	if kind == bot.Internal && errors.Is(err, context.DeadlineExceeded) {
		kind = bot.Unavailable
	}
	text := bot.TextOf(err)
	if text == "" || kind == bot.Internal {
		text = said(kind)
	}
	fields := []zap.Field{zap.String("kind", string(kind)), zap.String("event", string(ev.Kind)), zap.String("user", user)}
	switch kind {
	case bot.Internal:
		ref := reference(ev.ID, user, a.now())
		a.log.Error("event failed", append(fields, zap.String("reference", ref), zap.Error(err))...)
		return text + " Tell your administrator this reference number: " + ref + "."
	case bot.Unavailable:
		a.log.Warn("event failed", append(fields, zap.Error(err))...)
		if !strings.Contains(text, "again") {
			text += " Try again in a minute."
		}
	case bot.Throttled:
		a.log.Info("event refused", fields...)
		return strings.TrimSpace(text + " " + when(err))
	default:
		a.log.Info("event refused", fields...)
	}
	return text
}

// when says how long a Throttled person has to wait.
func when(err error) string {
	var e *bot.Error
	if !errors.As(err, &e) || e.RetryAfter <= 0 {
		return "Try again later."
	}
	if e.RetryAfter < 2*time.Minute {
		return fmt.Sprintf("Try again in %d seconds.", int(e.RetryAfter.Round(time.Second)/time.Second)+1)
	}
	return fmt.Sprintf("Try again in %d minutes.", int((e.RetryAfter+time.Minute-1)/time.Minute))
}

// reference is a number that finds the log's line.
func reference(parts ...any) string { return strings.ToUpper(fingerprint(parts...)[:8]) }

// fingerprint tells apart; it keeps no secret.
func fingerprint(parts ...any) string {
	sum := sha256.Sum256([]byte(fmt.Sprintf("%q", parts)))
	return hex.EncodeToString(sum[:12])
}

// notice is a page that says one thing.
func notice(text string) flows.Page {
	return flows.Page{
		ID: "slack.notice", Title: "Latchkey", Close: "Close",
		Blocks: []flows.Block{{Text: &flows.Text{ID: "slack.notice", Tone: flows.Warning, Said: flows.Say(text)}}},
	}
}

// failure is the notice that takes a page's place. Where the case may still be
// open, a button leads back into it.
func failure(text string, kind bot.Kind, ev flows.Event) flows.Page {
	p := notice(text)
	p.ID = "slack.failure"
	if ev.Token == "" || kind == bot.Denied || kind == bot.Expired || kind == bot.NotFound {
		return p
	}
	p.Token, p.Keeps = ev.Token, true
	p.Blocks = append(p.Blocks, flows.Block{Buttons: []flows.Button{
		{Kind: flows.Resume, Label: "Back to the case", Name: "Back to the case where it stands"},
	}})
	return p
}

func unavailable(op, text string, err error) error {
	return &bot.Error{Kind: bot.Unavailable, Op: op, Text: text, Err: err}
}

// trim bounds a foreign word in the log.
func trim(s string, most int) string { return clean(s, most) }
