package enroll

import (
	"encoding/json"
	"time"

	"latchkey/bot"
	"latchkey/flows"
)

// Conversation is the conversation with what its effects need.
type Conversation struct {
	Enroller *bot.Enroller
}

var (
	_ flows.Conversation = (*Conversation)(nil)
	_ flows.Presenter    = (*Conversation)(nil)
	_ flows.Proofreader  = (*Conversation)(nil)
)

// Name implements flows.Conversation.
func (*Conversation) Name() string { return "enroll" }

// Admits lets in who may enroll: a locked person can do nothing here.
func (*Conversation) Admits(_ flows.Record, h flows.Happening) bot.Reason {
	return h.Agent.MayEnroll()
}

// Table gives every transition.
func (*Conversation) Table() flows.Table { return table() }

// Starts reports whether the kind begins a record.
func (*Conversation) Starts(k flows.EventKind) bool { return k == flows.BeginEnroll }

// Lasting names closing the dialog: it may come from an older page.
func (*Conversation) Lasting(k flows.EventKind) bool { return k == flows.Closed }

// Open reports that nothing here is taken up again: it is begun anew.
func (*Conversation) Open(flows.State) bool { return false }

// body is the conversation's own part of the record. It holds nothing that
// proves anything, and no address as it is.
type body struct {
	Do        bot.Doing         `json:"do,omitempty"` // the change under way
	Type      bot.Type          `json:"type,omitempty"`
	Before    string            `json:"before,omitempty"` // masked address of what is changed or removed
	Last      bool              `json:"last,omitempty"`   // it is the only one that counts
	Proof     string            `json:"proof,omitempty"`
	Ways      []way             `json:"ways,omitempty"`
	By        bot.Type          `json:"by,omitempty"` // the way that is being passed
	Masked    string            `json:"masked,omitempty"`
	Challenge string            `json:"challenge,omitempty"`
	Asked     []bot.OwnQuestion `json:"asked,omitempty"` // still to be answered
	New       string            `json:"new,omitempty"`   // id of what is being enrolled
	Contact   []byte            `json:"contact,omitempty"`
	Expires   time.Time         `json:"expires,omitzero"` // of the link
	Pool      []string          `json:"pool,omitempty"`
	Questions int               `json:"questions,omitempty"`
	Shortest  int               `json:"shortest,omitempty"`
	Names     []string          `json:"names,omitempty"`  // his own: no answers
	Picks     []int             `json:"picks,omitempty"`  // rows of the pool that were chosen last, 0: his own question
	Others    []other           `json:"others,omitempty"` // row numbers of page Other accounts point here
	Other     other             `json:"other,omitzero"`   // to be linked or unlinked
	There     bool              `json:"there,omitempty"`  // his own side is proved, the other is not
}

// way is one in which he can prove that it is he.
type way struct {
	Type      bot.Type `json:"type"`
	Masked    string   `json:"masked,omitempty"`
	Directory bool     `json:"directory,omitempty"`
}

// other is an account in another store.
type other struct {
	Account bot.AccountID `json:"account"`
	Login   string        `json:"login"`
}

func (o other) String() string { return o.Login + " in " + o.Account.Store }

// turn is one run of a step: the record opened, and what happened.
type turn struct {
	r flows.Record
	b body
	h flows.Happening
}

// Step is pure: record and happening in, record with page and effect out.
func (*Conversation) Step(r flows.Record, h flows.Happening) (flows.Move, error) {
	if !table().Knows(r.State, h.Kind) || !fits(h) {
		return flows.Move{}, bot.E(bot.Invalid, "step: no arrow for "+string(h.Kind), nil)
	}
	t := turn{r: r, h: h}
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
	case ownRead, changed:
		_, ok = h.Found.(bot.Own)
	case prepared:
		_, ok = h.Found.(bot.Preparation)
	case opened:
		_, ok = h.Found.(bot.ProofOpened)
	case judged:
		_, ok = h.Found.(verdictFound)
	case sent:
		_, ok = h.Found.(bot.NewAddress)
	case linkOpened:
		_, ok = h.Found.(bot.NewSeedLink)
	case finished:
		_, ok = h.Found.(finishFound)
	case othersRead:
		_, ok = h.Found.([]bot.Other)
	case otherSide:
		_, ok = h.Found.([]bot.Way)
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
		return bot.E(bot.Expired, "read enroll record", err)
	}
	return nil
}

func (t *turn) step() (flows.Move, error) {
	switch t.h.Kind {
	case flows.Failed:
		return t.failed()
	case flows.Cancel, flows.Closed:
		t.b = body{}
		return t.to(Cancelled, pageOver()), nil
	case flows.Overview:
		t.b = body{}
		t.to(AwaitingChoice, pageReading())
		return flows.Move{Effect: readOwn{}}, nil
	}
	switch t.r.State {
	case "", AwaitingChoice:
		return t.choose()
	case AwaitingAccount:
		return t.account()
	case AwaitingProof:
		return t.prove()
	case AwaitingAddress, AwaitingCode:
		return t.address()
	case AwaitingApp:
		return t.app()
	case AwaitingAnswers:
		return t.answers()
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

// stay shows another page of the same state.
func (t *turn) stay(p flows.Page) (flows.Move, error) { return t.to(t.r.State, p), nil }

// failed shows the page that stood, with what went wrong above it. A code that
// was typed must not stand there for a second press.
func (t *turn) failed() (flows.Move, error) {
	err, _ := t.h.Found.(error)
	page := t.r.Page
	blocks := []flows.Block{failure(err)}
	if t.r.State == AwaitingAnswers {
		page = pageAnswers(t.b)
		blocks = append(blocks, say("answers.again", flows.Warning, "Answers are not kept until you are enrolled: type all of them again."))
	}
	for _, b := range page.Blocks {
		if b.Text != nil && b.Text.ID == "failed" {
			continue
		}
		if b.Input != nil && b.Input.Field == fieldCode {
			in := *b.Input
			in.Fresh = t.fresh()
			b.Input = &in
		}
		blocks = append(blocks, b)
	}
	page.Blocks = blocks
	return t.stay(page)
}

// fresh is a mark that differs from turn to turn.
func (t *turn) fresh() string { return t.h.Now.UTC().Format(time.RFC3339Nano) }

// done forgets the change and shows the overview with what became of it.
func (t *turn) done(own bot.Own) (flows.Move, error) {
	notice := said(t.b, own)
	t.b = body{}
	return t.to(AwaitingChoice, pageOwn(own, &notice)), nil
}
