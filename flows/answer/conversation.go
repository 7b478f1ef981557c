package answer

import (
	"context"
	"encoding/json"
	"time"

	"latchkey/bot"
	"latchkey/flows"
)

// Name of the conversation.
const Name = "answer"

// The states, named for what the conversation waits for.
const (
	Asked     flows.State = "Asked"     // the card stands in the chat
	Answering flows.State = "Answering" // the form is open
	Over      flows.State = "Over"      // the agent's case has ended; that it was not he can still be said
	Done      flows.State = "Done"
)

// What effects find.
const (
	judged flows.EventKind = "judged"
	denied flows.EventKind = "denied"
)

const fieldCode = "code"

// Conversation is the user's, with what its effects need.
type Conversation struct {
	Desk     *bot.Desk
	Verifier *bot.Verifier
	Keeper   *bot.Keeper
	// Tell lets the agent's record know; flows.Dispatcher's.
	Tell func(ctx context.Context, record string, kind flows.EventKind, found any) error
}

var (
	_ flows.Conversation = (*Conversation)(nil)
	_ flows.Overdue      = (*Conversation)(nil)
)

// body is the conversation's own part of the record.
type body struct {
	Case      bot.Case  `json:"case"` // the agent's
	Challenge string    `json:"challenge,omitempty"`
	Phrase    string    `json:"phrase"`
	Agent     string    `json:"agent"` // display name
	Expires   time.Time `json:"expires"`
}

// Name implements flows.Conversation.
func (*Conversation) Name() string { return Name }

// Admits lets in whoever still has an account: that he is locked is why he is asked.
func (*Conversation) Admits(_ flows.Record, h flows.Happening) bot.Reason {
	if h.Agent.Account.Disabled || h.Agent.Account.Expired {
		return bot.AgentDisabled
	}
	return ""
}

// Table implements flows.Conversation.
func (*Conversation) Table() flows.Table {
	return flows.Table{
		{From: Asked, On: flows.Answer, To: Answering},
		{From: Asked, On: flows.NotMe, To: Asked},
		{From: Asked, On: denied, To: Done},
		{From: Asked, On: flows.Failed, To: Asked},
		{From: Answering, On: flows.Answer, To: Answering}, // the card again
		{From: Answering, On: flows.Verify, To: Answering},
		{From: Answering, On: judged, To: Answering},
		{From: Answering, On: judged, To: Done},
		{From: Answering, On: flows.NotMe, To: Answering},
		{From: Answering, On: denied, To: Done},
		{From: Answering, On: flows.Failed, To: Answering},
		{From: Answering, On: flows.Closed, To: Answering},
		{From: Asked, On: flows.CaseOver, To: Over},
		{From: Asked, On: flows.CaseOver, To: Done}, // asked anew
		{From: Answering, On: flows.CaseOver, To: Over},
		{From: Answering, On: flows.CaseOver, To: Done},
		{From: Over, On: flows.Answer, To: Over}, // a card that was not changed
		{From: Over, On: flows.NotMe, To: Over},
		{From: Over, On: denied, To: Done},
		{From: Over, On: flows.Failed, To: Over},
		{From: Over, On: flows.Closed, To: Over},
	}
}

// Starts implements flows.Conversation: it is begun by an invitation.
func (*Conversation) Starts(flows.EventKind) bool { return false }

// Lasting names the buttons of the card.
func (*Conversation) Lasting(k flows.EventKind) bool {
	return k == flows.Answer || k == flows.NotMe || k == flows.Closed
}

// Open implements flows.Conversation: it is the agent who goes on with the case.
func (*Conversation) Open(flows.State) bool { return false }

// effects
type (
	judge struct{ typed string }
	deny  struct{}
)

// Step implements flows.Conversation.
func (c *Conversation) Step(r flows.Record, h flows.Happening) (flows.Move, error) {
	var b body
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return flows.Move{}, bot.E(bot.Expired, "read answer record", err)
	}
	to := func(s flows.State, p flows.Page) flows.Move {
		r.State, r.Page = s, p
		return flows.Move{Record: r}
	}
	switch h.Kind {
	case flows.CaseOver:
		if anew, _ := h.Found.(bool); anew {
			return ended(to(Done, pageAnew())), nil
		}
		return ended(to(Over, pageCaseOver(b))), nil
	case flows.Answer:
		if r.State == Over {
			return to(Over, pageCaseOver(b)), nil
		}
		if b.Challenge == "" || !h.Now.Before(b.Expires) {
			return to(Answering, pageOver()), nil
		}
		return to(Answering, pageForm(b, "", h.Now)), nil
	case flows.Verify:
		return flows.Move{Record: r, Effect: judge{h.Event.Fields[fieldCode]}}, nil
	case flows.NotMe:
		return flows.Move{Record: r, Effect: deny{}}, nil
	case flows.Closed:
		return flows.Move{Record: r}, nil
	case flows.Failed:
		err, _ := h.Found.(error)
		return to(r.State, pageFailed(err)), nil
	case judged:
		v, _ := h.Found.(bot.Verdict)
		switch {
		case v.Passed:
			return ended(to(Done, pagePassed(b))), nil
		case v.Garbled:
			return to(Answering, pageForm(b, "Those are not six digits. No try was used.", h.Now)), nil
		case v.Refused != "" || v.Left <= 0:
			return ended(to(Done, pageOver())), nil
		}
		return to(Answering, pageForm(b, wrong(v.Left), h.Now)), nil
	case denied:
		held, _ := h.Found.(bool)
		return ended(to(Done, pageDenied(b, held))), nil
	}
	return flows.Move{}, bot.Ef(bot.Internal, "step", "no step for %q in %q", h.Kind, r.State)
}

// ended settles the card, too.
func ended(m flows.Move) flows.Move {
	card := m.Record.Page
	card.Close = ""
	m.Card = &card
	return m
}

// Overdue implements flows.Overdue: nobody answered while that was possible.
func (*Conversation) Overdue() flows.Page {
	card := pageOver()
	card.Close = ""
	card.Blocks = append(card.Blocks, say("over.alarm", flows.Plain, "If it was not you who called the helpdesk, tell your security team."))
	return card
}

// Run implements flows.Conversation. What the user did counts before the agent
// is told of it: an agent's page that cannot be changed costs nothing.
func (c *Conversation) Run(ctx context.Context, r flows.Record, _ flows.Happening, e flows.Effect) (flows.Happening, error) {
	var b body
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return flows.Happening{}, bot.E(bot.Internal, "read answer record", err)
	}
	f, err := c.Desk.Facts(ctx, b.Case)
	if err != nil {
		return flows.Happening{}, err
	}
	switch e := e.(type) {
	case judge:
		v, err := c.Verifier.Answered(ctx, f, r.Chat, b.Challenge, e.typed)
		if err != nil {
			return flows.Happening{}, err
		}
		return flows.Happening{Kind: judged, Found: v}, c.tell(ctx, b, flows.UserAnswered, v)
	case deny:
		held, err := c.Keeper.NotMe(ctx, f, r.Chat)
		if err != nil {
			return flows.Happening{}, err
		}
		return flows.Happening{Kind: denied, Found: held}, c.tell(ctx, b, flows.UserDenied, held)
	}
	return flows.Happening{}, bot.Ef(bot.Internal, "run effect", "no such effect %T", e)
}

// tell: the agent sees it at his next click where he cannot be told now.
func (c *Conversation) tell(ctx context.Context, b body, kind flows.EventKind, found any) error {
	if err := c.Tell(ctx, b.Case.Session, kind, found); bot.KindOf(err) == bot.Internal {
		return err
	}
	return nil
}
