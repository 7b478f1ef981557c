package ledger

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/servers"
)

func openInside(t *testing.T, file string) *Ledger {
	t.Helper()
	l, err := Open(t.Context(), Config{URL: "sqlite://" + file, Now: time.Now, NewID: rand.Text})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// A full database answers SQLITE_FULL; a page limit brings it about anywhere.
func TestFullDatabase(t *testing.T) {
	servers.Used(t, "sqlite")
	l := openInside(t, filepath.Join(t.TempDir(), "latchkey.db"))
	if _, err := l.writer.ExecContext(t.Context(), "PRAGMA max_page_count = 1"); err != nil { // no page more than there are
		t.Fatal(err)
	}
	var err error
	rows := int64(-1)
	for err == nil {
		rows++
		err = l.Append(t.Context(), bot.Record{Detail: strings.Repeat("x", 1000)})
	}
	if bot.KindOf(err) != bot.Unavailable || !strings.Contains(bot.TextOf(err), "full") {
		t.Fatalf("a full database says %v", err)
	}
	if _, err := l.writer.ExecContext(t.Context(), "PRAGMA max_page_count = 100000"); err != nil {
		t.Fatal(err)
	}
	if err := l.Append(t.Context(), bot.Record{}); err != nil {
		t.Fatal(err)
	}
	result, err := l.Verify(t.Context())
	if err != nil || result.Fault != nil || result.Rows != rows+1 {
		t.Fatalf("%d rows were written: %+v, %v", rows+1, result, err)
	}
}

func TestReadOnlyDatabase(t *testing.T) {
	servers.Used(t, "sqlite")
	file := filepath.Join(t.TempDir(), "latchkey.db")
	l := openInside(t, file)
	if err := l.Append(t.Context(), bot.Record{}); err != nil {
		t.Fatal(err)
	}
	if err := l.writer.Close(); err != nil {
		t.Fatal(err)
	}
	if err := l.connectWriter(file, url.Values{"mode": {"ro"}}); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{l.Append(t.Context(), bot.Record{}), l.Check(t.Context())} {
		if bot.KindOf(err) != bot.Unavailable || !strings.Contains(bot.TextOf(err), "cannot be written") {
			t.Errorf("a read-only database says %v", err)
		}
	}
	if got, err := l.History(t.Context(), bot.HistoryQuery{Limit: 10}); err != nil || len(got) != 1 {
		t.Errorf("reading goes on: %d records, %v", len(got), err)
	}
}

// The form of a row in the chain is fixed: this hash was computed from the
// comment of digest by another program, and must never change for format 1.
func TestCanonicalFormIsFixed(t *testing.T) {
	r := bot.Record{Seq: 7, ID: "id-1", Operation: "op-1", Session: "s-1", At: time.UnixMicro(1795426200123456),
		Action: bot.ActionUnlock, Status: bot.StatusSuccess, Why: bot.TargetGone, Detail: "détail", Types: []bot.Type{bot.Email, bot.Authenticator},
		Actor:  bot.Party{Kind: bot.ActorAgent, Account: bot.AccountID{Store: "corp", GUID: "g1"}, Login: "dana", Name: "Dana Reyes", Chat: "slack:T1:U1"},
		Target: bot.Party{Kind: bot.ActorEndUser, Account: bot.AccountID{Store: "corp", GUID: "g2"}, Login: "mei", Name: "Mei Lin", Chat: ""},
		Store:  "corp", Client: bot.ClientSlack, Helpdesk: true, Workspace: "T1", Address: "192.0.2.7", Mode: bot.RestrictedMode,
		Reason: "on the phone", Ticket: "INC-1"}
	got := hex.EncodeToString(digest(rowOf(r), 1, make([]byte, 32)))
	if got != "eb06e8fede3f9879d0d44508846f0c0a88733a277cbf5defd327f0a5021e5cd4" {
		t.Errorf("the hash is %s", got)
	}
}

// A transaction that collided is run again from its start, and not for ever.
func TestCollisionsAreRunAgain(t *testing.T) {
	d := servers.SharedPostgres(t).NewDatabase(t)
	l, err := Open(t.Context(), Config{URL: d.OwnerURL, NewID: rand.Text})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // nothing is lost with it
	for code, want := range map[string]int{"40001": attempts, "40P01": attempts, "23505": 1} {
		runs := 0
		err := l.write(t.Context(), "collide", func(ctx context.Context, tx *transaction) error {
			runs++
			_, err := tx.exec(ctx, `DO 'BEGIN RAISE EXCEPTION USING ERRCODE = ''`+code+`''; END'`)
			return err
		})
		if runs != want || code[:2] == "40" && bot.KindOf(err) != bot.Unavailable {
			t.Errorf("%s: run %d times, %v", code, runs, err)
		}
	}
	runs := 0
	if err := l.write(t.Context(), "collide once", func(ctx context.Context, tx *transaction) error {
		if runs++; runs == 1 {
			_, err := tx.exec(ctx, `DO 'BEGIN RAISE EXCEPTION USING ERRCODE = ''40P01''; END'`)
			return err
		}
		_, err := l.append(ctx, tx, bot.Record{})
		return err
	}); err != nil || runs != 2 {
		t.Errorf("run %d times, %v", runs, err)
	}
	if result, err := l.Verify(t.Context()); err != nil || result.Rows != 1 || result.Fault != nil {
		t.Errorf("%+v, %v", result, err)
	}
}

func TestStatementsAreNumbered(t *testing.T) {
	for in, want := range map[string]string{
		"SELECT 1": "SELECT 1", "?": "$1", "a = ? AND b IN (?, ?)": "a = $1 AND b IN ($2, $3)",
		"?1 = ?2 OR ?1 = ?10": "$1 = $2 OR $1 = $10", "LIMIT ?": "LIMIT $1",
	} {
		if got := (postgresEngine{}).statement(in); got != want {
			t.Errorf("%q becomes %q", in, got)
		}
	}
}
