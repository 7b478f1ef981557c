package teams

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Tenant is one tenant of Microsoft 365 with one app. All methods may be used
// from several goroutines.
type Tenant struct {
	opts   Options
	client *http.Client // to the bot
	dump   *dump

	mu       sync.Mutex // guards all that follows
	changed  chan struct{}
	botURL   string
	base     string
	service  string // the service address that activities name, where it was changed
	serial   int
	users    map[string]User
	rooms    map[string]*room
	dialogs  map[string]*dialog   // by user
	tokens   map[string]time.Time // issued bearer tokens, by their end
	keys     []*signingKey        // the last one signs
	faults   []*fault
	writes   map[string][]time.Time // by room
	calls    []Call
	asked    []Exchange
	problems []string

	server *http.Server
	served chan struct{}
	closed chan struct{}
	once   sync.Once
}

// New makes a tenant. It listens nowhere yet: see Start and Handler.
func New(opts Options) (*Tenant, error) {
	opts = opts.withDefaults()
	if err := opts.validate(); err != nil {
		return nil, err
	}
	d, err := newDump(opts.DumpDir)
	if err != nil {
		return nil, err
	}
	t := &Tenant{
		opts: opts, dump: d, botURL: opts.BotURL, changed: make(chan struct{}), closed: make(chan struct{}),
		users: map[string]User{}, rooms: map[string]*room{}, dialogs: map[string]*dialog{},
		tokens: map[string]time.Time{}, writes: map[string][]time.Time{},
	}
	t.client = &http.Client{
		Timeout:       opts.AnswerWithin,
		Transport:     &http.Transport{Proxy: nil, MaxIdleConnsPerHost: 16},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	for _, u := range opts.Users {
		t.users[u.ID] = u
	}
	for _, c := range opts.Channels {
		t.rooms[c.ID] = &room{Channel: c}
	}
	if err := t.addKey(); err != nil {
		return nil, err
	}
	return t, nil
}

// Start serves login, keys and Connector on addr, which must be a loopback
// address such as 127.0.0.1:0, until Close.
func (t *Tenant) Start(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("starting the tenant: %q is not a loopback address with a port, such as 127.0.0.1:0", addr)
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("starting the tenant: %w", err)
	}
	t.SetURL("http://" + listener.Addr().String())
	t.server = &http.Server{Handler: t.Handler(), ReadHeaderTimeout: 10 * time.Second}
	t.served = make(chan struct{})
	go func() {
		defer close(t.served)
		if err := t.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			t.problem("the tenant's server ended: %v", err)
		}
	}()
	return nil
}

// Close ends the server and every fault that hangs.
func (t *Tenant) Close() error {
	t.once.Do(func() { close(t.closed) })
	t.client.CloseIdleConnections()
	if t.server == nil {
		return nil
	}
	if err := t.server.Close(); err != nil {
		return fmt.Errorf("stopping the tenant: %w", err)
	}
	<-t.served
	return nil
}

// SetURL tells under which address Handler is reached, where Start does not serve it.
func (t *Tenant) SetURL(base string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.base = strings.TrimRight(base, "/")
}

// SetBotURL says where the bot listens, http://host:port.
func (t *Tenant) SetBotURL(base string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.botURL = strings.TrimRight(base, "/")
}

// SetServiceURL changes the service address that activities name, as Teams may
// between two messages; "" is the tenant's own again.
func (t *Tenant) SetServiceURL(address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.service = address
}

// URL is the address of the tenant, http://host:port.
func (t *Tenant) URL() string { t.mu.Lock(); defer t.mu.Unlock(); return t.base }

// TokenURL is where the bot gets its bearer tokens.
func (t *Tenant) TokenURL() string { return t.URL() + "/" + t.opts.TenantID + "/oauth2/v2.0/token" }

// MetadataURL is where the bot finds the keys of incoming tokens.
func (t *Tenant) MetadataURL() string { return t.URL() + "/v1/.well-known/openidconfiguration" }

// ServiceURL is the Connector's address as activities name it, with its last slash.
func (t *Tenant) ServiceURL() string { t.mu.Lock(); defer t.mu.Unlock(); return t.serviceURL() }

func (t *Tenant) serviceURL() string {
	if t.service != "" {
		return t.service
	}
	return t.base + "/amer/"
}

// ID is the tenant's id.
func (t *Tenant) ID() string { return t.opts.TenantID }

// AppID is the bot's id.
func (t *Tenant) AppID() string { return t.opts.AppID }

// AppSecret is the bot's client secret.
func (t *Tenant) AppSecret() string { t.mu.Lock(); defer t.mu.Unlock(); return t.opts.AppSecret }

// SetUser adds or replaces a user, for instance to make her a guest.
func (t *Tenant) SetUser(u User) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.users[u.ID] = u
	t.stir()
}

// Changed gives a channel that is closed when anything changes on any screen
// or in the logs. Ask again after each change.
func (t *Tenant) Changed() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.changed
}

// stir wakes whoever waits for a change. The caller holds mu.
func (t *Tenant) stir() {
	close(t.changed)
	t.changed = make(chan struct{})
}

// Eventually waits until check holds, looking again after every change; false
// when Options.Patience ends first.
func (t *Tenant) Eventually(check func() bool) bool { return t.await(t.opts.Patience, check) }

func (t *Tenant) await(patience time.Duration, check func() bool) bool {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for {
		changed := t.Changed()
		if check() {
			return true
		}
		select {
		case <-changed:
		case <-timer.C:
			return check()
		}
	}
}

// next gives a number that was not used before. The caller holds mu.
func (t *Tenant) next() int { t.serial++; return t.serial }

// secret gives n random bytes in base64. The caller holds mu.
func (t *Tenant) secret(n int) string {
	b := make([]byte, n)
	if _, err := io.ReadFull(t.opts.Rand, b); err != nil {
		t.problems = append(t.problems, fmt.Sprintf("the random source of the options failed: %v", err))
		_, _ = rand.Read(b)
	}
	return base64.RawURLEncoding.EncodeToString(b)
}
