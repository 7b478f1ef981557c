package e2e

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/servers"
)

// Every step of a case is handled by the other replica, and the master of Redis
// dies in the middle of it.
func TestReplicasTakeTurns(t *testing.T) {
	t.Parallel()
	for name, dies := range map[string]string{"while a code is asked for": "code", "before the unlock": "unlock"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			group := servers.StartRedisSentinel(t)
			r := newReplicas(t, nil, group)
			link := short("e")
			dana, mei, lab := r.agent("Dana", "restricted"), r.user("Mei", "Lin", link), r.labUser("Mei", "Lin", link)
			r.make()
			r.enroll("corp", mei, "email", "authenticator")
			r.startBoth()
			r.samba.Lock(t, mei.dn)
			r.slapd.Lock(t, lab.dn)
			before := r.written(mei)
			r.playCase(dana, mei, lab, func(step string) {
				if step == dies {
					group.Nodes[0].Kill(t)
				}
			})
			if after := r.written(mei); after != before+changes {
				t.Errorf("corp has changed the lock %d times, not %d", after-before, changes)
			}
			if n := r.wrote(lab); n != 1 {
				t.Errorf("lab has taken the lock away %d times, not once", n)
			}
			if !r.signsIn(mei) {
				t.Error("Mei cannot sign in to corp")
			}
			r.ok(r.slapd.Bind(lab.dn, lab.password))
			for store, p := range map[string]person{"corp": mei, "lab": lab} {
				if got := r.tallied(p, store); got != once {
					t.Errorf("of the unlock in %s there is %+v, not %+v", store, got, once)
				}
			}
			if a, b := r.router.handled(r.a), r.router.handled(r.b); a < 8 || b < 8 {
				t.Errorf("A has handled %d requests and B %d", a, b)
			}
			r.verified()
			r.clean()
		})
	}
}

// playCase brings a case to its end, each request to the other replica. at is
// called before the steps "code" and "unlock".
func (r *replicas) playCase(dana, mei, lab person, at func(step string)) {
	r.t.Helper()
	screen := r.as(dana)
	r.ok(screen.OpenHome())
	home, err := screen.Home("Nothing waits for you")
	r.ok(err)
	r.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("Authenticate", "Mei Lin", "2 more types")
	r.ok(err)
	r.ok(page.Click("Verify e-mail"))
	page, err = screen.Modal("A code goes to")
	r.ok(err)
	r.ok(page.Click("Send code"))
	page, err = screen.Modal("A code was sent to")
	r.ok(err)
	r.ok(page.Type("Code", r.mailedCode(mei, 1)))
	r.ok(page.Submit())
	_, err = screen.Modal("Passed: e-mail", "1 more type")
	r.ok(err)
	at("code")
	tries, took := r.insist(screen, func() error { return clickOn(screen, "Verify authenticator") }, "app shows now")
	r.t.Logf("asking for the code took %d tries, %s", tries, took.Round(10*time.Millisecond))
	tries, took = r.insist(screen, func() error {
		page, err := screen.Within(time.Second).Modal("Code")
		if err == nil {
			err = page.Type("Code", r.app(mei))
		}
		if err == nil {
			err = page.Submit()
		}
		return err
	}, "Passed: authenticator", "All that policy asks for is passed")
	r.t.Logf("judging the code took %d tries, %s", tries, took.Round(10*time.Millisecond))
	page, err = screen.Modal("Passed: authenticator")
	r.ok(err)
	r.ok(page.Close())
	r.ok(screen.OpenHome())
	r.ok(home.Until("Mei Lin in corp"))
	card, err := screen.DM().Message("Your case of Mei Lin in corp is still open")
	r.ok(err)
	r.ok(card.Click("Continue"))
	page, err = screen.Modal("All that policy asks for is passed")
	r.ok(err)
	r.ok(page.Submit()) // Next
	page, err = screen.Modal("Accounts to unlock")
	r.ok(err)
	r.ok(page.Click("History"))
	page, err = screen.Modal("Done to and by Mei Lin", "Dana Agent authenticated Mei Lin in corp with authenticator")
	r.ok(err)
	r.ok(page.Click("Back"))
	_, err = screen.Modal("Accounts to unlock")
	r.ok(err)
	at("unlock")
	tries, took = r.insist(screen, func() error {
		page, err := screen.Within(time.Second).Modal("Accounts to unlock")
		if err == nil {
			_ = page.Tick(box(mei, "corp")) // it may be ticked already
			_ = page.Tick(box(lab, "lab"))
			err = page.Submit()
		}
		return err
	}, "Unlocked: Mei Lin ("+mei.login+") in corp", "Unlocked: Mei Lin ("+lab.login+") in lab")
	r.t.Logf("the unlock took %d tries, %s", tries, took.Round(10*time.Millisecond))
	r.ok(screen.OpenHome())
	r.ok(home.Until("My last unlocks", "Dana Agent unlocked Mei Lin in corp after e-mail and authenticator"))
	_, err = screen.DM().Message("Dana Agent unlocked Mei Lin in lab")
	r.ok(err)
}

// The master of Redis dies while the directory is writing: what was done is on
// record and told, whatever becomes of the page, and the case does it once.
func TestReplicasFailoverInTheWrite(t *testing.T) {
	t.Parallel()
	group := servers.StartRedisSentinel(t)
	r := newReplicas(t, nil, group)
	i := newInterposer(t, r.samba.URL, r.samba.Trust)
	ulf, mei := r.agent("Ulf", "unrestricted"), r.user("Mei", "Lin", "")
	r.make(change(r.samba.URL, i.URL), change(r.samba.CAFile, i.CAFile))
	r.startBoth()
	r.samba.Lock(t, mei.dn)
	before := r.written(mei)
	screen := r.as(ulf)
	page := r.find(screen, "/unlock "+mei.login, "Accounts to unlock")
	dies := func() { group.Nodes[0].Kill(t) }
	var first sync.Once
	dying := func() { first.Do(dies) }
	i.OnAnswer.Store(&dying)
	r.unlockOn(page, mei, "corp")
	begun := time.Now()
	page, err := screen.Within(20*time.Second).ModalWhere("an answer", func(v dialog) bool {
		return !strings.Contains(v.Text(), "Unlocking")
	})
	r.ok(err)
	t.Logf("after %s the page says: %s, and offers %q", time.Since(begun).Round(10*time.Millisecond), strings.ReplaceAll(page.Text(), "\n", " "), page.Buttons())
	_, err = screen.DM().Message("Ulf Agent unlocked Mei Lin in corp")
	r.ok(err)
	if got := r.tallied(mei, "corp"); got != once {
		t.Errorf("of the unlock there is %+v, not %+v", got, once)
	}
	if !eventually(30*time.Second, func() bool { return r.a.ready() && r.b.ready() }) {
		t.Fatal("the replicas are not ready again")
	}
	if slices.Contains(page.Buttons(), "Back to the case") {
		r.ok(page.Click("Back to the case"))
		page, err = screen.ModalWhere("the case", func(v dialog) bool { return !slices.Contains(v.Buttons(), "Back to the case") })
		r.ok(err)
		t.Logf("the case then says: %s, and offers %q", strings.ReplaceAll(page.Text(), "\n", " "), page.Buttons())
	}
	if after := r.written(mei); after != before+changes || !r.signsIn(mei) {
		t.Errorf("corp has changed the lock %d times, not %d", after-before, changes)
	}
	r.verified()
	r.clean()
}
