package e2e

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"latchkey/adapters/playground"
	"latchkey/adapters/playground/sms"
	"latchkey/adapters/playground/teams"
	"latchkey/servers"
)

// stage is everything that a story plays on: a real Active Directory (corp), a
// real OpenLDAP (lab), Redis, a mail server, a Slack workspace, and the bot.
type stage struct {
	t     *testing.T
	dir   string
	samba *servers.Samba
	slapd *servers.Slapd
	redis *servers.Redis
	mail  *servers.Postfix
	slack *playground.Workspace
	teams *teams.Tenant     // nil where a story has none
	ids   map[string]string // object ids in Teams, by login
	bot   *bot

	texts   *sms.Sink // the gateway of text messages, where a story has one
	gateway string    // its address

	corpOU, labOU string // containers of this story's people
	corpURL       string // of corp, where a story puts something in between
	labURL        string
	groups        map[string]string // role name to DN of its group in corp
	seeds         map[string]string // login to otpauth:// URI
	people        []playground.User
	everybody     []person // of the cast, with their passwords
	started       []*bot
	inTeams       bool                 // Teams is there, beside Slack
	commands      *monitor             // of Redis
	postgres      string               // URL of the ledger where it is no SQLite file, for the superuser
	rooms         []playground.Channel // beside the audit channel
	db            *sql.DB              // the ledger, once a story has looked into it
	shown         string               // the digits that an agent's page shows for the user: those alone may stand in what a chat gets
	said          []string             // by the pages that answered guesses
}

const audit = "C0AUDIT"

// person is somebody of the cast.
type person struct {
	name, login, password, dn, mail string
	slack                           string // id in Slack, empty for users who are not agents
}

// box is the check box of a person's account on page Unlock.
func box(p person, store string) string { return p.name + " (" + p.login + ") in " + store }

// newStage sets the scene; nothing of the bot runs yet.
func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{t: t, dir: t.TempDir(), samba: servers.SharedSamba(t), slapd: servers.SharedSlapd(t),
		redis: servers.StartRedis(t, servers.RedisSpec{}), mail: servers.SharedPostfix(t),
		groups: map[string]string{}, seeds: map[string]string{}, ids: map[string]string{}, inTeams: overTeams(t.Name())}
	s.corpOU = s.samba.OwnOU(t, s.samba.People)
	s.labOU = s.slapd.OwnOU(t, s.slapd.People)
	s.corpURL, s.labURL = s.samba.URL, s.slapd.URL
	for _, role := range []string{"restricted", "unrestricted", "powerless"} {
		s.groups[role] = s.samba.AddGroup(t, s.corpOU, servers.Unique(role))
	}
	return s
}

// agent adds an agent with a role, in corp and in Slack.
func (s *stage) agent(first, role string) person {
	s.t.Helper()
	p := s.user(first, "Agent", "")
	p.slack = "U0" + strings.ToUpper(first)
	s.samba.AddMembers(s.t, s.groups[role], p.dn)
	s.people = append(s.people, playground.User{ID: p.slack, Name: strings.ToLower(first), RealName: first + " Agent", Email: p.mail})
	return p
}

// user adds a person to corp. link, where set, is his employee number.
func (s *stage) user(first, last, link string) person {
	s.t.Helper()
	login := short(first)
	mail := login + "@" + s.mail.Domain
	attributes := map[string][]string{}
	if link != "" {
		attributes["employeeID"] = []string{link}
	}
	a := s.samba.AddUser(s.t, servers.User{Login: login, Under: s.corpOU, First: first, Last: last,
		Display: first + " " + last, Mail: mail, Attributes: attributes})
	p := person{name: first + " " + last, login: login, password: a.Password, dn: a.DN, mail: mail}
	s.everybody = append(s.everybody, p)
	return p
}

// labUser adds a person to lab, with the same employee number as in corp.
func (s *stage) labUser(first, last, link string) person {
	s.t.Helper()
	login := short(first)
	mail := login + "@" + s.mail.Domain
	attributes := map[string][]string{}
	if link != "" {
		attributes["employeeNumber"] = []string{link}
	}
	a := s.slapd.AddUser(s.t, servers.User{Login: login, Under: s.labOU, First: first, Last: last,
		Display: first + " " + last, Mail: mail, Attributes: attributes})
	p := person{name: first + " " + last, login: login, password: a.Password, dn: a.DN, mail: mail}
	s.everybody = append(s.everybody, p)
	return p
}

// short is a login that no other story uses, in at most 20 characters.
func short(first string) string {
	u := servers.Unique("x")
	return strings.ToLower(first) + u[len(u)-8:]
}

// serve opens the workspace, writes the configuration, makes the keys, enrolls
// nobody and starts the bot.
func (s *stage) serve(change ...func(string) string) {
	s.t.Helper()
	s.prepare(change...)
	s.start()
}

// start starts the bot; in Teams an administrator installs it then.
func (s *stage) start() {
	s.t.Helper()
	s.bot.start()
	s.t.Cleanup(s.bot.stop)
	if s.teams != nil {
		s.ok(s.teams.Announce())
	}
}

// prepare does all that serve does but start the bot.
func (s *stage) prepare(change ...func(string) string) {
	s.t.Helper()
	dump := os.Getenv("LATCHKEY_PAYLOAD_DUMP")
	slack, err := playground.New(playground.Options{Users: s.people, DumpDir: dump, SocketMode: overSocket(s.t),
		Channels: append(s.rooms, playground.Channel{ID: audit, Name: "unlock-audit"})})
	s.ok(err)
	s.ok(slack.Start("127.0.0.1:0"))
	s.t.Cleanup(func() { _ = slack.Close() })
	s.slack = slack
	s.commands = s.listen()
	s.t.Cleanup(s.sweep) // before the workspace closes, after the program has stopped
	s.bot = s.newBot("latchkey.yaml")
	slack.SetBotURL("http://" + s.bot.listen)
	text := s.configuration()
	for _, c := range change {
		text = c(text)
	}
	if s.inTeams {
		text = s.openTenant(text)
	}
	s.ok(os.WriteFile(s.bot.config, []byte(text), 0o600))
	must(s.t, "keys", "new", "--config", s.bot.config)
}

// newBot gives a program that is not started yet, with the name of its configuration.
func (s *stage) newBot(config string) *bot {
	s.t.Helper()
	b := &bot{t: s.t, config: filepath.Join(s.dir, config), listen: freePort(s.t), admin: freePort(s.t)}
	s.started = append(s.started, b)
	return b
}

// enroll enrolls a person of a store as an administrator does.
func (s *stage) enroll(store string, p person, types ...string) {
	s.t.Helper()
	for _, kind := range types {
		out := must(s.t, "enroll", "add", "--config", s.bot.config, "--store", store, "--user", p.login, "--type", kind)
		if kind == "authenticator" {
			for line := range strings.Lines(out) {
				if strings.HasPrefix(line, "otpauth://") {
					s.seeds[p.login] = strings.TrimSpace(line)
				}
			}
			if s.seeds[p.login] == "" {
				s.t.Fatalf("enroll add printed no otpauth:// address:\n%s", out)
			}
		}
	}
}

// app is the code that the person's authenticator app shows now.
func (s *stage) app(p person) string {
	s.t.Helper()
	key, err := otp.NewKeyFromURL(s.seeds[p.login])
	s.ok(err)
	code, err := totp.GenerateCode(key.Secret(), time.Now())
	s.ok(err)
	return code
}

// mailedCode is the code in the nth mail to the person.
func (s *stage) mailedCode(p person, n int) string {
	s.t.Helper()
	mails := s.mail.WaitForMail(s.t, p.mail, n)
	for _, word := range strings.Fields(mails[n-1][strings.Index(mails[n-1], "\n\n")+1:]) {
		if len(word) == 6 && strings.Trim(word, "0123456789") == "" {
			return word
		}
	}
	s.t.Fatalf("no code in the mail:\n%s", mails[n-1])
	return ""
}

// atSlack puts somebody in front of Slack, for what is Slack's own.
func (s *stage) atSlack(p person) *playground.Person { return s.slack.As(p.slack) }

// history is what `latchkey history list` prints.
func (s *stage) history(args ...string) string {
	s.t.Helper()
	return must(s.t, append([]string{"history", "list", "--config", s.bot.config}, args...)...)
}

// ok fails the story on an error.
func (s *stage) ok(err error) {
	s.t.Helper()
	if err != nil {
		s.fail(err)
	}
}

func (s *stage) fail(err error) {
	s.t.Helper()
	log := ""
	if s.bot != nil {
		log = s.bot.log()
	}
	s.t.Fatalf("%v\n--- latchkey wrote:\n%s", err, log)
}

// refuses tells whether the directory refuses the right password as locked.
func (s *stage) lockedOut(p person) bool {
	s.t.Helper()
	code, data := servers.Refusal(s.samba.Bind(p.dn, p.password))
	return code == 49 && data == "775"
}

func (s *stage) signsIn(p person) bool { return s.samba.Bind(p.dn, p.password) == nil }

// clean ends a story: neither chat would have refused anything.
func (s *stage) clean() {
	s.t.Helper()
	if problems := s.slack.Problems(); len(problems) > 0 {
		s.fail(fmt.Errorf("Slack would refuse: %s", strings.Join(problems, "; ")))
	}
	if s.teams == nil {
		return
	}
	if problems := s.teams.Problems(); len(problems) > 0 {
		s.fail(fmt.Errorf("Teams would refuse: %s", strings.Join(problems, "; ")))
	}
}
