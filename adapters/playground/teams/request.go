package teams

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"latchkey/adapters/playground/adaptivecard"
)

// messagesPath is where a bot takes activities.
const messagesPath = "/api/messages"

// Request is what Teams would send to the bot, not sent yet. A story that
// attacks changes it first.
type Request struct {
	Kind   string // the activity's type, or the name of the invoke
	User   string // on whose behalf
	Header http.Header
	Body   []byte

	settle func(x *Exchange) // carries out the answer on the screens; nil leaves them alone
}

// Clone copies a request, so that one can be changed and the other kept.
func (r Request) Clone() Request {
	r.Header, r.Body = r.Header.Clone(), bytes.Clone(r.Body)
	return r
}

// Change alters the activity of a request. The token does not cover the body;
// only the claim serviceurl binds the two.
func (r *Request) Change(change func(activity map[string]any)) error {
	v, err := adaptivecard.Decode(r.Body)
	activity, ok := v.(map[string]any)
	if err != nil || !ok {
		return fmt.Errorf("changing the activity: it is no JSON object (%w)", err)
	}
	change(activity)
	if r.Body, err = json.Marshal(activity); err != nil {
		return fmt.Errorf("changing the activity: %w", err)
	}
	return nil
}

// Sign puts a token of Teams on a request.
func (t *Tenant) Sign(r *Request) { r.Header.Set("Authorization", "Bearer "+t.Token().String()) }

// request makes a signed request of an activity.
func (t *Tenant) request(user string, activity map[string]any, settle func(x *Exchange)) (Request, error) {
	body, err := json.Marshal(activity)
	if err != nil {
		return Request{}, fmt.Errorf("making an activity: %w", err)
	}
	kind := str(activity["type"])
	if kind == "invoke" {
		kind = str(activity["name"])
	}
	r := Request{Kind: kind, User: user, Body: body, Header: http.Header{}, settle: settle}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("User-Agent", "Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)")
	t.Sign(&r)
	return r, nil
}

// Send sends a request once, as it is, and logs the exchange. The screens stay
// as they are. An answer that Teams would not take is in Failure; an error
// means that nothing could be sent or the connection broke.
func (t *Tenant) Send(ctx context.Context, r Request) (Exchange, error) {
	r.settle = nil
	return t.Deliver(ctx, r)
}

// Deliver sends a request as Send does, and carries out the answer on the
// screens. What is not answered in time is a problem and is sent once more
// with the same activity id, as Teams does.
func (t *Tenant) Deliver(ctx context.Context, r Request) (Exchange, error) {
	x, err := t.attempt(ctx, r)
	if x.Failure == timedOut && r.settle != nil && ctx.Err() == nil {
		again := r.Clone()
		t.Sign(&again)
		x, err = t.attempt(ctx, again)
	}
	return x, err
}

const timedOut = "timeout"

func (t *Tenant) attempt(ctx context.Context, r Request) (Exchange, error) {
	t.mu.Lock()
	base := t.botURL
	t.mu.Unlock()
	x := Exchange{Kind: r.Kind, User: r.User, Request: r, At: t.opts.Now()}
	if base == "" {
		return x, errors.New("the tenant does not know where the bot listens: call SetBotURL")
	}
	err := t.roundTrip(ctx, base, r, &x)
	if err == nil && x.Failure == "" {
		if x.Status < 200 || x.Status > 299 {
			x.Failure = fmt.Sprintf("http_status_%d", x.Status)
		} else if r.settle != nil {
			r.settle(&x)
		}
	}
	if r.settle != nil && x.Failure != "" {
		t.problem("%s", x)
	}
	t.mu.Lock()
	t.asked = append(t.asked, x)
	t.stir()
	t.mu.Unlock()
	return x, err
}

// roundTrip fills in the answer's part of x.
func (t *Tenant) roundTrip(ctx context.Context, base string, r Request, x *Exchange) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+messagesPath, bytes.NewReader(r.Body))
	if err != nil {
		return fmt.Errorf("making the request: %w", err)
	}
	req.Header = r.Header.Clone()
	began := time.Now()
	resp, err := t.client.Do(req)
	if err == nil {
		defer resp.Body.Close()
		x.Status, x.Type = resp.StatusCode, resp.Header.Get("Content-Type")
		x.Answer, err = io.ReadAll(io.LimitReader(resp.Body, maxBody))
	}
	x.Took = time.Since(began)
	var timeout interface{ Timeout() bool }
	switch {
	case err == nil:
		return nil
	case ctx.Err() == nil && errors.As(err, &timeout) && timeout.Timeout():
		x.Failure, x.Status = timedOut, 0
		return nil
	}
	x.Failure = "unreachable"
	return fmt.Errorf("sending %s to the bot: %w", r.Kind, err)
}

// AnswerError says that the bot's answer, or its absence, would fail in Teams.
type AnswerError struct{ Exchange Exchange }

func (e *AnswerError) Error() string {
	return fmt.Sprintf("the %s of %s failed: %s", e.Exchange.Kind, e.Exchange.User, e.Exchange.Failure)
}

// act sends a request as the client does, and settles the answer.
func (t *Tenant) act(r Request) error {
	x, err := t.Deliver(context.Background(), r)
	switch {
	case err != nil:
		return err
	case x.Failure != "":
		return &AnswerError{Exchange: x}
	}
	return nil
}

// answerJSON reads the object in an answer; wrong says why there is none.
func answerJSON(x *Exchange) (answer map[string]any, wrong string) {
	if strings.TrimSpace(string(x.Answer)) == "" {
		return nil, ""
	}
	if kind, _, _ := strings.Cut(x.Type, ";"); kind != "application/json" {
		return nil, fmt.Sprintf("the answer has Content-Type %q, not application/json", x.Type)
	}
	v, err := adaptivecard.Decode(x.Answer)
	o, ok := v.(map[string]any)
	if err != nil || !ok {
		return nil, "the answer is not a JSON object"
	}
	return o, ""
}
