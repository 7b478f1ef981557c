package ledger_test

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/ledger"
)

func TestOneServesTheDatabase(t *testing.T) {
	servers.Used(t, "sqlite")
	file := filepath.Join(t.TempDir(), "latchkey.db")
	serving := config(file)
	serving.Serve = true
	first, err := ledger.Open(t.Context(), serving)
	if err != nil {
		t.Fatal(err)
	}
	_, err = ledger.Open(t.Context(), serving)
	plain(t, err, bot.Conflict, "Another latchkey serves this database already")
	fill(t, open(t, file), 1) // a command beside it
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := ledger.Open(t.Context(), serving)
	if err != nil {
		t.Fatal(err)
	}
	_ = again.Close()
}

// What root makes belongs to whom the folder belongs. Who is not root makes
// files of its own, in a folder of its own: the same holds.
func TestNewFilesBelongToTheOwnerOfTheFolder(t *testing.T) {
	servers.Used(t, "sqlite")
	folder, owner := t.TempDir(), os.Geteuid()
	if owner == 0 {
		owner = 65534
		if err := os.Chown(folder, owner, owner); err != nil {
			t.Fatal(err)
		}
	}
	c := config(filepath.Join(folder, "latchkey.db"))
	c.Serve = true
	l, err := ledger.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // nothing is lost with it
	fill(t, l, 1)
	names, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(names) < 4 {
		t.Fatalf("%v, %v", names, err)
	}
	for _, name := range names {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if has := int(info.Sys().(*syscall.Stat_t).Uid); has != owner {
			t.Errorf("%s belongs to %d, not %d", filepath.Base(name), has, owner)
		}
	}
}

func TestSealed(t *testing.T) {
	servers.Used(t, "sqlite")
	l := open(t, filepath.Join(t.TempDir(), "latchkey.db"))
	want := func(ids ...string) {
		t.Helper()
		found, err := l.Sealed(t.Context())
		if err != nil || len(found) != len(ids) {
			t.Fatalf("%v, %v", found, err)
		}
		for i := range ids {
			if found[i].ID != ids[i] {
				t.Errorf("%d is %s, not %s", i, found[i].ID, ids[i])
			}
		}
	}
	begin := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	enroll := func(id string, kind bot.Type, seed []byte, day int) {
		t.Helper()
		e := bot.Enrollment{ID: id, Account: bot.AccountID{Store: "corp", GUID: rand.Text()}, Type: kind, Seed: seed, Since: begin.AddDate(0, 0, day)}
		if err := l.Enroll(t.Context(), e, record()); err != nil {
			t.Fatal(err)
		}
	}
	enroll("mail", bot.Email, nil, 0)
	want()
	enroll("second", bot.Authenticator, []byte("2"), 2)
	want("second")
	enroll("first", bot.Authenticator, []byte("1"), 1)
	enroll("third", bot.Authenticator, []byte("3"), 3)
	want("first", "third")

	contact := bot.Enrollment{ID: "contact", Account: bot.AccountID{Store: "corp", GUID: rand.Text()}, Type: bot.Mobile, Contact: []byte("4"), Since: begin.AddDate(0, 0, 4)}
	asked := bot.Enrollment{ID: "questions", Account: bot.AccountID{Store: "corp", GUID: rand.Text()}, Type: bot.SecurityQuestions, Since: begin.AddDate(0, 0, -1),
		Answers: []bot.Answer{{ID: "one", Question: []byte("5"), Hash: []byte("6")}}}
	for _, e := range []bot.Enrollment{contact, asked} {
		if err := l.Enroll(t.Context(), e, record()); err != nil {
			t.Fatal(err)
		}
	}
	want("questions", "contact")
	if found, err := l.Sealed(t.Context()); err != nil || len(found[0].Answers) != 1 {
		t.Errorf("the questions are not given: %v, %v", found, err)
	}
}
