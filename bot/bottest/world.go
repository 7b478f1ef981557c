package bottest

import (
	"context"
	"fmt"
	"time"

	"latchkey/bot"
)

// Ledger is all that the core keeps of record.
type Ledger interface {
	bot.Proofs
	bot.Unlocks
	bot.Journal
	bot.Enrollments
	bot.People
	bot.Outbox
	bot.Freezes
	bot.Clearings
	bot.Links
	bot.ReminderJobs
}

// The names of the world's places.
const (
	CorpBase = bot.DN("dc=corp,dc=example")
	LabBase  = bot.DN("dc=lab,dc=example")
	Staff    = bot.DN("ou=staff,dc=corp,dc=example")
	Helpdesk = bot.DN("cn=helpdesk,ou=groups,dc=corp,dc=example")
	Admins   = bot.DN("cn=admins,ou=groups,dc=corp,dc=example")
)

// PrivateNumber is that of everybody who enrolls with mobile.
const PrivateNumber = "+4915123450001"

// World is a small helpdesk: Dana and Finn are agents, Mei has accounts in
// corp and lab, Omar one in corp. All of their accounts but the agents' are
// locked. Each world has ids of its own, so that many can share a ledger.
type World struct {
	Clock  *Clock
	IDs    *IDs
	Policy *bot.Policy
	Agents *bot.Role // of helpdesk; restricted mode, any one type
	Users  *bot.Role // of user, with an authentication policy
	Corp   *Directory
	Lab    *Directory
	Mail   *Courier
	Texts  *Courier // to phones
	Codes  *CodeBook
	Pushes *Pusher // to users in the chat
	Ledger Ledger

	Dana, Finn, Mei, MeiLab, Omar bot.AccountID
	DanaChat, FinnChat            bot.Chatter

	seeds map[string][]byte
}

// NewWorld populates a world whose ledger has the clock of the world.
func NewWorld(l Ledger, clock *Clock) *World {
	ids := NewIDs()
	w := &World{Clock: clock, IDs: ids, Corp: NewDirectory(), Lab: NewDirectory(), Mail: &Courier{}, Texts: &Courier{}, Pushes: &Pusher{},
		Codes: &CodeBook{Now: clock.Now}, Ledger: l, seeds: make(map[string][]byte)}
	account := func(store, name string) bot.AccountID {
		return bot.AccountID{Store: store, GUID: name + "-" + ids.prefix}
	}
	w.Dana, w.Finn, w.Mei, w.Omar = account("corp", "dana"), account("corp", "finn"), account("corp", "mei"), account("corp", "omar")
	w.MeiLab = account("lab", "mei")
	w.DanaChat, w.FinnChat = chatter("D"+ids.prefix), chatter("F"+ids.prefix)
	w.populate()
	w.Policy = w.policy()
	w.Agents, w.Users = &w.Policy.Roles[0], &w.Policy.Roles[1]
	return w
}

func chatter(user string) bot.Chatter {
	return bot.Chatter{Platform: "slack", Tenant: "T1", User: user}
}

func (w *World) populate() {
	put := func(d *Directory, id bot.AccountID, login, first, last string, container bot.DN, link string, lock bot.Lock, groups ...bot.DN) {
		d.Put(bot.Account{ID: id, DN: bot.DN("cn="+login+",") + container, Login: login, First: first, Last: last,
			DisplayName: first + " " + last, Mail: login + "@" + id.Store + ".example", Domain: id.Store + ".example", Link: link, Lock: lock,
			Password: bot.Password{LastSet: w.Clock.Now().AddDate(0, -1, 0)}}, groups...)
	}
	locked := bot.Lock{State: bot.Locked, Value: "134", Since: w.Clock.Now().Add(-time.Hour), BadPasswords: 5}
	open := bot.Lock{State: bot.Unlocked}
	put(w.Corp, w.Dana, "dana", "Dana", "Reyes", "ou=it,"+CorpBase, "1", open, Helpdesk)
	put(w.Corp, w.Finn, "finn", "Finn", "Berg", "ou=it,"+CorpBase, "2", open, Helpdesk)
	put(w.Corp, w.Mei, "mei", "Mei", "Lin", "ou=sales,"+Staff, "3", locked)
	put(w.Corp, w.Omar, "omar", "Omar", "Said", Staff, "", locked)
	put(w.Lab, w.MeiLab, "mlin", "Mei", "Lin", LabBase, "3", locked)
}

func (w *World) policy() *bot.Policy {
	p := &bot.Policy{Version: "p1", Limits: bot.DefaultLimits(), EnrollmentMinAge: 72 * time.Hour}
	p.Limits.FleetWrongPerHour = 1 << 30 // one ledger serves many worlds
	p.Stores = []bot.StorePolicy{
		{Name: "corp", Base: CorpBase, Types: bot.Types(), Links: true, ProtectedGroups: []bot.DN{Admins}},
		{Name: "lab", Base: LabBase, Types: bot.Types(), Links: true},
	}
	p.Roles = []bot.Role{
		{Name: "helpdesk", Store: "corp", ActsOn: []string{"corp", "lab"}, Priority: 10, MemberGroups: []bot.DN{Helpdesk},
			Permissions: bot.Permissions(), Helpdesk: bot.HelpdeskPolicy{Mode: bot.RestrictedMode}},
		{Name: "user", Store: "corp", Priority: 100, MemberContainers: []bot.DN{Staff},
			Authentication: &bot.AuthenticationPolicy{Lockout: bot.Lockout{Failures: 5, Duration: 30 * time.Minute}}},
	}
	return p
}

// Desk gives the world's desk.
func (w *World) Desk() *bot.Desk {
	return &bot.Desk{Policy: w.Policy, Directories: map[string]bot.Directory{"corp": w.Corp, "lab": w.Lab}, Records: w.Ledger,
		People: w.Ledger, Platforms: []string{"slack"}, Journal: w.Ledger, Rules: []bot.PeopleRule{{Platform: "slack", Store: "corp", Match: bot.FieldMail}},
		Now: w.Clock.Now, NewID: w.IDs.New}
}

// Verifier gives the world's verifier.
func (w *World) Verifier() *bot.Verifier {
	return &bot.Verifier{Records: w.Ledger, Journal: w.Ledger, Codes: w.Codes, Vault: Vault{}, Answers: Vault{}, Pusher: w.Pushes, Now: w.Clock.Now, NewID: w.IDs.New,
		Couriers: map[bot.Type]bot.Courier{bot.Email: w.Mail, bot.Mobile: w.Texts}}
}

// Unlocker gives the world's unlock core.
func (w *World) Unlocker() *bot.Unlocker {
	return &bot.Unlocker{Desk: w.Desk(), Records: w.Ledger, Journal: w.Ledger}
}

// Reconciler gives the world's reconciler.
func (w *World) Reconciler() *bot.Reconciler {
	return &bot.Reconciler{Desk: w.Desk(), Records: w.Ledger, Young: 15 * time.Second, Landing: time.Minute, GiveUp: 24 * time.Hour}
}

// Keeper gives the world's keeper.
func (w *World) Keeper() *bot.Keeper {
	return &bot.Keeper{Freezes: w.Ledger, Clearings: w.Ledger, NewID: w.IDs.New}
}

// Unenroller gives the world's unenroller, without limits.
func (w *World) Unenroller() *bot.Unenroller {
	return &bot.Unenroller{Enrollments: w.Ledger, Vault: Vault{}, NewID: w.IDs.New,
		Allow: func(context.Context, string, int, time.Duration) (bool, time.Duration, error) { return true, 0, nil }}
}

// Reminder gives the world's reminder.
func (w *World) Reminder() *bot.Reminder {
	return &bot.Reminder{Journal: w.Ledger, Courier: w.Mail, NewID: w.IDs.New}
}

// Reminders gives the world's reminders to many.
func (w *World) Reminders() *bot.Reminders {
	return &bot.Reminders{Desk: w.Desk(), Jobs: w.Ledger, Journal: w.Ledger, Courier: w.Mail, Pace: time.Second}
}

// Case is Dana's work on Mei in a session.
func (w *World) Case(session string) bot.Case {
	return bot.Case{Session: session, Chat: w.DanaChat, Agent: w.Dana, Target: w.Mei, Client: bot.ClientSlack, Workspace: "T1"}
}

// Enroll enrolls the account, as an administrator does.
func (w *World) Enroll(ctx context.Context, id bot.AccountID, t bot.Type) (bot.Enrollment, error) {
	e := bot.Enrollment{ID: w.IDs.New(), Account: id, Type: t, Since: w.Clock.Now(), ByAdministrator: true}
	switch t {
	case bot.Email:
		e.Address = "private.address.of." + id.GUID + "@home.example"
	case bot.Mobile:
		e.Address = PrivateNumber
	case bot.SecurityQuestions:
		if err := answers(ctx, &e, w.IDs.New); err != nil {
			return e, err
		}
	case bot.Authenticator:
		seed := []byte("the seed of " + e.ID)
		sealed, err := Vault{}.Seal(seed, "enrollments", e.ID, "seed")
		if err != nil {
			return e, err
		}
		e.Seed, w.seeds[e.ID] = sealed, seed
	}
	r := bot.Record{ID: w.IDs.New(), At: e.Since, Action: bot.ActionEnroll, Status: bot.StatusSuccess, Types: []bot.Type{t},
		Target: bot.Party{Kind: bot.ActorEndUser, Account: id}, Store: id.Store, Client: bot.ClientCommandLine}
	r.Operation = r.ID
	return e, w.Ledger.Enroll(ctx, e, r)
}

// answers gives three questions: 'question 0?' is answered with 'answer 0'.
func answers(ctx context.Context, e *bot.Enrollment, newID func() string) error {
	for i := range 3 {
		a := bot.Answer{ID: newID()}
		var err error
		if a.Question, err = (Vault{}).Seal(fmt.Appendf(nil, "question %d?", i), "answers", a.ID, "question"); err != nil {
			return err
		}
		if a.Hash, err = (Vault{}).HashAnswer(ctx, fmt.Sprintf("answer %d", i)); err != nil {
			return err
		}
		e.Answers = append(e.Answers, a)
	}
	return nil
}

// Right gives the value that the user would read out now: what the app of the
// enrollment shows, or the code of the last letter or text message.
func (w *World) Right(e bot.Enrollment) string {
	switch e.Type {
	case bot.Authenticator:
		return w.RightAt(e, w.Clock.Now())
	case bot.Mobile:
		return w.Texts.Code()
	}
	return w.Mail.Code()
}

// RightAt gives what the app of the enrollment shows at a time.
func (w *World) RightAt(e bot.Enrollment, at time.Time) string { return TOTP(w.seeds[e.ID], at) }

// Wrong gives a well-formed value that is not right.
func (w *World) Wrong(e bot.Enrollment) string {
	right := w.Right(e)
	for _, code := range []string{"000000", "111111", "222222", "333333", "444444"} {
		if _, ok := (Vault{}).Step(w.seeds[e.ID], code, w.Clock.Now()); code != right && !ok {
			return code
		}
	}
	return "555555"
}
