package e2e

import "testing"

// Both replicas are connected to Slack, which sends each envelope to whichever
// connection it likes; A is killed in the middle of a case, and then B.
func TestSocketReplicas(t *testing.T) {
	t.Parallel()
	r := newReplicas(t, nil, nil)
	dana, mei := r.agent("Dana", "restricted"), r.user("Mei", "Lin", "")
	ulf, tom, zoe := r.agent("Ulf", "unrestricted"), r.labUser("Tom", short("Berg"), ""), r.labUser("Zoe", short("Berg"), "")
	r.make()
	r.enroll("corp", mei, "email", "authenticator")
	r.startBoth()
	r.connections(4)
	r.samba.Lock(t, mei.dn)
	before := r.written(mei)
	screen := r.as(dana)
	r.find(screen, "/unlock "+mei.login, "2 more types")
	r.pass(dana, mei, "e-mail", 1)
	r.a.kill()
	r.connections(2)
	r.pass(dana, mei, "authenticator", 1)
	r.a.start()
	r.connections(4)
	page, err := screen.Modal("All that policy asks for is passed")
	r.ok(err)
	r.ok(page.Submit())
	page, err = screen.Modal("Accounts to unlock")
	r.ok(err)
	r.b.kill()
	r.connections(2)
	r.unlockOn(page, mei, "corp")
	_, err = screen.Modal("Unlocked: Mei Lin")
	r.ok(err)
	r.b.start()
	r.connections(4)
	if after := r.written(mei); after != before+changes || !r.signsIn(mei) {
		t.Errorf("corp has changed the lock %d times, not %d", after-before, changes)
	}
	if got := r.tallied(mei, "corp"); got != once {
		t.Errorf("of the unlock there is %+v, not %+v", got, once)
	}

	// Four clicks at once on four connections, and one envelope four times.
	for _, p := range []person{tom, zoe} {
		r.slapd.Lock(t, p.dn)
		page := r.find(r.as(ulf), "/unlock "+p.login, "not enrolled")
		r.ok(page.Tick(box(p, "lab")))
		if p == tom {
			r.ok(page.SubmitAtOnce(4))
		} else {
			req, err := slackView(page).SubmitRequest()
			r.ok(err)
			for i := range 4 {
				if x, err := r.slack.Deliver(t.Context(), req); err != nil || x.Failure != "" {
					t.Errorf("delivery %d: %s, %v", i+1, x, err)
				}
			}
		}
		r.ok(page.Until("Unlocked: " + box(p, "lab")))
		r.onlyOnce(p)
	}
	r.verified()
	r.clean()
}

// connections waits until as many stand.
func (r *replicas) connections(n int) {
	r.t.Helper()
	if !r.slack.Eventually(func() bool { return len(r.slack.Sockets()) == n }) {
		r.t.Fatalf("%d connections stand, not %d", len(r.slack.Sockets()), n)
	}
}
