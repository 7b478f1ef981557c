package e2e

import (
	"fmt"
	"sync"
	"testing"

	"latchkey/adapters/playground"
)

// typed is page's form with a code in it, in a request of its own: another
// trigger and another view hash, as from a client that does as it likes.
func (s *stage) typed(page *playground.View, code string, n int) playground.Request {
	s.t.Helper()
	r, err := page.SubmitRequest()
	s.ok(err)
	return s.bent(r, func(p map[string]any) {
		p["trigger_id"] = fmt.Sprintf("%v.%d", p["trigger_id"], n)
		v := p["view"].(map[string]any)
		v["hash"] = fmt.Sprintf("%v.%d", v["hash"], n)
		for _, element := range v["state"].(map[string]any)["values"].(map[string]any) {
			for _, value := range element.(map[string]any) {
				value.(map[string]any)["value"] = code
			}
		}
	})
}

// together sends all at the same time.
func (s *stage) together(all []playground.Request) {
	var wait sync.WaitGroup
	for _, r := range all {
		wait.Go(func() { _, _ = s.slack.Send(s.t.Context(), r) })
	}
	wait.Wait()
}

// One code of the app, at the same time from two agents in two cases: it is
// good once.
func TestOneCodeInManyHands(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	dana, dora := s.agent("Dana", "restricted"), s.agent("Dora", "restricted")
	mei := s.user("Mei", "Lin", "")
	s.prepare()
	s.enroll("corp", mei, "email", "authenticator")
	s.start()
	s.samba.Lock(t, mei.dn)
	var all []playground.Request
	var pages []*playground.View
	for _, agent := range []person{dana, dora} {
		screen := s.atSlack(agent)
		s.ok(screen.Say("/unlock " + mei.login))
		page, err := screen.Modal("2 more types")
		s.ok(err)
		s.ok(page.Click("Verify authenticator"))
		page, err = screen.Modal("app shows now")
		s.ok(err)
		s.ok(page.Type("Code", "000000"))
		pages = append(pages, page)
	}
	code := s.app(mei)
	for n := range 4 {
		for _, page := range pages {
			all = append(all, s.typed(page, code, n))
		}
	}
	s.together(all)
	if !eventually(5e9, func() bool { return s.count("SELECT count(*) FROM attempts WHERE result IS NOT NULL") > 0 }) {
		t.Fatal("nothing was tried")
	}
	s.quiet("SELECT count(*) FROM attempts")
	if n := s.count("SELECT count(*) FROM evidence"); n != 1 {
		t.Errorf("one code became %d pieces of evidence", n)
	}
}

// quiet waits until a number does not change any more.
func (s *stage) quiet(query string) (n int) {
	s.t.Helper()
	last, same := -1, 0
	eventually(10e9, func() bool {
		n = s.count(query)
		if n == last {
			same++
		} else {
			last, same = n, 0
		}
		return same > 30
	})
	return n
}

// Forty guesses at one mailed code at once: five at most are looked at, and in
// a page that allows one event, one.
func TestGuessesAtOnce(t *testing.T) {
	t.Parallel()
	s, dana, mei := restricted(t, change("failures: 5", "failures: 50"))
	screen := s.atSlack(dana)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("2 more types")
	s.ok(err)
	s.ok(page.Click("Verify e-mail"))
	page, err = screen.Modal("A code goes to")
	s.ok(err)
	s.ok(page.Click("Send code"))
	page, err = screen.Modal("A code was sent to")
	s.ok(err)
	s.ok(page.Type("Code", "000000"))
	var all []playground.Request
	for n := range 40 {
		all = append(all, s.typed(page, fmt.Sprintf("%06d", 100000+n), n))
	}
	s.together(all)
	eventually(20e9, func() bool { return s.count("SELECT count(*) FROM attempts") > 0 })
	if n := s.quiet("SELECT count(*) FROM attempts"); n < 1 || n > 5 {
		t.Errorf("%d guesses were looked at, not 1 to 5", n)
	}
}

// A code that was mailed in one agent's case proves nothing in another's.
func TestCodeOfAnotherCase(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	dana, dora := s.agent("Dana", "restricted"), s.agent("Dora", "restricted")
	mei := s.user("Mei", "Lin", "")
	s.prepare()
	s.enroll("corp", mei, "email", "authenticator")
	s.start()
	s.samba.Lock(t, mei.dn)
	var pages []*playground.View
	for _, agent := range []person{dana, dora} {
		screen := s.atSlack(agent)
		s.ok(screen.Say("/unlock " + mei.login))
		page, err := screen.Modal("2 more types")
		s.ok(err)
		s.ok(page.Click("Verify e-mail"))
		page, err = screen.Modal("A code goes to")
		s.ok(err)
		s.ok(page.Click("Send code"))
		page, err = screen.Modal("A code was sent to")
		s.ok(err)
		pages = append(pages, page)
	}
	first, second := s.mailedCode(mei, 1), s.mailedCode(mei, 2)
	s.ok(pages[0].Type("Code", second))
	s.ok(pages[0].Submit())
	_, err := s.atSlack(dana).Modal("4 tries are left")
	s.ok(err)
	s.ok(pages[1].Type("Code", first))
	s.ok(pages[1].Submit())
	_, err = s.atSlack(dora).Modal("4 tries are left")
	s.ok(err)
	if n := s.count("SELECT count(*) FROM evidence"); n != 0 {
		t.Errorf("%d pieces of evidence by foreign codes", n)
	}
}
