package bot_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/bot/bottest"
)

// quiz is page 'Security questions' of a case on Mei, who has answered three.
type quiz struct {
	*office
	c bot.Case
	e bot.Enrollment
	bot.Opened
}

func openQuiz(t *testing.T, asked int) *quiz {
	t.Helper()
	q := &quiz{office: openOffice(t)}
	q.c = q.Case("s1")
	q.Agents.Helpdesk.Questions = asked
	q.Users.Authentication.Lockout = bot.Lockout{}
	q.e = q.enroll(q.Mei, bot.SecurityQuestions)
	q.Opened = q.open(q.c, bot.SecurityQuestions)
	if q.Refused != "" || q.Challenge != "" || len(q.Asked) != 3 {
		t.Fatalf("opened %+v", q.Opened)
	}
	return q
}

// answer answers the nth question, as asked on the page.
func (q *quiz) answer(n int, typed string) bot.Verdict {
	q.t.Helper()
	return q.answerIn(q.c, q.Asked[n].Challenge, q.Asked[n].ID, typed)
}

func (q *quiz) answerIn(c bot.Case, challenge, question, typed string) bot.Verdict {
	q.t.Helper()
	v, err := q.Verifier().VerifyAnswer(q.t.Context(), q.facts(c), challenge, question, typed)
	if err != nil {
		q.t.Fatal(err)
	}
	return v
}

// right is the answer that Mei gave to the nth question.
func right(n int) string { return fmt.Sprintf("answer %d", n) }

// standing is how far the type has come, and whether Next is offered.
func (q *quiz) standing() (bot.TypeStanding, bot.Decision) {
	q.t.Helper()
	d := bot.Decide(q.facts(q.c))
	if len(d.Types) != 1 {
		q.t.Fatalf("page %s (%s) with %d types", d.Page, d.Refused, len(d.Types))
	}
	return d.Types[0], d
}

func (q *quiz) wrongToday() int {
	q.t.Helper()
	s, err := q.Ledger.Standing(q.t.Context(), q.Mei, q.Clock.Now(), 100)
	if err != nil {
		q.t.Fatal(err)
	}
	return s.WrongToday
}

// TestQuestionsAreShown, the answers never.
func TestQuestionsAreShown(t *testing.T) {
	q := openQuiz(t, 0)
	seen := make(map[string]bool)
	for i, p := range q.Asked {
		if p.Text != fmt.Sprintf("question %d?", i) || p.ID != q.e.Answers[i].ID || p.Challenge == "" || p.Right || seen[p.Challenge] {
			t.Errorf("question %d: %+v", i, p)
		}
		seen[p.Challenge] = true
	}
	if whole := fmt.Sprintf("%+v", q.Opened); strings.Contains(whole, "answer") || len(q.Sealed) > 0 || q.Masked != "" {
		t.Errorf("the page tells more than the questions: %s", whole)
	}
}

// TestXOfN: each answer counts by itself, X right ones pass the type, and all
// of them where no X is asked for.
func TestXOfN(t *testing.T) {
	for asked, needed := range map[int]int{0: 3, 1: 1, 2: 2, 3: 3} {
		q := openQuiz(t, asked)
		for n := range needed {
			if s, d := q.standing(); s.Passed || s.Right != n || s.Needed != needed || d.CanNext {
				t.Fatalf("X = %d, %d right: %+v, next %v", asked, n, s, d.CanNext)
			}
			if v := q.answer(2-n, "wrong"); v.Passed || v.Left != 4 || v.Refused != "" {
				t.Fatalf("X = %d, a wrong answer: %+v", asked, v)
			}
			if v := q.answer(2-n, right(2-n)); !v.Passed || v.Refused != "" {
				t.Fatalf("X = %d, the right answer: %+v", asked, v)
			}
		}
		if s, d := q.standing(); !s.Passed || s.Right != needed || !d.CanNext {
			t.Errorf("X = %d, %d right: %+v, next %v", asked, needed, s, d.CanNext)
		}
		if n := q.wrongToday(); n != needed {
			t.Errorf("X = %d: %d answers count as wrong, %d were", asked, n, needed)
		}
		ev, err := q.Ledger.Evidence(t.Context(), "s1")
		if err != nil || len(ev) != needed || ev[0].Question != q.e.Answers[2].ID || ev[0].Type != bot.SecurityQuestions {
			t.Errorf("X = %d: evidence %+v, %v", asked, ev, err)
		}
	}
}

// TestMoreQuestionsThanAnswers: who is enrolled with fewer than are asked for
// cannot be authenticated, and nothing is opened.
func TestMoreQuestionsThanAnswers(t *testing.T) {
	o := openOffice(t)
	o.Agents.Helpdesk.Questions = 4
	o.enroll(o.Mei, bot.SecurityQuestions)
	o.enroll(o.Mei, bot.Email)
	if opened := o.open(o.Case("s1"), bot.SecurityQuestions); opened.Refused != bot.MissingEnrollment || len(opened.Asked) != 0 {
		t.Errorf("opened %+v", opened)
	}
	d := bot.Decide(o.facts(o.Case("s1")))
	if len(d.Missing.Types) != 1 || d.Missing.Types[0] != bot.SecurityQuestions || d.Missing.More != 0 {
		t.Errorf("what is missing: %+v", d.Missing)
	}
}

// TestTriesOfAQuestion: five each, and those of one are not the others'.
func TestTriesOfAQuestion(t *testing.T) {
	q := openQuiz(t, 1)
	q.Policy.Limits.WrongPerDay = 50
	for n := 1; n <= 5; n++ {
		if v := q.answer(0, "wrong"); v.Passed || v.Left != 5-n || v.Refused != "" {
			t.Fatalf("try %d: %+v", n, v)
		}
	}
	if v := q.answer(0, right(0)); v.Passed || v.Refused != bot.ChallengeOver {
		t.Errorf("the sixth try: %+v", v)
	}
	if v := q.answer(1, right(1)); !v.Passed {
		t.Errorf("another question: %+v", v)
	}
}

// TestWrongAnswersLockOut, whichever questions they are given to.
func TestWrongAnswersLockOut(t *testing.T) {
	q := openQuiz(t, 1)
	q.Users.Authentication.Lockout = bot.Lockout{Failures: 3, Duration: 30 * time.Minute}
	q.answer(0, "wrong")
	q.answer(1, "wrong")
	if v := q.answer(2, "wrong"); v.Refused != bot.AuthenticationOff || !v.Until.Equal(q.Clock.Now().Add(30*time.Minute)) {
		t.Fatalf("the third wrong answer: %+v", v)
	}
	if v := q.answer(0, right(0)); v.Passed || v.Refused != bot.AuthenticationOff {
		t.Errorf("the right one then: %+v", v)
	}
	if o := q.open(q.Case("s2"), bot.SecurityQuestions); o.Refused != bot.AuthenticationOff || len(o.Asked) != 0 {
		t.Errorf("asked anew: %+v", o)
	}
	q.Clock.Move(30 * time.Minute)
	q.c = q.Case("s3")
	q.Opened = q.open(q.c, bot.SecurityQuestions)
	if v := q.answer(0, right(0)); !v.Passed {
		t.Errorf("after the lockout: %+v", v)
	}
}

// TestAnswersThatCostNothing, and spellings that are all the same.
func TestAnswersThatCostNothing(t *testing.T) {
	q := openQuiz(t, 1)
	for _, typed := range []string{"", "  ", "a\x00b", strings.Repeat("a", 129), strings.Repeat("a", 10000)} {
		if v := q.answer(0, typed); !v.Garbled || v.Passed || v.Refused != "" {
			t.Errorf("%.20q: %+v", typed, v)
		}
	}
	if q.wrongToday() != 0 || len(q.history(bot.ActionAuthenticate)) != 0 {
		t.Errorf("%d tries were spent", q.wrongToday())
	}
	if v := q.answer(0, "  Answer   0 "); !v.Passed {
		t.Errorf("with other case and blanks: %+v", v)
	}
}

// TestAnswerIsBound to its question, case and enrollment.
func TestAnswerIsBound(t *testing.T) {
	q := openQuiz(t, 1)
	if v := q.answer(0, right(1)); v.Passed {
		t.Error("the answer to another question passes")
	}
	agent, target := q.c, q.c
	agent.Agent, agent.Chat = q.Finn, q.FinnChat
	target.Target = q.Omar
	q.enroll(q.Omar, bot.SecurityQuestions)
	first := q.Asked[0]
	for name, c := range map[string]struct {
		c                   bot.Case
		challenge, question string
	}{
		"another session":         {q.Case("s2"), first.Challenge, first.ID},
		"another agent":           {agent, first.Challenge, first.ID},
		"another target":          {target, first.Challenge, first.ID},
		"another's challenge":     {q.c, q.Asked[1].Challenge, first.ID},
		"no challenge":            {q.c, "", first.ID},
		"a challenge of nothing":  {q.c, "made up", first.ID},
		"a question of nothing":   {q.c, first.Challenge, "made up"},
		"no question":             {q.c, first.Challenge, ""},
		"question and challenge?": {q.c, first.ID, first.Challenge},
	} {
		v, err := q.Verifier().VerifyAnswer(t.Context(), q.facts(c.c), c.challenge, c.question, right(0))
		if v.Passed || err == nil && v.Refused != bot.ChallengeOver {
			t.Errorf("%s: %+v, %v", name, v, err)
		}
	}
	if q.wrongToday() != 1 {
		t.Errorf("%d answers count as wrong", q.wrongToday())
	}
	if v := q.answer(0, right(0)); !v.Passed {
		t.Errorf("where it belongs: %+v", v)
	}
	if v := q.answer(0, right(0)); v.Passed || v.Refused != bot.ChallengeOver {
		t.Errorf("a second time: %+v", v)
	}
}

// TestAskedAgain: what was answered right stays so, all else begins anew.
func TestAskedAgain(t *testing.T) {
	q := openQuiz(t, 2)
	q.answer(1, right(1))
	before := q.Asked
	q.Opened = q.open(q.c, bot.SecurityQuestions)
	if a := q.Asked; !a[1].Right || a[1].Challenge != "" || a[0].Right || a[0].Challenge == "" || a[0].Challenge == before[0].Challenge {
		t.Fatalf("asked %+v", q.Asked)
	}
	if v := q.answerIn(q.c, before[0].Challenge, before[0].ID, right(0)); v.Passed || v.Refused != bot.ChallengeOver {
		t.Errorf("on the page before: %+v", v)
	}
	if v := q.answer(2, right(2)); !v.Passed {
		t.Errorf("another question: %+v", v)
	}
	if s, d := q.standing(); !s.Passed || !d.CanNext {
		t.Errorf("two of two: %+v", s)
	}
	q.Clock.Move(15 * time.Minute)
	if s, _ := q.standing(); s.Passed || s.Right != 0 {
		t.Errorf("a quarter of an hour later: %+v", s)
	}
}

// TestAnsweredAnew: the user has answered the questions anew while the page stood.
func TestAnsweredAnew(t *testing.T) {
	q := openQuiz(t, 1)
	was := q.Asked
	r := bot.Record{ID: q.IDs.New(), At: q.Clock.Now(), Action: bot.ActionUnenroll, Status: bot.StatusSuccess, Target: bot.Party{Account: q.Mei}}
	r.Operation = r.ID
	if err := q.Ledger.Unenroll(t.Context(), q.Mei, []bot.Type{bot.SecurityQuestions}, r); err != nil {
		t.Fatal(err)
	}
	q.enroll(q.Mei, bot.SecurityQuestions)
	if v := q.answerIn(q.c, was[0].Challenge, was[0].ID, right(0)); v.Passed || v.Refused != bot.ChallengeOver || q.wrongToday() != 0 {
		t.Errorf("on the old page: %+v, %d wrong", v, q.wrongToday())
	}
}

// costly counts what it has to hash.
type costly struct {
	bottest.Vault
	n *atomic.Int32
}

func (c costly) VerifyAnswer(ctx context.Context, hash []byte, typed string) (bool, error) {
	c.n.Add(1)
	return c.Vault.VerifyAnswer(ctx, hash, typed)
}

// TestEqualCost: right or wrong, whoever is asked, an answer is hashed once, and
// history does not say more of one than of another.
func TestEqualCost(t *testing.T) {
	q := openQuiz(t, 1)
	var n atomic.Int32
	v := q.Verifier()
	v.Answers = costly{n: &n}
	f := q.facts(q.c)
	unread := q.facts(q.c)
	unread.Enrollments[0].Answers[2].Hash = nil // nobody knows the answer
	for name, c := range map[string]struct {
		f     bot.Facts
		n     int
		typed string
		want  bool
	}{
		"right": {f, 0, right(0), true}, "wrong": {f, 1, "wrong", false}, "without a hash": {unread, 2, right(2), false},
	} {
		n.Store(0)
		got, err := v.VerifyAnswer(t.Context(), c.f, q.Asked[c.n].Challenge, q.Asked[c.n].ID, c.typed)
		if err != nil || got.Passed != c.want || got.Left != 4 || got.Refused != "" || n.Load() != 1 {
			t.Errorf("%s: %+v, %v, hashed %d times", name, got, err, n.Load())
		}
	}
	for _, r := range q.history(bot.ActionAuthenticate) {
		if r.Why != "" || r.Detail != "" || len(r.Types) != 1 || r.Types[0] != bot.SecurityQuestions {
			t.Errorf("history says which: %+v", r)
		}
	}
	if n := len(q.history(bot.ActionAuthenticate)); n != 3 {
		t.Errorf("%d records of 3 answers", n)
	}
}
