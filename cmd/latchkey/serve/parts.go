package serve

import (
	"cmp"
	"context"
	"crypto/tls"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"latchkey/adapters/slack"
	"latchkey/adapters/teams"
	"latchkey/bot"
	"latchkey/flows"
	"latchkey/flows/answer"
	"latchkey/flows/enroll"
	"latchkey/flows/unlock"
)

// Ledger is everything of record, as store/ledger keeps it.
type Ledger interface {
	bot.Proofs
	bot.Unlocks
	bot.Journal
	bot.Enrollments
	bot.People
	bot.Outbox
	bot.Freezes
	bot.Clearings
	bot.EnrollerRecords
	bot.ReminderJobs
	flows.CardBook
	bot.References
	Checker
}

// Session is what only denies, as store/session keeps it.
type Session interface {
	flows.Sessions
	flows.Gate
	bot.CodeBook
	bot.SeedBook
	Evictor
}

// Vault has the keys.
type Vault interface {
	bot.Vault
	bot.Answers
	flows.Signer
}

// Parts are what a bot is made of. Courier, Texts, Slack and Teams may be nil.
type Parts struct {
	Listen, Admin string      // host:port; Listen "": nobody calls, everything comes by Socket Mode
	TLS           *tls.Config // of Listen; nil: plain HTTP, behind a proxy
	Version       string      // of the program, for /metrics

	Policy      *bot.Policy
	Rules       []bot.PeopleRule
	Directories map[string]bot.Directory
	Ledger      Ledger
	Session     Session
	Instance    Registry // nil: nobody else can serve the same
	Vault       Vault
	Courier     bot.Courier   // by mail
	Texts       bot.Courier   // to phones
	Pace        time.Duration // between two reminders of many; 0: a second
	Slack       *slack.Config
	Teams       *teams.Config
	Enrolling   Enrolling

	Now   func() time.Time
	Log   *zap.Logger
	Check func(ctx context.Context) []bot.Finding // tried in the background at the start, each finding but ok logged; may be nil
	Ready func()                                  // called once, when both addresses are listened on; may be nil
}

// NewID gives ids that sort by the time they were made (RFC 9562, version 7).
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// machine is the bot put together.
type machine struct {
	parts      Parts
	dispatcher *flows.Dispatcher
	announcer  *flows.Announcer
	reconciler *bot.Reconciler
	reminders  *bot.Reminders
	reporter   *unlock.Reporter
	enroller   *bot.Enroller
	slack      *slack.Adapter
	teams      *teams.Adapter
}

const (
	hitsShown      = 10               // on one page of a search
	reconcileYoung = 15 * time.Second // an intent younger than this belongs to the process that made it
	reconcileLand  = 30 * time.Second // until then an unanswered write may still land
	reconcileEnd   = 24 * time.Hour
)

// assemble wires the parts. It calls nobody.
func assemble(p Parts) (*machine, error) {
	desk := &bot.Desk{Policy: p.Policy, Directories: p.Directories, Records: p.Ledger, People: p.Ledger,
		Journal: p.Ledger, Rules: p.Rules, Now: p.Now, NewID: NewID}
	if p.Slack != nil {
		desk.Platforms = append(desk.Platforms, "slack")
	}
	if p.Teams != nil {
		desk.Platforms = append(desk.Platforms, "teams")
	}
	m := &machine{parts: p, dispatcher: &flows.Dispatcher{}}
	verifier := &bot.Verifier{Records: p.Ledger, Journal: p.Ledger, Codes: p.Session, Vault: p.Vault, Answers: p.Vault,
		Couriers: couriers(p), Pusher: &answer.Pusher{Invite: m.dispatcher.Invite}, Now: p.Now, NewID: NewID}
	keeper := &bot.Keeper{Freezes: p.Ledger, Clearings: p.Ledger, NewID: NewID}
	m.reminders = &bot.Reminders{Desk: desk, Jobs: p.Ledger, Journal: p.Ledger, Courier: p.Courier, First: p.Session.First, Pace: cmp.Or(p.Pace, time.Second)}
	conversation := &unlock.Conversation{
		Desk: desk, Verifier: verifier, Keeper: keeper, Reminders: m.reminders,
		Unlocker:   &bot.Unlocker{Desk: desk, Records: p.Ledger, Journal: p.Ledger},
		Reminder:   &bot.Reminder{Journal: p.Ledger, Courier: p.Courier, NewID: NewID, First: p.Session.First},
		Unenroller: &bot.Unenroller{Enrollments: p.Ledger, Vault: p.Vault, NewID: NewID, Allow: p.Session.Allow},
		Journal:    p.Ledger, PageSize: hitsShown,
	}
	limits := p.Policy.Limits
	users := &answer.Conversation{Desk: desk, Verifier: verifier, Keeper: keeper, Tell: m.dispatcher.Tell}
	m.enroller = enroller(p, desk)
	own := &enroll.Conversation{Enroller: m.enroller}
	*m.dispatcher = flows.Dispatcher{
		Conversations: []flows.Conversation{conversation, users, own}, Authority: desk, Sessions: p.Session, Gate: p.Session, Signer: p.Vault,
		Journal: p.Ledger, Messengers: map[string]flows.Messenger{},
		Limits: flows.Limits{Life: limits.SessionLife, Idle: limits.SessionIdle, CasesPerHour: limits.AgentCasesPerHour},
		Refuse: refuse, HomePage: unlock.Home, HomeMore: []flows.HomeMore{own.Home}, Cards: p.Ledger, Now: p.Now, NewID: NewID, Log: p.Log,
	}
	m.announcer = &flows.Announcer{Outbox: p.Ledger, Messengers: m.dispatcher.Messengers, CardDue: m.dispatcher.CardDue, Now: p.Now, Log: p.Log,
		Courier: bot.Recipients{Vault: p.Vault, Mail: p.Courier, Texts: p.Texts}}
	m.reporter = &unlock.Reporter{Jobs: p.Ledger, Messengers: m.dispatcher.Messengers, Log: p.Log}
	m.reconciler = &bot.Reconciler{Desk: desk, Records: p.Ledger, Young: reconcileYoung, Landing: reconcileLand, GiveUp: reconcileEnd}
	return m, m.openChats()
}

// openChats makes the adapters of the chats that are configured.
func (m *machine) openChats() error {
	p, desk := m.parts, chatDesk{m.dispatcher}
	if p.Slack != nil {
		adapter, err := slack.New(*p.Slack, desk, p.Session, p.Log, p.Now)
		if err != nil {
			return err
		}
		m.slack, m.dispatcher.Messengers["slack"] = adapter, adapter
	}
	if p.Teams != nil {
		adapter, err := teams.New(*p.Teams, desk, p.Session, p.Ledger, p.Log, p.Now)
		if err != nil {
			return err
		}
		m.teams, m.dispatcher.Messengers["teams"] = adapter, adapter
	}
	return nil
}

// couriers carry the codes of each type.
func couriers(p Parts) map[bot.Type]bot.Courier {
	out := make(map[bot.Type]bot.Courier)
	if p.Courier != nil {
		out[bot.Email] = p.Courier
	}
	if p.Texts != nil {
		out[bot.Mobile] = p.Texts
	}
	return out
}

// chatDesk is the dispatcher with the pages that need no record.
type chatDesk struct{ *flows.Dispatcher }

func (chatDesk) Help() flows.Page                     { return unlock.Help() }
func (chatDesk) Waiting(k flows.EventKind) flows.Page { return waiting(k) }
