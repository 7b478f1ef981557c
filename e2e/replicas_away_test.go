package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"latchkey/servers"
)

// PostgreSQL is restarted in the middle of a case, then takes no writes for a
// while, then has no room left: one clear sentence each time, nothing is
// unlocked without a record, and the case goes on.
func TestReplicasDatabaseAway(t *testing.T) {
	t.Parallel()
	pg := servers.StartPostgres(t, servers.PostgresSpec{Disk: 150})
	r := newReplicas(t, pg, nil)
	dana, mei := r.agent("Dana", "restricted"), r.user("Mei", "Lin", "")
	r.make()
	r.enroll("corp", mei, "email", "authenticator")
	r.startBoth()
	r.samba.Lock(t, mei.dn)
	screen := r.as(dana)
	r.find(screen, "/unlock "+mei.login, "2 more types")
	r.pass(dana, mei, "e-mail", 1)

	pg.Kill(t)
	r.refusedClick(screen, func() { r.ok(clickOn(screen, "Verify authenticator")) }, "The database server cannot be reached.", "The connection to the database was lost. Try again.")
	pg.Start(t)
	r.backToTheCase(screen, "1 more type")
	page, err := screen.Modal("1 more type")
	r.ok(err)
	r.ok(page.Click("Verify authenticator"))
	page, err = screen.Modal("app shows now")
	r.ok(err)
	pg.Stop(t) // and once more, in its own orderly way
	pg.Start(t)
	r.ok(page.Type("Code", r.app(mei)))
	r.ok(page.Submit())
	page, err = screen.Modal("All that policy asks for is passed")
	r.ok(err)
	r.ok(page.Submit())
	_, err = screen.Modal("Accounts to unlock")
	r.ok(err)

	unlock := func() {
		page, err := screen.Modal("Accounts to unlock")
		r.ok(err)
		_ = page.Tick(box(mei, "corp")) // it may be ticked already
		r.ok(page.Submit())
	}
	pg.Configure(t, "default_transaction_read_only", "on")
	r.refusedClick(screen, unlock, "The database takes no writes: it is set read-only")
	r.stays(mei)
	pg.Configure(t, "default_transaction_read_only", "off")
	r.backToTheCase(screen, "Accounts to unlock")

	pg.FillDisk(t, 0)
	r.fillUp()
	r.refusedClick(screen, unlock, "The disk of the database is full.", "The database server is in trouble.",
		"The database server cannot be reached.", "The connection to the database was lost. Try again.", "The database server is starting or stopping.")
	r.stays(mei)
	pg.FreeDisk(t)
	if !pg.Running() {
		pg.Start(t)
	}
	pg.WaitReady(t)
	if !eventually(20*time.Second, func() bool { return r.a.ready() && r.b.ready() }) {
		t.Fatal("the replicas are not ready again")
	}
	r.backToTheCase(screen, "Accounts to unlock")
	unlock()
	_, err = screen.Modal("Unlocked: Mei Lin")
	r.ok(err)
	if got := r.tallied(mei, "corp"); got != once {
		t.Errorf("of the unlock there is %+v, not %+v", got, once)
	}
	r.verified()
	r.clean()
}

// fillUp writes until the server has no room for what is written next.
func (r *replicas) fillUp() {
	r.t.Helper()
	if _, err := r.db.Exec("CREATE TABLE filler (x TEXT)"); err != nil {
		return
	}
	for range 1000 {
		if _, err := r.db.Exec("INSERT INTO filler SELECT repeat(md5(random()::text), 200) FROM generate_series(1, 100)"); err != nil {
			return
		}
	}
	r.t.Fatal("the database is not full")
}

// refusedClick does something that cannot be carried out now: a page says one
// of the sentences within 10 s.
func (r *replicas) refusedClick(screen seat, act func(), sentences ...string) {
	r.t.Helper()
	begun := time.Now()
	act()
	page, err := screen.Within(15*time.Second).ModalWhere(strings.Join(sentences, " or "), func(v dialog) bool {
		for _, s := range sentences {
			if strings.Contains(v.Text(), s) {
				return true
			}
		}
		return false
	})
	r.ok(err)
	took := time.Since(begun)
	if took > 10*time.Second {
		r.t.Errorf("it took %s to say so", took)
	}
	r.t.Logf("after %s the page says: %s, and offers %q", took.Round(10*time.Millisecond), strings.ReplaceAll(page.Text(), "\n", " "), page.Buttons())
}

// backToTheCase presses what the page offers until the case stands there.
func (r *replicas) backToTheCase(screen seat, words ...string) {
	r.t.Helper()
	for range 5 {
		page, err := screen.Modal()
		r.ok(err)
		for _, label := range []string{"Back to the case", "Back to page Unlock", "Back to overview"} {
			if err := page.Click(label); err == nil {
				break
			}
		}
		if _, err := screen.Within(3 * time.Second).Modal(words...); err == nil {
			return
		}
	}
	_, err := screen.Modal(words...)
	r.ok(err)
}

// The Sentinels have no quorum and the master is dead: nobody is let in and
// everybody is told, and the case goes on when they are back. Then the user of
// Redis loses a right while both serve.
func TestReplicasRedisWithoutQuorum(t *testing.T) {
	t.Parallel()
	group := servers.StartRedisSentinel(t)
	r := newReplicas(t, nil, group)
	ulf, mei := r.agent("Ulf", "unrestricted"), r.user("Mei", "Lin", "")
	r.make()
	r.startBoth()
	r.samba.Lock(t, mei.dn)
	screen := r.as(ulf)
	page := r.find(screen, "/unlock "+mei.login, "Accounts to unlock")

	for _, s := range group.Sentinels[:2] {
		s.Kill(t)
	}
	group.Nodes[0].Kill(t)
	r.ok(page.Tick(box(mei, "corp")))
	r.refusedClick(screen, func() { r.ok(page.Submit()) }, "Latchkey cannot reach its memory (Redis), without which it cannot tell a new request from an old one. Nothing was done. Try again in a minute.")
	r.ok(screen.Say("/unlock " + mei.login))
	_, err := screen.Room().Message("Latchkey cannot reach its memory (Redis)")
	r.ok(err)
	r.stays(mei)
	for _, b := range []*bot{r.a, r.b} {
		if code, text := b.readiness(); code != http.StatusServiceUnavailable || !strings.Contains(text, "redis: Redis, which remembers open cases, does not answer.") {
			t.Errorf("readiness says %d %q", code, text)
		}
	}
	begun := time.Now()
	for _, s := range group.Sentinels[:2] {
		s.Start(t)
	}
	if !eventually(40*time.Second, func() bool { return r.a.ready() && r.b.ready() }) {
		t.Fatal("the replicas are not ready again")
	}
	t.Logf("ready %s after the Sentinels were back", time.Since(begun).Round(10*time.Millisecond))

	r.rights("-eval", "-evalsha")
	page = screen.Open()[0]
	r.ok(closeAbove(screen))
	r.refusedClick(screen, func() { r.ok(page.Submit()) }, "Latchkey cannot reach its memory (Redis)")
	r.stays(mei)
	if log := r.a.log() + r.b.log(); !strings.Contains(log, "NOPERM") || !strings.Contains(log, "latchkey check") {
		t.Error("the log does not say that a right is missing and how to find out which")
	}
	out, _, code := run(t, "check", "--config", r.a.config)
	if code != 1 || !strings.Contains(out, "+eval") {
		t.Errorf("check, exit %d, does not name the right:\n%s", code, out)
	}
	r.rights("+eval", "+evalsha")
	r.ok(closeAbove(screen))
	r.ok(page.Submit())
	_, err = screen.Modal("Unlocked: Mei Lin")
	r.ok(err)
	if got := r.tallied(mei, "corp"); got != once {
		t.Errorf("of the unlock there is %+v, not %+v", got, once)
	}
	r.verified()
	r.clean()
}

// closeAbove closes what lies over the dialog.
func closeAbove(screen seat) error {
	for all := screen.Open(); len(all) > 1; all = screen.Open() {
		if err := all[len(all)-1].Close(); err != nil {
			return err
		}
	}
	return nil
}

// rights changes what the program's user may do, on every server that runs.
func (r *replicas) rights(rules ...any) {
	r.t.Helper()
	for _, n := range r.group.Nodes {
		if n.Running() {
			r.ok(r.group.Admin(r.t, n).Do(r.t.Context(), append([]any{"ACL", "SETUSER", r.group.Username}, rules...)...).Err())
		}
	}
}
