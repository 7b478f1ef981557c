package sms

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"sync"
	"time"
)

// Bounds of what is kept; the oldest goes first.
const (
	numberLimit = 100  // messages of one number
	totalLimit  = 1000 // messages of all
	bodyLimit   = 64 << 10
)

// Options say whom the gateway knows. All but Now are needed.
type Options struct {
	AccountSID, AuthToken string // of Twilio's API
	From                  string // the one number that the account may send from, E.164
	Header, HeaderValue   string // what each request to the webhook must carry
	Now                   func() time.Time
}

// WebhookPath is where the webhook takes messages.
const WebhookPath = "/sms/send"

// Message is one text message as its reader sees it.
type Message struct {
	From string    `json:"from"` // "" where the webhook took it
	Text string    `json:"text"`
	At   time.Time `json:"at"`
	to   string
}

// Sink is a running gateway: an http.Handler whose other methods may be called
// at any time.
type Sink struct {
	opts Options
	mux  *http.ServeMux

	mu       sync.Mutex
	kept     []Message     // of all numbers, oldest first
	arrived  chan struct{} // closed and replaced at each arrival
	throttle bool
	refused  map[string]int // Twilio's error by number
	trouble  Trouble
}

// Trouble is how a gateway fails that is not well.
type Trouble struct {
	Delay   time.Duration     // before it answers, whatever it answers; a caller who has gone ends it
	Status  int               // of the answer in place of its own; 0: its own
	Headers map[string]string // of that answer
	Body    string            // of that answer
}

// e164 is an international number (ITU-T E.164): at most 15 digits, and no
// country's are fewer than 7 with its code.
var e164 = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// New makes a gateway without messages.
func New(opts Options) (*Sink, error) {
	if opts.AccountSID == "" || opts.AuthToken == "" || opts.Header == "" || opts.HeaderValue == "" || !e164.MatchString(opts.From) {
		return nil, errors.New("the gateway needs an account, its token, a number in the form +15550100, and the webhook's header")
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	s := &Sink{opts: opts, mux: http.NewServeMux(), arrived: make(chan struct{}), refused: make(map[string]int)}
	s.mux.HandleFunc("/2010-04-01/", s.twilio)
	s.mux.HandleFunc(WebhookPath, s.webhook)
	return s, nil
}

// ServeHTTP takes messages below /2010-04-01/ and at WebhookPath.
func (s *Sink) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(rw, r.Body, bodyLimit)
	t := s.ill()
	if t.Delay > 0 {
		body, _ := io.ReadAll(r.Body) // only then is it seen when the caller goes
		r.Body = io.NopCloser(bytes.NewReader(body))
		late := time.NewTimer(t.Delay)
		defer late.Stop()
		select {
		case <-late.C:
		case <-r.Context().Done():
			return // and nothing is delivered
		}
	}
	if t.Status == 0 {
		s.mux.ServeHTTP(rw, r)
		return
	}
	for name, value := range t.Headers {
		rw.Header().Set(name, value)
	}
	rw.WriteHeader(t.Status)
	_, _ = rw.Write([]byte(t.Body)) // a client that has gone
}

// Fail makes the gateway fail so, until it is called with the zero Trouble.
func (s *Sink) Fail(t Trouble) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trouble = t
}

func (s *Sink) ill() Trouble {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.trouble
}

// Refuse makes Twilio's API refuse messages to a number with one of Twilio's
// errors: 21610 where the phone's owner has unsubscribed, 21614 where it is no
// mobile phone. From 30000 on, the message is taken and has failed at once. 0
// mends it.
func (s *Sink) Refuse(number string, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused[number] = code
}

func (s *Sink) refusal(number string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused[number]
}

// Throttle makes the gateway answer that there are too many requests, until it
// is called with false.
func (s *Sink) Throttle(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.throttle = on
}

func (s *Sink) throttled() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.throttle
}

// Messages gives those to a number, oldest first.
func (s *Sink) Messages(number string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.to(number)
}

// Numbers gives those that messages have come to, the first one first.
func (s *Sink) Numbers() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, m := range s.kept {
		if !slices.Contains(out, m.to) {
			out = append(out, m.to)
		}
	}
	return out
}

func (s *Sink) to(number string) []Message {
	var out []Message
	for _, m := range s.kept {
		if m.to == number {
			out = append(out, m)
		}
	}
	return out
}

// Arrived gives a channel that is closed when the next message comes, to any number.
func (s *Sink) Arrived() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.arrived
}

// Wait gives the messages to a number as soon as there are n or more, or an
// error when the context ends first.
func (s *Sink) Wait(ctx context.Context, number string, n int) ([]Message, error) {
	for {
		arrived := s.Arrived()
		if all := s.Messages(number); len(all) >= n {
			return all, nil
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return s.Messages(number), fmt.Errorf("waiting for %d messages to %s: %w", n, number, ctx.Err())
		}
	}
}

func (s *Sink) deliver(m Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = append(s.kept, m)
	if len(s.to(m.to)) > numberLimit {
		first := slices.IndexFunc(s.kept, func(k Message) bool { return k.to == m.to })
		s.kept = slices.Delete(s.kept, first, first+1)
	}
	s.kept = slices.Delete(s.kept, 0, max(0, len(s.kept)-totalLimit))
	close(s.arrived)
	s.arrived = make(chan struct{})
}
