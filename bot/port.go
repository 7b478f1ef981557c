package bot

import (
	"context"
	"strings"
	"time"
)

// Directory is one identity store. Every call has a deadline of its own and
// fails with Unavailable when the server is away, never by hanging.
type Directory interface {
	// Find searches people. Text is taken literally, whatever it holds.
	Find(ctx context.Context, q Query) (Hits, error)
	// Account reads one account by immutable id; NotFound if it is gone.
	Account(ctx context.Context, guid string) (Account, error)
	// Written reads like Account, but from the server that Unlock writes to.
	Written(ctx context.Context, guid string) (Account, error)
	// Groups gives all groups of the account, nested ones included.
	Groups(ctx context.Context, guid string) ([]DN, error)
	// Lookup finds exactly one account by a field's exact value: NotFound for
	// none, Conflict for two.
	Lookup(ctx context.Context, f Field, value string) (Account, error)
	// Unlock clears the lock that the grant has seen, once, and never retries.
	// nil: the server said done. NotFound: the object is gone. Conflict: the
	// lock is no longer the one seen (or is gone). Denied: the service account
	// may not. Unavailable: nothing was sent, or the server refused without
	// doing it. ErrUnanswered: it was sent and not answered: it may have landed.
	Unlock(ctx context.Context, g Grant) error
}

// Field is something by which exactly one account can be looked up.
type Field string

// The fields.
const (
	FieldLogin Field = "login"
	FieldMail  Field = "mail"
	FieldUPN   Field = "upn"
	FieldLink  Field = "link"
	FieldDN    Field = "dn"
)

// Proofs keeps challenges, attempts and evidence. All of it is of record.
type Proofs interface {
	// OpenChallenge makes c the newest of its session, type and question:
	// earlier ones are over. Throttled when a limit of sending is reached.
	OpenChallenge(ctx context.Context, c Challenge, l SendLimits) error
	// BeginAttempt writes a try at the challenge, or says which limit forbids it.
	BeginAttempt(ctx context.Context, a Attempt, l AttemptLimits) (Begun, error)
	// SettleAttempt closes a begun try, once.
	SettleAttempt(ctx context.Context, s Settlement) (Settled, error)
	// Evidence gives what a session has passed, stale or fresh.
	Evidence(ctx context.Context, session string) ([]Evidence, error)
	// Standing gives the counters of an account at now.
	Standing(ctx context.Context, id AccountID, now time.Time, wrongInARow int) (Standing, error)
}

// Unlocks keeps grants, intents and outcomes.
type Unlocks interface {
	// Offer writes grants, all or none.
	Offer(ctx context.Context, offers []Offer) error
	// Offered reads a grant; NotFound if there is none.
	Offered(ctx context.Context, id string) (Offer, error)
	// Intend consumes the grant and commits the intent with its history
	// record, or refuses: GrantUsed (also where another grant of the session
	// has unlocked the account), UnlockUnderWay (an open intent of the
	// account), NotLocked (the very lock that was seen was undone a moment
	// ago), TooManyUnlocks (perDay counted in the same transaction; 0: not
	// counted), Frozen. The reason "" means committed.
	Intend(ctx context.Context, i Intent, asked Record, perDay int) (Reason, error)
	// Settle writes outcome, history and outbox in one transaction. Conflict
	// if the intent has an outcome already.
	Settle(ctx context.Context, o Outcome, r Record, notices []Notice) error
	// OpenIntents gives those without an outcome that began before the time, oldest first, 100 at most.
	OpenIntents(ctx context.Context, before time.Time) ([]Intent, error)
	// UnlockState gives how many unlocks of the account since the time did
	// happen or may have, and whether one is under way.
	UnlockState(ctx context.Context, id AccountID, since time.Time) (n int, underWay bool, err error)
}

// Journal is the history.
type Journal interface {
	Append(ctx context.Context, r Record, notices ...Notice) error
	History(ctx context.Context, q HistoryQuery) ([]Record, error)
}

// Enrollments keeps who is enrolled with what.
type Enrollments interface {
	// Enrollments of the accounts, oldest first.
	Enrollments(ctx context.Context, ids []AccountID) ([]Enrollment, error)
	// Enroll adds one with its history record; Conflict where the account has that type already.
	Enroll(ctx context.Context, e Enrollment, r Record) error
	// Replace puts e in the place of what the account has of its type, or adds it, with its history record.
	Replace(ctx context.Context, e Enrollment, r Record) error
	// Unenroll removes the types (none named: all), with history and outbox;
	// NotFound where there is none.
	Unenroll(ctx context.Context, id AccountID, types []Type, r Record, notices ...Notice) error
}

// People binds chat persons to directory accounts, for good.
type People interface {
	// Bound gives the account of a chat person; NotFound if he is not bound.
	Bound(ctx context.Context, chat Chatter) (AccountID, error)
	// Bind writes a binding with its history record; Conflict where the person
	// or the account (on that chat) is bound to another.
	Bind(ctx context.Context, chat Chatter, id AccountID, r Record) error
	// Unbind removes it; NotFound if there is none.
	Unbind(ctx context.Context, chat Chatter, r Record) error
	// Bindings gives all, or those of the named account.
	Bindings(ctx context.Context, id AccountID) ([]Binding, error)
}

// Outbox hands out notices until each is delivered.
type Outbox interface {
	// Due gives notices whose time has come, and holds them for the lease.
	Due(ctx context.Context, now time.Time, n int, lease time.Duration) ([]Notice, error)
	// Done removes a delivered notice.
	Done(ctx context.Context, id string) error
	// Remember puts a notice in; Conflict: its id is taken.
	Remember(ctx context.Context, n Notice) error
	// Later puts a notice off.
	Later(ctx context.Context, id string, next time.Time) error
}

// Chatter is a person in a chat, by the chat's own immutable ids.
type Chatter struct {
	Platform string // "slack", "teams"
	Tenant   string // Slack team or enterprise id, Teams tenant id
	User     string // Slack user id, Entra object id
}

// String gives "platform:tenant:user".
func (c Chatter) String() string { return c.Platform + ":" + c.Tenant + ":" + c.User }

// ParseChatter reads what String writes.
func ParseChatter(s string) (c Chatter, ok bool) {
	part := strings.Split(s, ":")
	if len(part) != 3 || part[0] == "" || part[2] == "" {
		return Chatter{}, false
	}
	return Chatter{Platform: part[0], Tenant: part[1], User: part[2]}, true
}

// ByAdministrator says of a binding that `latchkey people bind` made it.
const ByAdministrator = "administrator"

// Binding is one chat person and the account that is his.
type Binding struct {
	Chat    Chatter
	Account AccountID
	At      time.Time
	By      string // ByAdministrator, "email", "upn": how it came about
}

// Courier delivers a text. It is done when the next server has taken it.
type Courier interface {
	Deliver(ctx context.Context, to, subject, text string) error
}

// CodeBook keeps the HMAC of each pending code until it runs out. It can only
// deny: losing it costs another code.
type CodeBook interface {
	PutCode(ctx context.Context, challenge string, mac []byte, life time.Duration) error
	// Code gives the HMAC; NotFound when it has run out or was lost.
	Code(ctx context.Context, challenge string) ([]byte, error)
	// DropCode forgets it.
	DropCode(ctx context.Context, challenge string) error
}

// Vault computes with the keys.
type Vault interface {
	// MAC is a keyed hash over the parts, each bound to its place.
	MAC(parts ...string) ([]byte, error)
	// VerifyMAC compares in constant time, by every key that is not disabled.
	VerifyMAC(mac []byte, parts ...string) bool
	// Seal and Open keep a secret; table, row and column bind it to its place.
	Seal(plain []byte, table, row, column string) ([]byte, error)
	Open(sealed []byte, table, row, column string) ([]byte, error)
	// Step finds the TOTP time step (RFC 6238, 30 s, SHA-1, 6 digits, one step
	// either way) at which the seed gives the code; ok is false where none does.
	Step(seed []byte, code string, now time.Time) (step int64, ok bool)
	// CanonicalCode gives a typed code as ASCII digits; ok is false where it is
	// not exactly so many digits, whatever their width.
	CanonicalCode(typed string, digits int) (code string, ok bool)
	// Code draws a numeric code of so many digits from the system's random source.
	Code(digits int) (string, error)
}

// ErrUnanswered is the cause within an error of Directory.Unlock when a modify
// was sent and its answer never came.
var ErrUnanswered = errUnanswered{}

type errUnanswered struct{}

func (errUnanswered) Error() string { return "the write was sent and not answered" }
