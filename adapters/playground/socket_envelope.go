package playground

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"latchkey/adapters/playground/blockkit"
)

// posting is one delivery of an envelope on one connection.
type posting struct {
	socket *Socket
	takes  bool // a payload in the acknowledgement
	done   bool
	acked  chan []byte // the payload; room for one
}

// newEnvelopeID is different each time. Not from Options.Rand: it is no secret.
func newEnvelopeID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails (Go 1.24)
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// frame is the envelope of a request in Socket Mode.
func (r Request) frame(attempt int) (map[string]any, error) {
	f := map[string]any{"envelope_id": r.Envelope, "accepts_response_payload": false}
	var payload any = json.RawMessage(r.Body)
	form, err := url.ParseQuery(string(r.Body))
	switch r.Path {
	case commandsPath:
		f["type"], f["accepts_response_payload"] = "slash_commands", true
		fields := map[string]string{}
		for key := range form {
			fields[key] = form.Get(key)
		}
		payload = fields
	case interactionsPath, optionsPath:
		f["type"] = "interactive"
		f["accepts_response_payload"] = r.Kind == "view_submission" || r.Kind == "block_suggestion"
		payload = json.RawMessage(form.Get("payload"))
	case eventsPath:
		f["type"], err = "events_api", nil
		f["retry_attempt"], f["retry_reason"] = attempt, ""
		if attempt > 0 {
			f["retry_reason"] = "timeout"
		}
	default:
		return nil, fmt.Errorf("nothing is sent to %s in Socket Mode", r.Path)
	}
	if err == nil && (r.Kind == "url_verification" || r.Kind == "ssl_check") {
		err = errors.New("asked for by HTTP alone")
	}
	if err != nil {
		return nil, fmt.Errorf("sending %s in Socket Mode: %w", r.Kind, err)
	}
	f["payload"] = payload
	return f, nil
}

// overSocket delivers a request as an envelope, and fills in the answer's part
// of x. When its connection breaks the envelope goes to another; when nobody
// acknowledges it in time, Slack tells the person so, and sends it twice more.
func (w *Workspace) overSocket(ctx context.Context, r Request, x *Exchange) error {
	began := time.Now()
	defer func() { x.Took = time.Since(began) }()
	late, cancel := context.WithTimeout(ctx, w.opts.AnswerWithin)
	defer cancel()
	answer, last, err := w.deliver(late, r, 0, nil)
	switch {
	case err == nil:
		x.Status, x.Answer = 200, answer
		if len(answer) > 0 {
			x.Type = "application/json"
		}
		return nil
	case late.Err() != nil && ctx.Err() == nil:
		x.Failure = "operation_timeout"
		again := *x
		w.sockets.ended.Go(func() { w.again(r, again, last) })
		return nil
	}
	x.Failure = "dispatch_failed"
	return fmt.Errorf("sending %s to the bot: %w", r.Kind, err)
}

// again sends what nobody has acknowledged, by another connection if there is one.
func (w *Workspace) again(r Request, x Exchange, last *Socket) {
	for attempt := 1; attempt <= 2; attempt++ {
		ctx, cancel := context.WithTimeout(context.Background(), w.opts.AnswerWithin)
		answer, on, err := w.deliver(ctx, r, attempt, last)
		cancel()
		if err == nil {
			x.Status, x.Answer, x.Failure = 200, answer, ""
			w.logExchange(x)
			return
		}
		last = on
	}
}

// deliver sends an envelope until one connection acknowledges it or ctx ends,
// and gives the acknowledgement's payload and the connection it went to last.
func (w *Workspace) deliver(ctx context.Context, r Request, attempt int, but *Socket) ([]byte, *Socket, error) {
	f, err := r.frame(attempt)
	if err != nil {
		return nil, nil, err
	}
	for {
		s, err := w.pick(ctx, but)
		if err != nil {
			return nil, but, err
		}
		p := w.postTo(s, r.Envelope, f["accepts_response_payload"] == true)
		if !s.isFrozen() {
			_ = s.write(f) // its failure is found by reading
		}
		select {
		case answer := <-p.acked:
			return answer, s, nil
		case <-s.gone:
			select {
			case answer := <-p.acked:
				return answer, s, nil
			default:
			}
			but = s
		case <-ctx.Done():
			return nil, s, ctx.Err()
		case <-w.closed:
			return nil, s, errNoSocket
		}
	}
}

// pick takes the connections in turn, and waits where there is none; but is
// taken only where there is no other.
func (w *Workspace) pick(ctx context.Context, but *Socket) (*Socket, error) {
	for {
		changed := w.Changed()
		if s := w.nextSocket(but); s != nil {
			return s, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-w.closed:
			return nil, errNoSocket
		}
	}
}

func (w *Workspace) nextSocket(but *Socket) *Socket {
	w.mu.Lock()
	defer w.mu.Unlock()
	in := &w.sockets
	for range in.open {
		in.turn++
		if s := in.open[in.turn%len(in.open)]; s != but || len(in.open) == 1 {
			return s
		}
	}
	return nil
}

func (w *Workspace) postTo(s *Socket, id string, takes bool) *posting {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := &posting{socket: s, takes: takes, acked: make(chan []byte, 1)}
	w.sockets.posted[id] = append(w.sockets.posted[id], p)
	return p
}

// acknowledged takes what the app has sent; whatever Slack would drop or
// misread is a problem.
func (w *Workspace) acknowledged(s *Socket, text bool, data []byte) {
	id, payload, wrong := readAck(text, data)
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.stir()
	blame := func(format string, args ...any) {
		w.problems = append(w.problems, fmt.Sprintf("socket %d: ", s.number)+fmt.Sprintf(format, args...))
	}
	if wrong != "" {
		blame("%s", wrong)
		return
	}
	all, known := w.sockets.posted[id]
	var mine *posting
	for _, p := range all {
		if p.socket == s && (mine == nil || mine.done) {
			mine = p
		}
	}
	switch {
	case !known:
		blame("an acknowledgement of an envelope that was never sent: %q", id)
	case mine == nil:
		blame("an envelope is acknowledged on a connection that it did not come by")
	case mine.done:
		blame("an envelope is acknowledged twice")
	default:
		if len(payload) > 0 && !mine.takes {
			blame("an acknowledgement has a payload, and its envelope takes none")
			payload = nil
		}
		mine.done = true
		mine.acked <- payload
	}
}

// readAck reads an acknowledgement, or says what is wrong with it.
func readAck(text bool, data []byte) (id string, payload []byte, wrong string) {
	if len(data) >= maxAck {
		return "", nil, fmt.Sprintf("a frame of %d bytes: Slack drops what has 20 kB", len(data))
	}
	var ack map[string]json.RawMessage
	if _, err := blockkit.Decode(data); !text || err != nil || json.Unmarshal(data, &ack) != nil {
		return "", nil, "a frame that is no JSON object"
	}
	for key := range ack {
		if key != "envelope_id" && key != "payload" {
			return "", nil, fmt.Sprintf("an acknowledgement with the member %q", key)
		}
	}
	if json.Unmarshal(ack["envelope_id"], &id) != nil || id == "" {
		return "", nil, "a frame without envelope_id"
	}
	if p := bytes.TrimSpace(ack["payload"]); len(p) > 0 && !bytes.Equal(p, []byte("{}")) {
		if p[0] != '{' {
			return "", nil, "an acknowledgement whose payload is no object"
		}
		payload = p
	}
	return id, payload, ""
}
