package unlock

import (
	"context"
	"testing"

	"latchkey/bot"
	"latchkey/flows"
)

// TestRefusedWhileProving: the account was unlocked while its user was on the
// phone. The value is judged; the case then ends, and says why.
func TestRefusedWhileProving(t *testing.T) {
	s := newStage(t)
	e := s.enroll(bot.Authenticator)
	s.toProof().give(flows.Event{Kind: flows.ChooseType, Type: bot.Authenticator}).see("code")
	s.d.Conversations = []flows.Conversation{afterVerify{s.seen, func() {
		open := func(a *bot.Account) { a.Lock = bot.Lock{State: bot.Unlocked} }
		s.w.Corp.Change(s.w.Mei, open)
		s.w.Lab.Change(s.w.MeiLab, open)
	}}}
	s.code(bot.Authenticator, s.w.Right(e)).see("refused").in(Refused)
}

// afterVerify changes the world right after a value was judged.
type afterVerify struct {
	*arrows
	change func()
}

func (c afterVerify) Run(ctx context.Context, r flows.Record, h flows.Happening, e flows.Effect) (flows.Happening, error) {
	next, err := c.arrows.Run(ctx, r, h, e)
	if _, judging := e.(verify); judging {
		c.change()
		found := next.Found.(verdictFound)
		found.after, err = c.read(ctx, turnOf(r, h), false)
		next.Found = found
	}
	return next, err
}

func turnOf(r flows.Record, h flows.Happening) turn {
	t := turn{r: r, h: h}
	_ = t.open()
	return t
}
