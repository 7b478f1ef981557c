package bot

import "time"

// Action is what a history record says was done.
type Action string

// The actions that are recorded.
const (
	ActionUnlock       Action = "unlock_account"
	ActionAuthenticate Action = "authenticate"
	ActionSendCode     Action = "send_code"
	ActionSkip         Action = "skip_authentication"
	ActionEnroll       Action = "enroll"
	ActionUnenroll     Action = "unenroll"
	ActionRemind       Action = "remind_to_enroll"
	ActionRemindMany   Action = "remind_many_to_enroll"
	ActionBind         Action = "bind_chat_person"
	ActionUnbind       Action = "unbind_chat_person"
	ActionUnblock      Action = "clear_authentication_lockout"
	ActionRefuse       Action = "refused_by_policy"
	ActionNotMe        Action = "not_me" // the user has said that it is not he who asks
	ActionLift         Action = "lift_freeze"
	ActionLink         Action = "link_account"
	ActionUnlink       Action = "unlink_account"
)

// Status is how it ended.
type Status string

// The statuses. An unlock is two records with one Operation: asked, then one of the others.
const (
	StatusAsked   Status = "asked"
	StatusSuccess Status = "success"
	StatusFailure Status = "failure"
	StatusUnknown Status = "unknown"
)

// Client is the way by which it was done.
type Client string

// The clients.
const (
	ClientSlack       Client = "slack"
	ClientTeams       Client = "teams"
	ClientCommandLine Client = "command_line"
	ClientSystem      Client = "system" // Latchkey itself: the reconciler, retention
)

// ActorKind is what sort of person (or part) did it.
type ActorKind string

// The kinds of actors.
const (
	ActorAgent         ActorKind = "agent"
	ActorEndUser       ActorKind = "end_user"
	ActorAdministrator ActorKind = "administrator" // at the command line
	ActorSystem        ActorKind = "system"
)

// Party is somebody in a history record, named as he was at the time.
type Party struct {
	Kind    ActorKind
	Account AccountID // zero: no directory account (the command line)
	Login   string
	Name    string // display name
	Chat    string // "slack:T…:U…"; empty at the command line
}

// Record is one line of history. The ledger adds Seq and the hash chain, and
// never changes a record.
type Record struct {
	Seq       int64 // 0 until written
	ID        string
	Operation string // the same for all records of one unlock
	Session   string
	At        time.Time // whole microseconds, UTC
	Action    Action
	Status    Status
	Why       Reason // of a refusal or failure; empty otherwise
	Detail    string // in words, no secret: 'the lock had run out'
	Types     []Type // authentication types it is about or rests on
	Actor     Party
	Target    Party // zero where nobody was acted on
	Store     string
	Client    Client
	Helpdesk  bool   // a helpdesk action
	Workspace string // Slack team, Teams tenant, host name
	Address   string // where one is known
	Mode      Mode   // helpdesk policy's mode, for unlocks
	Reason    string // what the agent gave as reason
	Ticket    string
}

// HistoryQuery asks for records, newest first.
type HistoryQuery struct {
	Accounts []AccountID // acted on or acting; empty: all
	Text     string      // part of a name or login of actor or target; empty: all
	Since    time.Time   // zero: from the start
	Until    time.Time   // exclusive; zero: to now
	Before   int64       // only Seq below this (keyset paging); 0: from the newest
	Limit    int         // 1 to 1000
}
