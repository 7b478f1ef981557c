package ledger

import (
	"context"

	"latchkey/bot"
)

// withAnswers gives the enrollments that where selects, in that order, with the
// answers of all of them, in two queries. where goes on after
// "FROM enrollments".
func (t *transaction) withAnswers(ctx context.Context, where string, args ...any) ([]bot.Enrollment, error) {
	out, err := collect(ctx, t, scanEnrollment, `SELECT `+enrollmentColumns+` FROM enrollments `+where, args...)
	if err != nil {
		return nil, err
	}
	at := make(map[string]int, len(out))
	for i, e := range out {
		if e.Type == bot.SecurityQuestions {
			at[e.ID] = i
		}
	}
	if len(at) == 0 {
		return out, nil
	}
	answers, err := collect(ctx, t, scanAnswer, `
		SELECT enrollment, id, question, hash FROM answers
		WHERE enrollment IN (SELECT id FROM enrollments `+where+`) ORDER BY enrollment, place`, args...)
	if err != nil {
		return nil, err
	}
	for _, a := range answers {
		if i, ok := at[a.enrollment]; ok {
			out[i].Answers = append(out[i].Answers, a.Answer)
		}
	}
	return out, nil
}

type answer struct {
	bot.Answer
	enrollment string
}

func scanAnswer(from scanner) (a answer, err error) {
	return a, from.Scan(&a.enrollment, &a.ID, &a.Question, &a.Hash)
}

// addAnswers writes the answers of a new enrollment in their order.
func (t *transaction) addAnswers(ctx context.Context, e bot.Enrollment) error {
	for i, a := range e.Answers {
		_, err := t.exec(ctx, `INSERT INTO answers (id, enrollment, place, question, hash) VALUES (?, ?, ?, ?, ?)`,
			a.ID, e.ID, i, a.Question, a.Hash)
		if err != nil {
			return err
		}
	}
	return nil
}
