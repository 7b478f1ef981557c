package e2e

import (
	"slices"
	"sync"
	"testing"

	"latchkey/adapters/playground"
)

// The same click reaches both replicas at the same moment, twenty times over:
// as two clicks, and as one request that was delivered twice.
func TestReplicasGetTheSameClick(t *testing.T) {
	t.Parallel()
	r := newReplicas(t, nil, nil)
	agents := []person{r.agent("Ulf", "unrestricted"), r.agent("Uma", "unrestricted")}
	var users []person
	for range 20 {
		users = append(users, r.labUser("Tom", short("Berg"), ""))
	}
	r.make()
	r.startBoth()
	for i, tom := range users {
		screen := r.as(agents[i%2])
		r.slapd.Lock(t, tom.dn)
		r.router.send(r.a, r.b)
		page := r.find(screen, "/unlock "+tom.login, "not enrolled")
		r.ok(page.Tick(box(tom, "lab")))
		if i%4 < 2 {
			r.ok(page.SubmitAtOnce(2))
		} else {
			r.router.copies(r.a, r.b)
			r.ok(page.Submit())
		}
		if err := page.Until("Unlocked: " + box(tom, "lab")); err != nil {
			t.Errorf("round %d: %v", i, err)
		}
	}
	for _, tom := range users {
		r.onlyOnce(tom)
	}
	r.verified()
	r.clean()
}

// onlyOnce checks that lab was written to once for a person, and what is kept of it.
func (r *replicas) onlyOnce(p person) {
	r.t.Helper()
	if got := r.tallied(p, "lab"); got != once {
		r.t.Errorf("of the unlock of %s there is %+v, not %+v", p.name, got, once)
	}
	if n := r.wrote(p); n != 1 {
		r.t.Errorf("the lock of %s was taken away %d times, not once: %+v", p.name, n, r.slapd.Writes(r.t, p.dn))
	}
}

// Two agents unlock the same user, each by another replica at the same moment:
// one does, and the other reads why not.
func TestReplicasServeTwoAgents(t *testing.T) {
	t.Parallel()
	r := newReplicas(t, nil, nil)
	ulf, uma := r.agent("Ulf", "unrestricted"), r.agent("Uma", "unrestricted")
	var users []person
	for range 5 {
		users = append(users, r.labUser("Tom", short("Berg"), ""))
	}
	r.make()
	r.startBoth()
	for _, tom := range users {
		r.slapd.Lock(t, tom.dn)
		pages := []dialog{}
		var all []playground.Request
		for _, agent := range []person{ulf, uma} {
			page := r.find(r.as(agent), "/unlock "+tom.login, "not enrolled")
			r.ok(page.Tick(box(tom, "lab")))
			req, err := slackView(page).SubmitRequest()
			r.ok(err)
			pages, all = append(pages, slackView(page)), append(all, req)
		}
		var wait sync.WaitGroup
		for _, req := range all {
			wait.Go(func() {
				if x, err := r.slack.Deliver(t.Context(), req); err != nil || x.Failure != "" {
					t.Errorf("%s, %v", x, err)
				}
			})
		}
		wait.Wait()
		var said []string
		for _, page := range pages {
			r.ok(page.Until("Result"))
			said = append(said, page.Text())
		}
		who := box(tom, "lab")
		slices.SortFunc(said, func(a, b string) int { return len(a) - len(b) })
		unlocked := func(text string) bool { return textHas(text, "Unlocked: "+who+".") }
		refused := func(text string) bool {
			return textHas(text, "Not unlocked: "+who+", because an earlier unlock of the account has no known outcome yet.") ||
				textHas(text, "Not unlocked: "+who+", because the account is not locked.")
		}
		if !(unlocked(said[0]) && refused(said[1]) || unlocked(said[1]) && refused(said[0])) {
			t.Errorf("the two agents read:\n%s\n\n%s", said[0], said[1])
		}
		r.onlyOnce(tom)
	}
	r.verified()
	r.clean()
}
