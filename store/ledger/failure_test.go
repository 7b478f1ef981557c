package ledger_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/ledger"
)

// plain fails the test unless the error is of the kind, says what to do, and
// says nothing of the database's inside.
func plain(t *testing.T, err error, kind bot.Kind, advice string) {
	t.Helper()
	text := bot.TextOf(err)
	if bot.KindOf(err) != kind || !strings.Contains(text, advice) {
		t.Fatalf("want %s that says %q, got %s %q: %v", kind, advice, bot.KindOf(err), text, err)
	}
	for _, inner := range []string{"SQL", "SELECT", "INSERT", "constraint", "history.", "/"} {
		if strings.Contains(text, inner) {
			t.Errorf("the text for people holds %q: %q", inner, text)
		}
	}
}

func TestOpenSaysWhatIsWrongWithTheURL(t *testing.T) {
	for url, advice := range map[string]string{
		"":                         "begins with neither",
		"/var/lib/latchkey.db":     "begins with neither",
		"mysql://db/latchkey":      "begins with neither",
		"sqlite://latchkey.db":     "three slashes",
		"sqlite:latchkey.db":       "three slashes",
		"sqlite:///":               "three slashes",
		"sqlite:///var/lib/":       "three slashes",
		"sqlite:///x.db?_pragma=x": "nothing else",
		"sqlite:///x.db#y":         "nothing else",
		"sqlite://%zz":             "cannot be read",
	} {
		c := config("")
		c.URL = url
		_, err := ledger.Open(t.Context(), c)
		if bot.KindOf(err) != bot.Invalid || !strings.Contains(bot.TextOf(err), advice) {
			t.Errorf("%q: %v", url, err)
		}
	}
}

func TestOpenAFolderThatIsNotThere(t *testing.T) {
	_, err := ledger.Open(t.Context(), config(filepath.Join(t.TempDir(), "gone", "latchkey.db")))
	plain(t, err, bot.Unavailable, "folder exists")
	_, err = ledger.Open(t.Context(), config(t.TempDir()))
	plain(t, err, bot.Unavailable, "cannot be opened")
}

func TestOpenWhatIsNoDatabase(t *testing.T) {
	servers.Used(t, "sqlite")
	file := filepath.Join(t.TempDir(), "latchkey.db")
	if err := os.WriteFile(file, []byte(strings.Repeat("not a database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := ledger.Open(t.Context(), config(file))
	plain(t, err, bot.Unavailable, "Restore it")
}

func TestOpenKeepsOthersOut(t *testing.T) {
	servers.Used(t, "sqlite")
	file := filepath.Join(t.TempDir(), "odd name %20 ?#.db") // a path is a path, whatever it holds
	c := config("")
	c.URL = "sqlite://" + strings.NewReplacer(" ", "%20", "%", "%25", "?", "%3F", "#", "%23").Replace(file)
	l, err := ledger.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // nothing is lost with it
	fill(t, l, 1)
	for _, name := range []string{file, file + "-wal", file + "-shm"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s is %s", name, info.Mode())
		}
	}
}

func TestOpenRefusesANewerSchema(t *testing.T) {
	onBoth(t, func(t *testing.T, at place) {
		fill(t, at.open(t), 1)
		do(t, at.raw(t), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, '1')")
		_, err := ledger.Open(t.Context(), at.Config)
		plain(t, err, bot.Conflict, "newer Latchkey: it has schema 9999")
		_, _, err = ledger.Migrate(t.Context(), at.Config)
		plain(t, err, bot.Conflict, "newer Latchkey: it has schema 9999")
	})
}

func TestOpenAgainKeepsWhatIsThere(t *testing.T) {
	onBoth(t, keepsWhatIsThere)
}

func keepsWhatIsThere(t *testing.T, at place) {
	l := at.open(t)
	fill(t, l, 3)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	plain(t, l.Append(t.Context(), record()), bot.Unavailable, "")
	again := at.open(t)
	if err := again.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if result, err := again.Verify(t.Context()); err != nil || result.Rows != 3 || result.Fault != nil {
		t.Fatalf("%+v, %v", result, err)
	}
}

func TestAnotherProgramHoldsTheDatabase(t *testing.T) {
	onBoth(t, func(t *testing.T, at place) {
		l := at.open(t)
		fill(t, l, 1)
		other, err := at.raw(t).Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close() //nolint:errcheck // the test is over
		hold := []string{"BEGIN IMMEDIATE"}
		if at.driver == "pgx" {
			hold = []string{"BEGIN", "SELECT * FROM history_head FOR UPDATE"}
		}
		for _, s := range hold {
			if _, err := other.ExecContext(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
		heldByAnother(t, l, other)
	})
}

func heldByAnother(t *testing.T, l *ledger.Ledger, other *sql.Conn) {
	if result, err := l.Verify(t.Context()); err != nil || result.Rows != 1 {
		t.Errorf("reading goes on meanwhile: %+v, %v", result, err)
	}
	began := time.Now()
	plain(t, l.Append(t.Context(), record()), bot.Unavailable, "holds it")
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s to say so", took)
	}
	hurried, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	plain(t, l.Append(hurried, record()), bot.Unavailable, "did not answer in time")
	plain(t, l.Check(hurried), bot.Unavailable, "did not answer in time")
	if _, err := other.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	fill(t, l, 1) // without a restart
	if result, err := l.Verify(t.Context()); err != nil || result.Rows != 2 || result.Fault != nil {
		t.Fatalf("%+v, %v", result, err)
	}
}

// fillUp writes until the process may not make its files larger.
func fillUp(ctx context.Context, l *ledger.Ledger) error {
	limit := syscall.Rlimit{Cur: 600_000, Max: 600_000}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	for {
		if err := unlockOnce(ctx, l); err != nil {
			plan := bot.KindOf(err)
			fmt.Printf("%s %s\n", plan, bot.TextOf(err))
			if _, err := l.Verify(ctx); err != nil {
				fmt.Println("reading fails too:", err)
			}
			return nil
		}
	}
}

func TestTheDiskTakesNoMore(t *testing.T) {
	servers.Used(t, "sqlite")
	file := filepath.Join(t.TempDir(), "latchkey.db")
	got := lines(t, 1, "fill", inFile(file), "")
	for line := range got {
		if len(got) != 1 || !strings.HasPrefix(line, "unavailable The disk of the database") {
			t.Errorf("printed %v", got)
		}
	}
	if len(got) == 0 {
		t.Error("nothing was printed")
	}
	whole(t, inFile(file))
}
