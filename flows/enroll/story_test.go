package enroll

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/bot/bottest"
	"latchkey/flows"
)

// wait lets the enrollments that there are begin to count.
func (s *stage) wait() { s.w.Clock.Move(73 * time.Hour) }

// first enrolls mobile, proved by the directory's mail address.
func (s *stage) first() *stage {
	s.t.Helper()
	s.begin().see("enrollments", "Not enrolled", "Nothing of it counts yet")
	s.press(flows.Add, bot.Mobile).see("enroll_ways", "mail address in the directory, m•••@corp.example")
	s.press(flows.SendCode, bot.Email).see("enroll_proof", "m•••@corp.example")
	s.code(bot.Email, s.w.Mail.Code()).see("enroll_address", "restricted")
	s.fill(flows.SetAddress, bot.Mobile, fieldAddress, "+49 151 2345 0001").see("enroll_new_code", "•••01")
	return s.code(bot.Mobile, s.w.Texts.Code()).see("enrollments", "Mobile is enrolled", "counts from")
}

// The first enrollment: proved by a code to the directory's address, the number
// by a code of its own; told, recorded, sealed, and too new to count.
func TestFirstEnrollment(t *testing.T) {
	s := newStage(t)
	s.first()
	e := s.held()[bot.Mobile]
	if e.Address != "" || e.ByAdministrator || !e.Since.Equal(s.w.Clock.Now()) {
		t.Errorf("kept as %+v", e)
	}
	if plain, err := (bottest.Vault{}).Open(e.Contact, "enrollments", e.ID, "contact"); err != nil || string(plain) != "+4915123450001" {
		t.Errorf("the contact opens as %q, %v", plain, err)
	}
	records := s.history()
	last := records[len(records)-1]
	if last.Action != bot.ActionEnroll || last.Actor.Kind != bot.ActorEndUser || last.Helpdesk || last.Client != bot.ClientSlack || last.Target.Account != s.w.Mei || last.Types[0] != bot.Mobile {
		t.Errorf("history ends with %+v", last)
	}
	due := s.due()
	if len(due) != 1 || due[0].To != "mei@corp.example" || due[0].Kind != bot.NoticeTarget || due[0].Record.Action != bot.ActionEnroll {
		t.Errorf("told: %+v", due)
	}
	if text := s.w.Mail.Letters()[0].Text; !strings.Contains(text, "Nobody will ever ask you to read it aloud") {
		t.Errorf("the letter: %s", text)
	}
}

func (s *stage) due() []bot.Notice {
	s.t.Helper()
	due, err := s.l.Due(context.Background(), s.w.Clock.Now(), 100, time.Minute)
	if err != nil {
		s.t.Fatal(err)
	}
	return due
}

// Once a type counts, the mail address in the directory proves nothing more.
func TestThenByWhatIsEnrolled(t *testing.T) {
	s := newStage(t)
	s.first()
	s.wait()
	s.begin().press(flows.Add, bot.Email).see("enroll_ways", "by text message to •••01")
	if strings.Contains(text(s.page), "directory") {
		t.Errorf("the directory's address is still offered: %s", text(s.page))
	}
	s.send(flows.Event{Kind: flows.SendCode, Type: bot.Email, Token: s.page.Token})
	if bot.KindOf(s.err) != bot.Denied {
		t.Errorf("a way that was not offered: %v", s.err)
	}
	s.press(flows.SendCode, bot.Mobile).code(bot.Mobile, s.w.Texts.Code()).see("enroll_address")
	s.fill(flows.SetAddress, bot.Email, fieldAddress, "mei@home.example").see("enroll_new_code", "m•••@home.example")
	s.code(bot.Email, s.w.Mail.Code()).see("enrollments", "E-mail is enrolled")
}

// Changing tells the address that was replaced, too; it lies sealed in the outbox.
func TestChangeTellsTheOldAddress(t *testing.T) {
	s := newStage(t)
	before := s.admin(bot.Email)
	s.begin().press(flows.Change, bot.Email).see("enroll_ways", "only type of yours that counts")
	s.press(flows.SendCode, bot.Email).code(bot.Email, s.w.Mail.Code()).see("enroll_address")
	s.fill(flows.SetAddress, bot.Email, fieldAddress, before.Address).see("enroll_address", "enrolled with already")
	s.fill(flows.SetAddress, bot.Email, fieldAddress, "new@home.example")
	s.code(bot.Email, s.w.Mail.Code()).see("enrollments", "E-mail is changed")
	if now := s.held()[bot.Email]; now.ID == before.ID || now.ByAdministrator {
		t.Errorf("still %+v", now)
	}
	s.see("enrollments", "Nothing of it counts yet")
	post := &bottest.Courier{}
	for _, n := range s.due() {
		if strings.Contains(n.To, "home.example") {
			t.Errorf("the outbox has the address in the clear: %s", n.To)
		}
		if err := (bot.Recipients{Vault: bottest.Vault{}, Mail: post}).Deliver(t.Context(), n.To, "changed", "text"); err != nil {
			t.Fatal(err)
		}
	}
	var to []string
	for _, l := range post.Letters() {
		to = append(to, l.To)
	}
	if got := strings.Join(to, " "); !strings.Contains(got, "mei@corp.example") || !strings.Contains(got, before.Address) {
		t.Errorf("told: %s", got)
	}
}

// An old number is told by text message, by the subject alone.
func TestRemoveTellsTheOldNumber(t *testing.T) {
	s := newStage(t)
	s.admin(bot.Mobile)
	s.begin().press(flows.Remove, bot.Mobile).see("enroll_ways", "removed as soon as you have proved it")
	s.press(flows.SendCode, bot.Mobile).code(bot.Mobile, s.w.Texts.Code()).see("enrollments", "Mobile is removed")
	if len(s.held()) != 0 {
		t.Errorf("still %v", s.held())
	}
	texts := &bottest.Courier{}
	for _, n := range s.due() {
		if err := (bot.Recipients{Vault: bottest.Vault{}, Texts: texts}).Deliver(t.Context(), n.To, "Your enrollment was changed.", "text"); err != nil {
			t.Fatal(err)
		}
	}
	if l := texts.Letters(); len(l) != 1 || l[0].To != bottest.PrivateNumber || l[0].Text != "Your enrollment was changed. Not you? Tell your security team now." {
		t.Errorf("told: %+v", l)
	}
}

// An authenticator: the seed by a link that opens once, never in a page or a
// record; the code proves it, and cannot be used again at the helpdesk.
func TestAuthenticator(t *testing.T) {
	s := newStage(t)
	s.begin().press(flows.Add, bot.Authenticator).press(flows.SendCode, bot.Email).code(bot.Email, s.w.Mail.Code()).see("enroll_app")
	link := s.link()
	if !strings.HasPrefix(link, "https://latchkey.example.com/e/") {
		t.Fatalf("the link is %q", link)
	}
	token := link[strings.LastIndexByte(link, '/')+1:]
	r := s.stored()
	if page, _ := r.Page, r.Body; strings.Contains(text(page), token) || strings.Contains(string(r.Body), token) {
		t.Error("the session record holds the link")
	}
	shown, err := s.n.Reveal(t.Context(), token)
	if err != nil || !strings.HasPrefix(shown.Account, "mei@corp") || len(shown.Seed) != 20 {
		t.Fatalf("shown: %+v, %v", shown, err)
	}
	if _, err := s.n.Reveal(t.Context(), token); bot.KindOf(err) != bot.Conflict {
		t.Errorf("a second time: %v", err)
	}
	if _, err := s.n.Reveal(t.Context(), token+"A"); bot.KindOf(err) != bot.NotFound {
		t.Errorf("another link: %v", err)
	}
	if strings.Contains(text(s.page), string(shown.Seed)) {
		t.Error("the page has the seed")
	}
	s.code(bot.Authenticator, "12345").see("enroll_app", "No try was used")
	s.code(bot.Authenticator, "000000").see("enroll_app", "4 tries are left")
	code := bottest.TOTP(shown.Seed, s.w.Clock.Now())
	s.code(bot.Authenticator, code).see("enrollments", "Authenticator is enrolled")
	e := s.held()[bot.Authenticator]
	if plain, err := (bottest.Vault{}).Open(e.Seed, "enrollments", e.ID, "seed"); err != nil || string(plain) != string(shown.Seed) {
		t.Errorf("the seed opens as %q, %v", plain, err)
	}
	if len(s.mem.seeds) != 0 {
		t.Error("the seed still waits")
	}
	s.usedUp(e, code)
}

// usedUp: the code that enrolled does not prove anything a second time.
func (s *stage) usedUp(e bot.Enrollment, code string) {
	s.t.Helper()
	ctx := context.Background()
	c := bot.Challenge{ID: "again", Session: "again", Type: e.Type, Enrollment: e.ID, Account: s.w.Mei, Target: s.w.Mei, Agent: s.w.Dana, At: s.w.Clock.Now(), Expires: s.w.Clock.Now().Add(time.Minute)}
	if err := s.l.OpenChallenge(ctx, c, bot.SendLimits{}); err != nil {
		s.t.Fatal(err)
	}
	l := bot.AttemptLimits{Tries: 5, WrongPerDay: 100, WrongInARow: 100, FleetWrongPerHour: 1 << 30}
	begun, err := s.l.BeginAttempt(ctx, bot.Attempt{Challenge: c.ID, Account: s.w.Mei, Enrollment: e.ID, Session: c.Session, Type: e.Type, Agent: s.w.Dana}, l)
	if err != nil {
		s.t.Fatal(err)
	}
	seed, _ := (bottest.Vault{}).Open(e.Seed, "enrollments", e.ID, "seed")
	step, ok := (bottest.Vault{}).Step(seed, code, s.w.Clock.Now())
	settled, err := s.l.SettleAttempt(ctx, bot.Settlement{Attempt: begun.Attempt, Right: ok, Step: step, Enroll: e.ID, Record: bot.Record{ID: s.w.IDs.New(), Operation: "x", Action: bot.ActionAuthenticate, Status: bot.StatusSuccess}})
	if err != nil || !settled.Replayed {
		s.t.Errorf("the code counts again: %+v, %v", settled, err)
	}
}

// link is where the page's button leads.
func (s *stage) link() string {
	s.t.Helper()
	for _, b := range s.page.Blocks {
		for _, button := range b.Buttons {
			if button.URL != "" {
				return button.URL
			}
		}
	}
	s.t.Fatalf("no link on page %q", s.page.ID)
	return ""
}

// A new link makes the earlier one worthless; so does time.
func TestNewLink(t *testing.T) {
	s := newStage(t)
	s.begin().press(flows.Add, bot.Authenticator).press(flows.SendCode, bot.Email).code(bot.Email, s.w.Mail.Code())
	first := s.link()
	s.press(flows.Renew, "").see("enroll_app")
	second := s.link()
	if first == second {
		t.Fatal("the link is the same")
	}
	token := func(link string) string { return link[strings.LastIndexByte(link, '/')+1:] }
	if _, err := s.n.Reveal(t.Context(), token(first)); bot.KindOf(err) != bot.NotFound {
		t.Errorf("the earlier link: %v", err)
	}
	s.w.Clock.Move(4 * time.Minute)
	s.code(bot.Authenticator, "1").see("enroll_app")
	s.w.Clock.Move(4 * time.Minute)
	s.code(bot.Authenticator, "1").see("enroll_app")
	s.w.Clock.Move(3 * time.Minute)
	if _, err := s.n.Reveal(t.Context(), token(second)); bot.KindOf(err) != bot.NotFound {
		t.Errorf("the link after its time: %v", err)
	}
	s.code(bot.Authenticator, "123456").see("enroll_app", "longer than ten minutes ago")
}

// Security questions: from the pool and of his own; then they prove a change,
// each answer on its own, and what was right is not asked again.
func TestQuestions(t *testing.T) {
	s := newStage(t)
	s.begin().press(flows.Add, bot.SecurityQuestions).press(flows.SendCode, bot.Email).code(bot.Email, s.w.Mail.Code()).see("enroll_answers", "Choose 2 questions", "at least 3 characters")
	s.fill(flows.SetAnswers, "", "pick.1", "2", "answer.1", "Rex  the Dog", "pick.2", "0", "own.2", "Which  tune wakes me?", "answer.2", "Ode to Joy").see("enrollments", "Security questions are enrolled", "2 questions")
	e := s.held()[bot.SecurityQuestions]
	var asked []string
	for _, a := range e.Answers {
		q, err := (bottest.Vault{}).Open(a.Question, "answers", a.ID, "question")
		if err != nil {
			t.Fatal(err)
		}
		asked = append(asked, string(q))
	}
	if got := strings.Join(asked, "|"); got != "What was the name of your first pet?|Which tune wakes me?" {
		t.Errorf("asked: %s", got)
	}
	s.wait()
	s.begin().press(flows.Add, bot.Email).press(flows.ChooseType, bot.SecurityQuestions).see("enroll_proof", "What was the name of your first pet?", "Which tune wakes me?")
	if strings.Contains(text(s.stored().Page), "first pet") {
		t.Error("the session record holds a question")
	}
	s.fill(flows.Verify, bot.SecurityQuestions, "answer.1", "REX the dog", "answer.2", "").see("enroll_proof", "No try was used")
	s.fill(flows.Verify, bot.SecurityQuestions, "answer.1", "REX the dog", "answer.2", "Yesterday").see("enroll_proof", "Which tune wakes me?", "4 tries")
	if strings.Contains(text(s.page), "first pet") {
		t.Error("what was right is asked again")
	}
	s.fill(flows.Verify, bot.SecurityQuestions, "answer.1", "ode to joy").see("enroll_address")
}

// Bad questions and answers are refused with what to mend, and nothing of them is repeated.
func TestBadAnswers(t *testing.T) {
	s := newStage(t)
	s.w.Users.Authentication.MinimumAnswer = 3
	s.begin().press(flows.Add, bot.SecurityQuestions).press(flows.SendCode, bot.Email).code(bot.Email, s.w.Mail.Code())
	for name, c := range map[string]struct{ q1, a1, q2, a2, want string }{
		"one rune":            {"1", "x", "2", "blue whale", "Question 1: the answer needs at least 3 characters"},
		"10,000 runes":        {"1", strings.Repeat("x", 10_000), "2", "blue whale", "Question 1: the answer is too long"},
		"control":             {"1", "blue\x07whale", "2", "red fox", "Question 1: "},
		"empty":               {"1", "", "2", "blue whale", "Question 1: "},
		"equal":               {"1", "Blue Whale", "2", "blue  whale", "Question 2: the answer is the same as that of question 1"},
		"in the question":     {"1", "street", "2", "blue whale", "Question 1: the answer stands in the question"},
		"login":               {"1", "MEI", "2", "blue whale", "Question 1: the answer is your own name"},
		"name":                {"1", "mei lin", "2", "blue whale", "Question 1: the answer is your own name"},
		"same question":       {"1", "blue whale", "1", "red fox", "Question 2: it is the same as question 1"},
		"no question":         {"0", "blue whale", "2", "red fox", "Question 1: choose one, or write your own"},
		"row that is not":     {"99", "blue whale", "2", "red fox", "Question 1: choose one, or write your own"},
		"own short":           {"own:Why?", "blue whale", "2", "red fox", "Question 1: your own question needs 10 to 150"},
		"own long":            {"own:" + strings.Repeat("Why not ", 30), "blue whale", "2", "red fox", "Question 1: your own question needs 10 to 150"},
		"own of control":      {"own:Which\x07book do I like?", "blue whale", "2", "red fox", "cannot be seen"},
		"own right to left":   {"own:Which \u202ebook do I like?", "blue whale", "2", "red fox", "cannot be seen"},
		"own of blanks alone": {"own:\u3164\u3164\u3164\u3164\u3164\u3164\u3164\u3164\u3164\u3164\u3164", "blue whale", "2", "red fox", "Question 1: "},
	} {
		fields := []string{"answer.1", c.a1, "answer.2", c.a2, "pick.2", c.q2}
		if own, is := strings.CutPrefix(c.q1, "own:"); is {
			fields = append(fields, "own.1", own, "pick.1", "0")
		} else {
			fields = append(fields, "pick.1", c.q1)
		}
		s.w.Clock.Move(time.Second)
		under := s.amiss(flows.SetAnswers, fields...)
		if said := strings.Join(slices.Collect(maps.Values(under)), " "); len(under) == 0 || !strings.Contains(strings.ToLower(said), strings.ToLower(strings.TrimPrefix(strings.TrimPrefix(c.want, "Question 1: "), "Question 2: "))) {
			t.Errorf("%s: under the fields stands %q", name, under)
		}
		s.fill(flows.SetAnswers, "", fields...)
		if s.page.ID != "enroll_answers" || !strings.Contains(text(s.page), c.want) {
			t.Errorf("%s: %.400s", name, text(s.page))
		}
		if len(c.a1) > 4 && c.a1 != "street" && strings.Contains(text(s.page), c.a1) {
			t.Errorf("%s: the page repeats the answer", name)
		}
	}
	if len(s.held()) != 0 {
		t.Errorf("enrolled: %v", s.held())
	}
}

// amiss is what would be said under the fields of the form that stands.
func (s *stage) amiss(kind flows.EventKind, fields ...string) map[string]string {
	s.t.Helper()
	ev := flows.Event{Kind: kind, Actor: s.chat, Token: s.page.Token, Fields: map[string]string{}}
	for i := 0; i+1 < len(fields); i += 2 {
		ev.Fields[fields[i]] = fields[i+1]
	}
	other := ev
	other.Actor.User = "SOMEBODY"
	if got := s.d.Amiss(s.t.Context(), other); len(got) != 0 {
		s.t.Errorf("somebody else is told %q", got)
	}
	return s.d.Amiss(s.t.Context(), ev)
}

// Bad addresses are refused before anything is sent.
func TestBadAddresses(t *testing.T) {
	s := newStage(t)
	s.begin().press(flows.Add, bot.Email).press(flows.SendCode, bot.Email).code(bot.Email, s.w.Mail.Code()).see("enroll_address")
	letters := len(s.w.Mail.Letters())
	for _, bad := range []string{"", "mei", "mei@", "@home.example", "mei@home.example\r\nBcc: eve@evil.example", "mei@home.example\n", "a@b.example, c@d.example",
		"Mei <mei@home.example>", "mei@home.example (at home)", "mei\x00@home.example", "mei@\u202ehome.example", "me i@home.example", strings.Repeat("m", 260) + "@home.example"} {
		s.fill(flows.SetAddress, bot.Email, fieldAddress, bad)
		if s.page.ID != "enroll_address" || !strings.Contains(text(s.page), "not a mail address") {
			t.Errorf("%q: %s", bad, text(s.page))
		}
	}
	if now := len(s.w.Mail.Letters()); now != letters {
		t.Errorf("%d letters were sent", now-letters)
	}
	s.begin().press(flows.Add, bot.Mobile).press(flows.SendCode, bot.Email).code(bot.Email, s.w.Mail.Code())
	if under := s.amiss(flows.SetAddress, fieldAddress, "0151 23450001"); !strings.Contains(under[fieldAddress], "no country") {
		t.Errorf("under the field stands %q", under)
	}
	if under := s.amiss(flows.SetAddress, fieldAddress, "+49 151 23450001"); len(under) != 0 {
		t.Errorf("under the field stands %q", under)
	}
	for _, bad := range []string{"", "0151 23450001", "+49 151 abc", "four nine", "+４９１５１２３４５０００１"} {
		s.fill(flows.SetAddress, bot.Mobile, fieldAddress, bad)
		if s.page.ID != "enroll_address" || !strings.Contains(text(s.page), "no country") {
			t.Errorf("%q: %s", bad, text(s.page))
		}
	}
	if n := len(s.w.Texts.Letters()); n != 0 {
		t.Errorf("%d text messages were sent", n)
	}
}

// Codes: spaces and lost zeros cost no try, full-width digits are the same code,
// and a wrong one costs one.
func TestCodes(t *testing.T) {
	s := newStage(t)
	s.begin().press(flows.Add, bot.Mobile).press(flows.SendCode, bot.Email)
	code := s.w.Mail.Code()
	for _, garbled := range []string{"", " " + code, code[:3] + " " + code[3:], code[1:], code + "0", "abcdef", "１２３"} {
		s.code(bot.Email, garbled).see("enroll_proof", "No try was used")
	}
	wrong := "111111"
	if code == wrong {
		wrong = "222222"
	}
	for left := 4; left > 0; left-- {
		s.code(bot.Email, wrong).see("enroll_proof", "left")
	}
	s.w.Users.Authentication.Lockout.Failures = 100 // not what is tried here
	wide := strings.Map(func(r rune) rune { return r - '0' + '０' }, code)
	s.code(bot.Email, wide).see("enroll_address")
}
