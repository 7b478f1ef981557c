package playground

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Of Socket Mode (docs.slack.dev/apis/events-api/using-socket-mode).
const (
	maxSockets = 10
	ticketLife = 30 * time.Second // by the wall clock
	socketPing = 2 * time.Second
	maxAck     = 20 << 10 // an acknowledgement as large is dropped without a word
)

// sockets are the connections of the app. The workspace's mu guards all of it.
type sockets struct {
	tickets map[string]time.Time
	open    []*Socket
	serial  int
	turn    int
	posted  map[string][]*posting // by envelope id
	storm   string                // reason of the disconnect that new connections get at once
	storms  int
	revoked bool
	ended   sync.WaitGroup
}

// Socket is one connection of Socket Mode. Its methods may be called from
// several goroutines.
type Socket struct {
	ws     *Workspace
	number int
	conn   *websocket.Conn
	gone   chan struct{}

	writing sync.Mutex
	frozen  bool // guarded by the workspace's mu
}

// openConnection is apps.connections.open: an address that is good once.
func (w *Workspace) openConnection(token string) reply {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case token == w.opts.Token:
		return refuse("not_allowed_token_type")
	case token != w.opts.AppToken:
		return refuse("invalid_auth")
	case w.sockets.revoked:
		return refuse("token_revoked")
	}
	ticket := w.secret(16)
	w.sockets.tickets[ticket] = time.Now()
	at := "ws" + strings.TrimPrefix(w.base, "http") + "/link/?" + url.Values{"ticket": {ticket}, "app_id": {w.opts.AppID}}.Encode()
	out := ok(map[string]any{"url": at})
	out.header = http.Header{"X-Oauth-Scopes": {"connections:write"}}
	return out
}

// link takes a connection with a ticket that was not used before.
func (w *Workspace) link(rw http.ResponseWriter, r *http.Request) {
	ticket := r.URL.Query().Get("ticket")
	w.mu.Lock()
	at, known := w.sockets.tickets[ticket]
	delete(w.sockets.tickets, ticket)
	w.mu.Unlock()
	if !known || time.Since(at) > ticketLife {
		w.problem("socket: a connection with a ticket that is unknown, used or too old")
		http.Error(rw, "invalid ticket", http.StatusForbidden)
		return
	}
	up := websocket.Upgrader{HandshakeTimeout: 5 * time.Second, WriteBufferSize: maxBody}
	conn, err := up.Upgrade(rw, r, nil)
	if err != nil {
		w.problem("socket: %v", err)
		return
	}
	s := &Socket{ws: w, conn: conn, gone: make(chan struct{})}
	conn.SetReadLimit(maxBody)
	pong := conn.PingHandler()
	conn.SetPingHandler(func(data string) error {
		if s.isFrozen() {
			return nil
		}
		return pong(data)
	})
	if greeting, welcome := w.admitSocket(s); !welcome {
		_ = s.write(greeting)
		_ = conn.Close()
	}
}

// admitSocket makes the connection one that gets envelopes, or says why not.
func (w *Workspace) admitSocket(s *Socket) (greeting map[string]any, welcome bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	in := &w.sockets
	select {
	case <-w.closed:
		return disconnectFrame("refresh_requested"), false
	default:
	}
	if len(in.open) >= maxSockets {
		return disconnectFrame("too_many_websockets"), false
	}
	in.serial++
	s.number = in.serial
	hello := map[string]any{
		"type": "hello", "num_connections": len(in.open) + 1, "connection_info": map[string]any{"app_id": w.opts.AppID},
		"debug_info": map[string]any{"host": "applink-playground", "build_number": 1, "approximate_connection_time": 18060},
	}
	storm := ""
	if in.storms > 0 {
		in.storms--
		storm = in.storm
	}
	in.ended.Go(func() {
		if s.write(hello) == nil && storm != "" {
			_ = s.write(disconnectFrame(storm))
		}
		w.listSocket(s, storm == "")
		in.ended.Go(s.pings)
		s.read()
	})
	return nil, true
}

// listSocket makes it known that hello is out.
func (w *Workspace) listSocket(s *Socket, useful bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if useful {
		w.sockets.open = append(w.sockets.open, s)
	}
	w.stir()
}

func disconnectFrame(reason string) map[string]any {
	return map[string]any{"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": "applink-playground"}}
}

// read takes acknowledgements until the connection ends.
func (s *Socket) read() {
	for {
		kind, data, err := s.conn.ReadMessage()
		if err != nil {
			break
		}
		if !s.isFrozen() {
			s.ws.acknowledged(s, kind == websocket.TextMessage, data)
		}
	}
	_ = s.conn.Close()
	s.ws.mu.Lock()
	defer s.ws.mu.Unlock()
	s.ws.sockets.open = slices.DeleteFunc(s.ws.sockets.open, func(o *Socket) bool { return o == s })
	close(s.gone)
	s.ws.stir()
}

func (s *Socket) pings() {
	tick := time.NewTicker(socketPing)
	defer tick.Stop()
	for {
		select {
		case <-s.gone:
			return
		case <-tick.C:
			if !s.isFrozen() {
				_ = s.conn.WriteControl(websocket.PingMessage, []byte("playground"), time.Now().Add(time.Second))
			}
		}
	}
}

func (s *Socket) write(frame map[string]any) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	_ = s.conn.SetWriteDeadline(time.Now().Add(2 * time.Second))
	return s.conn.WriteJSON(frame)
}

func (s *Socket) isFrozen() bool { s.ws.mu.Lock(); defer s.ws.mu.Unlock(); return s.frozen }

// Number tells connections apart: 1 is the first that was ever opened.
func (s *Socket) Number() int { return s.number }

// Disconnect sends a disconnect with a reason: warning, refresh_requested,
// link_disabled, too_many_websockets. The connection stays until the app
// closes it, or Cut does.
func (s *Socket) Disconnect(reason string) error {
	if err := s.write(disconnectFrame(reason)); err != nil {
		return fmt.Errorf("disconnecting: %w", err)
	}
	return nil
}

// Write sends any text, such as what is no JSON.
func (s *Socket) Write(text string) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.conn.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		return fmt.Errorf("writing to the app: %w", err)
	}
	return nil
}

// Cut breaks the connection without a word.
func (s *Socket) Cut() { _ = s.conn.NetConn().Close() }

// Freeze lets the connection stand, and nothing go through it either way.
func (s *Socket) Freeze() { s.ws.mu.Lock(); defer s.ws.mu.Unlock(); s.frozen = true }

// Busy reports whether something that went by the connection is not acknowledged.
func (s *Socket) Busy() bool {
	s.ws.mu.Lock()
	defer s.ws.mu.Unlock()
	for _, all := range s.ws.sockets.posted {
		if slices.ContainsFunc(all, func(p *posting) bool { return p.socket == s && !p.done }) {
			return true
		}
	}
	return false
}

// Sockets lists the connections that stand, the oldest first.
func (w *Workspace) Sockets() []*Socket {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.sockets.open)
}

// DisconnectNext sends the next times connections a disconnect right after hello.
func (w *Workspace) DisconnectNext(reason string, times int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sockets.storm, w.sockets.storms = reason, times
}

// RevokeAppToken takes the app-level token back: every connection is closed,
// and no other can be opened.
func (w *Workspace) RevokeAppToken() {
	w.mu.Lock()
	w.sockets.revoked = true
	open := slices.Clone(w.sockets.open)
	w.mu.Unlock()
	for _, s := range open {
		_ = s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseGoingAway, ""), time.Now().Add(time.Second))
		s.Cut()
	}
}

// AppToken is the app-level token.
func (w *Workspace) AppToken() string { return w.opts.AppToken }

// closeSockets ends all connections. No other is admitted once closed is closed.
func (w *Workspace) closeSockets() {
	for _, s := range w.Sockets() {
		s.Cut()
	}
	w.sockets.ended.Wait()
}

var errNoSocket = errors.New("the app has no connection")
