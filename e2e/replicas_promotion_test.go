package e2e

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/servers"
)

// third is one more replica beside a and b, of the same configuration.
func (r *replicas) third() *bot {
	r.t.Helper()
	c := r.newBot("latchkey-c.yaml")
	text, err := os.ReadFile(r.a.config)
	r.ok(err)
	own := strings.NewReplacer(r.a.listen, c.listen, r.a.admin, c.admin).Replace(string(text))
	r.ok(os.WriteFile(c.config, []byte(own), 0o600))
	r.t.Cleanup(func() {
		if r.t.Failed() {
			r.t.Logf("--- latchkey C wrote:\n%s", c.log())
		}
	})
	return c
}

// PostgreSQL's primary dies while a user's code is guessed at by three
// replicas, and its synchronous standby is promoted. Nobody restarts or tells
// the replicas anything: database.url names both. The guesses of before count,
// a code that was used stays used, and in the end the user is unlocked once.
func TestReplicasOutliveAPromotion(t *testing.T) {
	t.Parallel()
	primary := servers.StartPostgres(t, servers.PostgresSpec{})
	r := newReplicas(t, primary, nil)
	standby := primary.SynchronousStandby(t)
	r.database = r.database.OnEither(t, standby)
	dana, dora := r.agent("Dana", "restricted"), r.agent("Dora", "restricted")
	mei, tom := r.user("Mei", "Lin", ""), r.user("Tom", "Berg", "")
	r.make()
	c := r.third()
	for _, p := range []person{mei, tom} {
		r.enroll("corp", p, "email", "authenticator")
	}
	r.startBoth()
	c.start()
	t.Cleanup(c.stop)
	r.router.send(r.a, r.b, c)
	r.standbysAreSaid(primary)
	r.samba.Lock(t, mei.dn)
	r.samba.Lock(t, tom.dn)

	guesses := r.as(dana)
	page := r.find(guesses, "/unlock "+mei.login, "2 more types")
	r.ok(page.Click("Verify authenticator"))
	wrong := wrongCode(r.app(mei))
	for _, left := range []string{"4 tries are left", "3 tries are left"} {
		r.typeCode(guesses, wrong)
		_, err := guesses.Modal(left)
		r.ok(err)
	}
	page = r.find(r.as(dora), "/unlock "+tom.login, "2 more types")
	r.ok(page.Click("Verify authenticator"))
	used := r.app(tom)
	r.typeCode(r.as(dora), used)
	page, err := r.as(dora).Modal("Passed: authenticator")
	r.ok(err)

	begun := time.Now()
	primary.Kill(t)
	r.refusedClick(guesses, func() { r.typeCode(guesses, wrong) }, "No host of the database URL takes writes", "The database server cannot be reached.", "The connection to the database was lost. Try again.")
	standby.Promote(t)
	if !eventually(30*time.Second, func() bool { return r.a.ready() && r.b.ready() && c.ready() }) {
		t.Fatal("the replicas are not ready by themselves")
	}
	t.Logf("all three are ready %s after the primary died", time.Since(begun).Round(10*time.Millisecond))
	r.db, r.stage.postgres = r.database.Open(t), r.database.AdminURL

	verdicts := 2 + r.guessOn(guesses, mei, wrong)
	judged := r.quiet("SELECT count(*) FROM attempts WHERE result IS NULL OR result = 'wrong'")
	t.Logf("%d verdicts were seen, of %d tries", verdicts, judged)
	if judged != 5 || verdicts > 5 {
		t.Errorf("%d guesses were judged and %d answered, not 5", judged, verdicts)
	}

	// Who has overheard Tom's code is no better off on the new primary.
	r.ok(page.Click("Cancel case"))
	page, err = r.as(dora).Modal("cancelled")
	r.ok(err)
	r.ok(page.Close())
	page = r.find(r.as(dora), "/unlock "+tom.login, "2 more types")
	r.ok(page.Click("Verify authenticator"))
	r.typeCode(r.as(dora), used)
	_, err = r.as(dora).Modal("4 tries are left")
	r.ok(err)
	if n := r.count("SELECT count(*) FROM evidence"); n != 1 {
		t.Errorf("there are %d pieces of evidence, not 1", n)
	}

	must(t, "unblock", "--config", r.b.config, "--store", "corp", "--user", mei.login)
	r.find(guesses, "/unlock "+mei.login, "2 more types")
	r.pass(dana, mei, "authenticator", 1)
	r.pass(dana, mei, "e-mail", 1)
	page, err = guesses.Modal("All that policy asks for is passed")
	r.ok(err)
	r.ok(page.Submit())
	page, err = guesses.Modal("Accounts to unlock")
	r.ok(err)
	r.unlockOn(page, mei, "corp")
	_, err = guesses.Modal("Unlocked: Mei Lin")
	r.ok(err)
	if got := r.tallied(mei, "corp"); got != once {
		t.Errorf("of the unlock there is %+v, not %+v", got, once)
	}
	r.verified()
	r.clean()
}

// typeCode enters a code on the page that asks for one.
func (r *replicas) typeCode(screen seat, code string) {
	r.t.Helper()
	page, err := screen.ModalWhere("the page that asks for a code", func(v dialog) bool {
		return textHas(v.Text(), "Code") && !textHas(v.Text(), "Checking")
	})
	r.ok(err)
	r.ok(page.Type("Code", code))
	r.ok(page.Submit())
}

// guessOn guesses until the page says that authentication is locked out, and
// gives how many verdicts it was told.
func (r *replicas) guessOn(screen seat, p person, code string) (verdicts int) {
	r.t.Helper()
	for range 12 {
		page, err := screen.ModalWhere("a page that waits", func(v dialog) bool { return !textHas(v.Text(), "Checking") })
		r.ok(err)
		before := page.Text()
		switch buttons := page.Buttons(); {
		case textHas(before, "locked out for a while"):
			return verdicts
		case slices.Contains(buttons, "Back to the case"):
			r.ok(page.Click("Back to the case"))
		case slices.Contains(buttons, "Verify authenticator"):
			r.ok(page.Click("Verify authenticator"))
		default:
			if err := page.Type("Code", code); err != nil {
				r.find(screen, "/unlock "+p.login, "Authenticate")
				continue
			}
			r.ok(page.Submit())
			verdicts++
		}
		_, err = screen.ModalWhere("another page", func(v dialog) bool { return v.Text() != before && !textHas(v.Text(), "Checking") })
		r.ok(err)
	}
	r.t.Error("guessing is not stopped")
	return verdicts
}

// standbysAreSaid: check warns while commits wait for no standby, and is quiet
// where they do.
func (r *replicas) standbysAreSaid(primary *servers.Postgres) {
	r.t.Helper()
	says := func() string {
		out, _, _ := run(r.t, "check", "--config", r.a.config)
		return out
	}
	if out := says(); strings.Contains(out, "synchronous_") {
		r.t.Errorf("commits wait for the standby, and check says:\n%s", out)
	}
	primary.Configure(r.t, "synchronous_commit", "local")
	if out := says(); !strings.Contains(out, "synchronous_commit is local") {
		r.t.Errorf("commits are local, and check says:\n%s", out)
	}
	primary.Configure(r.t, "synchronous_commit", "on")
	primary.Configure(r.t, "synchronous_standby_names", "")
	if out := says(); !strings.Contains(out, "synchronous_standby_names is empty") {
		r.t.Errorf("no standby is named, and check says:\n%s", out)
	}
	primary.Configure(r.t, "synchronous_standby_names", "standby")
	primary.FollowedBy(r.t, "sync")
}
