package e2e

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"latchkey/adapters/playground"
)

// mayEnroll gives users the permission, questions to choose from, and a page
// that their browsers reach.
func (s *stage) mayEnroll(text string) string {
	s.t.Helper()
	text = regexp.MustCompile(`(?m)^server: .*$`).ReplaceAllLiteralString(text,
		fmt.Sprintf("server: { listen: %q, admin: %q, public_url: \"http://%s\" }", s.bot.listen, s.bot.admin, s.bot.listen))
	text = strings.ReplaceAll(text, "authentication_types: [", "question_pool: [\"In which street did you grow up?\", \"What was your first pet called?\"]\n    authentication_types: [security_questions, ")
	text = strings.Replace(text, "permissions: [unlock_my_account]", "permissions: [unlock_my_account, enroll]", 1)
	return strings.Replace(text, "chosen: 1, lockout", "chosen: 1, questions: 2, minimum_answer: 3, lockout", 1) + "enrollment: { min_age: 0 }\n"
}

// inSlack gives a user his place in the workspace.
func (s *stage) inSlack(p *person) {
	p.slack = "U0" + strings.ToUpper(p.login)
	s.people = append(s.people, playground.User{ID: p.slack, Name: p.login, RealName: p.name, Email: p.mail})
}

// browse opens a page as a browser does.
func (s *stage) browse(link string) (status int, page string) {
	s.t.Helper()
	r, err := http.Get(link) //nolint:noctx // the story's own server
	s.ok(err)
	defer func() { _ = r.Body.Close() }()
	data, err := io.ReadAll(r.Body)
	s.ok(err)
	return r.StatusCode, string(data)
}

// Mei enrolls by herself: an authenticator by the one-time page, proved by her
// mail address in the directory; then questions, proved by the authenticator.
// What she has enrolled proves her to Dana, and history and mail tell of it.
func TestUserEnrolls(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	dana := s.agent("Dana", "restricted")
	mei := s.user("Mei", "Lin", "")
	s.inSlack(&mei)
	s.prepare(s.mayEnroll)
	s.start()

	screen := s.as(mei)
	s.ok(screen.Say("/unlock enroll"))
	page, err := screen.Modal("Your enrollments", "Your role asks for authenticator and 1 more type", "Not enrolled")
	s.ok(err)
	s.ok(page.Click("Add authenticator"))
	page, err = screen.Modal("You want to enroll with authenticator", "mail address in the directory")
	s.ok(err)
	s.ok(page.Click("Send code"))
	page, err = screen.Modal("A code was sent to", "read it to nobody")
	s.ok(err)
	s.ok(page.Type("Code", s.mailedCode(mei, 1)))
	s.ok(page.Submit())
	page, err = screen.Modal("Open the page in your browser")
	s.ok(err)
	link, err := page.Link("Open the page")
	s.ok(err)
	seed := s.scan(link)
	code, err := totp.GenerateCode(seed, time.Now())
	s.ok(err)
	s.ok(page.Type("Code", code))
	s.ok(page.Submit())
	page, err = screen.Modal("Authenticator is enrolled")
	s.ok(err)

	s.ok(page.Click("Add security questions"))
	page, err = screen.Modal("You want to enroll with security questions")
	s.ok(err)
	s.ok(page.Click("Enter code: authenticator"))
	page, err = screen.Modal("the code that your authenticator app shows now")
	s.ok(err)
	s.ok(page.Type("Code", code)) // the one that enrolled it
	s.ok(page.Submit())
	page, err = screen.Modal("That code was used before")
	s.ok(err)
	s.ok(page.Type("Code", s.nextCode(seed, code)))
	s.ok(page.Submit())
	page, err = screen.Modal("Choose 2 questions")
	s.ok(err)
	s.ok(page.Type("Answer 1", "Elm Row"))
	s.ok(page.Type("Answer 2", "Elm  ROW"))
	s.ok(page.Submit())
	if got := page.Errors(); !strings.Contains(got["Answer 2"], "the same as that of question 1") {
		t.Errorf("under the answers stands %q", got)
	}
	s.ok(page.Select("Question 2", "My own question, written below"))
	s.ok(page.Type("Own question 2", "Which tune wakes me every day?")) // the first answer stays
	s.ok(page.Type("Answer 2", "canary ode"))
	s.ok(page.Submit())
	_, err = screen.Modal("Security questions are enrolled", "2 questions")
	s.ok(err)

	s.samba.Lock(t, mei.dn)
	desk := s.as(dana)
	s.ok(desk.Say("/unlock " + mei.login))
	_, err = desk.Modal("2 more types", "Security questions", "Authenticator")
	s.ok(err)

	told := strings.Join(s.mail.WaitForMail(t, mei.mail, 3), "\n")
	if !strings.Contains(told, "authenticator was enrolled") || !strings.Contains(told, "security questions were enrolled") {
		t.Errorf("Mei was not told:\n%s", told)
	}
	written := s.bot.log() + s.history() + s.history("--json")
	for _, secret := range []string{seed, "canary", "Which tune", "Elm Row", link[strings.LastIndex(link, "/")+1:], code} {
		if strings.Contains(written, secret) {
			t.Errorf("log or history hold %q", secret)
		}
	}
	for _, line := range []string{"Mei Lin enrolled in corp with authenticator", "Mei Lin enrolled in corp with security questions"} {
		if !strings.Contains(s.history(), line) {
			t.Errorf("history does not say %q:\n%s", line, s.history())
		}
	}
	s.clean()
}

// scan opens the one-time page, and gives the key that stands there. A preview
// of the link does not use it up, a second look does not see it.
func (s *stage) scan(link string) string {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, link, nil)
	s.ok(err)
	r.Header.Set("User-Agent", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)")
	answer, err := http.DefaultClient.Do(r)
	s.ok(err)
	_ = answer.Body.Close()
	status, page := s.browse(link)
	uri := regexp.MustCompile(`otpauth://totp/[^"]*secret=([A-Z2-7]+)`).FindStringSubmatch(page)
	if status != http.StatusOK || uri == nil {
		s.t.Fatalf("the one-time page answers %d: %s", status, page)
	}
	if status, page := s.browse(link); status != http.StatusGone || strings.Contains(page, uri[1]) {
		s.t.Errorf("a second look: %d", status)
	}
	return uri[1]
}

// nextCode is a code that the app shows after the one that was used: its next
// step counts already.
func (s *stage) nextCode(seed, used string) string {
	s.t.Helper()
	for _, ahead := range []time.Duration{0, 30 * time.Second} {
		code, err := totp.GenerateCode(seed, time.Now().Add(ahead))
		s.ok(err)
		if code != used {
			return code
		}
	}
	s.t.Fatal("the app shows the same code twice")
	return ""
}
