package main

import (
	"bytes"
	"context"
	"encoding/base32"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/zap"

	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
	"latchkey/store/directory"
	"latchkey/store/ledger"
	"latchkey/store/vault"
)

// rows writes a file of the lines; \n, \xff and the like are what they are in Go.
func rows(ts *testscript.TestScript, _ bool, args []string) {
	var b strings.Builder
	for _, line := range args[1:] {
		text, err := strconv.Unquote(`"` + strings.ReplaceAll(line, `"`, `\"`) + `"`)
		ts.Check(err)
		b.WriteString(text + "\n")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(b.String()), 0o600))
}

// seeded demands that an account's kept seed is the one given, and that the
// database does not hold it in the open.
func seeded(ts *testscript.TestScript, _ bool, args []string) {
	seed, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(args[1])
	ts.Check(err)
	l, err := ledger.Open(context.Background(), ledger.Config{URL: "sqlite://" + ts.Getenv("DATABASE"), Now: time.Now, NewID: newID})
	ts.Check(err)
	defer func() { _ = l.Close() }()
	records, err := l.History(context.Background(), bot.HistoryQuery{Text: args[0], Limit: 1})
	ts.Check(err)
	kept, err := l.Enrollments(context.Background(), []bot.AccountID{records[0].Target.Account})
	ts.Check(err)
	v, err := vault.Open(ts.MkAbs("keys.json"), zap.NewNop())
	ts.Check(err)
	found := false
	for _, e := range kept {
		if e.Type == bot.Authenticator {
			plain, err := v.Open(e.Seed, "enrollments", e.ID, "seed")
			ts.Check(err)
			found = bytes.Equal(plain, seed)
		}
	}
	raw, err := os.ReadFile(ts.Getenv("DATABASE"))
	ts.Check(err)
	wal, _ := os.ReadFile(ts.Getenv("DATABASE") + "-wal") // there is none when all is folded in
	if raw = append(raw, wal...); !found || bytes.Contains(raw, seed) || bytes.Contains(raw, []byte(args[1])) {
		ts.Fatalf("the seed of %s is not kept, or not sealed", args[0])
	}
}

// A seed in the column of the user, which is nobody's login name, is not told.
func TestImportOfASeedInThePlaceOfTheUser(t *testing.T) {
	for user, told := range map[string]bool{"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ": false, "gezd gnbv gy3t qojq": false, "mei": true, "mei.lin": true} {
		i := &importing{file: "f"}
		i.found(&importRow{line: 2, user: user, store: "corp", kind: bot.Email}, directory.Match{Err: bot.E(bot.NotFound, "", nil)})
		if said := i.faults.Error(); strings.Contains(said, user) != told || !strings.Contains(said, "is nobody's login name in corp") {
			t.Errorf("%q: %s", user, said)
		}
	}
}

// What is told of a file has a bound, also where no line of it is CSV.
func TestImportOfLinesThatAreNoCSV(t *testing.T) {
	i := &importing{cfg: &config.Config{}, file: "f", rows: make([]importRow, maxImportRows-2, maxImportRows)} // two more are taken
	i.readRows(strings.NewReader("store,user,type,value\n" + strings.Repeat("a\"\n", 9)))
	last := i.faults[len(i.faults)-1]
	if len(i.faults) != 3 || last.Line != 4 || !strings.Contains(last.What, "is one more than") {
		t.Errorf("%d faults, the last one %v", len(i.faults), last)
	}
}

var dialled = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// What stands in a file is either read as it is or told with its line, and
// neither a value nor what stands in the place of one is told.
func FuzzImport(f *testing.F) {
	const seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	for _, s := range []string{"", "store,user,type,value\n", "\xef\xbb\xbfstore,user,type,value\r\ncorp,mei,email,\r\n",
		"store,user,type,value\ncorp,mei,authenticator," + seed, "store,user,type,value\ncorp,\"mei\n\",email,\"", "store,user,type,value\n" + seed + "," + seed + "," + seed + "," + seed,
		"store,user,type,value\ncorp,mei,mobile,+4915123456789\ncorp,kai,mobile,+1+1\ncorp,lee,mobile,\"+cmd|' /C calc'!A0\"", "store,user,type,value\ncorp,mei,email," + seed + "\n\n,,,\n=,+,-,@\n"} {
		f.Add(s)
	}
	cfg := &config.Config{Stores: []config.IdentityStore{{Name: "corp", AuthenticationTypes: []bot.Type{bot.Email, bot.Mobile, bot.Authenticator}}}}
	f.Fuzz(func(t *testing.T, text string) {
		i := &importing{cfg: cfg, file: "f"}
		i.readRows(strings.NewReader(text))
		at := make(map[int]bool)
		for _, fault := range i.faults {
			at[fault.Line] = true
			if said := fault.Error(); strings.Contains(said, seed) || fault.Line < 1 || fault.Line > strings.Count(text, "\n")+1 {
				t.Errorf("a fault says %q", said)
			}
		}
		if len(i.rows) == 0 && len(i.faults) == 0 {
			t.Error("nothing was read and nothing is wrong")
		}
		for _, r := range i.rows {
			if r.store == "" {
				if !at[r.line] {
					t.Errorf("line %d is left out and nothing is said", r.line)
				}
				continue
			}
			sound := r.kind == bot.Email && len(r.seed) == 0 && (r.address == "" || mailAddress(r.address)) ||
				r.kind == bot.Mobile && len(r.seed) == 0 && (r.address == "" || dialled.MatchString(r.address)) ||
				r.kind == bot.Authenticator && r.address == "" && len(r.seed) >= shortestSeed && len(r.seed) <= longestSeed
			if !sound || r.store != "corp" || plain(r.user) != r.user || r.user == "" || at[r.line] {
				t.Errorf("line %d was taken: %+v", r.line, r)
			}
		}
	})
}
