package playground

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Workspace is one Slack workspace with one app installed. All methods may be
// used from several goroutines.
type Workspace struct {
	opts   Options
	client *http.Client // to the bot
	dump   *dump
	api    map[string]method

	mu       sync.Mutex // guards all that follows
	changed  chan struct{}
	botURL   string
	base     string // own address, http://host:port
	serial   int
	users    map[string]User
	rooms    map[string]*room
	triggers map[string]*trigger
	hooks    map[string]*hook
	stacks   map[string][]*view // open modals by user, the top one last
	homes    map[string]*view
	faults   []*fault
	postedAt map[string]time.Time // last chat.postMessage by channel
	calls    []Call
	asked    []Exchange
	problems []string
	sockets  sockets

	server *http.Server
	served chan struct{} // closed when the server has ended
	closed chan struct{}
}

// New makes a workspace. It listens nowhere yet: see Start and Handler.
func New(opts Options) (*Workspace, error) {
	opts = opts.withDefaults()
	if err := opts.validate(); err != nil {
		return nil, err
	}
	d, err := newDump(opts.DumpDir)
	if err != nil {
		return nil, err
	}
	w := &Workspace{
		opts: opts, dump: d, botURL: opts.BotURL,
		changed: make(chan struct{}), closed: make(chan struct{}),
		users: map[string]User{}, rooms: map[string]*room{},
		triggers: map[string]*trigger{}, hooks: map[string]*hook{},
		stacks: map[string][]*view{}, homes: map[string]*view{}, postedAt: map[string]time.Time{},
		sockets: sockets{tickets: map[string]time.Time{}, posted: map[string][]*posting{}},
	}
	w.api = w.methods()
	w.client = &http.Client{
		Timeout:       opts.AnswerWithin,
		Transport:     &http.Transport{Proxy: nil, MaxIdleConnsPerHost: 16},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	w.users[opts.BotUserID] = User{ID: opts.BotUserID, Name: "latchkey", RealName: opts.AppName, IsBot: true}
	for _, u := range opts.Users {
		w.users[u.ID] = u
	}
	for _, c := range opts.Channels {
		w.rooms[c.ID] = &room{Channel: c}
	}
	return w, nil
}

// Start serves the Web API on addr, which must be a loopback address such as
// 127.0.0.1:0, until Close.
func (w *Workspace) Start(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("starting the playground: %q is not a loopback address with a port, such as 127.0.0.1:0", addr)
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("starting the playground: %w", err)
	}
	w.SetURL("http://" + listener.Addr().String())
	w.server = &http.Server{Handler: w.Handler(), ReadHeaderTimeout: 10 * time.Second}
	w.served = make(chan struct{})
	go func() {
		defer close(w.served)
		if err := w.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			w.problem("the playground's server ended: %v", err)
		}
	}()
	return nil
}

// Close ends the server and every fault that hangs.
func (w *Workspace) Close() error {
	w.mu.Lock()
	select {
	case <-w.closed:
	default:
		close(w.closed)
	}
	w.mu.Unlock()
	w.closeSockets()
	w.client.CloseIdleConnections()
	if w.server == nil {
		return nil
	}
	if err := w.server.Close(); err != nil {
		return fmt.Errorf("stopping the playground: %w", err)
	}
	<-w.served
	return nil
}

// SetURL tells the workspace under which address its Handler is reached, where
// Start does not serve it.
func (w *Workspace) SetURL(base string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.base = strings.TrimRight(base, "/")
}

// SetBotURL says where the bot listens, http://host:port.
func (w *Workspace) SetBotURL(base string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.botURL = strings.TrimRight(base, "/")
}

// URL is the address of the workspace, http://host:port; response URLs begin with it.
func (w *Workspace) URL() string { w.mu.Lock(); defer w.mu.Unlock(); return w.base }

// APIURL is the base of the Web API as clients want it, with its last slash.
func (w *Workspace) APIURL() string { return w.URL() + "/api/" }

// Token is the bot's token.
func (w *Workspace) Token() string { return w.opts.Token }

// SigningSecret is the key of the signatures on what the bot gets.
func (w *Workspace) SigningSecret() string { return w.opts.SigningSecret }

// Changed gives a channel that is closed when anything changes on any screen
// or in the logs. Ask again after each change.
func (w *Workspace) Changed() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.changed
}

// stir wakes whoever waits for a change. The caller holds mu.
func (w *Workspace) stir() {
	close(w.changed)
	w.changed = make(chan struct{})
}

// next gives a number that was not used before. The caller holds mu.
func (w *Workspace) next() int {
	w.serial++
	return w.serial
}

// secret gives n random bytes in hex; a source that fails is fatal to whatever
// needs the secret, so crypto/rand steps in.
func (w *Workspace) secret(n int) string {
	b := make([]byte, n)
	if _, err := io.ReadFull(w.opts.Rand, b); err != nil {
		w.problems = append(w.problems, fmt.Sprintf("the random source of the options failed: %v", err))
		_, _ = rand.Read(b)
	}
	return hex.EncodeToString(b)
}
