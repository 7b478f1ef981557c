package slack

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"latchkey/bot"
	"latchkey/flows"
)

// questions is a page with several inputs and one submit; fresh, where given,
// makes what was typed go.
func questions(fresh string) flows.Page {
	p := flows.Page{ID: "questions", Title: "Security questions", Token: pageToken, Keeps: true,
		Submit: &flows.Button{Kind: flows.Verify, Type: bot.SecurityQuestions, Label: "Verify"}}
	for i := range 5 {
		label := fmt.Sprintf("Question %d: ", i+1) + strings.Repeat("wörter ", 30)
		p.Blocks = append(p.Blocks, flows.Block{Input: &flows.Input{Field: fmt.Sprintf("answer %d", i), Label: string([]rune(label)[:149]) + "?", Fresh: fresh}})
	}
	p.Blocks[4].Input.Optional = true
	return p
}

// What is wrong with a form is said under its fields, and all that was typed stays.
func TestFormThatIsAmiss(t *testing.T) {
	s := begin(t, nil)
	page := questions("")
	page.Submit = &flows.Button{Kind: flows.SetAnswers, Label: "Enroll"}
	s.desk.answers(func(context.Context, flows.Event) (flows.Page, error) { return page, nil })
	var asked []flows.Event
	s.desk.amiss = func(ev flows.Event) map[string]string {
		asked = append(asked, ev)
		if ev.Fields["answer 2"] == "x" {
			return map[string]string{"answer 2": "The answer needs at least 4 characters.", "no field": "Nowhere."}
		}
		return nil
	}
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal("Security questions", "Question 5")
	s.must(err)
	fields := m.Fields()
	for i, answer := range []string{"Rex", "blue whale", "x", "red fox"} {
		s.must(m.Type(fields[i], answer))
	}
	s.must(m.Submit())
	if got := m.Errors(); len(got) != 1 || got[fields[2]] != "The answer needs at least 4 characters." {
		t.Errorf("errors under the fields: %q", got)
	}
	if n := len(s.desk.seen()); n != 1 {
		t.Fatalf("%d events reached the desk", n)
	}
	s.must(m.Type(fields[2], "Rosebud"))
	s.must(m.Submit())
	s.until("the answers reach the desk", func() bool { return len(s.desk.seen()) == 2 })
	ev := s.desk.seen()[1]
	if ev.Fields["answer 0"] != "Rex" || ev.Fields["answer 2"] != "Rosebud" || ev.Fields["answer 3"] != "red fox" {
		t.Errorf("the desk got %v", ev.Fields)
	}
	if len(asked) != 2 || asked[0].Actor != dana() || asked[0].Token == "" {
		t.Errorf("asked what is amiss: %+v", asked)
	}
	s.good()
}

// Several questions on one page: each answer comes under its own field, what is
// left out is said under it, and a wrong one clears what was typed.
func TestSeveralInputsOnOnePage(t *testing.T) {
	s := begin(t, nil)
	fresh := ""
	s.desk.answers(func(_ context.Context, ev flows.Event) (flows.Page, error) {
		if ev.Kind == flows.Verify {
			fresh += "x"
		}
		return questions(fresh), nil
	})
	for kind, payload := range payloads(questions("")) {
		taken(t, "questions-"+kind, payload)
	}
	who := s.ws.As("U_DANA")
	s.must(who.Say("/unlock mei"))
	m, err := who.Modal("Security questions", "Question 5")
	s.must(err)
	fields := m.Fields()
	if len(fields) != 5 {
		t.Fatalf("%d fields: %q", len(fields), fields)
	}
	for i, label := range fields {
		if utf8.RuneCountInString(label) != 150 || !strings.HasSuffix(label, "?") {
			t.Errorf("label %d is cut: %q", i, label)
		}
	}
	for i, answer := range []string{" Rex ", "  ", "=1+1", "<!channel>"} {
		s.must(m.Type(fields[i], answer))
	}
	s.must(m.Submit())
	if got := m.Errors(); len(got) != 1 || got[fields[1]] != "Type something here." {
		t.Errorf("errors under the fields: %q", got)
	}
	s.must(m.Type(fields[1], "猫"))
	s.must(m.Submit())
	s.until("the answers reach the desk", func() bool { return len(s.desk.seen()) == 2 })
	ev := s.desk.seen()[1]
	want := map[string]string{"answer 0": " Rex ", "answer 1": "猫", "answer 2": "=1+1", "answer 3": "<!channel>", "answer 4": ""}
	for field, answer := range want {
		if got, there := ev.Fields[field]; got != answer || !there {
			t.Errorf("%s is %q, want %q", field, got, answer)
		}
	}
	s.until("the page stands again", func() bool { return s.bot.work.Taken() == 0 })
	if err := m.Submit(); err == nil || !strings.Contains(err.Error(), "not complete") {
		t.Errorf("what was typed is still there: %v", err)
	}
	s.good()
}
