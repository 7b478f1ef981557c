package slack

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/zap"

	"latchkey/bot"
)

// manyAtOnce bounds the envelopes of one connection that are being answered.
// The next is read when there is room: until then Slack keeps it.
const manyAtOnce = 256

// connection is one WebSocket to Slack.
type connection struct {
	socket *socket
	ws     *websocket.Conn
	began  time.Time

	hello   chan struct{} // closed when Slack has said it
	leaving chan struct{} // closed when another has to take its place; why is set then
	over    chan struct{} // closed when nothing more comes and all that came is answered
	room    chan struct{}
	taking  sync.WaitGroup
	unhook  func() bool

	once    sync.Once
	why     departure
	writing sync.Mutex
	mu      sync.Mutex
	stopped bool
}

// begin reads from a connection until it is closed or ctx ends.
func (s *socket) begin(ctx context.Context, ws *websocket.Conn) *connection {
	c := &connection{socket: s, ws: ws, began: s.now(), hello: make(chan struct{}), leaving: make(chan struct{}),
		over: make(chan struct{}), room: make(chan struct{}, manyAtOnce)}
	ws.SetReadLimit(maxFrame)
	ws.SetPongHandler(func(string) error { c.alive(); return nil })
	ws.SetPingHandler(func(data string) error {
		c.alive()
		_ = ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second)) // its failure is found by reading
		return nil
	})
	c.alive()
	c.unhook = context.AfterFunc(ctx, c.stop)
	s.fading.Go(c.pings)
	s.fading.Go(func() { c.read(ctx) })
	return c
}

// read takes frame after frame. What came is answered to the end, also where
// nothing more can come.
func (c *connection) read(ctx context.Context) {
	defer close(c.over)
	greeted := false
	for {
		kind, data, err := c.ws.ReadMessage()
		if err != nil {
			c.leave(departure{err: bot.E(bot.Unavailable, "read from slack", err)})
			break
		}
		c.alive()
		var f frame
		if kind != websocket.TextMessage || json.Unmarshal(data, &f) != nil {
			c.socket.log.Warn("slack frame that cannot be read, ignored", zap.Int("bytes", len(data)))
			continue
		}
		switch f.Type {
		case "hello":
			if !greeted {
				greeted = true
				c.greeted(f)
			}
		case "disconnect":
			c.leave(disconnected(f.Reason))
		default:
			c.hand(ctx, f)
		}
	}
	c.socket.down(c)
	c.taking.Wait()
	c.unhook()
	c.close()
}

// close says goodbye after the last acknowledgement, and reads what is left: a
// connection that is closed with something unread in it is reset, which may
// take the acknowledgement along.
func (c *connection) close() {
	_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
	under := c.ws.NetConn()
	_ = under.SetReadDeadline(time.Now().Add(closeLife))
	_, _ = io.Copy(io.Discard, under)
	_ = c.ws.Close()
}

func (c *connection) greeted(f frame) {
	s := c.socket
	s.mu.Lock()
	s.up[c] = true
	s.mu.Unlock()
	s.log.Info("slack connection is up", zap.Int("connections_of_app", f.Connections))
	close(c.hello)
}

func (s *socket) down(c *connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.up, c)
}

// hand has an envelope answered beside the reading, so that one that takes
// long keeps no other waiting.
func (c *connection) hand(ctx context.Context, f frame) {
	if f.EnvelopeID == "" {
		c.socket.log.Warn("slack envelope without an id, ignored: it could not be acknowledged", zap.String("kind", trim(f.Type, 40)))
		return
	}
	c.room <- struct{}{}
	c.taking.Go(func() {
		defer func() { <-c.room }()
		c.socket.take(context.WithoutCancel(ctx), f, c.send)
	})
}

// send writes one acknowledgement, on this connection or nowhere.
func (c *connection) send(data []byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := c.ws.SetWriteDeadline(time.Now().Add(time.Second)); err != nil {
		return bot.E(bot.Unavailable, "acknowledge to slack", err)
	}
	if err := c.ws.WriteMessage(websocket.TextMessage, data); err != nil {
		return bot.E(bot.Unavailable, "acknowledge to slack", err)
	}
	return nil
}

// pings asks whether the other side is still there.
func (c *connection) pings() {
	tick := time.NewTicker(c.socket.ping)
	defer tick.Stop()
	for {
		select {
		case <-c.over:
			return
		case <-tick.C:
			_ = c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second)) // its failure is found by reading
		}
	}
}

// alive puts off the time at which the connection counts as dead.
func (c *connection) alive() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stopped {
		_ = c.ws.SetReadDeadline(time.Now().Add(c.socket.dead))
	}
}

// leave says, the first time, why another connection has to take the place.
func (c *connection) leave(why departure) {
	c.once.Do(func() {
		c.why = why
		close(c.leaving)
	})
}

// stop takes nothing new: what Slack has not seen acknowledged it sends to another.
func (c *connection) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = true
	_ = c.ws.SetReadDeadline(time.Now())
}

// retire closes a connection after retireLife, or when Slack does: what Slack
// was sending is still read, and what was read is acknowledged.
func (c *connection) retire() {
	if c == nil {
		return
	}
	c.leave(departure{err: errors.New("not needed any more")})
	c.socket.fading.Go(func() {
		late := time.NewTimer(retireLife)
		defer late.Stop()
		select {
		case <-c.over:
		case <-late.C:
			c.stop()
		}
	})
}

// lived is how long the connection lasted until now; none did not last at all.
func (c *connection) lived() time.Duration {
	if c == nil {
		return 0
	}
	return c.socket.now().Sub(c.began)
}
