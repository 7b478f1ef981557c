package enroll

import (
	"slices"
	"strconv"

	"latchkey/bot"
	"latchkey/flows"
)

// The fields of pages.
const (
	fieldCode    = "code"
	fieldAddress = "address"
	fieldPick    = "pick."   // and a number: row of the pool, 0: his own
	fieldOwn     = "own."    // and a number: his own question
	fieldAnswer  = "answer." // and a number
)

// effects
type (
	readOwn struct{}
	prepare struct {
		do bot.Doing
		t  bot.Type
	}
	openWay      struct{ t bot.Type }
	prove        struct{ code string }
	proveAnswers struct{ typed map[string]string }
	remove       struct{}
	sendNew      struct{ typed string }
	sendAgain    struct{}
	openSeed     struct{}
	finish       struct{ code string }
	setAnswers   struct{ given []bot.Answered }
	findOthers   struct{}
	prepareLink  struct {
		do bot.Doing
		id bot.AccountID
	}
	proveOther struct{}
	finishLink struct{}
)

// choose is page Your enrollments.
func (t *turn) choose() (flows.Move, error) {
	kind := t.h.Event.Type
	switch t.h.Kind {
	case flows.BeginEnroll:
		t.to(AwaitingChoice, pageReading())
		return flows.Move{Effect: readOwn{}}, nil
	case ownRead:
		return t.to(AwaitingChoice, pageOwn(t.h.Found.(bot.Own), nil)), nil
	case flows.Add:
		return t.change(bot.Adding, kind)
	case flows.Change:
		return t.change(bot.Changing, kind)
	case flows.Remove:
		return t.change(bot.Removing, kind)
	case prepared:
		return t.prepared()
	case flows.Propose:
		return flows.Move{Effect: findOthers{}}, nil
	case othersRead:
		return t.others()
	}
	return t.strange()
}

// change: a type that there is not is not a mistake that a page can make.
func (t *turn) change(do bot.Doing, kind bot.Type) (flows.Move, error) {
	if !kind.Valid() || kind == bot.Chat {
		return flows.Move{}, bot.E(bot.Denied, "choose type", nil)
	}
	t.b = body{Do: do, Type: kind}
	return flows.Move{Effect: prepare{do, kind}}, nil
}

func (t *turn) prepared() (flows.Move, error) {
	p := t.h.Found.(bot.Preparation)
	t.b.Proof, t.b.Ways = p.ID, waysOf(p.Ways)
	counting := 0
	for _, o := range p.Own.Types {
		if o.Type == t.b.Type {
			t.b.Before = o.Masked
		}
		if o.Elsewhere != "" || o.Has && o.Counts.IsZero() && !o.Unused {
			counting++
			t.b.Last = o.Type == t.b.Type
		}
	}
	t.b.Last = t.b.Last && counting == 1
	return t.to(AwaitingProof, pageWays(t.b, p.Own.Begun)), nil
}

func waysOf(all []bot.Way) (out []way) {
	for _, w := range all {
		out = append(out, way{w.Type, w.Masked, w.Directory})
	}
	return out
}

// prove takes the proof that the change rests on.
func (t *turn) prove() (flows.Move, error) {
	kind := t.h.Event.Type
	switch t.h.Kind {
	case flows.SendCode, flows.ChooseType:
		if !slices.ContainsFunc(t.b.Ways, func(w way) bool { return w.Type == kind }) {
			return flows.Move{}, bot.E(bot.Denied, "choose way to prove", nil)
		}
		t.b.By, t.b.Challenge, t.b.Masked, t.b.Asked = kind, "", "", nil
		return flows.Move{Effect: openWay{kind}}, nil
	case opened:
		return t.opened()
	case flows.Verify:
		return t.verify()
	case judged:
		return t.judged()
	case flows.Back:
		t.b.By, t.b.Challenge, t.b.Masked, t.b.Asked = "", "", "", nil
		return t.stay(pageWays(t.b, !slices.ContainsFunc(t.b.Ways, func(w way) bool { return w.Directory })))
	case linkOpened:
		return t.linkOpened()
	case ownRead:
		return t.askAnswers(t.h.Found.(bot.Own))
	case otherSide:
		t.b.There, t.b.Ways = true, waysOf(t.h.Found.([]bot.Way))
		return t.stay(pageWays(t.b, true))
	case changed:
		return t.done(t.h.Found.(bot.Own))
	}
	return t.strange()
}

func (t *turn) opened() (flows.Move, error) {
	o := t.h.Found.(bot.ProofOpened)
	if o.Refused != "" {
		return t.stay(pageStopped(t.b.By, o.Refused, o.Until))
	}
	t.b.Challenge, t.b.Masked, t.b.Asked = o.Challenge, o.Masked, o.Asked
	return t.stay(pageProof(t.b, nil, t.fresh()))
}

func (t *turn) verify() (flows.Move, error) {
	fields := t.h.Event.Fields
	switch {
	case t.h.Event.Type != t.b.By, t.b.By == "":
	case len(t.b.Asked) > 0:
		typed := make(map[string]string, len(t.b.Asked))
		for i, q := range t.b.Asked {
			typed[q.ID] = fields[fieldAnswer+strconv.Itoa(i+1)]
		}
		return flows.Move{Effect: proveAnswers{typed}}, nil
	case t.b.Challenge != "":
		return flows.Move{Effect: prove{fields[fieldCode]}}, nil
	}
	return t.stay(t.r.Page) // of a page that is over
}

func (t *turn) judged() (flows.Move, error) {
	v := t.h.Found.(verdictFound)
	switch {
	case v.Refused != "" && v.Refused != bot.ChallengeOver:
		return t.stay(pageStopped(t.b.By, v.Refused, v.Until))
	case v.Refused == bot.ChallengeOver, !v.Passed && !v.Garbled && v.Left <= 0:
		t.b.Challenge, t.b.Asked = "", nil
		return t.stay(pageProofOver(t.b.By))
	case v.Passed:
		t.b.By, t.b.Challenge, t.b.Masked, t.b.Asked = "", "", "", nil
		return t.proved()
	}
	t.b.Asked = v.left
	return t.stay(pageProof(t.b, wrong(t.b.By, v.Verdict), t.fresh()))
}

// proved goes on to what the change needs.
func (t *turn) proved() (flows.Move, error) {
	switch {
	case t.b.Do == bot.Removing:
		return flows.Move{Effect: remove{}}, nil
	case t.b.Do == bot.Linking && !t.b.There:
		return flows.Move{Effect: proveOther{}}, nil
	case t.b.Do == bot.Linking || t.b.Do == bot.Unlinking:
		return flows.Move{Effect: finishLink{}}, nil
	case t.b.Type == bot.Authenticator:
		return flows.Move{Effect: openSeed{}}, nil
	case t.b.Type == bot.SecurityQuestions:
		return flows.Move{Effect: readOwn{}}, nil
	}
	return t.to(AwaitingAddress, pageAddress(t.b)), nil
}
