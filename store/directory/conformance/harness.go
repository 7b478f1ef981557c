package conformance

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/store/directory"
)

// Server is a running directory as its administrator uses it. Its methods fail
// the test by themselves, but for Bind.
type Server interface {
	// Config is how Latchkey reaches it: one URL, with ldaps://, and a service
	// account that may read everything and unlock below Inside, and do nothing
	// else. LinkAttribute is set.
	Config() directory.Config
	// PlainURL is the same server with ldap://.
	PlainURL() string
	// Inside and Outside give a new container each; GroupBase one for groups.
	Inside(tb testing.TB) string
	Outside(tb testing.TB) string
	GroupBase(tb testing.TB) string

	Add(tb testing.TB, p Person) Account
	AddGroup(tb testing.TB, parent, name string, members ...string) string
	AddMembers(tb testing.TB, group string, members ...string)
	Set(tb testing.TB, dn, attribute string, values ...string)
	Delete(tb testing.TB, dn string)
	Move(tb testing.TB, dn, parent string) string
	// Lock locks by wrong passwords, for 30 minutes after the third; Unlock is
	// the administrator's.
	Lock(tb testing.TB, dn string)
	Unlock(tb testing.TB, dn string)
	// Bind tries a password.
	Bind(dn, password string) error
}

// Process is a Server of one test alone.
type Process interface {
	Server
	Pause(tb testing.TB)
	Resume(tb testing.TB)
	Kill(tb testing.TB)
	Start(tb testing.TB)
}

// Person is what a story says of somebody; everything but Under may be empty.
type Person struct {
	Login                      string // random when empty; at most 20 characters
	Under                      string // DN of the container
	First, Last, Display, Mail string
	Link                       string
}

// Account is with what one can sign in.
type Account struct{ DN, Login, Password string }

// Harness starts servers of one kind.
type Harness struct {
	// Shared gives the server that tests share; Own starts one.
	Shared func(testing.TB) Server
	Own    func(testing.TB) Process
	// Brief gives a server and makes a lock of the account run out by itself
	// within a few seconds, which it also tells.
	Brief func(testing.TB) (server Server, shorten func(tb testing.TB, dn string), lasts time.Duration)
	// Disable, ExpireAccount, ExpirePassword, MustChange and LockForGood (as an
	// administrator) are nil where the kind has no such thing.
	Disable, ExpireAccount, ExpirePassword, MustChange, LockForGood func(tb testing.TB, s Server, dn string)
	// UPN: accounts have a userPrincipalName, login@domain.
	UPN bool
	// Short is the name that may stand before a backslash and a login name.
	Short string
}

// Run tries everything.
func Run(t *testing.T, h Harness) {
	for name, story := range map[string]func(*testing.T, Harness){
		"Find": find, "Locked": whoIsLocked, "Only": only, "Hostile": hostile, "Identity": identity, "Lookup": lookup, "Groups": groups, "State": state,
		"Lock": lock, "Write": write, "Rights": rights, "Between": between, "Refusals": refusals, "Unanswered": unanswered, "Away": away, "TLS": secure,
	} {
		t.Run(name, func(t *testing.T) { story(t, h) })
	}
}

// open opens a store and closes it at the test's end.
func open(tb testing.TB, c directory.Config) *directory.Store {
	tb.Helper()
	s, err := directory.Open(c, nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(s.Close)
	return s
}

// unique gives a word that nobody else's name holds.
func unique(prefix string) string { return prefix + strings.ToLower(rand.Text()[:8]) }

// Grant makes the right to unlock an account as it was seen, by a policy that
// asks for nothing.
func Grant(tb testing.TB, seen bot.Account) bot.Grant {
	tb.Helper()
	now := time.Now()
	store := seen.ID.Store
	agent := bot.Account{ID: bot.AccountID{Store: store, GUID: "the-agent"}, Lock: bot.Lock{State: bot.Unlocked}}
	facts := bot.Facts{
		Now:    now,
		Policy: &bot.Policy{Version: "1", Stores: []bot.StorePolicy{{Name: store}}, Limits: bot.DefaultLimits()},
		Case:   bot.Case{Session: "s", Agent: agent.ID, Target: seen.ID, Proceed: true},
		Agent: bot.AgentFacts{Account: agent, Role: &bot.Role{ActsOn: []string{store},
			Permissions: []bot.Permission{bot.UnlockAnyAccount}, Helpdesk: bot.HelpdeskPolicy{Mode: bot.UnrestrictedMode}}},
		Accounts: []bot.TargetAccount{{Account: seen}},
	}
	grant, why := bot.Decide(facts).Grant(bot.Offer{ID: unique("offer"), Session: "s", Agent: agent.ID, Target: seen.ID,
		Account: seen.ID, Policy: "1", At: now, Expires: now.Add(time.Minute)})
	if why != "" {
		tb.Fatalf("no grant for an account that is %s: %s", seen.Lock.State, why)
	}
	return grant
}
