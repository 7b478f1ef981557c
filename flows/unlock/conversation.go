package unlock

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"latchkey/bot"
	"latchkey/flows"
)

// Conversation is the unlock conversation with what its effects need.
type Conversation struct {
	Desk       *bot.Desk
	Verifier   *bot.Verifier
	Unlocker   *bot.Unlocker
	Unenroller *bot.Unenroller
	Reminder   *bot.Reminder
	Reminders  *bot.Reminders // to many; nil: there are none
	Keeper     *bot.Keeper
	Journal    bot.Journal
	PageSize   int // hits on one page of a search, 1 to 20
}

var _ flows.Conversation = (*Conversation)(nil)

// Name implements flows.Conversation.
func (*Conversation) Name() string { return "unlock" }

// Admits lets in whoever may act at all, and into self-service whoever may help
// himself; what his role permits is asked step by step.
func (*Conversation) Admits(r flows.Record, h flows.Happening) bot.Reason {
	t := turn{r: r}
	if h.Kind == flows.BeginMe || t.open() == nil && t.b.Self {
		return h.Agent.MayHelpHimself()
	}
	return h.Agent.MayAct()
}

// Table gives every transition.
func (*Conversation) Table() flows.Table { return table() }

// Starts reports whether the kind begins a record.
func (*Conversation) Starts(k flows.EventKind) bool {
	return k == flows.Begin || k == flows.BeginHistory || k == flows.BeginLocked || k == flows.BeginAuthor || k == flows.BeginMe ||
		k == flows.BeginRemind || k == flows.StopReminders
}

// Lasting names the agent's card, and closing a dialog: they may come from an older page.
func (*Conversation) Lasting(k flows.EventKind) bool {
	return k == flows.Closed || k == flows.Resume || k == flows.Cancel
}

// Open reports whether a case in the state can be taken up again.
func (*Conversation) Open(s flows.State) bool { return s == AwaitingProof || s == AwaitingConfirm }

// body is the conversation's own part of the record.
type body struct {
	Self       bool            `json:"self,omitempty"` // `/unlock me`
	ForHistory bool            `json:"for_history,omitempty"`
	Author     bool            `json:"author,omitempty"`    // begun from a message, whose author is looked for
	Confirmed  bool            `json:"confirmed,omitempty"` // by an address that the chat says is his
	Bound      bool            `json:"bound,omitempty"`     // and the one hit is bound to him
	Looked     looked          `json:"looked,omitzero"`
	Offset     int             `json:"offset,omitempty"`
	Hits       []bot.AccountID `json:"hits,omitempty"`    // row numbers of page Pick point here
	Several    bool            `json:"several,omitempty"` // more than one person could be meant
	Target     bot.AccountID   `json:"target,omitzero"`
	Name       string          `json:"name,omitempty"`
	Type       bot.Type        `json:"type,omitempty"` // being passed now
	Challenge  string          `json:"challenge,omitempty"`
	Masked     string          `json:"masked,omitempty"`
	Asked      []asked         `json:"asked,omitempty"`   // security questions; the numbers of the inputs point here
	Sealed     []byte          `json:"sealed,omitempty"`  // the digits that the user enters in the chat
	Phrase     string          `json:"phrase,omitempty"`  // that the user was told
	Begun      bool            `json:"begun,omitempty"`   // a type was opened
	Safer      safer           `json:"safer,omitzero"`    // than mobile
	Proceed    bool            `json:"proceed,omitempty"` // Next or Skip was pressed
	Offers     []offerRow      `json:"offers,omitempty"`  // row numbers of page Unlock point here
	Held       []heldRow       `json:"held,omitempty"`    // row numbers of page Unenroll point here
	Wanted     []bot.Type      `json:"wanted,omitempty"`  // types that reminders name
	Crowd      int             `json:"crowd,omitempty"`   // how many the agent was told that would be reminded
	Taken      []string        `json:"taken,omitempty"`   // ids of what is ticked there
}

// offerRow is one check box of page Unlock.
type offerRow struct {
	ID      string        `json:"id"`
	Account bot.AccountID `json:"account"`
}

// turn is one run of a step: the record opened, and what happened.
type turn struct {
	r flows.Record
	b body
	h flows.Happening
	n int // page size

	pace time.Duration // of reminders to many
}

// Step is pure: record and happening in, record with page and effect out.
func (c *Conversation) Step(r flows.Record, h flows.Happening) (flows.Move, error) {
	if !table().Knows(r.State, h.Kind) || !fits(h) {
		return flows.Move{}, bot.E(bot.Invalid, "step: no arrow for "+string(h.Kind), nil)
	}
	t := turn{r: r, h: h, n: c.PageSize}
	if c.Reminders != nil {
		t.pace = c.Reminders.Pace
	}
	if err := t.open(); err != nil {
		return flows.Move{}, err
	}
	m, err := t.step()
	if err != nil {
		return flows.Move{}, err
	}
	m.Record = t.r
	m.Record.Body, err = json.Marshal(t.b)
	return m, err
}

// fits reports whether a finding is what its kind says; what people do has none.
func fits(h flows.Happening) bool {
	ok := true
	switch h.Kind {
	case found:
		_, ok = h.Found.(searchFound)
	case introduced:
		_, ok = h.Found.(personFound)
	case caseRead:
		_, ok = h.Found.(caseFound)
	case opened:
		_, ok = h.Found.(bot.Opened)
	case judged:
		_, ok = h.Found.(verdictFound)
	case answered:
		_, ok = h.Found.(answersFound)
	case flows.UserAnswered:
		_, ok = h.Found.(bot.Verdict)
	case flows.UserDenied:
		_, ok = h.Found.(bool)
	case crowdCounted:
		_, ok = h.Found.(crowdFound)
	case remindersStopped:
		_, ok = h.Found.(bot.ReminderJob)
	case heldRead:
		_, ok = h.Found.(heldFound)
	case cleared, lifted, unenrolled:
		_, ok = h.Found.(bot.Reason)
	case offered:
		_, ok = h.Found.(offersFound)
	case wrote:
		_, ok = h.Found.([]bot.Done)
	case recalled:
		_, ok = h.Found.(historyFound)
	case reminded:
		_, ok = h.Found.(bot.Reminded)
	case flows.Failed:
		_, ok = h.Found.(error)
	}
	return ok
}

// open reads the record's body.
func (t *turn) open() error {
	if len(t.r.Body) == 0 {
		return nil
	}
	if err := json.Unmarshal(t.r.Body, &t.b); err != nil {
		return bot.E(bot.Expired, "read unlock record", err)
	}
	return nil
}

func (t *turn) step() (flows.Move, error) {
	switch t.h.Kind {
	case flows.Failed:
		return t.failed()
	case flows.Cancel:
		return t.cancel()
	case flows.Closed:
		return t.closed()
	case flows.UserDenied:
		return t.finish(Refused, pageDenied(t.b.Name, t.h.Found.(bool)))
	}
	if t.h.Kind == flows.OpenUnenroll {
		return flows.Move{Effect: readHeld{}}, nil
	}
	if t.h.Kind == heldRead {
		return t.removal()
	}
	switch t.h.Kind {
	case flows.BeginRemind, flows.RemindMany, flows.StopReminders:
		return t.reminding()
	}
	switch t.r.State {
	case "", AwaitingQuery, AwaitingPick:
		return t.find()
	case AwaitingProof:
		return t.prove()
	case AwaitingConfirm, Unlocking:
		return t.confirm()
	case AwaitingRemoval:
		return t.removal()
	case AwaitingReminders:
		return t.reminding()
	case Refused:
		return t.refused()
	}
	return t.strange()
}

// strange: the table lets nothing come here.
func (t *turn) strange() (flows.Move, error) {
	return flows.Move{}, bot.Ef(bot.Internal, "step", "no step for %q in %q", t.h.Kind, t.r.State)
}

// to sets state and page.
func (t *turn) to(s flows.State, p flows.Page) flows.Move {
	t.r.State, t.r.Page = s, p
	return flows.Move{}
}

// failed shows the page that stood, with what went wrong above it.
func (t *turn) failed() (flows.Move, error) {
	err, _ := t.h.Found.(error)
	page := t.r.Page
	if t.r.State == Unlocking {
		t.r.State = AwaitingConfirm
		page = pageNotWritten(t.b.Name)
	}
	page.Blocks = slices.DeleteFunc(slices.Clone(page.Blocks), func(b flows.Block) bool {
		return b.Text != nil && b.Text.ID == "failed"
	})
	page.Blocks = slices.Insert(page.Blocks, 0, failure(err, t.h.Event.Kind))
	for i, b := range page.Blocks { // what was typed must not stand there for a second press
		if b.Input != nil && (b.Input.Field == fieldCode || strings.HasPrefix(b.Input.Field, fieldAnswer)) {
			in := *b.Input
			in.Fresh = t.fresh()
			page.Blocks[i].Input = &in
		}
	}
	return t.to(t.r.State, page), nil
}

func (t *turn) cancel() (flows.Move, error) {
	m := t.to(Cancelled, pageCancelled(t.b.Name))
	if t.r.Card != "" {
		p := t.r.Page
		m.Card = &p
	}
	return m, nil
}

// closed keeps a case in which something was begun: the agent's card leads
// back to it. A form or a list is simply gone.
func (t *turn) closed() (flows.Move, error) {
	if t.r.State != AwaitingProof && t.r.State != AwaitingConfirm {
		return t.to(Cancelled, pageCancelled(t.b.Name)), nil
	}
	card := cardOpen(t.b.Name, t.b.Target.Store, t.r.Ends)
	return flows.Move{Card: &card}, nil
}

// finish moves to a last state and settles the agent's card, if he has one.
func (t *turn) finish(s flows.State, p flows.Page) (flows.Move, error) {
	m := t.to(s, p)
	if t.r.Card != "" {
		card := p
		card.Submit, card.Close, card.Keeps = nil, "", false
		card.Blocks = slices.DeleteFunc(slices.Clone(p.Blocks), func(b flows.Block) bool { return len(b.Buttons) > 0 })
		m.Card = &card
	}
	return m, nil
}

// fresh is a mark that differs from turn to turn.
func (t *turn) fresh() string { return t.h.Now.UTC().Format(time.RFC3339Nano) }
