package bot

import "time"

// Result is how an unlock of one account ended.
type Result string

// The results. Unknown is one of them: a write that was not answered may still
// have landed, and the reconciler reads the directory before anybody claims more.
const (
	Applied         Result = "applied" // our modify was answered, and the account reads unlocked
	UnlockedNotByUs Result = "unlocked_not_provably_by_us"
	NotApplied      Result = "not_applied"  // refused or never sent; may be tried again with the same grant
	RanOut          Result = "ran_out"      // not applied: the lock had run out by itself
	LockedAgain     Result = "locked_again" // locked with another value than the one decided on
	Unknown         Result = "unknown"      // closed without knowing: 24 h passed, or the object is gone
)

// Success reports whether the account was unlocked, by us or by somebody else.
// A lock that had run out was not: history says 'not applied'.
func (r Result) Success() bool { return r == Applied || r == UnlockedNotByUs }

// Usable reports whether the account is not locked any more, for whatever reason.
func (r Result) Usable() bool { return r.Success() || r == RanOut }

// Intent is an unlock that was asked for. It is committed before the directory
// is written; while it has no outcome, its account has no second one.
type Intent struct {
	ID        string
	Offer     Offer
	Seen      Lock      // what was decided on; the reconciler compares with it
	Read      time.Time // before it was read; an unlock that was settled since has made it stale. Not kept
	At        time.Time
	Agent     Party
	Target    Party
	Verified  []Type
	Mode      Mode
	Client    Client
	Workspace string
	Reason    string
	Ticket    string
	Thread    string // where the agent is told of a late outcome: opaque, the adapter's own
}

// Outcome closes an intent.
type Outcome struct {
	Intent string
	Result Result
	Why    Reason
	Detail string // in words
	At     time.Time
}

// Notice is something that somebody has to be told, kept in the outbox in the
// transaction that made it true. Delivery is at least once; ID lets a
// deliverer notice repeats.
type Notice struct {
	ID     string
	Kind   NoticeKind
	To     string // agent: "slack:T…:U…"; mail: address; audit: the platform, or "" for all; card: the chat's own
	Record Record // what it is about
	Tries  int
	Next   time.Time
}

// NoticeKind chooses who is told, and with that the way.
type NoticeKind string

// The notices.
const (
	NoticeAudit  NoticeKind = "audit"  // audit channel of the chat
	NoticeAgent  NoticeKind = "agent"  // direct message to the agent
	NoticeTarget NoticeKind = "target" // mail to the user
	NoticeCard   NoticeKind = "card"   // a card of his in the chat says that its time is over
)
