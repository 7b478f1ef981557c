package demo

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/alicebob/miniredis/v2"

	"latchkey/adapters/playground"
	"latchkey/adapters/playground/authenticator"
	"latchkey/adapters/playground/ldap"
	"latchkey/adapters/playground/mail"
	"latchkey/adapters/playground/page"
	"latchkey/adapters/playground/sms"
	"latchkey/adapters/playground/teams"
)

// What the parts of the demo know each other by. Nothing of it is secret: all
// of it listens on loopback, and the right passwords stand on the page.
const (
	mailPassword    = mail.Password
	slackSecret     = "demo-signing-secret"
	slackToken      = "xoxb-demo"
	servicePassword = "demo-service-password"
	smsAccount      = "ACdemo"
	smsToken        = "demo-sms-token"
	smsFrom         = "+16175550100" // nobody's of the cast
	audit           = "C0AUDIT"
)

// Options say how the demo is set.
type Options struct {
	Listen string // host:port of the page, on loopback; port 0: a free one
	Keep   string // folder that keeps the state; "": a temporary one, removed at the end
}

// Stage is everything in the demo but the bot.
type Stage struct {
	Clock *Clock
	URL   string // of the page

	opts   Options
	dir    string
	corp   *ldap.Server
	lab    *ldap.Server
	redis  *miniredis.Miniredis
	mail   *mail.Server
	texts  *sms.Sink
	slack  *playground.Workspace
	teams  *teams.Tenant
	phones *phones
	before *world // what was kept; nil for a new world
	keeper *keeper
	page   net.Listener
	server *http.Server
	at     addresses
	undo   []func()
}

// Set sets the stage. Close takes it down again.
func Set(opts Options) (*Stage, error) {
	s := &Stage{opts: opts, Clock: &Clock{}}
	s.phones = &phones{clock: s.Clock, app: authenticator.New()}
	for _, step := range []func() error{s.listen, s.folder, s.directories, s.services, s.bot, s.tenant, s.workspace} {
		if err := step(); err != nil {
			_ = s.Close()
			return nil, err
		}
	}
	return s, nil
}

// Close takes the stage down: nobody acts any more, the state is kept, and the
// parts end, the last one first. An error says that the state was not kept.
func (s *Stage) Close() error {
	var err error
	if s.server != nil {
		_ = s.server.Close()
	}
	if s.keeper != nil {
		err = s.keeper.end()
		s.keeper = nil
	}
	for i := len(s.undo) - 1; i >= 0; i-- {
		s.undo[i]()
	}
	s.undo = nil
	return err
}

func (s *Stage) after(f func()) { s.undo = append(s.undo, f) }

// listen takes the page's address first: a second demo on it is told at once.
func (s *Stage) listen() error {
	host, _, err := net.SplitHostPort(s.opts.Listen)
	if err != nil {
		return fmt.Errorf("--listen %q is not an address such as 127.0.0.1:8080", s.opts.Listen)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("--listen %s: the demo knows everybody's password, so it listens on loopback only, such as 127.0.0.1:8080", s.opts.Listen)
	}
	s.page, err = net.Listen("tcp", s.opts.Listen)
	var op *net.OpError
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("cannot listen on %s: another demo or program may be using the port; stop it, or choose another with --listen", s.opts.Listen)
	case errors.As(err, &op):
		return fmt.Errorf("cannot listen on %s: %w; choose another address with --listen", s.opts.Listen, op.Err)
	case err != nil:
		return fmt.Errorf("cannot listen on %s: %w", s.opts.Listen, err)
	}
	s.after(func() { _ = s.page.Close() })
	s.URL = "http://" + s.page.Addr().String()
	return nil
}

// folder makes or takes the folder of the database and the keys.
func (s *Stage) folder() error {
	if s.opts.Keep == "" {
		dir, err := os.MkdirTemp("", "latchkey-demo-")
		if err != nil {
			return fmt.Errorf("make a temporary folder: %w", err)
		}
		s.dir = dir
		s.after(func() { _ = os.RemoveAll(dir) })
		return nil
	}
	var err error
	if s.dir, err = filepath.Abs(s.opts.Keep); err != nil {
		return fmt.Errorf("--keep %s: %w", s.opts.Keep, err)
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("--keep %s: the folder cannot be made: %w", s.dir, errors.Unwrap(err))
	}
	if err := s.claim(); err != nil {
		return err
	}
	if s.before, err = readWorld(s.dir); s.before != nil {
		s.Clock.goOn(s.before.Ahead, s.before.Saved)
	}
	return err
}

// services starts Redis, the mail server, and the gateway of text messages.
func (s *Stage) services() error {
	var err error
	var before []kept
	if s.before != nil {
		before = s.before.Redis
	}
	if s.redis, err = startRedis(s.Clock, before); err != nil {
		return err
	}
	s.after(s.redis.Close)
	config, ca, err := certificate()
	if err != nil {
		return err
	}
	if s.mail, err = mail.Start("127.0.0.1:0", config); err != nil {
		return fmt.Errorf("start the mail server: %w", err)
	}
	s.after(func() { _ = s.mail.Close() })
	if s.texts, err = sms.New(sms.Options{AccountSID: smsAccount, AuthToken: smsToken, From: smsFrom,
		Header: "Authorization", HeaderValue: "Bearer " + smsToken, Now: s.Clock.Now}); err != nil {
		return fmt.Errorf("start the gateway of text messages: %w", err)
	}
	s.at.redis, s.at.mail = s.redis.Addr(), s.mail.Addr()
	s.at.mailCA, err = s.write("mail-ca.pem", ca)
	return err
}

func (s *Stage) write(name string, content []byte) (string, error) {
	path := filepath.Join(s.dir, name)
	if err := replace(path, content); err != nil {
		return "", fmt.Errorf("write %s: %w", path, err)
	}
	return path, nil
}

// bot chooses where the bot is to listen.
func (s *Stage) bot() error {
	for _, at := range []*string{&s.at.listen, &s.at.admin} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return fmt.Errorf("find a free port: %w", err)
		}
		*at = l.Addr().String()
		_ = l.Close()
	}
	s.at.database, s.at.keys = "sqlite://"+filepath.Join(s.dir, "latchkey.db"), filepath.Join(s.dir, "keys.json")
	return nil
}

// workspace starts Slack, with the page beside it.
func (s *Stage) workspace() error {
	users := askers()
	people := s.people()
	for _, p := range people {
		if p.ID != "" {
			users = append(users, playground.User{ID: p.ID, Name: p.Logins["corp"], RealName: p.Name, Email: p.Email})
		}
	}
	slack, err := playground.New(playground.Options{Users: users, Token: slackToken, SigningSecret: slackSecret,
		Channels: channels(), Now: s.Clock.Now})
	if err != nil {
		return fmt.Errorf("set up the workspace: %w", err)
	}
	s.slack = slack
	s.after(func() { _ = slack.Close() })
	if err := ask(slack); err != nil {
		return err
	}
	slack.SetURL(s.URL)
	slack.SetBotURL("http://" + s.at.listen)
	show, err := page.New(page.World{
		Slack: slack, Teams: s.teams, Lines: page.UnlockLines(), People: people, Stores: []string{"corp", "lab"}, Mail: s.mail, Phones: s.phones, Texts: s.texts,
		Gateway:   page.Gateway{URL: s.URL + "/2010-04-01/Accounts/" + smsAccount + "/Messages.json", Account: smsAccount, Token: smsToken, From: smsFrom},
		Directory: desks{"corp": s.corp, "lab": s.lab}, Clock: s.Clock,
		Faults:   &faults{on: map[string]bool{}, corp: s.corp, redis: s.redis, mail: s.mail, texts: s.texts},
		Commands: page.UnlockCommands(), Tour: page.FirstUnlock(people[0], s.caller(), []string{"corp", "lab"}), Notes: s.notes(),
	})
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	for _, path := range []string{"/api/", "/commands/", "/actions/"} {
		mux.Handle(path, slack.Handler())
	}
	for _, path := range []string{"/2010-04-01/", sms.WebhookPath} {
		mux.Handle(path, s.texts)
	}
	mux.Handle("/", show)
	s.server = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = s.server.Serve(s.page) }()
	s.at.slackAPI, s.at.slackHost = slack.APIURL(), strings.TrimPrefix(s.URL, "http://")
	return nil
}

// notes say what is smaller here than in earnest.
func (s *Stage) notes() []string {
	keeps := "Nothing is kept when the program ends; start it with --keep FOLDER for that."
	if s.opts.Keep != "" {
		keeps = "Accounts, locks, cases and history are kept in " + s.dir + ". What was said in Slack and Teams, mail and text messages begin empty at each start."
	}
	return []string{
		"Everything runs in this one program: two directories, Redis, a mail server, a gateway of text messages, Slack and Teams are small stand-ins that refuse what the real ones refuse.",
		"Enrollments count at once here; in earnest they count after 72 hours. The limits of unlocks and wrong codes in a day are higher, so that you can try again. Hashes of answers cost next to nothing here, so that the demo stays small.",
		keeps,
	}
}

// Getenv is the environment of the bot on the stage: what its configuration
// reads by ${NAME}.
func Getenv(name string) (string, bool) {
	if name == "DEMO_MAIL_PASSWORD" {
		return mailPassword, true
	}
	return "", false
}

// Configuration gives the file with which the bot is started on the stage, and
// the folder that it lies in.
func (s *Stage) Configuration() (text, dir string) { return configuration(s.at), s.dir }
