package directory_test

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/directory"
	"latchkey/store/directory/conformance"
)

// What a search with thousands of hits may take. Most of the memory is the
// library's and is given back page by page.
const (
	answersWithin = 3 * time.Second // lock marks are looked at for 2 s at most; here with the race detector, beside other tests
	mostMemory    = 200 << 20
)

// Whatever limits an administrator has set, a search that hits everybody gives
// its first hits, says that there are more, and reads no more than it says.
func TestThousandsOfHits(t *testing.T) {
	const people, isLocked, stale, mostFound = 5000, 120, 3000, 500
	for limits, all := range map[string]bool{ // all: every mark of a lock can be read
		"size=500": true, "size=unlimited": true, "size=500 size.pr=100": true,
		"size=500 size.prtotal=disabled": false, "size=2000 size.prtotal=700": false, "size=20 size.prtotal=disabled": false,
	} {
		t.Run(limits, func(t *testing.T) {
			sl := slapd{servers.StartSlapd(t, servers.SlapdSpec{Limits: limits, Crowd: servers.Crowd{People: people, Locked: isLocked, Stale: stale}})}
			s := open(t, sl.Config())
			hits := timed(t, s, bot.Query{Text: "a", Limit: 10})
			if limits == "size=20 size.prtotal=disabled" {
				if hits.Total != 20 || !hits.Cut || len(hits.Accounts) != 10 {
					t.Errorf("total %d, cut %t, %d on the page", hits.Total, hits.Cut, len(hits.Accounts))
				}
				return
			}
			if hits.Total != mostFound || !hits.Cut || len(hits.Accounts) != 10 {
				t.Errorf("total %d, cut %t, %d on the page", hits.Total, hits.Cut, len(hits.Accounts))
			}
			if n, cut := everybody(t, s); n < mostFound || limits == "size=unlimited" && (n < people || cut) || n < people && !cut {
				t.Errorf("everybody: %d, cut %t", n, cut)
			}
			marked := timed(t, s, bot.Query{Locked: true, Limit: 500})
			wantLocked(t, marked)
			if all && (marked.Cut || marked.Total != isLocked) || !all && !marked.Cut {
				t.Errorf("of %d who are locked %d are told, cut %t", isLocked, marked.Total, marked.Cut)
			}
		})
	}
}

// everybody gives how many are looked at where everybody is asked for.
func everybody(t *testing.T, s *directory.Store) (n int, cut bool) {
	t.Helper()
	begun := time.Now()
	hits, err := s.Find(t.Context(), bot.Query{Everybody: true, Limit: 1, Only: func(_ context.Context, matched []bot.Account) (func(bot.AccountID) bool, error) {
		n = len(matched)
		return func(bot.AccountID) bool { return false }, nil
	}})
	if err != nil || len(hits.Accounts) > 0 {
		t.Fatalf("everybody: %v, %+v", err, hits)
	}
	t.Logf("everybody: %d in %s", n, time.Since(begun))
	return n, hits.Cut
}

// More old marks than are ever read: some who are locked, and the word that
// there are more.
func TestMoreOldMarksThanAreRead(t *testing.T) {
	sl := slapd{servers.StartSlapd(t, servers.SlapdSpec{Crowd: servers.Crowd{People: 12_500, Locked: 1250, Stale: 11_000}})}
	s := open(t, sl.Config())
	hits := timed(t, s, bot.Query{Locked: true, Limit: 500})
	wantLocked(t, hits)
	if !hits.Cut || hits.Total < 500 || len(hits.Accounts) != 500 {
		t.Errorf("total %d, cut %t, %d on the page", hits.Total, hits.Cut, len(hits.Accounts))
	}
	if n, cut := everybody(t, s); n < 12_500 || cut {
		t.Errorf("everybody: %d, cut %t", n, cut)
	}
	one := hits.Accounts[0]
	if hits = timed(t, s, bot.Query{Text: one.Login, Locked: true, Limit: 10}); hits.Cut || hits.Total != 1 {
		t.Errorf("one by name among the locked: total %d, cut %t", hits.Total, hits.Cut)
	}
}

func TestOldMarksInActiveDirectory(t *testing.T) {
	const stale = 620 // more than a page
	dc := samba{servers.StartSamba(t, servers.SambaSpec{})}
	under := dc.Inside(t)
	var ldif strings.Builder
	mark := 116444736000000000 + time.Now().Add(-50*time.Hour).UnixNano()/100
	for i := range stale {
		fmt.Fprintf(&ldif, "dn: CN=old%03[1]d,%[2]s\nobjectClass: user\nsAMAccountName: old%03[1]d\nlockoutTime: %[3]d\n\n", i, under, mark)
	}
	add := exec.Command("ldbadd", "-H", filepath.Join(dc.Dir, "private", "sam.ldb")) // over LDAP it takes seconds
	add.Stdin = strings.NewReader(ldif.String())
	if out, err := add.CombinedOutput(); err != nil {
		t.Fatalf("ldbadd: %v\n%s", err, out)
	}
	who := dc.Add(t, conformance.Person{Under: under})
	dc.Lock(t, who.DN)
	s := open(t, dc.Config())
	hits := timed(t, s, bot.Query{Locked: true, Limit: 10})
	wantLocked(t, hits)
	if hits.Cut || hits.Total != 1 || hits.Accounts[0].Login != who.Login {
		t.Errorf("among %d old marks: %+v", stale, hits)
	}
	hits = timed(t, s, bot.Query{Text: "old", Limit: 10})
	if !hits.Cut || hits.Total != 500 || len(hits.Accounts) != 10 {
		t.Errorf("total %d, cut %t, %d on the page", hits.Total, hits.Cut, len(hits.Accounts))
	}
}

// timed searches within those limits.
func timed(t *testing.T, s *directory.Store, q bot.Query) bot.Hits {
	t.Helper()
	if _, err := s.Find(context.Background(), bot.Query{Text: "nobody at all", Limit: 1}); err != nil { // it is connected
		t.Fatal(err)
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	hits, err := s.Find(context.Background(), q)
	took := time.Since(began)
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	memory := after.TotalAlloc - before.TotalAlloc
	t.Logf("searching %q, locked %t: %d ms, %d kB", q.Text, q.Locked, took.Milliseconds(), memory>>10)
	if took > answersWithin || memory > mostMemory {
		t.Errorf("searching %q, locked %t took %v and %d kB", q.Text, q.Locked, took, memory>>10)
	}
	return hits
}

func wantLocked(t *testing.T, hits bot.Hits) {
	t.Helper()
	newest := func(a, b bot.Account) int { return b.Lock.Since.Compare(a.Lock.Since) }
	if !slices.IsSortedFunc(hits.Accounts, newest) {
		t.Error("the newest lock is not the first")
	}
	for _, a := range hits.Accounts {
		if a.Lock.State != bot.Locked {
			t.Errorf("%s is among the locked and reads %s", a.Login, a.Lock.State)
		}
	}
}
