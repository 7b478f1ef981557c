package flows

import "latchkey/bot"

// EventKind says what a person did, or what an effect found.
type EventKind string

// What people do. Adapters make these and no others.
const (
	Begin         EventKind = "begin"         // /unlock, /unlock WHO: Text is WHO, or ""
	BeginHistory  EventKind = "begin_history" // /unlock history WHO
	BeginLocked   EventKind = "begin_locked"  // /unlock locked: Text narrows it
	BeginAuthor   EventKind = "begin_author"  // from a message: Text is what the chat knows of its author, a mail address or a name
	BeginMe       EventKind = "begin_me"      // /unlock me: one's own accounts
	BeginRemind   EventKind = "begin_remind"  // /unlock remind: Text narrows down who is reminded to enroll
	BeginEnroll   EventKind = "begin_enroll"  // /unlock enroll: one's own enrollments
	Search        EventKind = "search"        // the form's field "who"
	Pick          EventKind = "pick"          // Row of the list of hits
	More          EventKind = "more"          // the next page of hits
	Previous      EventKind = "previous"      // the page of hits before
	Confirm       EventKind = "confirm"       // yes, this is the person
	ChooseType    EventKind = "choose_type"   // Type on page Authenticate
	SendCode      EventKind = "send_code"     // Type
	Verify        EventKind = "verify"        // Type and field "code"
	Overview      EventKind = "overview"      // back to the overview of page Authenticate
	Next          EventKind = "next"
	Skip          EventKind = "skip"
	Unlock        EventKind = "unlock" // Rows ticked, fields "reason" and "ticket"
	OpenHistory   EventKind = "open_history"
	Back          EventKind = "back" // from History to the page it was opened on; from a person to the list
	Remind        EventKind = "remind"
	Cancel        EventKind = "cancel"
	Closed        EventKind = "closed"         // the dialog was closed; the case stays
	Resume        EventKind = "resume"         // Continue on the agent's card
	Answer        EventKind = "answer"         // on the card of a user who is asked for digits: opens the form
	NotMe         EventKind = "not_me"         // the user did not call: there, and in the form
	Clear         EventKind = "clear"          // ends an authentication lockout
	Lift          EventKind = "lift"           // ends a freeze
	UserAnswered  EventKind = "user_answered"  // told by the user's record: Found is the bot.Verdict
	UserDenied    EventKind = "user_denied"    // 'This is not me': Found is whether unlocking is frozen now
	CaseOver      EventKind = "case_over"      // told by the agent's record: it has ended, or, where Found is true, asks anew
	RemindMany    EventKind = "remind_many"    // everybody of the search that stands
	CountCrowd    EventKind = "count_crowd"    // Rows ticked: how many that would be
	OpenUnenroll  EventKind = "open_unenroll"  // what the user is enrolled with, to take some of it away
	Unenroll      EventKind = "unenroll"       // Rows ticked
	StopReminders EventKind = "stop_reminders" // the agent's own that run
	Look          EventKind = "look"           // shows the page that stands, and moves nothing

	// Of a person's own enrollments.
	Add        EventKind = "add"         // Type, to be enrolled with
	Change     EventKind = "change"      // Type, whose enrollment is replaced
	Remove     EventKind = "remove"      // Type, whose enrollment is removed
	SetAddress EventKind = "set_address" // field "address": a mail address or a number, where a code goes
	SetAnswers EventKind = "set_answers" // the fields of security questions
	Renew      EventKind = "renew"       // another one-time link
	Propose    EventKind = "propose"     // looks for accounts in other stores that may be his
	Link       EventKind = "link"        // Row of the accounts that were found
	Unlink     EventKind = "unlink"      // Row of the accounts that he has linked
)

// Event is one thing that happened in a conversation, without a trace of the
// platform it happened on.
type Event struct {
	ID        string // the same for each delivery of one click; unique otherwise
	Kind      EventKind
	Actor     bot.Chatter
	Profile   Profile
	Token     string            // of the page that it comes from; empty for those that begin
	Text      string            // what was typed after the command
	Author    bot.Chatter       // BeginAuthor: who wrote the message
	Confirmed bool              // BeginAuthor: Text is an address that the chat says is his; a name is what he calls himself
	Type      bot.Type          // ChooseType, SendCode, Verify
	Row       int               // Pick
	Rows      []int             // Unlock, Unenroll, CountCrowd
	Fields    map[string]string // by Input.Field, and by Menu.Field the row of what was chosen
	Workspace string            // for history: the Slack team or Teams tenant
	View      string            // the adapter's reference of the dialog in which the answer is shown; empty: none
}

// Profile is what the chat itself says of the person, read by the adapter
// within the last minute and already checked: no guest, no bot, no stranger,
// not deleted.
type Profile struct {
	Name string
	Mail string // only where the chat says that it is confirmed
	UPN  string // Teams
}
