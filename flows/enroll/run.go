package enroll

import (
	"context"
	"strconv"

	"latchkey/bot"
	"latchkey/flows"
)

// what effects find
type (
	verdictFound struct {
		bot.Verdict
		left []bot.OwnQuestion
	}
	finishFound struct {
		bot.Verdict
		Own bot.Own
	}
)

// Run does what an effect asks for. Who acts, and what he has proved, is read
// anew by the enroller each time.
func (c *Conversation) Run(ctx context.Context, r flows.Record, h flows.Happening, e flows.Effect) (flows.Happening, error) {
	t := turn{r: r, h: h}
	if err := t.open(); err != nil {
		return h, err
	}
	n, s := c.Enroller, t.self()
	switch e := e.(type) {
	case readOwn:
		own, err := n.Own(ctx, s)
		return flows.Happening{Kind: ownRead, Found: own}, err
	case prepare:
		p, err := n.Prepare(ctx, s, e.do, e.t)
		return flows.Happening{Kind: prepared, Found: p}, err
	case openWay:
		o, err := n.OpenProof(ctx, s, e.t)
		return flows.Happening{Kind: opened, Found: o}, err
	case prove:
		v, err := n.Prove(ctx, s, t.b.By, t.b.Challenge, e.code)
		return flows.Happening{Kind: judged, Found: verdictFound{Verdict: v}}, err
	case proveAnswers:
		v, left, err := n.ProveAnswers(ctx, s, t.b.Asked, e.typed)
		return flows.Happening{Kind: judged, Found: verdictFound{v, left}}, err
	case remove:
		own, err := n.Remove(ctx, s, t.b.Type)
		return flows.Happening{Kind: changed, Found: own}, err
	case findOthers:
		others, err := n.Others(ctx, s)
		return flows.Happening{Kind: othersRead, Found: others}, err
	case prepareLink:
		p, err := n.PrepareLink(ctx, s, e.do, e.id)
		return flows.Happening{Kind: prepared, Found: p}, err
	case proveOther:
		s.Other = t.b.Other.Account
		ways, err := n.OtherWays(ctx, s)
		return flows.Happening{Kind: otherSide, Found: ways}, err
	case finishLink:
		own, err := n.FinishLink(ctx, s, t.b.Do, t.b.Other.Account)
		return flows.Happening{Kind: changed, Found: own}, err
	case setAnswers:
		own, err := n.SetAnswers(ctx, s, t.b.Do, e.given)
		return flows.Happening{Kind: changed, Found: own}, err
	}
	return c.runNew(ctx, t, e)
}

// runNew does what concerns an address or an authenticator that is new.
func (c *Conversation) runNew(ctx context.Context, t turn, e flows.Effect) (flows.Happening, error) {
	n, s := c.Enroller, t.self()
	switch e := e.(type) {
	case sendNew:
		a, err := n.SendNew(ctx, s, t.b.Do, t.b.Type, e.typed)
		return flows.Happening{Kind: sent, Found: a}, err
	case sendAgain:
		a, err := n.SendAgain(ctx, s, t.b.Do, t.b.Type, t.b.address())
		return flows.Happening{Kind: sent, Found: a}, err
	case openSeed:
		l, err := n.OpenSeed(ctx, s, t.b.Do, t.b.New)
		return flows.Happening{Kind: linkOpened, Found: l}, err
	case finish:
		var f finishFound
		var err error
		if t.b.Type == bot.Authenticator {
			f.Verdict, f.Own, err = n.FinishSeed(ctx, s, t.b.Do, bot.NewSeedLink{Enrollment: t.b.New, Challenge: t.b.Challenge}, e.code)
		} else {
			f.Verdict, f.Own, err = n.FinishAddress(ctx, s, t.b.Do, t.b.Type, t.b.address(), e.code)
		}
		return flows.Happening{Kind: finished, Found: f}, err
	}
	return t.h, bot.Ef(bot.Internal, "run effect", "no such effect %T", e)
}

func (t *turn) self() bot.Self {
	s := bot.Self{Account: t.r.Agent, Chat: t.r.Chat, Workspace: t.h.Event.Workspace, Proof: t.b.Proof}
	if t.b.There {
		s.Other = t.b.Other.Account
	}
	return s
}

func (b body) address() bot.NewAddress {
	return bot.NewAddress{Opened: bot.Opened{Challenge: b.Challenge}, Enrollment: b.New, Contact: b.Contact}
}

// Present puts into a page what no record may hold: the questions that are
// asked, and the one-time link.
func (c *Conversation) Present(r flows.Record) (flows.Page, error) {
	t := turn{r: r}
	if err := t.open(); err != nil {
		return flows.Page{}, err
	}
	p := r.Page
	p.Blocks = append([]flows.Block(nil), p.Blocks...)
	switch r.State {
	case AwaitingProof:
		for i, b := range p.Blocks {
			for j, q := range t.b.Asked {
				if b.Input == nil || b.Input.Field != fieldAnswer+strconv.Itoa(j+1) {
					continue
				}
				text, err := c.Enroller.Question(q)
				if err != nil {
					return flows.Page{}, err
				}
				in := *b.Input
				in.Label = text
				p.Blocks[i].Input = &in
			}
		}
	case AwaitingApp:
		link, err := c.Enroller.SeedLink(t.b.New)
		if err != nil {
			return flows.Page{}, err
		}
		for i, b := range p.Blocks {
			p.Blocks[i].Buttons = linked(b.Buttons, link)
		}
	}
	return p, nil
}

// linked gives buttons that open the one-time page.
func linked(buttons []flows.Button, link string) []flows.Button {
	var out []flows.Button
	for _, b := range buttons {
		if b.Kind == openPage {
			b.Kind, b.URL = "", link
		}
		out = append(out, b)
	}
	return out
}
