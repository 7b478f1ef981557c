package chat

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
	TextAway = "Latchkey cannot reach its memory (Redis), without which it cannot tell a new request from an old one. Nothing was done. Try again in a minute."
	TextBusy = "Latchkey is busy with many requests. Nothing was done. Try again in a minute."
)

// Said is what a person reads of an error of each kind that brings no words
// of its own.
func Said(k bot.Kind) string {
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

// Explainer turns errors into what people read, and logs each once.
type Explainer struct {
	Log *zap.Logger
	Now func() time.Time
}

// Explain gives what the person reads of an error. The texts of refusals may
// name people, so only faults are logged in full.
func (x Explainer) Explain(err error, ev flows.Event, user string) string {
	kind := bot.KindOf(err)
	if kind == bot.Internal && errors.Is(err, context.DeadlineExceeded) {
		kind = bot.Unavailable
	}
	text := bot.TextOf(err)
	if text == "" || kind == bot.Internal {
		text = Said(kind)
	}
	fields := []zap.Field{zap.String("kind", string(kind)), zap.String("event", string(ev.Kind)), zap.String("user", user)}
	switch kind {
	case bot.Internal:
		ref := Reference(ev.ID, user, x.Now())
		x.Log.Error("event failed", append(fields, zap.String("reference", ref), zap.Error(err))...)
		return text + " Tell your administrator this reference number: " + ref + "."
	case bot.Unavailable:
		x.Log.Warn("event failed", append(fields, zap.Error(err))...)
		if !strings.Contains(text, "again") {
			text += " Try again in a minute."
		}
	case bot.Throttled:
		x.Log.Info("event refused", fields...)
		return strings.TrimSpace(text + " " + When(err))
	default:
		x.Log.Info("event refused", fields...)
	}
	return text
}

// When says how long a Throttled person has to wait.
func When(err error) string {
	var e *bot.Error
	if !errors.As(err, &e) || e.RetryAfter <= 0 {
		return "Try again later."
	}
	if e.RetryAfter < 2*time.Minute {
		return fmt.Sprintf("Try again in %d seconds.", int(e.RetryAfter.Round(time.Second)/time.Second)+1)
	}
	return fmt.Sprintf("Try again in %d minutes.", int((e.RetryAfter+time.Minute-1)/time.Minute))
}

// Reference is a number that finds the log's line.
func Reference(parts ...any) string { return strings.ToUpper(Fingerprint(parts...)[:8]) }

// Fingerprint tells apart; it keeps no secret.
func Fingerprint(parts ...any) string {
	sum := sha256.Sum256([]byte(fmt.Sprintf("%q", parts)))
	return hex.EncodeToString(sum[:12])
}

// Notice is a page that says one thing.
func Notice(text string) flows.Page {
	return flows.Page{
		ID: "chat.notice", Title: "Latchkey", Close: "Close",
		Blocks: []flows.Block{{Text: &flows.Text{ID: "chat.notice", Tone: flows.Warning, Said: flows.Say(text)}}},
	}
}

// Failure is the notice that takes a page's place. Where the case may still be
// open, a button leads back into it.
func Failure(text string, kind bot.Kind, ev flows.Event) flows.Page {
	p := Notice(text)
	p.ID = "chat.failure"
	if ev.Token == "" || kind == bot.Denied || kind == bot.Expired || kind == bot.NotFound {
		return p
	}
	p.Token, p.Keeps = ev.Token, true
	p.Blocks = append(p.Blocks, flows.Block{Buttons: []flows.Button{
		{Kind: flows.Resume, Label: "Back to the case", Name: "Back to the case where it stands"},
	}})
	return p
}
