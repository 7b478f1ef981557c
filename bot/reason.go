package bot

// Reason is the stable id of a refusal by policy. It stands in history and
// chooses the sentence that the agent reads; the caller is never told more.
type Reason string

// Refusals of the agent, of the case, and of a single account.
const (
	AgentUnbound    Reason = "agent_unbound"     // the chat person is bound to no directory account
	AgentGone       Reason = "agent_gone"        // the bound account is no longer in the directory
	AgentDisabled   Reason = "agent_disabled"    // disabled or expired
	AgentLocked     Reason = "agent_locked"      // locked: only `/unlock me`
	NoRole          Reason = "no_role"           // in no security role
	NoPermission    Reason = "no_permission"     // the role lacks Unlock Any Account
	NoViewHistory   Reason = "no_view_history"   // the role lacks view history
	OwnAccount      Reason = "own_account"       // agent and user are one person
	OtherStore      Reason = "other_store"       // the role does not act on this identity store
	OutsideReach    Reason = "outside_container" // restricted mode: not under the role's container
	ProtectedTarget Reason = "protected"

	NotEnrolled       Reason = "not_enrolled"       // restricted mode
	MissingEnrollment Reason = "missing_enrollment" // policy asks for more than the user has
	NoUserPolicy      Reason = "no_user_policy"     // as_user, but no role of the user says what to ask
	NotVerified       Reason = "not_verified"       // what policy asks for was not passed, or no longer counts

	NotLocked         Reason = "not_locked"
	TargetDisabled    Reason = "target_disabled"
	TargetExpired     Reason = "target_expired"
	LockedByAdmin     Reason = "locked_by_administrator"
	TooManyUnlocks    Reason = "too_many_unlocks"       // limits.target.unlocks_per_day, and no approval is configured
	UnlockUnderWay    Reason = "unlock_under_way"       // an earlier unlock of this account has no known outcome yet
	TargetGone        Reason = "target_gone"            // deleted meanwhile
	GrantExpired      Reason = "grant_expired"          // five minutes passed on page Unlock
	GrantUsed         Reason = "grant_used"             // unlocked by this grant, or by another of its session, already
	PolicyChanged     Reason = "policy_changed"         // the configuration changed since page Unlock opened
	ReasonMissing     Reason = "reason_missing"         // the role asks for a reason
	AuthenticationOff Reason = "authentication_lockout" // the role's authentication lockout
	TooManyWrong      Reason = "too_many_wrong"         // limits.target.wrong_per_day
	TargetStopped     Reason = "target_stopped"         // limits.target.wrong_in_a_row: `latchkey unblock`
	FleetLimit        Reason = "fleet_limit"            // limits.fleet.wrong_per_hour
	Frozen            Reason = "frozen"                 // 'This is not me' was pressed within a day
	NoSelfService     Reason = "no_self_service"        // the role lacks Unlock My Account
)
