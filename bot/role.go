package bot

import (
	"slices"
	"time"
)

// Permission is one thing that a role may do. Denied unless listed; each is
// granted by itself.
type Permission string

// The permissions.
const (
	UnlockAnyAccount           Permission = "unlock_any_account"
	UnlockMyAccount            Permission = "unlock_my_account"
	PermitEnroll               Permission = "enroll"
	PermitUnenroll             Permission = "unenroll"
	PermitRemind               Permission = "remind"
	ViewHistory                Permission = "view_history"
	ExportHistory              Permission = "export_history"
	ViewReport                 Permission = "view_report"
	ClearAuthenticationLockout Permission = "clear_authentication_lockout"
	LiftFreeze                 Permission = "lift_freeze"
)

// Permissions are all permissions that a configuration may name.
func Permissions() []Permission {
	return []Permission{UnlockAnyAccount, UnlockMyAccount, PermitEnroll, PermitUnenroll, PermitRemind,
		ViewHistory, ExportHistory, ViewReport, ClearAuthenticationLockout, LiftFreeze}
}

// Mode is the helpdesk policy's mode.
type Mode string

// The modes. The zero value is neither: Decide treats it as restricted.
const (
	UnrestrictedMode Mode = "unrestricted" // page Authenticate can be skipped
	RestrictedMode   Mode = "restricted"   // page Authenticate must be passed
)

// Role says who its members are, what they may do and under which policies.
type Role struct {
	Name               string
	Store              string   // where its members are
	ActsOn             []string // stores whose accounts its members may unlock
	Priority           int      // the lowest number wins
	MemberGroups       []DN     // nested members too
	MemberContainers   []DN     // sub-containers too
	Everyone           bool     // neither groups nor containers are configured and everyone is meant
	Permissions        []Permission
	MayUnlockProtected []DN // groups and containers whose protection does not bind this role
	Helpdesk           HelpdeskPolicy
	Authentication     *AuthenticationPolicy // nil: this role says nothing of it
}

// Can reports whether the role grants the permission. A nil role grants none.
func (r *Role) Can(p Permission) bool { return r != nil && slices.Contains(r.Permissions, p) }

// holds reports whether an account is a member of the role.
func (r *Role) holds(a Account, groups []DN) bool {
	if r.Store != a.ID.Store {
		return false
	}
	if r.Everyone {
		return true
	}
	for _, g := range r.MemberGroups {
		if slices.Contains(groups, g) {
			return true
		}
	}
	for _, c := range r.MemberContainers {
		if a.DN != c && a.DN.Under(c) {
			return true
		}
	}
	return false
}

// HelpdeskPolicy is how a role's members unlock others.
type HelpdeskPolicy struct {
	Mode       Mode
	Containers []DN // restricted mode: each limits the store whose base holds it
	AsUser     bool // restricted mode: the types that the user's own role asks for
	AtLeast    int  // restricted mode: so many types, any; 0: not asked for
	Questions  int  // restricted mode: so many right answers to security questions; 0: not asked for
	Assurance  Strength
	Reason     ReasonRule
}

// ReasonRule says whether page Unlock asks for a reason and a ticket.
type ReasonRule string

// The reason rules.
const (
	ReasonNone     ReasonRule = "none"
	ReasonOptional ReasonRule = "optional"
	ReasonRequired ReasonRule = "required"
)

// AuthenticationPolicy is what an end user's role asks of the user.
type AuthenticationPolicy struct {
	Enforced      []Type // each of them
	Chosen        int    // and so many more
	Questions     int    // number of security questions
	MinimumAnswer int    // runes
	Lockout       Lockout
}

// Lockout disables authentication of a user after so many wrong values in a
// row. It never touches the account in the directory. Failures 0: no lockout.
type Lockout struct {
	Failures int
	Duration time.Duration
}

// Limits are the numbers of security.md; all are configuration.
type Limits struct {
	CodeDigits        int           // 6 to 8
	CodeLife          time.Duration // of a mailed code
	CodeTries         int           // tries a challenge, 1 to 5
	WrongPerDay       int           // wrong values of one target in 24 h
	WrongInARow       int           // of one target: stops until an administrator clears it
	UnlocksPerDay     int           // of one target in 24 h
	CodesPerHour      int           // codes sent to one target
	PushesPerSession  int           // messages to one target in the chat, in one case
	PushesPerHour     int           // and in an hour
	FreezesPerWeek    int           // of one person; more 'This is not me' end the case and freeze nothing
	FreezeLife        time.Duration // of 'This is not me'
	FleetWrongPerHour int           // wrong values of all targets together
	AgentCasesPerHour int           // cases that one agent may begin
	UnenrollsPerHour  int           // users from whom one agent may take enrollments
	EvidenceLife      time.Duration
	GrantLife         time.Duration
	SessionLife       time.Duration
	SessionIdle       time.Duration
}

// DefaultLimits are the numbers that hold where the configuration says nothing.
func DefaultLimits() Limits {
	return Limits{
		CodeDigits: 6, CodeLife: 5 * time.Minute, CodeTries: 5,
		WrongPerDay: 10, WrongInARow: 100, UnlocksPerDay: 3, CodesPerHour: 10,
		PushesPerSession: 3, PushesPerHour: 5, FreezesPerWeek: 2, FreezeLife: 24 * time.Hour,
		FleetWrongPerHour: 300, AgentCasesPerHour: 60, UnenrollsPerHour: 10,
		EvidenceLife: 15 * time.Minute, GrantLife: 5 * time.Minute,
		SessionLife: 15 * time.Minute, SessionIdle: 5 * time.Minute,
	}
}

// StorePolicy is what the policy knows of an identity store.
type StorePolicy struct {
	Name                string
	Base                DN
	Types               []Type   // authentication types that the store uses
	TrustEnrollmentOf   []string // stores whose enrollments count here too
	Links               bool     // link_attribute is set
	QuestionPool        []string `json:"-"` // security questions that its people may choose; no grant rests on it
	ProtectedGroups     []DN
	ProtectedContainers []DN
}

// Policy is all that decides, read from the configuration and never changed
// while it serves.
type Policy struct {
	Version          string // hash of the configuration's deciding part; grants carry it
	Stores           []StorePolicy
	Roles            []Role
	Limits           Limits
	EnrollmentMinAge time.Duration
}

// Store gives the named store's part, or nil.
func (p *Policy) Store(name string) *StorePolicy {
	for i := range p.Stores {
		if p.Stores[i].Name == name {
			return &p.Stores[i]
		}
	}
	return nil
}

// RoleOf gives the best-priority role that holds the account, or nil.
// groups are the account's groups, nested ones included.
func (p *Policy) RoleOf(a Account, groups []DN) *Role {
	return p.best(a, groups, func(*Role) bool { return true })
}

// AuthenticationOf gives the authentication policy of the best-priority role
// of the account that has one, or nil.
func (p *Policy) AuthenticationOf(a Account, groups []DN) *AuthenticationPolicy {
	if r := p.best(a, groups, func(r *Role) bool { return r.Authentication != nil }); r != nil {
		return r.Authentication
	}
	return nil
}

func (p *Policy) best(a Account, groups []DN, fit func(*Role) bool) *Role {
	var best *Role
	for i := range p.Roles {
		r := &p.Roles[i]
		if fit(r) && r.holds(a, groups) && (best == nil || r.Priority < best.Priority) {
			best = r
		}
	}
	return best
}
