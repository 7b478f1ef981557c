package page

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"latchkey/adapters/playground"
	"latchkey/adapters/playground/authenticator"
	"latchkey/adapters/playground/mail"
	"latchkey/adapters/playground/sms"
	"latchkey/adapters/playground/teams"
)

// The chats, as requests name them.
const (
	chatSlack = "slack"
	chatTeams = "teams"
)

// World is what the page shows beside Slack. Slack and People are needed;
// where another part is nil, the page leaves its box out.
type World struct {
	Slack  *playground.Workspace
	Teams  *teams.Tenant
	People []Person // in the order of the switch; the first one is who opens the page
	Stores []string // the identity stores of the sign-in box, the usual one first

	Mail      Mailboxes
	Phones    Phones
	Texts     Texts
	Directory Directory
	Clock     Clock
	Faults    Faults

	Gateway  Gateway   // where text messages come from, for those who want to send one
	Commands []Command // what the composer completes in Slack
	Lines    []Command // and in Teams
	Tour     []Step
	Notes    []string // plain sentences about what is smaller here than in earnest
}

// Person is somebody whom the page can be, or who calls, or both.
type Person struct {
	ID       string            `json:"id"`       // of the Slack user; "" for somebody without Slack
	Teams    string            `json:"-"`        // the object id in Teams; "" for somebody without
	Name     string            `json:"name"`     // as in Slack
	Part     string            `json:"part"`     // a few words under the name: 'agent, restricted mode'
	About    string            `json:"about"`    // a sentence: what this person can do here
	Email    string            `json:"email"`    // of the mailbox
	Mobile   string            `json:"mobile"`   // of the phone, E.164
	Caller   bool              `json:"caller"`   // may be the one on the phone
	Agent    bool              `json:"agent"`    // sits at the helpdesk
	Logins   map[string]string `json:"logins"`   // login name by identity store
	Password string            `json:"password"` // the right one, offered beside the sign-in box
	Knows    []Known           `json:"knows"`    // what only this person knows, to be told on the phone
}

// Known is a security question with the answer that a person gives.
type Known struct {
	Question string `json:"question"`
	Answer   string `json:"answer"`
}

// Mailboxes is the mail server; *mail.Server is one.
type Mailboxes interface {
	// Mailbox gives the mails of an address, oldest first.
	Mailbox(address string) []mail.Message
	// Wait returns as soon as an address has n mails or more, or ctx ends.
	Wait(ctx context.Context, address string, n int) ([]mail.Message, error)
}

// Phones are the callers' phones.
type Phones interface {
	// Codes lists what the authenticator app of a person shows now. It is
	// asked again at each Code's Until.
	Codes(person Person) []Code
}

// Scanner are phones that take an account, by QR code or by hand. Where Phones
// is one, the page offers it.
type Scanner interface {
	// Add puts an account on the person's phone; Codes shows it from then on.
	Add(person Person, account authenticator.Account)
}

// Texts is the gateway of text messages; *sms.Sink is one.
type Texts interface {
	// Messages gives those to a number, oldest first.
	Messages(number string) []sms.Message
	// Wait returns as soon as a number has n messages or more, or ctx ends.
	Wait(ctx context.Context, number string, n int) ([]sms.Message, error)
}

// Gateway is what a client of the gateway has to know. All of it is the demo's
// own and no secret.
type Gateway struct {
	URL     string `json:"url"` // where messages are posted, as to Twilio
	Account string `json:"account"`
	Token   string `json:"token"`
	From    string `json:"from"` // E.164
}

// Code is one line of an authenticator app.
type Code struct {
	Label  string        `json:"label"`  // account and issuer
	Code   string        `json:"code"`   // the digits
	Until  time.Time     `json:"until"`  // when the next one comes, by the world's clock
	Period time.Duration `json:"period"` // how long one is shown
}

// Directory is where the sign-in box tries passwords.
type Directory interface {
	// SignIn tries a password as a user's computer would. An error means that
	// the directory did not answer.
	SignIn(ctx context.Context, store, login, password string) (SignIn, error)
}

// Result says how a sign-in ended.
type Result string

// The results that the sign-in box tells apart.
const (
	Welcome Result = "welcome"
	Wrong   Result = "wrong"   // the password, or there is no such login
	Locked  Result = "locked"  // the account
	Refused Result = "refused" // anything else: disabled, expired, must change
)

// SignIn is the directory's answer.
type SignIn struct {
	Result Result `json:"result"`
	Word   string `json:"word"` // the directory's own: '49 (invalid credentials), data 775'
}

// Clock is the clock of everything in the world.
type Clock interface {
	Now() time.Time
	// Advance moves it forward by d.
	Advance(d time.Duration)
}

// Faults are what can be broken.
type Faults interface {
	Faults() []Fault
	// Switch breaks or mends a part.
	Switch(ctx context.Context, id string, on bool) error
}

// Fault is one part that can be broken.
type Fault struct {
	ID    string `json:"id"`
	Label string `json:"label"` // 'Directory away'
	About string `json:"about"` // what one sees then
	On    bool   `json:"on"`
}

// Command is one line that the composer offers.
type Command struct {
	Line  string `json:"line"`  // what is typed, up to where the person goes on: '/unlock '
	Hint  string `json:"hint"`  // what goes on: 'name, login or mail'
	About string `json:"about"` // what it does
}

func (w World) validate() error {
	if w.Slack == nil {
		return errors.New("the page needs a workspace")
	}
	seen := map[string]bool{}
	for _, p := range w.People {
		if p.Name == "" || p.ID == "" && !p.Caller {
			return fmt.Errorf("person %q %q: needs a name, and an id in Slack unless a caller", p.ID, p.Name)
		}
		if seen[p.key()] {
			return fmt.Errorf("person %q is there twice", p.key())
		}
		seen[p.key()] = true
	}
	if len(w.People) == 0 || w.People[0].ID == "" {
		return errors.New("the first person of the page must be in Slack")
	}
	return nil
}

// key names a person in requests.
func (p Person) key() string {
	if p.ID != "" {
		return p.ID
	}
	return p.Email
}

// chats lists those that a person has.
func (w World) chats(p Person) []string {
	out := []string{}
	if p.ID != "" {
		out = append(out, chatSlack)
	}
	if p.Teams != "" && w.Teams != nil {
		out = append(out, chatTeams)
	}
	return out
}

func (w World) has(p Person, chat string) bool { return slices.Contains(w.chats(p), chat) }

// chat is the one wanted, if the person has it, else her first; "" is none.
func (w World) chat(p Person, wanted string) string {
	all := w.chats(p)
	if len(all) > 0 && !slices.Contains(all, wanted) {
		return all[0]
	}
	if len(all) == 0 {
		return ""
	}
	return wanted
}

func (w World) person(key string) (Person, bool) {
	for _, p := range w.People {
		if p.key() == key {
			return p, true
		}
	}
	return Person{}, false
}
