package e2e

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"latchkey/servers"
)

// Something is away: a clear message within 10 s, nothing half done, and it
// goes on without a restart.
func TestDirectoryAway(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.slapd = servers.StartSlapd(t, servers.SlapdSpec{})
	s.labOU, s.labURL = s.slapd.OwnOU(t, s.slapd.People), s.slapd.URL
	ulf := s.agent("Ulf", "unrestricted")
	tom := s.labUser("Tom", "Berg", "")
	s.serve()
	s.slapd.Lock(t, tom.dn)
	s.slapd.Pause(t)
	screen := s.as(ulf)
	begun := time.Now()
	s.ok(screen.Say("/unlock " + tom.login))
	page, err := screen.Modal("lab") // corp answers: nobody there, and lab is named as not searched
	s.ok(err)
	s.ok(page.Until("Not answering now"))
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("it took %s to say so", took)
	}
	s.slapd.Resume(t)
	s.ok(screen.Say("/unlock " + tom.login))
	page, err = screen.Modal("not enrolled")
	s.ok(err)
	s.slapd.Pause(t)
	begun = time.Now()
	s.ok(page.Tick(box(tom, "lab")))
	s.ok(page.Submit())
	page, err = screen.Within(15 * time.Second).Modal("does not answer")
	s.ok(err)
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("it took %s to say so", took)
	}
	s.slapd.Resume(t)
	s.ok(page.Click("Back to page Unlock"))
	page, err = screen.Modal("Accounts to unlock")
	s.ok(err)
	s.unlockOn(page, tom, "lab")
	_, err = screen.Modal("Unlocked: Tom Berg")
	s.ok(err)
	s.clean()
}

func TestRedisAway(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf := s.agent("Ulf", "unrestricted")
	mei := s.user("Mei", "Lin", "")
	s.serve()
	s.samba.Lock(t, mei.dn)
	s.redis.Pause(t)
	screen := s.as(ulf)
	begun := time.Now()
	s.ok(screen.Say("/unlock " + mei.login))
	_, err := screen.Room().Message()
	s.ok(err)
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("it took %s to say so", took)
	}
	s.redis.Resume(t)
	if !eventually(10*time.Second, s.bot.ready) {
		t.Fatal("the bot is not ready again")
	}
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("not enrolled")
	s.ok(err)
	s.redis.Kill(t)
	s.redis.Start(t) // without its data: the case is gone, and nobody is let in
	s.ok(page.Tick(box(mei, "corp")))
	s.ok(page.Submit())
	_, err = screen.Modal("ended")
	s.ok(err)
	if !s.lockedOut(mei) {
		t.Error("the account was unlocked")
	}
	s.ok(screen.Say("/unlock " + mei.login))
	page, err = screen.Modal("not enrolled")
	s.ok(err)
	s.unlockOn(page, mei, "corp")
	_, err = screen.Modal("Unlocked: Mei Lin")
	s.ok(err)
}

func TestMailServerAway(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.mail = servers.StartPostfix(t, servers.PostfixSpec{})
	dana := s.agent("Dana", "restricted")
	mei := s.user("Mei", "Lin", "")
	s.prepare()
	s.enroll("corp", mei, "email", "authenticator")
	s.start()
	s.samba.Lock(t, mei.dn)
	s.mail.Stop(t)
	screen := s.as(dana)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("2 more types")
	s.ok(err)
	s.ok(page.Click("Verify e-mail"))
	page, err = screen.Modal("A code goes to")
	s.ok(err)
	begun := time.Now()
	s.ok(page.Click("Send code"))
	page, err = screen.Modal("mail server")
	s.ok(err)
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("it took %s to say so", took)
	}
	s.mail.Start(t)
	s.ok(page.Click("Send code"))
	page, err = screen.Modal("A code was sent to")
	s.ok(err)
	s.ok(page.Type("Code", s.mailedCode(mei, 1)))
	s.ok(page.Submit())
	_, err = screen.Modal("Passed: e-mail")
	s.ok(err)
	s.clean()
}

// Somebody else holds the database: said within 10 s, nothing half done.
func TestDatabaseAway(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf := s.agent("Ulf", "unrestricted")
	mei := s.user("Mei", "Lin", "")
	s.serve()
	s.samba.Lock(t, mei.dn)
	screen := s.as(ulf)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("Accounts to unlock")
	s.ok(err)

	db, err := sql.Open("sqlite", filepath.Join(s.dir, "latchkey.db"))
	s.ok(err)
	t.Cleanup(func() { _ = db.Close() })
	held, err := db.Conn(t.Context())
	s.ok(err)
	_, err = held.ExecContext(t.Context(), "BEGIN EXCLUSIVE")
	s.ok(err)
	begun := time.Now()
	s.ok(page.Tick(box(mei, "corp")))
	s.ok(page.Submit())
	page, err = screen.Within(15*time.Second).Modal("database", "Nothing was changed")
	s.ok(err)
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("it took %s to say so", took)
	}
	if !s.samba.Locked(t, mei.dn) {
		t.Error("the directory was written to without a record")
	}
	_, err = held.ExecContext(t.Context(), "ROLLBACK")
	s.ok(err)
	s.ok(page.Click("Back to page Unlock"))
	page, err = screen.Modal("Accounts to unlock")
	s.ok(err)
	s.unlockOn(page, mei, "corp")
	_, err = screen.Modal("Unlocked: Mei Lin")
	s.ok(err)
	s.clean()
}
