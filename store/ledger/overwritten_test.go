package ledger_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"latchkey/bot"
	"latchkey/servers"
)

// Plain addresses that are sealed, removed or delivered to are gone from the
// file and from the log beside it, while it is open too.
func TestOverwritten(t *testing.T) {
	servers.Used(t, "sqlite")
	file := filepath.Join(t.TempDir(), "latchkey.db")
	l := open(t, file)
	holds := func(want bool, texts ...string) {
		t.Helper()
		var all []byte
		for _, name := range []string{file, file + "-wal"} {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, raw...)
		}
		for _, text := range texts {
			if bytes.Contains(all, []byte(text)) != want {
				t.Errorf("the file or its log holds %s: %t", text, !want)
			}
		}
	}
	const sealed, removed, told = "sealed.mei@home.test", "removed.mei@home.test", "told.mei@home.test"
	mei := bot.AccountID{Store: "corp", GUID: "mei"}
	was := bot.Enrollment{ID: "e1", Account: mei, Type: bot.Email, Address: sealed}
	must(t, l.Enroll(t.Context(), was, record()))
	must(t, l.Enroll(t.Context(), bot.Enrollment{ID: "e2", Account: mei, Type: bot.Mobile, Address: removed}, record()))
	must(t, l.Append(t.Context(), record(), bot.Notice{ID: "n1", Kind: bot.NoticeTarget, To: told, Record: record()}))
	must(t, l.Overwritten(t.Context()))
	holds(true, sealed, removed, told)

	now := was
	now.Contact = []byte("a seal")
	if done, err := l.Reseal(t.Context(), was, now); err != nil || !done {
		t.Fatalf("%t, %v", done, err)
	}
	must(t, l.Unenroll(t.Context(), mei, []bot.Type{bot.Mobile}, record()))
	must(t, l.Done(t.Context(), "n1"))
	must(t, l.Overwritten(t.Context()))
	holds(false, sealed, removed, told)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
