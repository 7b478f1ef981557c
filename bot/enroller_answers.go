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

// fitting finds what is wrong with questions and answers. What it says repeats
// neither.
func (n *Enroller) fitting(me Account, given []Answered, shortest int) error {
	questions, answers := map[string]int{}, map[string]int{}
	about := n.namesOf(me)
	for i, g := range given {
		bad := func(format string, args ...any) error {
			return Ef(Invalid, "read answers", "Question %d: "+format, append([]any{i + 1}, args...)...)
		}
		q := readQuestion(g.Question)
		if why := unfitQuestion(q); why != "" {
			return bad("%s", why)
		}
		if len(g.Answer) > longestAnswerTyped {
			return bad("the answer is too long.")
		}
		answer, err := n.Answers.CanonicalAnswer(g.Answer)
		if err != nil {
			return bad("%s", TextOf(err))
		}
		asked := n.canonicalWords(q)
		switch {
		case questions[asked] > 0:
			return bad("it is the same as question %d. Choose another.", questions[asked])
		case utf8.RuneCountInString(answer) < shortest:
			return bad("the answer needs at least %d characters.", shortest)
		case answers[answer] > 0:
			return bad("the answer is the same as that of question %d. Give each its own.", answers[answer])
		case strings.Contains(asked, answer):
			return bad("the answer stands in the question. Give one that only you know.")
		case about[answer]:
			return bad("the answer is your own name. Give one that only you know.")
		}
		questions[asked], answers[answer] = i+1, i+1
	}
	return nil
}

// namesOf are the names that anybody can look up, as answers are compared.
func (n *Enroller) namesOf(a Account) map[string]bool {
	local, _, _ := strings.Cut(a.Mail, "@")
	out := map[string]bool{}
	for _, name := range []string{a.Login, a.UPN, a.Mail, local, a.DisplayName, a.First, a.Last, a.First + " " + a.Last, a.Last + " " + a.First} {
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
