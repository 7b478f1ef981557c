package e2e

import (
	"testing"
	"time"
)

// Replica A dies with kill -9 after it has committed the intent and while the
// directory's answer is on its way: B decides, B tells, and one write stands.
func TestReplicaKilledBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	r := newReplicas(t, nil, nil)
	i := newInterposer(t, r.samba.URL, r.samba.Trust)
	ulf, uma, mei := r.agent("Ulf", "unrestricted"), r.agent("Uma", "unrestricted"), r.user("Mei", "Lin", "")
	r.make(change(r.samba.URL, i.URL), change(r.samba.CAFile, i.CAFile))
	r.startBoth()
	r.samba.Lock(t, mei.dn)
	before := r.written(mei)
	r.router.send(r.a)
	caseUntilHeld(t, r.stage, i, ulf, mei, func() { i.HoldAnswer.Store(true) })
	r.a.kill()
	killed := time.Now()
	i.HoldAnswer.Store(false)
	r.router.send(r.b)

	// Meanwhile nobody else has a second try at it.
	page := r.find(r.as(uma), "/unlock "+mei.login, "Mei Lin")
	if textHas(page.Text(), "Accounts to unlock") {
		t.Errorf("a second agent is offered the account:\n%s", page.Text())
	}

	_, err := r.as(ulf).Within(time.Minute).DM().Message("Ulf Agent unlocked Mei Lin in corp", "it cannot be proved that this was our change")
	r.ok(err)
	t.Logf("B has told the agent %s after A was killed", time.Since(killed).Round(100*time.Millisecond))
	if after := r.written(mei); after != before+changes {
		t.Errorf("corp has changed the lock %d times, not %d", after-before, changes)
	}
	if !r.signsIn(mei) {
		t.Error("Mei cannot sign in")
	}
	if got := r.tallied(mei, "corp"); got != once {
		t.Errorf("of the unlock there is %+v, not %+v", got, once)
	}
	r.verified()
	r.a.start()
	r.verified()
}

// Replica A dies before the directory got the change: B finds the same lock,
// says that nothing was done, and the next try is B's.
func TestReplicaKilledBeforeTheModify(t *testing.T) {
	t.Parallel()
	r := newReplicas(t, nil, nil)
	i := newInterposer(t, r.samba.URL, r.samba.Trust)
	ulf, mei := r.agent("Ulf", "unrestricted"), r.user("Mei", "Lin", "")
	r.make(change(r.samba.URL, i.URL), change(r.samba.CAFile, i.CAFile))
	r.startBoth()
	r.samba.Lock(t, mei.dn)
	before := r.written(mei)
	r.router.send(r.a)
	caseUntilHeld(t, r.stage, i, ulf, mei, func() { i.HoldModify.Store(true) })
	r.a.kill()
	killed := time.Now()
	i.HoldModify.Store(false)
	r.router.send(r.b)
	_, err := r.as(ulf).Within(90 * time.Second).DM().Message("Ulf Agent could not unlock Mei Lin in corp")
	r.ok(err)
	t.Logf("B has told the agent %s after A was killed", time.Since(killed).Round(100*time.Millisecond))
	if after := r.written(mei); after != before || !r.lockedOut(mei) {
		t.Errorf("corp has changed the lock %d times; locked out: %v", after-before, r.lockedOut(mei))
	}
	page := r.find(r.as(ulf), "/unlock "+mei.login, "Accounts to unlock")
	r.unlockOn(page, mei, "corp")
	_, err = r.as(ulf).Modal("Unlocked: Mei Lin")
	r.ok(err)
	want := tally{Intents: 2, Asked: 2, Unlocked: 1, NotUnlocked: 1, Audit: 1, Mails: 1}
	if got := r.tallied(mei, "corp"); got != want {
		t.Errorf("of the unlock there is %+v, not %+v", got, want)
	}
	r.verified()
	r.clean()
}
