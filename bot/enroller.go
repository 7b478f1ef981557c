package bot

import (
	"cmp"
	"context"
	"time"
)

// Enroller is what a person does with his own enrollments. Each change is
// proved first, and a proof counts for one change and for ProofLife: it is a
// session of its own, and the change's history record bears its id, of which
// there can be but one. What it tries, it tries through Proofs, so that limits
// and lockouts of the account count here as they do on page Authenticate.
type Enroller struct {
	Desk    *Desk
	Records EnrollerRecords
	Journal Journal
	Codes   CodeBook
	Seeds   SeedBook
	Vault   Vault
	Answers Answers // nil: nobody enrolls with security questions
	// Couriers carry the codes of each type that is sent; one that is missing
	// is not configured.
	Couriers map[Type]Courier
	// Number reads a mobile number as a person writes it, and gives it in E.164
	// form; Invalid says what is wrong with it. It is needed beside the courier.
	Number  func(typed string) (string, error)
	NewSeed func() []byte // of an authenticator, from the system's random source
	// Public is where people's browsers reach the bot, without a slash at its
	// end. "": seeds cannot be shown, so nobody enrolls an authenticator here.
	Public string
	// First reports whether the key is seen for the first time within life.
	First func(ctx context.Context, key string, life time.Duration) (bool, error)
}

// EnrollerRecords is what the enroller keeps of record.
type EnrollerRecords interface {
	Proofs
	// Enrollments of the accounts, oldest first.
	Enrollments(ctx context.Context, ids []AccountID) ([]Enrollment, error)
	// ChangeEnrollment adds e, puts it in the place of what the account has of
	// its type, or removes that (of e, account and type are looked at then), with
	// history and outbox in one transaction. Conflict: what is there is not what
	// is to be changed, or the record's id is taken.
	ChangeEnrollment(ctx context.Context, do Doing, e Enrollment, r Record, notices ...Notice) error
	// Linked gives the accounts that the account is linked to.
	Linked(ctx context.Context, id AccountID) ([]AccountID, error)
	// ChangeLink links two accounts or removes the link, with history (the first
	// record bears the proof's id) and outbox. Conflict: they are linked already,
	// one of them is to another account of the store, or the id is taken.
	ChangeLink(ctx context.Context, do Doing, a, b AccountID, records []Record, notices ...Notice) error
}

// SeedBook keeps the sealed seed of an authenticator that is being enrolled. It
// can only deny: losing it costs another link.
type SeedBook interface {
	PutSeed(ctx context.Context, id string, sealed []byte, life time.Duration) error
	// Seed gives it; NotFound when it has run out or was lost.
	Seed(ctx context.Context, id string) ([]byte, error)
	// DropSeed forgets it.
	DropSeed(ctx context.Context, id string) error
}

// ProofLife is how long a proof counts: from the first value that was right, to
// the change that rests on it.
const ProofLife = 10 * time.Minute

// NoEnroll is the refusal of somebody whose role lacks the permission enroll.
const NoEnroll Reason = "no_enroll"

// MayEnroll says why the person may not change his own enrollments, or "".
func (a AgentFacts) MayEnroll() Reason {
	if why := a.MayAct(); why != "" {
		return why
	}
	if !a.Role.Can(PermitEnroll) {
		return NoEnroll
	}
	return ""
}

// Self is a person who works on his own account, and how he reached us.
type Self struct {
	Account   AccountID
	Chat      Chatter
	Workspace string
	Proof     string    // the proof under way; "": none
	Other     AccountID // the account in another store whose side is being proved; zero: his own
}

// Doing is what becomes of an enrollment, or of a link.
type Doing string

// What a person can do.
const (
	Adding    Doing = "add"
	Changing  Doing = "change"
	Removing  Doing = "remove"
	Linking   Doing = "link" // of an account in another store
	Unlinking Doing = "unlink"
)

// facts reads everything anew, as for a case of his on himself. Denied: he may
// not.
func (n *Enroller) facts(ctx context.Context, s Self) (Facts, error) {
	target := cmp.Or(s.Other, s.Account)
	f, err := n.Desk.Facts(ctx, Case{Session: s.Proof, Chat: s.Chat, Agent: s.Account, Target: target, Self: true,
		Client: Client(s.Chat.Platform), Workspace: s.Workspace})
	if err != nil {
		return Facts{}, err
	}
	if why := f.Agent.MayEnroll(); why != "" {
		return Facts{}, E(Denied, "change own enrollments: "+string(why), nil)
	}
	if _, known := f.Standing[target]; !known { // values are counted also while nothing is enrolled
		f.Standing[target], err = n.Records.Standing(ctx, target, f.Now, f.Policy.Limits.WrongInARow)
	}
	return f, err
}

// ownRecord begins a history record of what a person does on his own account.
func ownRecord(f Facts, id string, action Action, status Status, t Type) Record {
	r := f.record(id, action, status)
	r.Types = []Type{t}
	return r
}
