package bot

import (
	"context"
	"slices"
)

// Posed is one security question of an open page.
type Posed struct {
	Challenge string
	ID        string // of the Answer
	Text      string
	Right     bool // answered right in this case already; Challenge is empty then
}

// ask opens a challenge for each question that was not answered right yet.
func (v *Verifier) ask(ctx context.Context, f Facts, e Enrollment) (Opened, error) {
	o := Opened{Expires: f.Now.Add(f.Policy.Limits.CodeLife)}
	for _, a := range e.Answers {
		text, err := v.Vault.Open(a.Question, "answers", a.ID, "question")
		if err != nil {
			return Opened{}, E(Internal, "open question", err)
		}
		asked := Posed{ID: a.ID, Text: string(text), Right: passed(f, e, a.ID)}
		if !asked.Right {
			c := v.challenge(f, e)
			c.Question, asked.Challenge = a.ID, c.ID
			if err := v.Records.OpenChallenge(ctx, c, SendLimits{}); err != nil {
				return Opened{}, err
			}
		}
		o.Asked = append(o.Asked, asked)
	}
	return o, nil
}

// VerifyAnswer judges one answer, by itself: challenge and question are those
// of a Posed. It costs the same whatever was typed, and whoever is asked.
func (v *Verifier) VerifyAnswer(ctx context.Context, f Facts, challenge, question, typed string) (Verdict, error) {
	standing, why := standingOf(f, SecurityQuestions)
	if why != "" {
		return Verdict{Refused: why}, nil
	}
	e := standing.Enrollment
	i := slices.IndexFunc(e.Answers, func(a Answer) bool { return a.ID == question })
	if i < 0 {
		return Verdict{Refused: ChallengeOver}, nil // enrolled anew meanwhile
	}
	answer, err := v.Answers.CanonicalAnswer(typed)
	if KindOf(err) == Invalid {
		return Verdict{Garbled: true}, nil
	}
	if err != nil {
		return Verdict{}, err
	}
	return v.try(ctx, f, guess{challenge, question, e}, func(ctx context.Context) (bool, int64, error) {
		right, err := v.Answers.VerifyAnswer(ctx, e.Answers[i].Hash, answer)
		return right, 0, err
	})
}
