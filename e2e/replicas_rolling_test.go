package e2e

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// Rolling restarts while four agents work, A and B in turn until they are done:
// nobody's click is lost, and every account is unlocked once.
func TestReplicasRollingRestart(t *testing.T) {
	t.Parallel()
	r := newReplicas(t, nil, nil)
	var agents []person
	users := map[string][]person{}
	for _, name := range []string{"Ulf", "Uma", "Udo", "Ute"} {
		a := r.agent(name, "unrestricted")
		agents = append(agents, a)
		for range 4 {
			users[a.login] = append(users[a.login], r.labUser("Tom", short("Berg"), ""))
		}
	}
	r.make()
	r.startBoth()
	var wait sync.WaitGroup
	for _, a := range agents {
		wait.Go(func() {
			for _, tom := range users[a.login] {
				if err := r.unlockInLab(a, tom); err != nil {
					t.Errorf("%s: %v", a.name, err)
					return
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { wait.Wait(); close(done) }()
	restarts := 0
	for begun := time.Now(); restarts < 2 || !over(done) && time.Since(begun) < time.Minute; restarts++ {
		b := []*bot{r.a, r.b}[restarts%2]
		b.stop()
		b.start()
	}
	<-done
	for _, a := range agents {
		for _, tom := range users[a.login] {
			r.onlyOnce(tom)
		}
	}
	for _, x := range r.slack.Exchanges() {
		if x.Failure != "" {
			t.Errorf("a click has failed: %s", x)
		}
	}
	t.Logf("%d requests during %d restarts, %d sent again to the other replica", len(r.slack.Exchanges()), restarts, r.router.again.Load())
	r.verified()
	r.clean()
}

// unlockInLab locks somebody and brings a case to its end. It fails the story
// in no other way than by its error, since several do it at once.
func (r *replicas) unlockInLab(agent, user person) error {
	r.slapd.Lock(r.t, user.dn)
	screen := r.as(agent)
	for _, v := range screen.Open() {
		if err := v.Close(); err != nil {
			return fmt.Errorf("closing: %w", err)
		}
	}
	if err := screen.Say("/unlock " + user.login); err != nil {
		return fmt.Errorf("the command: %w", err)
	}
	page, err := screen.Modal("not enrolled", user.login)
	if err != nil {
		return err
	}
	if err := page.Tick(box(user, "lab")); err != nil {
		return err
	}
	if err := page.Submit(); err != nil {
		return fmt.Errorf("the form: %w", err)
	}
	_, err = screen.ModalWhere("the result", func(v dialog) bool {
		return strings.Contains(v.Text(), "Unlocked: "+box(user, "lab"))
	})
	return err
}
