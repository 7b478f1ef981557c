package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"

	"go.uber.org/zap"

	"latchkey/adapters/chat"
	"latchkey/bot"
)

// Of the 3 s in which Slack wants an acknowledgement it is given 2, from the
// envelope's receipt: 0.7 to ask Redis, the rest for a place in the queue.
const (
	ackLife  = 1900 * time.Millisecond
	askGate  = 700 * time.Millisecond
	patience = 1100 * time.Millisecond
)

// frame is what comes by a connection: hello, disconnect, or an envelope
// around what HTTP would bring.
type frame struct {
	Type        string          `json:"type"`
	EnvelopeID  string          `json:"envelope_id"`
	Payload     json.RawMessage `json:"payload"`
	Accepts     bool            `json:"accepts_response_payload"`
	Attempt     int             `json:"retry_attempt"`
	RetryReason string          `json:"retry_reason"`
	Reason      string          `json:"reason"`          // of a disconnect
	Connections int             `json:"num_connections"` // of a hello
}

// acknowledgement is what goes back.
type acknowledgement struct {
	EnvelopeID string `json:"envelope_id"`
	Payload    any    `json:"payload,omitempty"`
}

// take answers one envelope as Handler answers the request that it stands for.
// What HTTP would refuse is not acknowledged: Slack sends it again, or tells
// the person that the app did not answer.
func (a *Adapter) take(ctx context.Context, f frame, send func([]byte) error) {
	ctx, cancel := context.WithTimeout(ctx, ackLife)
	defer cancel()
	var ans answer
	settle := func([]byte) {}
	defer func() {
		if p := recover(); p != nil {
			ans.booked.Drop()
			settle(nil)
			a.log.Error("slack envelope crashed", zap.String("reference", chat.Reference(f.Type, f.EnvelopeID, a.now())),
				zap.Any("panic", p), zap.ByteString("stack", debug.Stack()))
		}
	}()
	if f.Attempt > 0 {
		a.log.Info("slack sends an envelope again", zap.Int("attempt", f.Attempt), zap.String("reason", trim(f.RetryReason, 40)))
	}
	before, mine := a.inbox.enter(ctx, f.EnvelopeID)
	if mine == nil {
		a.acknowledge(send, before)
		return
	}
	settle = mine
	var data []byte
	var form bool
	ans, form = a.answerTo(ctx, f)
	if ans.status <= 299 {
		data = a.ackOf(f, ans.body)
	}
	if data == nil {
		settle(nil)
		ans.booked.Drop()
		a.log.Warn("slack envelope not acknowledged", zap.String("kind", trim(f.Type, 40)), zap.Int("status", ans.status), zap.String("why", ans.refuse))
		return
	}
	a.acknowledge(send, data)
	if form { // sent again, it has to be looked at again: its result may stand there already
		settle(nil)
	} else {
		settle(data)
	}
	ans.booked.Start(ans.job)
}

// acknowledge sends what goes back. Where the connection has gone, Slack
// sends the envelope again; the work is done once all the same.
func (a *Adapter) acknowledge(send func([]byte) error, data []byte) {
	if data == nil {
		return
	}
	if err := send(data); err != nil {
		a.log.Warn("slack envelope could not be acknowledged, its connection has gone", zap.Error(err))
	}
}

// ackOf makes the acknowledgement; nil where Slack would not take it.
func (a *Adapter) ackOf(f frame, body any) []byte {
	if !f.Accepts && body != nil {
		a.log.Error("slack takes no answer with this envelope", zap.String("kind", trim(f.Type, 40)))
		body = nil
	}
	data, err := json.Marshal(acknowledgement{EnvelopeID: f.EnvelopeID, Payload: body})
	if err != nil {
		panic(err) // our own structs; take says so in the log
	}
	if len(data) >= maxAck {
		a.log.Error("slack acknowledgement is larger than Slack takes", zap.Int("bytes", len(data)))
		return nil
	}
	return data
}

// answerTo has the same functions answer that answer HTTP. form reports a
// dialog that was sent.
func (a *Adapter) answerTo(ctx context.Context, f frame) (ans answer, form bool) {
	ctx, cancel := context.WithTimeout(ctx, askGate)
	defer cancel()
	var body []byte
	var serve func(request) answer
	path := ""
	switch f.Type {
	case "slash_commands":
		data, err := commandForm(f.Payload)
		if err != nil {
			return refused(http.StatusBadRequest, textGarbled), false
		}
		path, body, serve = "/slack/commands", data, a.command
	case "interactive":
		var peek struct {
			Type string `json:"type"`
		}
		if err := json.Unmarshal(f.Payload, &peek); err != nil {
			return refused(http.StatusBadRequest, textGarbled), false
		}
		form = peek.Type == "view_submission"
		path, serve = "/slack/interactions", a.interaction
		if peek.Type == "block_suggestion" {
			path, serve = "/slack/options", a.options
		}
		body = []byte(url.Values{"payload": {string(f.Payload)}}.Encode())
	case "events_api":
		path, body, serve = "/slack/events", f.Payload, a.event
	default:
		a.log.Info("slack envelope of a kind that is not used", zap.String("kind", trim(f.Type, 40)))
		return answered(nil), false
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, path, nil)
	if err != nil {
		panic(err) // our own method and path
	}
	return serve(request{Request: r, body: body, signature: envelopeMark + f.EnvelopeID}), form
}

// commandForm gives the form that HTTP would bring: Slack sends the same
// fields as JSON here.
func commandForm(payload json.RawMessage) ([]byte, error) {
	var fields map[string]any
	d := json.NewDecoder(bytes.NewReader(payload))
	d.UseNumber()
	if err := d.Decode(&fields); err != nil {
		return nil, bot.E(bot.Invalid, "read slack command", err)
	}
	form := url.Values{}
	for key, v := range fields {
		switch v := v.(type) {
		case string:
			form.Set(key, v)
		case json.Number:
			form.Set(key, v.String())
		case bool:
			form.Set(key, map[bool]string{true: "true", false: "false"}[v])
		}
	}
	return []byte(form.Encode()), nil
}
