package bot

import (
	"slices"
	"strings"
	"time"
)

// Page is where the dialog stands.
type Page string

// The pages that a decision can lead to.
const (
	PageAuthenticate Page = "authenticate"
	PageUnlock       Page = "unlock"
	PageRefused      Page = "refused"
)

// Decision is what the policy makes of the facts. Only Decide makes one that
// can give a Grant.
type Decision struct {
	Page     Page
	Refused  Reason          // with PageRefused
	Types    []TypeStanding  // the types of page Authenticate: those that count for the account it follows, in page order
	TooNew   []Waiting       // types that count for nothing yet, in page order
	Missing  Missing         // what policy still asks for; with MissingEnrollment: what nobody can pass
	CanSkip  bool            // unrestricted mode, on page Authenticate
	CanNext  bool            // enough is passed
	Verified []Type          // passed types that count, in page order
	Accounts []AccountRuling // one for each of the facts' accounts that is shown

	session string
	agent   AccountID
	target  AccountID
	policy  string
	now     time.Time
	granted map[AccountID]Lock
}

// TypeStanding is one type of page Authenticate.
type TypeStanding struct {
	Type       Type
	Enrollment Enrollment
	Passed     bool
	Right      int // security questions: right answers so far
	Needed     int // and how many it takes; 0 for the other types
}

// Waiting is a type that the user is enrolled with and that does not count yet.
type Waiting struct {
	Type Type
	From time.Time // when it begins to count
}

// Missing is what is still to be passed. The zero value: nothing.
type Missing struct {
	Types    []Type   // each of these
	More     int      // so many more, of any type not yet passed
	Strength Strength // one of at least this strength; 0: not asked for
}

// None reports whether nothing is missing.
func (m Missing) None() bool { return len(m.Types) == 0 && m.More == 0 && m.Strength == 0 }

// AccountRuling is the decision for one account of page Unlock.
type AccountRuling struct {
	Account  Account
	Offered  bool   // has a check box
	Why      Reason // not offered: why; NotVerified: what was passed does not suffice for this account
	Verified []Type // passed types that count for this account, in page order
}

// Decide is the policy: a pure function from facts to the page that the agent
// may see next. The facts hold at least one account.
func Decide(f Facts) Decision {
	d := Decision{session: f.Case.Session, agent: f.Agent.Account.ID, target: f.Target(), policy: f.Policy.Version, now: f.Now}
	if why := admit(f); why != "" {
		return d.refuse(why)
	}
	if f.Now.Before(f.Frozen) {
		return d.refuse(Frozen)
	}
	d.Accounts = rule(f)
	if why := nothingOffered(d.Accounts); why != "" {
		return d.refuse(why)
	}
	lead := slices.IndexFunc(d.Accounts, func(a AccountRuling) bool { return a.Offered })
	d.Types = countedTypes(f, f.Accounts[lead].ID)
	d.TooNew = waiting(f, f.Accounts[lead].ID, d.Types)
	d.Verified = passedOf(d.Types)
	h := f.helpdesk()
	if h.Mode == UnrestrictedMode {
		return d.unrestricted(f)
	}
	if len(d.Types) == 0 && !shortOfAnswers(f, f.Accounts[lead].ID) {
		return d.refuse(NotEnrolled)
	}
	return d.restricted(f, h, f.Accounts[lead].User)
}

// helpdesk is the policy that the case follows. Who unlocks himself proves what
// his own role asks for.
func (f *Facts) helpdesk() HelpdeskPolicy {
	if f.Case.Self {
		return HelpdeskPolicy{Mode: RestrictedMode, AsUser: true, Reason: ReasonNone}
	}
	return f.Agent.Role.Helpdesk
}

// admit says why the agent may not open the case at all, or "".
func admit(f Facts) Reason {
	if f.Case.Self {
		return admitSelf(f)
	}
	if why := refuseAgent(f.Agent); why != "" {
		return why
	}
	if slices.ContainsFunc(f.Same, f.Agent.Is) || sharesLink(f) || sharesChat(f) {
		return OwnAccount
	}
	return reach(f, f.Accounts[0])
}

// admitSelf: a locked person may unlock himself, and nobody else; what is
// protected is never unlocked by its owner.
func admitSelf(f Facts) Reason {
	if f.Accounts[0].ID != f.Agent.Account.ID {
		return NoPermission
	}
	if why := f.Agent.MayHelpHimself(); why != "" {
		return why
	}
	return reachSelf(f, f.Accounts[0])
}

// reachSelf says why an account of one's own is not one's own to unlock, or "".
func reachSelf(f Facts, a TargetAccount) Reason {
	switch {
	case Protects(f.Policy.Store(a.ID.Store), a, nil):
		return ProtectedTarget
	case !f.Policy.RoleOf(a.Account, a.Groups).Can(UnlockMyAccount):
		return NoSelfService
	}
	return ""
}

func (d Decision) refuse(why Reason) Decision {
	d.Page, d.Refused = PageRefused, why
	return d
}

func (d Decision) unrestricted(f Facts) Decision {
	if len(d.Types) == 0 || f.Case.Proceed {
		return d.unlock()
	}
	d.Page, d.CanSkip, d.CanNext = PageAuthenticate, true, len(d.Verified) > 0
	return d
}

// restricted judges page Authenticate by the account that it follows, the
// picked one if it can be offered; page Unlock judges each account by itself.
func (d Decision) restricted(f Facts, h HelpdeskPolicy, user *AuthenticationPolicy) Decision {
	if h.AsUser && user == nil {
		return d.refuse(NoUserPolicy)
	}
	usable := make([]Type, 0, len(d.Types))
	for _, t := range d.Types {
		usable = append(usable, t.Type)
	}
	if lack := missing(h, user, usable); !lack.None() {
		d.Missing = lack
		return d.refuse(MissingEnrollment)
	}
	d.Missing = missing(h, user, d.Verified)
	d.CanNext = d.Missing.None()
	if d.CanNext && f.Case.Proceed {
		d.Accounts = prove(f, h, d.Accounts)
		return d.unlock()
	}
	d.Page = PageAuthenticate
	return d
}

// sharesLink reports whether agent and user carry the same link value: they are
// one person also where a third account has it, too, and it links nobody.
func sharesLink(f Facts) bool {
	value := func(a Account) string {
		if s := f.Policy.Store(a.ID.Store); s == nil || !s.Links {
			return ""
		}
		return strings.TrimSpace(a.Link)
	}
	agents := value(f.Agent.Account)
	return agents != "" && slices.ContainsFunc(f.Accounts, func(a TargetAccount) bool { return strings.EqualFold(value(a.Account), agents) })
}

// sharesChat reports whether the agent acts from a chat that is the user's own.
func sharesChat(f Facts) bool {
	return slices.ContainsFunc(f.Chats, func(b Binding) bool { return b.Chat == f.Case.Chat })
}

// unlock opens page Unlock; it is the only place where something is granted.
func (d Decision) unlock() Decision {
	d.Page = PageUnlock
	d.granted = make(map[AccountID]Lock)
	for _, a := range d.Accounts {
		if a.Offered {
			d.granted[a.Account.ID] = a.Account.Lock
		}
	}
	return d
}

func refuseAgent(a AgentFacts) Reason {
	if why := a.MayAct(); why != "" {
		return why
	}
	if !a.Role.Can(UnlockAnyAccount) {
		return NoPermission
	}
	return ""
}

// prove takes the offer back from each account for which what was passed does
// not suffice. Proof of the picked account is none of another store, unless
// that store trusts the enrollment that was proved.
func prove(f Facts, h HelpdeskPolicy, rulings []AccountRuling) []AccountRuling {
	for i, r := range rulings {
		user := f.Accounts[i].User
		enough := (user != nil || !h.AsUser) && missing(h, user, r.Verified).None()
		if r.Offered && !enough {
			rulings[i].Offered, rulings[i].Why = false, NotVerified
		}
	}
	return rulings
}

// rule decides each account by itself. The picked account is within reach.
func rule(f Facts) []AccountRuling {
	var out []AccountRuling
	for i, a := range f.Accounts {
		why := Reason("")
		switch {
		case i > 0 && f.Case.Self:
			why = reachSelf(f, a)
		case i > 0:
			why = reach(f, a)
		}
		if why == "" {
			why = refuseAccount(a, f.Policy.Limits)
		}
		out = append(out, AccountRuling{Account: a.Account, Offered: why == "", Why: why, Verified: passedOf(countedTypes(f, a.ID))})
	}
	return out
}

func refuseAccount(a TargetAccount, l Limits) Reason {
	switch {
	case a.Disabled:
		return TargetDisabled
	case a.Expired:
		return TargetExpired
	case a.Lock.State == LockedByAdministrator:
		return LockedByAdmin
	case a.Lock.State != Locked:
		return NotLocked
	case a.UnderWay:
		return UnlockUnderWay
	case a.UnlocksToday >= l.UnlocksPerDay:
		return TooManyUnlocks
	}
	return ""
}

// nothingOffered gives the reason of the whole case where no account can be
// unlocked: that of the picked account, or, where that one is merely not
// locked, of a locked one linked to it that the agent may act on.
func nothingOffered(rulings []AccountRuling) Reason {
	why := NotLocked
	for i, r := range rulings {
		if r.Offered {
			return ""
		}
		if why == NotLocked && (i == 0 || r.Account.Lock.State != Unlocked && !outOfReach(r.Why)) {
			why = r.Why
		}
	}
	return why
}

func outOfReach(why Reason) bool {
	return why == OtherStore || why == OutsideReach || why == ProtectedTarget || why == OwnAccount || why == NoSelfService
}
