package bot

import (
	"slices"
	"time"
)

// Facts are all that Decide looks at. Whoever gathers them reads them anew for
// each decision: none is carried over from an earlier page.
type Facts struct {
	Now    time.Time
	Read   time.Time // before the accounts were read
	Policy *Policy
	Case   Case
	Agent  AgentFacts
	// Accounts are the picked account and then those linked to it. Protected
	// accounts link to nothing.
	Accounts    []TargetAccount
	Same        []AccountID            // all accounts of the same person, protected ones too
	Unread      []string               // stores that may hold a linked account and did not answer
	Enrollments []Enrollment           // of all Accounts, usable or not
	Evidence    []Evidence             // of this session
	Standing    map[AccountID]Standing // of the accounts that hold the enrollments, or are bound to a chat
	Chats       []Binding              // chat persons bound to one of Accounts
	Frozen      time.Time              // until when none of the person's accounts may be unlocked; zero or past: they may
}

// Case names one agent's work on one user, and how it reached us.
type Case struct {
	Session   string
	Chat      Chatter // the agent's
	Agent     AccountID
	Target    AccountID // the picked account
	Self      bool      // agent and user are one: `/unlock me`
	Proceed   bool      // the agent asked for page Unlock: Next, Skip, or the click that unlocks
	Client    Client
	Workspace string
	Thread    string // where the adapter can tell the agent later
}

// AgentFacts is the agent as the directory has him now.
type AgentFacts struct {
	Account Account
	Linked  []AccountID // his other accounts
	Role    *Role       // best-priority role; nil: none
}

// Is reports whether the agent is the person who owns the account.
func (a AgentFacts) Is(id AccountID) bool {
	return a.Account.ID == id || slices.Contains(a.Linked, id)
}

// TargetAccount is one account of the user, with what the policy needs beside it.
type TargetAccount struct {
	Account
	Groups       []DN                  // nested ones included
	User         *AuthenticationPolicy // of the account's own role; nil: no role of it has one
	UnlocksToday int                   // in the last 24 h, unknown outcomes included
	UnderWay     bool                  // an intent of it has no outcome yet
}

// Target gives the id of the picked account.
func (f *Facts) Target() AccountID { return f.Accounts[0].ID }
