package enroll

import (
	"strconv"

	"latchkey/bot"
	"latchkey/flows"
)

// address takes a new mail address or number, and the code that went there.
func (t *turn) address() (flows.Move, error) {
	switch t.h.Kind {
	case flows.SetAddress:
		return flows.Move{Effect: sendNew{t.h.Event.Fields[fieldAddress]}}, nil
	case flows.SendCode:
		return flows.Move{Effect: sendAgain{}}, nil
	case sent:
		a := t.h.Found.(bot.NewAddress)
		if a.Refused != "" {
			return t.stay(pageStopped(t.b.Type, a.Refused, a.Until))
		}
		t.b.New, t.b.Contact, t.b.Challenge, t.b.Masked = a.Enrollment, a.Contact, a.Challenge, a.Masked
		return t.to(AwaitingCode, pageNewCode(t.b, nil, t.fresh())), nil
	case flows.Back:
		t.b.New, t.b.Contact, t.b.Challenge, t.b.Masked = "", nil, "", ""
		return t.to(AwaitingAddress, pageAddress(t.b)), nil
	case flows.Verify:
		return t.finishing()
	case finished:
		return t.finished(pageNewCode)
	}
	return t.strange()
}

// app takes the code that a new authenticator shows.
func (t *turn) app() (flows.Move, error) {
	switch t.h.Kind {
	case flows.Renew:
		return flows.Move{Effect: openSeed{}}, nil
	case linkOpened:
		return t.linkOpened()
	case flows.Verify:
		return t.finishing()
	case finished:
		return t.finished(pageApp)
	}
	return t.strange()
}

func (t *turn) linkOpened() (flows.Move, error) {
	l := t.h.Found.(bot.NewSeedLink)
	if l.Refused != "" {
		return t.stay(pageStopped(bot.Authenticator, l.Refused, l.Until))
	}
	t.b.New, t.b.Challenge, t.b.Expires = l.Enrollment, l.Challenge, l.Expires
	return t.to(AwaitingApp, pageApp(t.b, nil, t.fresh())), nil
}

func (t *turn) finishing() (flows.Move, error) {
	if t.b.Challenge == "" {
		return t.stay(t.r.Page) // of a page that is over
	}
	return flows.Move{Effect: finish{t.h.Event.Fields[fieldCode]}}, nil
}

func (t *turn) finished(again func(body, flows.Words, string) flows.Page) (flows.Move, error) {
	v := t.h.Found.(finishFound)
	switch {
	case v.Passed:
		return t.done(v.Own)
	case v.Refused != "" && v.Refused != bot.ChallengeOver:
		return t.stay(pageStopped(t.b.Type, v.Refused, v.Until))
	case v.Refused == bot.ChallengeOver, !v.Garbled && v.Left <= 0:
		t.b.Challenge = ""
		return t.stay(pageNewOver(t.b.Type))
	}
	return t.stay(again(t.b, wrong(t.b.Type, v.Verdict), t.fresh()))
}

// askAnswers shows the questions that the store has, for so many as his role
// asks for.
func (t *turn) askAnswers(own bot.Own) (flows.Move, error) {
	t.b.Questions, t.b.Shortest = own.QuestionsWanted()
	t.b.Pool = own.Pool[:min(len(own.Pool), maxPool)]
	t.b.Names = bot.NamesOf(own.Account)
	return t.to(AwaitingAnswers, pageAnswers(t.b)), nil
}

// answers takes questions with their answers. His own question goes before the
// one that the menu shows: he has written it.
func (t *turn) answers() (flows.Move, error) {
	switch t.h.Kind {
	case flows.SetAnswers:
		var given []bot.Answered
		given, t.b.Picks = t.b.given(t.h.Event.Fields)
		return flows.Move{Effect: setAnswers{given}}, nil
	case changed:
		return t.done(t.h.Found.(bot.Own))
	}
	return t.strange()
}

// given reads the form of questions; picks are the rows of the pool, 0: his own.
func (b body) given(fields map[string]string) (given []bot.Answered, picks []int) {
	for i := range b.Questions {
		n := strconv.Itoa(i + 1)
		a := bot.Answered{Question: fields[fieldOwn+n], Answer: fields[fieldAnswer+n]}
		pick := 0
		if row, err := strconv.Atoi(fields[fieldPick+n]); err == nil && row >= 1 && row <= len(b.Pool) && !bot.Says(a.Question) {
			a.Question, pick = b.Pool[row-1], row
		}
		given, picks = append(given, a), append(picks, pick)
	}
	return given, picks
}

// Amiss implements flows.Proofreader for addresses, questions and answers.
func (c *Conversation) Amiss(r flows.Record, ev flows.Event) map[string]string {
	t := turn{r: r}
	if t.open() != nil {
		return nil
	}
	out := map[string]string{}
	switch {
	case ev.Kind == flows.SetAddress && r.State == AwaitingAddress:
		if why := c.Enroller.UnfitAddress(t.b.Type, ev.Fields[fieldAddress]); why != "" {
			out[fieldAddress] = why
		}
	case ev.Kind == flows.SetAnswers && r.State == AwaitingAnswers:
		given, picks := t.b.given(ev.Fields)
		for _, m := range c.Enroller.Misfits(t.b.Names, given, t.b.Shortest) {
			n := strconv.Itoa(m.Question + 1)
			field := fieldOwn + n
			if m.Answer {
				field = fieldAnswer + n
			} else if picks[m.Question] > 0 {
				field = fieldPick + n
			}
			out[field] = capital(m.Why)
		}
	}
	return out
}
