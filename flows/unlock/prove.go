package unlock

import (
	"cmp"

	"latchkey/bot"
	"latchkey/flows"
)

// effects of page Authenticate
type (
	openType struct{ t bot.Type }
	verify   struct {
		t               bot.Type
		challenge, code string
	}
)

// prove is page Authenticate: the overview, and one type at a time.
func (t *turn) prove() (flows.Move, error) {
	switch t.h.Kind {
	case flows.ChooseType:
		return t.choose(t.h.Event.Type)
	case flows.SendCode:
		return t.openType(t.h.Event.Type)
	case opened:
		return t.opened()
	case flows.Verify:
		switch {
		case t.h.Event.Type != t.b.Type || t.b.Type == bot.Chat: // the user alone enters those digits
			return flows.Move{Effect: readCase{}}, nil
		case t.b.Type == bot.SecurityQuestions:
			return t.answers()
		case t.b.Challenge == "":
			return flows.Move{Effect: readCase{}}, nil
		}
		return flows.Move{Effect: verify{t.b.Type, t.b.Challenge, t.h.Event.Fields[fieldCode]}}, nil
	case judged:
		return t.judged()
	case answered:
		return t.answersJudged()
	case flows.UserAnswered:
		return t.userAnswered(t.h.Found.(bot.Verdict))
	case flows.Clear:
		return flows.Move{Effect: clearLockout{}}, nil
	case cleared:
		return t.cleared(t.h.Found.(bot.Reason))
	case flows.Next, flows.Skip:
		return flows.Move{Effect: readCase{proceed: true}}, nil
	case flows.Overview, flows.Back, flows.Resume:
		return flows.Move{Effect: readCase{}}, nil
	case flows.OpenHistory:
		return flows.Move{Effect: recall{}}, nil
	case caseRead:
		return t.read()
	case recalled:
		return t.showHistory()
	}
	return t.strange()
}

// choose opens a type: a code is sent only when the agent asks for it.
func (t *turn) choose(kind bot.Type) (flows.Move, error) {
	t.b.Challenge, t.b.Masked = "", ""
	t.b.Asked, t.b.Sealed = nil, nil
	if kind.Sent() || kind == bot.Chat {
		t.b.Type = kind
		return t.to(AwaitingProof, pageSend(t.b, kind)), nil
	}
	return t.openType(kind)
}

// openType: a type that there is not is not a mistake that a page can make.
func (t *turn) openType(kind bot.Type) (flows.Move, error) {
	if !kind.Valid() {
		return flows.Move{}, bot.E(bot.Denied, "choose type", nil)
	}
	t.b.Type = kind
	return flows.Move{Effect: openType{kind}}, nil
}

func (t *turn) opened() (flows.Move, error) {
	o := t.h.Found.(bot.Opened)
	if o.Refused != "" {
		return t.to(AwaitingProof, t.pageTypeRefused(o.Refused, o.Until)), nil
	}
	t.b.Challenge, t.b.Masked, t.b.Sealed, t.b.Begun = o.Challenge, o.Masked, o.Sealed, true
	t.b.Phrase = cmp.Or(o.Phrase, t.b.Phrase)
	switch t.b.Type {
	case bot.SecurityQuestions:
		t.b.Asked = askedOf(o.Asked)
		return t.to(AwaitingProof, pageQuestions(t.b, t.fresh())), nil
	case bot.Chat:
		return t.to(AwaitingProof, pageDigits(t.b, nil)), nil
	}
	return t.to(AwaitingProof, pageCode(t.b, nil, t.fresh())), nil
}

func (t *turn) judged() (flows.Move, error) {
	v := t.h.Found.(verdictFound)
	switch {
	case v.Refused != "" && v.Refused != bot.ChallengeOver:
		return t.to(AwaitingProof, t.pageTypeRefused(v.Refused, v.Until)), nil
	case v.Refused == bot.ChallengeOver, !v.Passed && !v.Garbled && v.Left <= 0:
		t.b.Challenge = ""
		return t.to(AwaitingProof, pageOver(t.b.Name, t.b.Type)), nil
	case v.Passed && v.after.Decision.Page == bot.PageRefused:
		return flows.Move{Effect: readCase{}}, nil // meanwhile unlocked, say: the case ends as any other
	case v.Passed:
		name := t.b.Type
		t.b.Type, t.b.Challenge, t.b.Masked, t.b.Safer = "", "", "", saferThanMobile(v.after)
		return t.to(AwaitingProof, pageAuthenticate(v.after, &name)), nil // Next is for the agent to press
	}
	return t.to(AwaitingProof, pageCode(t.b, wrong(t.b.Type, v.Verdict), t.fresh())), nil
}
