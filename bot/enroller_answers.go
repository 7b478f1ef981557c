package bot

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The lengths of a person's own question, in runes.
const (
	shortestQuestion, longestQuestion = 10, 150
)

// usualAnswer is the shortest answer where no role of the person says one, in
// runes; longestAnswerTyped is what is looked at at all.
const (
	usualAnswer        = 4
	longestAnswerTyped = 1024
)

// Answered is a question with its answer, as the person gives both.
type Answered struct{ Question, Answer string }

// QuestionsWanted gives how many questions the person has to choose, and how
// many runes an answer has at least.
func (o Own) QuestionsWanted() (questions, runes int) {
	questions, runes = 1, usualAnswer
	if o.User != nil {
		questions, runes = max(1, o.User.Questions), max(1, o.User.MinimumAnswer)
	}
	return questions, runes
}

// SetAnswers enrolls the person with questions and their answers. Invalid says
// which of them has to be mended, and how.
func (n *Enroller) SetAnswers(ctx context.Context, s Self, do Doing, given []Answered) (Own, error) {
	f, err := n.begunChange(ctx, s, do, SecurityQuestions)
	if err != nil {
		return Own{}, err
	}
	own := Own{User: f.Accounts[0].User}
	wanted, shortest := own.QuestionsWanted()
	if len(given) != wanted {
		return Own{}, Ef(Invalid, "read questions", "Choose %d questions.", wanted)
	}
	if err := n.fitting(f.Accounts[0].Account, given, shortest); err != nil {
		return Own{}, err
	}
	e := Enrollment{ID: n.Desk.NewID(), Account: f.Target(), Type: SecurityQuestions, Since: f.Now}
	for _, g := range given {
		a := Answer{ID: n.Desk.NewID()}
		if a.Question, err = n.Vault.Seal([]byte(readQuestion(g.Question)), "answers", a.ID, "question"); err != nil {
			return Own{}, err
		}
		if a.Hash, err = n.Answers.HashAnswer(ctx, g.Answer); err != nil {
			return Own{}, err
		}
		e.Answers = append(e.Answers, a)
	}
	_, now, err := n.finish(ctx, s, f, do, e)
	return now, err
}

// Question gives the text of a question that was asked.
func (n *Enroller) Question(a OwnQuestion) (string, error) {
	plain, err := n.Vault.Open(a.Question, "answers", a.ID, "question")
	return string(plain), err
}

// fitting finds the first thing that is wrong with questions and answers.
func (n *Enroller) fitting(me Account, given []Answered, shortest int) error {
	for _, m := range n.Misfits(NamesOf(me), given, shortest) {
		return Ef(Invalid, "read answers", "Question %d: %s", m.Question+1, m.Why)
	}
	return nil
}

// Misfit is what is wrong with a question, or with its answer.
type Misfit struct {
	Question int  // from 0
	Answer   bool // it is the answer's
	Why      string
}

// Misfits finds what is wrong with questions and answers by themselves: at most
// one thing of each. names are the person's, see NamesOf. What it says repeats
// nothing of what was typed.
func (n *Enroller) Misfits(names []string, given []Answered, shortest int) (out []Misfit) {
	questions, answers := map[string]int{}, map[string]int{}
	about := n.canonicalAll(names)
	for i, g := range given {
		q := readQuestion(g.Question)
		if why := unfitQuestion(q); why != "" {
			out = append(out, Misfit{Question: i, Why: why})
			continue
		}
		asked := n.canonicalWords(q)
		if before := questions[asked]; before > 0 {
			out = append(out, Misfit{Question: i, Why: fmt.Sprintf("it is the same as question %d. Choose another.", before)})
			continue
		}
		questions[asked] = i + 1
		answer, why := n.unfitAnswer(g.Answer, asked, shortest)
		switch {
		case why != "":
		case answers[answer] > 0:
			why = fmt.Sprintf("the answer is the same as that of question %d. Give each its own.", answers[answer])
		case about[answer]:
			why = "the answer is your own name. Give one that only you know."
		}
		if why != "" {
			out = append(out, Misfit{Question: i, Answer: true, Why: why})
			continue
		}
		answers[answer] = i + 1
	}
	return out
}

// unfitAnswer gives the answer as it is compared, and what is wrong with it.
func (n *Enroller) unfitAnswer(typed, asked string, shortest int) (answer, why string) {
	if len(typed) > longestAnswerTyped {
		return "", "the answer is too long."
	}
	answer, err := n.Answers.CanonicalAnswer(typed)
	switch {
	case err != nil:
		return "", TextOf(err)
	case utf8.RuneCountInString(answer) < shortest:
		return answer, fmt.Sprintf("the answer needs at least %d characters.", shortest)
	case strings.Contains(asked, answer):
		return answer, "the answer stands in the question. Give one that only you know."
	}
	return answer, ""
}

// NamesOf are the names of a person that anybody can look up: no answers.
func NamesOf(a Account) []string {
	local, _, _ := strings.Cut(a.Mail, "@")
	return []string{a.Login, a.UPN, a.Mail, local, a.DisplayName, a.First, a.Last, a.First + " " + a.Last, a.Last + " " + a.First}
}

// canonicalAll are names as answers are compared.
func (n *Enroller) canonicalAll(names []string) map[string]bool {
	out := map[string]bool{}
	for _, name := range names {
		if c, err := n.Answers.CanonicalAnswer(name); err == nil {
			out[c] = true
		}
	}
	return out
}

// canonicalWords is a text in which an answer is looked for: word by word, since
// a whole question may be longer than any answer.
func (n *Enroller) canonicalWords(text string) string {
	words := strings.Fields(text)
	for i, w := range words {
		if c, err := n.Answers.CanonicalAnswer(w); err == nil {
			words[i] = c
		} else {
			words[i] = strings.ToLower(w)
		}
	}
	return strings.Join(words, " ")
}

// readQuestion gives a question with single spaces.
func readQuestion(typed string) string { return strings.Join(strings.Fields(typed), " ") }

func unfitQuestion(q string) string {
	runes := utf8.RuneCountInString(q)
	switch {
	case q == "":
		return "choose one, or write your own."
	case !utf8.ValidString(q) || strings.ContainsFunc(q, func(r rune) bool { return unicode.In(r, unicode.C) }) || !Says(q):
		return "it holds a character that cannot be seen, or no letter. Type it again instead of pasting it."
	case runes < shortestQuestion || runes > longestQuestion:
		return fmt.Sprintf("your own question needs %d to %d characters.", shortestQuestion, longestQuestion)
	}
	return ""
}
