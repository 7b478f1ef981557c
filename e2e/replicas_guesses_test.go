package e2e

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/adapters/playground"
)

// Four agents guess at one user's code, in cases of their own and by both
// replicas at once, until they are told to stop: no more than the five tries of
// the user's role are judged.
func TestReplicasCountGuesses(t *testing.T) {
	t.Parallel()
	r := newReplicas(t, nil, nil)
	var agents []person
	for _, name := range []string{"Dana", "Dora", "Dina", "Dola"} {
		agents = append(agents, r.agent(name, "restricted"))
	}
	mei := r.user("Mei", "Lin", "")
	r.make()
	r.enroll("corp", mei, "email", "authenticator")
	r.startBoth()
	r.samba.Lock(t, mei.dn)
	for _, agent := range agents {
		page := r.find(r.as(agent), "/unlock "+mei.login, "2 more types")
		r.ok(page.Click("Verify authenticator"))
		_, err := r.as(agent).Modal("app shows now")
		r.ok(err)
	}
	wrong := wrongCode(r.app(mei))
	var sent sync.Map
	var wait sync.WaitGroup
	for _, agent := range agents {
		wait.Go(func() { sent.Store(agent.login, r.guessUntilStopped(agent, wrong)) })
	}
	wait.Wait()
	guesses := 0
	sent.Range(func(_, n any) bool { guesses += n.(int); return true })
	judged := r.quiet("SELECT count(*) FROM attempts")
	t.Logf("of %d guesses %d were judged", guesses, judged)
	if judged != 5 {
		t.Errorf("%d guesses were judged, not 5", judged)
	}
	if a, b := r.router.handled(r.a), r.router.handled(r.b); a < 10 || b < 10 {
		t.Errorf("A has handled %d requests and B %d", a, b)
	}
	if n := r.count("SELECT count(*) FROM evidence"); n != 0 {
		t.Errorf("%d pieces of evidence by guessing", n)
	}
	if n := r.count("SELECT count(*) FROM lockouts"); n != 1 {
		t.Errorf("authentication was locked out %d times, not once", n)
	}
	r.clean()
}

// guessUntilStopped sends the same guess four times at once, again and again
// on each page, until a page says that authentication is locked out.
func (r *replicas) guessUntilStopped(agent person, code string) (sent int) {
	screen := r.as(agent)
	for begun := time.Now(); time.Since(begun) < 20*time.Second; {
		page, err := screen.ModalWhere("a page that is not waiting", func(v dialog) bool {
			return !strings.Contains(v.Text(), "Checking")
		})
		if err != nil {
			r.t.Error(err)
			return sent
		}
		if strings.Contains(page.Text(), "locked out for a while") {
			return sent
		}
		if slices.Contains(page.Buttons(), "Verify authenticator") { // the overview: in again
			_ = page.Click("Verify authenticator")
			_, _ = screen.Within(5*time.Second).ModalWhere("the code's page", func(v dialog) bool {
				return !slices.Contains(v.Buttons(), "Verify authenticator")
			})
			continue
		}
		if err := page.Type("Code", code); err != nil {
			continue // it has changed meanwhile
		}
		if err := page.SubmitAtOnce(4); err == nil {
			sent += 4
		}
	}
	r.t.Errorf("%s was not stopped, and sees:\n%s", agent.name, screen.Open()[0].Text())
	return sent
}

// Forty guesses at one mailed code, half of them by each replica at once: a
// page takes one event, so one is judged.
func TestReplicasGetGuessesAtOnce(t *testing.T) {
	t.Parallel()
	r := newReplicas(t, nil, nil)
	dana, mei := r.agent("Dana", "restricted"), r.user("Mei", "Lin", "")
	r.make(change("failures: 5", "failures: 50"))
	r.enroll("corp", mei, "email", "authenticator")
	r.startBoth()
	r.samba.Lock(t, mei.dn)
	page := r.find(r.as(dana), "/unlock "+mei.login, "2 more types")
	r.ok(page.Click("Verify e-mail"))
	page, err := r.as(dana).Modal("A code goes to")
	r.ok(err)
	r.ok(page.Click("Send code"))
	page, err = r.as(dana).Modal("A code was sent to")
	r.ok(err)
	r.ok(page.Type("Code", "000000"))
	var all []playground.Request
	for n := range 40 {
		all = append(all, r.typed(slackView(page), fmt.Sprintf("%06d", 100000+n), n))
	}
	r.together(all)
	eventually(20*time.Second, func() bool { return r.count("SELECT count(*) FROM attempts") > 0 })
	judged := r.quiet("SELECT count(*) FROM attempts")
	t.Logf("of 40 guesses %d were judged", judged)
	if judged != 1 {
		t.Errorf("%d guesses were judged, not 1", judged)
	}
}
