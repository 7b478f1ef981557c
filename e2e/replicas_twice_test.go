package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// A wrong code that both replicas get at once is judged once, the page says how
// many tries are left, and the next code is judged too.
func TestReplicasGetAWrongCodeTwice(t *testing.T) {
	t.Parallel()
	r := newReplicas(t, nil, nil)
	dana, mei := r.agent("Dana", "restricted"), r.user("Mei", "Lin", "")
	r.make(change("failures: 5", "failures: 50"), func(y string) string { return y + "limits: { target: { wrong_per_day: 1000 } }\n" })
	r.enroll("corp", mei, "email", "authenticator")
	r.startBoth()
	r.samba.Lock(t, mei.dn)
	screen := r.as(dana)
	for round := range 4 {
		r.find(screen, "/unlock "+mei.login, "Mei Lin")
		// What closing the dialog writes may come between: then the case goes on
		// with the page that stood there.
		page, err := screen.ModalWhere("the case", func(v dialog) bool {
			return strings.Contains(v.Text(), "2 more types") || slices.Contains(v.Buttons(), "Back to overview")
		})
		r.ok(err)
		if !strings.Contains(page.Text(), "2 more types") {
			r.ok(page.Click("Back to overview"))
			page, err = screen.Modal("2 more types")
			r.ok(err)
		}
		if err := page.Click("Verify authenticator"); err != nil {
			t.Fatal(err)
		}
		page, err = screen.Modal("app shows now")
		r.ok(err)
		r.ok(page.Type("Code", wrongCode(r.app(mei))))
		r.ok(page.SubmitAtOnce(2))
		r.quiet("SELECT count(*) FROM attempts")
		// The replica that comes second may show the page as it stood before the
		// other one has judged: what is typed there is of an older page.
		page, err = screen.ModalWhere("an answer", judged)
		r.ok(err)
		r.quiet("SELECT count(*) FROM attempts")
		before, first := r.count("SELECT count(*) FROM attempts"), page.Text()
		if err := page.Type("Code", wrongCode(r.app(mei))); err == nil {
			r.ok(page.Submit())
			if !eventually(5*time.Second, func() bool { return r.count("SELECT count(*) FROM attempts") == before+1 }) {
				page, _ = screen.ModalWhere("x", func(v dialog) bool { return !strings.Contains(v.Text(), "Checking") })
				t.Errorf("round %d: the next code was not judged, and the page says:\n%s", round, page.Text())
			}
		}
		if _, err := screen.ModalWhere("the tries that are left now", func(v dialog) bool {
			return v.Text() != first && judged(v)
		}); err != nil {
			t.Errorf("round %d, %d judged: %v", round, r.count("SELECT count(*) FROM attempts"), err)
		}
	}
}

// judged reports whether a page says what has come of a code.
func judged(v dialog) bool {
	return strings.Contains(v.Text(), "left") || strings.Contains(v.Text(), "onger good")
}

// Home that was opened by one replica follows what the other one does.
func TestReplicasKeepHomeUpToDate(t *testing.T) {
	t.Parallel()
	r := newReplicas(t, nil, nil)
	ulf, mei := r.agent("Ulf", "unrestricted"), r.user("Mei", "Lin", "")
	r.make()
	r.startBoth()
	r.samba.Lock(t, mei.dn)
	screen := r.as(ulf)
	r.router.send(r.a)
	r.ok(screen.OpenHome())
	home, err := screen.Home("Nothing waits for you")
	r.ok(err)
	r.router.send(r.b)
	page := r.find(screen, "/unlock "+mei.login, "Accounts to unlock")
	r.unlockOn(page, mei, "corp")
	_, err = screen.Modal("Unlocked: Mei Lin")
	r.ok(err)
	r.ok(home.Until("My last unlocks", "Ulf Agent unlocked Mei Lin in corp"))
}
