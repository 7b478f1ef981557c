package bot

import (
	"context"
	"strings"
	"time"
)

// AccountID names one directory account for good: the identity store's name in
// the configuration, and the immutable id that the directory gave it
// (objectGUID, entryUUID, nsUniqueId) as lower-case text with hyphens. Names,
// DNs and mail addresses may change hands; this does not.
type AccountID struct {
	Store string `json:"store"`
	GUID  string `json:"guid"`
}

// IsZero reports whether the id names nothing.
func (id AccountID) IsZero() bool { return id == AccountID{} }

// String gives "store/guid", for logs and keys.
func (id AccountID) String() string { return id.Store + "/" + id.GUID }

// DN is a distinguished name in canonical form, as the directory store writes
// it: attribute types and values case-folded, no space around separators,
// every special character of a value as a hexadecimal escape (RFC 4514). Two
// equal names are equal strings, and a comma is always a separator.
type DN string

// Under reports whether d is the container or anything below it.
func (d DN) Under(container DN) bool {
	return container != "" && (d == container || strings.HasSuffix(string(d), ","+string(container)))
}

// Account is what a directory says of one account at the time of reading.
type Account struct {
	ID          AccountID
	DN          DN     // canonical
	Login       string // sAMAccountName, uid
	UPN         string // userPrincipalName; empty where there is none
	First, Last string
	DisplayName string // falls back to cn, then to Login: never empty
	Mail        string
	Mobile      string
	Department  string
	Title       string
	Domain      string // DNS name made of the base: corp.example.com
	Manager     DN
	Link        string // value of the store's link_attribute; empty: linked to nothing
	Disabled    bool
	Expired     bool // the account itself has run out (accountExpires)
	Lock        Lock
	Password    Password
}

// LockState says whether a password is refused because of earlier wrong ones.
type LockState string

// The lock states. The zero value is not a state: a store always sets one.
const (
	Unlocked              LockState = "unlocked"
	Locked                LockState = "locked"
	LockedByAdministrator LockState = "locked_by_administrator" // OpenLDAP's 000001010000Z: said, never undone from chat
)

// Lock is the lockout of an account as it was read.
type Lock struct {
	State           LockState
	Value           string    // the stored attribute value, for compare-and-set; opaque outside the store
	Since           time.Time // zero: not known
	Until           time.Time // when it ends by itself; zero: not before somebody unlocks it
	BadPasswords    int
	LastBadPassword time.Time // zero: not known
}

// Password is what a directory says of an account's password.
type Password struct {
	LastSet    time.Time // zero: never, or not known
	Expires    time.Time // zero: never
	Expired    bool
	MustChange bool // at next sign-in
}

// Query is a search for people in one identity store.
type Query struct {
	Text   string // part of first, last, display or login name, or of a mail address; 1 to 256 runes, and "" where Locked is set
	Locked bool   // only accounts that are locked now, the newest lock first
	// Everybody: Text may be "", and 20,000 who match are looked at instead of 500.
	// It takes seconds, and is for Only, with Limit 1.
	Everybody bool
	// Only, where it is set, is called once with everybody who matched, in
	// order, and says who is wanted: what the directory itself cannot know.
	// They have all that an account says of itself but Disabled, Expired and
	// Password; of Lock they have State and Since where Locked is set.
	Only   func(ctx context.Context, matched []Account) (func(AccountID) bool, error)
	Offset int // hits to pass over, at least 0
	Limit  int // hits to give, 1 to 500
}

// Hits is one page of a search, sorted by display name and then login; where
// locked accounts were asked for, by the time of the lock, newest first.
type Hits struct {
	Accounts []Account
	Total    int  // all that matched and were wanted, as far as the store read
	Cut      bool // there are more than the store was willing to read: ask for a narrower search
}
