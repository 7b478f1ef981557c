package bot

import (
	"cmp"
	"time"
)

// Offer is a grant as it stands in the ledger: written when page Unlock opens,
// one for each account offered.
type Offer struct {
	ID       string
	Session  string
	Agent    AccountID
	Target   AccountID // the picked account, whose evidence it rests on
	Account  AccountID // what it lets be unlocked
	Evidence []string  // ids of the evidence that it rests on; empty: none was asked for
	Policy   string    // version
	Skipped  bool      // unrestricted mode: nothing was verified
	At       time.Time
	Expires  time.Time
}

// Grant is the right to unlock one account once, now. It has no exported
// fields and one source, Decision.Grant: code that holds none cannot call
// Directory.Unlock.
type Grant struct {
	offer Offer
	seen  Lock
}

// ID names the offer that the grant consumes.
func (g Grant) ID() string { return g.offer.ID }

// Offer gives the ledger's row behind the grant.
func (g Grant) Offer() Offer { return g.offer }

// Account is what may be unlocked. The zero grant names no account, and no
// directory unlocks that.
func (g Grant) Account() AccountID { return g.offer.Account }

// Seen is the lock that was decided on: a directory writes only while it still stands.
func (g Grant) Seen() Lock { return g.seen }

// Grant turns an offer into the right to unlock, if this decision, taken anew
// from the facts of this moment, still allows it.
func (d Decision) Grant(o Offer) (Grant, Reason) {
	switch {
	case d.Page == PageRefused && d.Refused != "":
		return Grant{}, cmp.Or(d.ownReason(o.Account), d.Refused)
	case d.Page != PageUnlock:
		return Grant{}, cmp.Or(d.ownReason(o.Account), NotVerified)
	case o.ID == "" || o.Session != d.session || o.Agent != d.agent || o.Target != d.target:
		return Grant{}, NotVerified
	case o.Policy != d.policy:
		return Grant{}, PolicyChanged
	case !d.now.Before(o.Expires):
		return Grant{}, GrantExpired
	}
	seen, ok := d.granted[o.Account]
	if !ok {
		return Grant{}, d.whyNot(o.Account)
	}
	return Grant{offer: o, seen: seen}, ""
}

// whyNot is never empty: a decision whose exported fields were written by
// somebody else offers accounts that it does not grant.
func (d Decision) whyNot(id AccountID) Reason {
	for _, a := range d.Accounts {
		if a.Account.ID == id {
			return cmp.Or(a.Why, NotVerified)
		}
	}
	return TargetGone
}

// ownReason is that of the account itself, which comes before that of the
// case: the case may go on with a linked account that has not been proved.
func (d Decision) ownReason(id AccountID) Reason {
	for _, a := range d.Accounts {
		if a.Account.ID == id {
			return a.Why
		}
	}
	return ""
}
