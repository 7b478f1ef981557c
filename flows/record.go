package flows

import (
	"context"
	"encoding/json"
	"time"

	"latchkey/bot"
)

// State is what a conversation waits for.
type State string

// Record is the one stored thing of a conversation. It holds no secret: codes
// and evidence are elsewhere, and nothing in it lets anybody in.
type Record struct {
	Format  int             `json:"format"` // of this struct; an unknown one is Expired, never guessed at
	ID      string          `json:"id"`
	Talk    string          `json:"talk"` // name of its conversation
	State   State           `json:"state"`
	Chat    bot.Chatter     `json:"chat"`
	Agent   bot.AccountID   `json:"agent"`
	Started time.Time       `json:"started"`
	Ends    time.Time       `json:"ends"`
	Page    Page            `json:"page"`              // as last shown
	Subject string          `json:"subject,omitempty"` // whom the case is about; one open case an agent and subject
	Card    string          `json:"card,omitempty"`    // the adapter's reference of the person's card
	View    string          `json:"view,omitempty"`    // the adapter's reference of the dialog that shows Page
	Place   string          `json:"place,omitempty"`   // workspace of the last event, for history
	Body    json.RawMessage `json:"body"`              // the conversation's own
}

const recordFormat = 3

// Happening is what a step is given beside the record: what the person did, or
// what an effect found, and who the agent is at this moment.
type Happening struct {
	Kind  EventKind
	Event Event          // of the person, also while effects run
	Agent bot.AgentFacts // read for this event
	Found any            // result of the effect; nil for a person's event
	Now   time.Time
}

// Effect is something to be done outside, named by the step and run by the
// conversation's Run.
type Effect any

// Failed is the happening of an effect that could not be done: Found holds its error.
const Failed EventKind = "failed"

// Move is what a step makes: the record with its new state and page, at most
// one effect, whose finding is the next happening, and at most one card.
type Move struct {
	Record Record
	Effect Effect
	Card   *Page // to be posted to the agent, or put in the place of the card that he has
}

// Presenter is a conversation with pages that show what no record may hold: it
// puts that into the record's page each time the page is shown.
type Presenter interface {
	Present(r Record) (Page, error)
}

// Conversation is one kind of dialog.
type Conversation interface {
	// Name is in each record, and never changes.
	Name() string
	// Admits says why the person of the happening may do nothing in the record
	// (a zero one: may not begin), or "". It is asked for every event.
	Admits(r Record, h Happening) bot.Reason
	// Table holds every transition that a step may make.
	Table() Table
	// Starts reports whether the kind of event begins a new record.
	Starts(k EventKind) bool
	// Lasting reports whether the kind may come from an older page of the record
	// (a card stays in the chat while pages go on).
	Lasting(k EventKind) bool
	// Open reports whether a record in the state can be taken up again from the
	// person's home page.
	Open(s State) bool
	// Step is pure. An event that the state does not know is Invalid.
	Step(r Record, h Happening) (Move, error)
	// Run does what an effect asks, and gives the happening of it.
	Run(ctx context.Context, r Record, h Happening, e Effect) (Happening, error)
}
