package slack

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	slackgo "github.com/slack-go/slack"
	"go.uber.org/zap"

	"latchkey/bot"
)

// How Socket Mode is kept up (docs.slack.dev/apis/events-api/using-socket-mode).
const (
	manyLines   = 2               // Slack closes each connection now and then: the other goes on
	openEvery   = time.Second     // both lines together open no more often
	openLife    = 8 * time.Second // apps.connections.open, and the handshake
	helloWithin = 10 * time.Second
	pingEvery   = 8 * time.Second
	deadAfter   = 25 * time.Second // without a frame, a ping or a pong
	retireLife  = 2 * time.Second  // of a connection whose successor stands
	closeLife   = 300 * time.Millisecond
	maxFrame    = maxBody
	maxAck      = 20 << 10 // larger ones Slack drops without a word
)

// socket holds two connections to Slack, on which everything comes that HTTP
// would bring to Handler. What ends it for good is in ended.
type socket struct {
	api    *slackgo.Client // has the app token and makes no retries
	dialer websocket.Dialer
	take   func(ctx context.Context, f frame, send func([]byte) error)
	log    *zap.Logger
	now    func() time.Time
	wait   func(ctx context.Context, d time.Duration) bool
	jitter func() float64 // 0 to 1

	lines             int
	hello, ping, dead time.Duration

	turn   chan struct{} // held by the line that opens a connection
	opened time.Time     // when one was opened last; for whoever holds turn
	fading sync.WaitGroup

	mu    sync.Mutex
	up    map[*connection]bool
	ended *ending
}

func newSocket(cfg Config, h *http.Client, log *zap.Logger, clock func() time.Time) *socket {
	return &socket{
		api: slackgo.New("", slackgo.OptionAppLevelToken(cfg.AppToken), slackgo.OptionHTTPClient(h), slackgo.OptionAPIURL(cfg.APIURL)),
		dialer: websocket.Dialer{
			Proxy:            http.ProxyFromEnvironment,
			NetDialContext:   (&net.Dialer{Timeout: 2 * time.Second}).DialContext,
			HandshakeTimeout: callLife,
			WriteBufferSize:  maxAck + 1024, // an acknowledgement is one frame: Slack reads no second
		},
		log: log, now: clock, wait: pause, jitter: rand.Float64,
		lines: manyLines, hello: helloWithin, ping: pingEvery, dead: deadAfter,
		turn: make(chan struct{}, 1), up: map[*connection]bool{},
	}
}

// run keeps the connections until ctx ends or Slack lets nobody in any more.
// When it returns, all are closed and everything that came was answered.
func (s *socket) run(ctx context.Context) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var lines sync.WaitGroup
	for range s.lines {
		lines.Go(func() {
			if over := s.keep(ctx); over != nil {
				s.end(over)
				stop()
			}
		})
	}
	lines.Wait()
	s.fading.Wait()
}

// keep is one line: there is a connection on it, or the next one is being
// opened. A connection that Slack wants replaced stays until its successor
// stands, since things still come by it.
func (s *socket) keep(ctx context.Context) *ending {
	var old *connection
	var p pauses
	for ctx.Err() == nil {
		c, why := s.connect(ctx)
		if c != nil {
			old.retire()
			old = c
			<-c.leaving
			why = c.why
		}
		if why.ended != nil || ctx.Err() != nil {
			old.retire()
			return why.ended
		}
		s.tell(why)
		if !s.wait(ctx, p.next(why, c.lived(), s.jitter())) {
			break
		}
	}
	old.retire()
	return nil
}

// tell logs why another connection is opened.
func (s *socket) tell(why departure) {
	if why.asked {
		s.log.Info("slack asks for a new connection", zap.String("reason", why.reason))
		return
	}
	s.log.Warn("slack connection is lost or could not be opened, another is opened", zap.String("reason", why.reason), zap.Error(why.err))
}

// connect waits for its turn and opens a connection; nil with the reason
// where there is none.
func (s *socket) connect(ctx context.Context) (*connection, departure) {
	select {
	case s.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, departure{err: ctx.Err()}
	}
	if !s.opened.IsZero() && !s.wait(ctx, s.opened.Add(openEvery).Sub(s.now())) {
		<-s.turn
		return nil, departure{err: ctx.Err()}
	}
	s.opened = s.now()
	within, cancel := context.WithTimeout(ctx, openLife)
	defer cancel()
	address, err := openSocket(within, s.api)
	<-s.turn
	if err != nil {
		return nil, departed(err)
	}
	ws, response, err := s.dialer.DialContext(within, address.String(), nil)
	if response != nil && response.Body != nil {
		_ = response.Body.Close()
	}
	if err != nil {
		return nil, departure{err: bot.E(bot.Unavailable, "dial slack", bare(err))}
	}
	return s.greet(ctx, ws)
}

// greet waits until Slack has said hello on a connection.
func (s *socket) greet(ctx context.Context, ws *websocket.Conn) (*connection, departure) {
	c := s.begin(ctx, ws)
	late := time.NewTimer(s.hello)
	defer late.Stop()
	select {
	case <-c.hello:
		return c, departure{}
	case <-late.C:
		c.leave(departure{err: bot.E(bot.Unavailable, "wait for slack's hello", context.DeadlineExceeded)})
	case <-c.leaving:
	}
	c.retire()
	return nil, c.why
}

// openSocket asks Slack for the address of a connection, which is good once.
// The address is a secret: it lets in whoever has it.
func openSocket(ctx context.Context, api *slackgo.Client) (*url.URL, error) {
	const op = "open slack connection"
	_, raw, err := api.StartSocketModeContext(ctx)
	if err != nil {
		return nil, fault(op, err)
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "wss" && (u.Scheme != "ws" || !loopback(u.Hostname())) {
		return nil, bot.E(bot.Unavailable, op, errNoReason)
	}
	return u, nil
}

// bare takes the address out of an error of a connection.
func bare(err error) error {
	var inURL *url.Error
	if errors.As(err, &inURL) {
		return inURL.Err
	}
	return err
}

// end notes why nobody is served any more, and says it once.
func (s *socket) end(why *ending) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended == nil {
		s.ended = why
		s.log.Error("slack has ended socket mode: nobody is served in Slack until this is mended and Latchkey is started again",
			zap.String("reason", why.code), zap.String("what", why.what()), zap.String("mend", why.mend()))
	}
}

// ready is nil while Slack can reach the bot.
func (s *socket) ready() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.ended != nil:
		return bot.Ef(bot.Unavailable, "see slack's connections", "%s %s", s.ended.what(), s.ended.mend())
	case len(s.up) == 0:
		return bot.Ef(bot.Unavailable, "see slack's connections", "there is no connection to Slack at present; it is being opened")
	}
	return nil
}
