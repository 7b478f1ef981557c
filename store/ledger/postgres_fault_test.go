package ledger_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/ledger"
)

// A commit that is not answered is told so, whether it was done or not, and
// what is on record tells the truth.
func TestACommitThatIsNotAnswered(t *testing.T) {
	for name, done := range map[string]bool{"the server never got it": false, "the answer never came": true} {
		t.Run(name, func(t *testing.T) {
			server := servers.SharedPostgres(t)
			at := onServer(t, server)
			way := newLine(t, server.Addr)
			at.URL = strings.NewReplacer(server.Addr, way.Addr().String(), "verify-full", "disable").Replace(at.URL)
			l := at.open(t)
			fill(t, l, 2)
			way.cut("commit\x00", done)
			r := record()
			err := l.Append(t.Context(), r, bot.Notice{ID: r.ID, Kind: bot.NoticeAudit, Record: r})
			plain(t, err, bot.Unavailable, "did not say whether it has written this")
			fill(t, l, 1) // without opening it again
			if onRecord(t, l)[r.ID] != done {
				t.Errorf("on record: %t", !done)
			}
			due, err := l.Due(t.Context(), time.Now(), 10, time.Minute)
			if err != nil || len(due) == 1 != done {
				t.Errorf("%d notices, %v", len(due), err)
			}
			unbroken(t, l)
		})
	}
}

// The server is killed while it commits: the record is on its disk, and the
// commit waits for a standby that is not there.
func TestTheServerIsKilledInACommit(t *testing.T) {
	server := servers.StartPostgres(t, servers.PostgresSpec{})
	at := onServer(t, server)
	l := at.open(t)
	fill(t, l, 1)
	admin := at.raw(t)
	server.Configure(t, "synchronous_standby_names", "nobody")
	r := record()
	failed := make(chan error, 1)
	go func() { failed <- l.Append(t.Context(), r) }()
	within(t, func() bool {
		return value(t, admin, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") == "1"
	})
	server.Kill(t)
	plain(t, <-failed, bot.Unavailable, "did not say whether it has written this")
	plain(t, l.Append(t.Context(), record()), bot.Unavailable, "")
	server.Start(t)
	server.Configure(t, "synchronous_standby_names", "")
	fill(t, l, 1) // without opening it again
	if kept := onRecord(t, l); !kept[r.ID] || len(kept) != 3 {
		t.Errorf("%d on record, the one in question: %t", len(kept), kept[r.ID])
	}
	unbroken(t, l)
}

// A connection that ends between two statements takes the first along.
func TestAConnectionIsLostBetweenStatements(t *testing.T) {
	at := onServer(t, servers.SharedPostgres(t))
	l := at.open(t)
	admin := at.raw(t)
	enrolling := func() ledger.Enrolling {
		return ledger.Enrolling{Record: record(), Enrollment: bot.Enrollment{ID: rand.Text(), Type: bot.Email, Address: "mei@example.com",
			Account: bot.AccountID{Store: "corp", GUID: rand.Text()}}}
	}
	n, err := l.EnrollAll(t.Context(), func(yield func(ledger.Enrolling, error) bool) {
		if !yield(enrolling(), nil) {
			return
		}
		do(t, admin, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'")
		yield(enrolling(), nil)
	})
	if bot.KindOf(err) != bot.Unavailable || n != 0 {
		t.Fatalf("%d, %v", n, err)
	}
	if bot.TextOf(err) == "" {
		t.Errorf("it says nothing: %v", err)
	}
	if has := value(t, admin, "SELECT count(*) FROM enrollments"); has != "0" {
		t.Errorf("%s enrollments are left", has)
	}
	fill(t, l, 1)
}

// A replica that hangs in the middle of a transaction is put out by the server,
// and the others go on.
func TestAReplicaHangsInATransaction(t *testing.T) {
	at := onServer(t, servers.SharedPostgres(t))
	hung, other, admin := at.open(t), at.open(t), at.raw(t)
	_, err := hung.EnrollAll(t.Context(), func(yield func(ledger.Enrolling, error) bool) {
		plain(t, other.Append(t.Context(), record()), bot.Unavailable, "holds it")
		within(t, func() bool {
			return value(t, admin, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'") == "0"
		})
		fill(t, other, 1)
		yield(ledger.Enrolling{Record: record(), Enrollment: bot.Enrollment{ID: rand.Text(), Type: bot.Email,
			Account: bot.AccountID{Store: "corp", GUID: rand.Text()}}}, nil)
	})
	if bot.KindOf(err) != bot.Unavailable {
		t.Errorf("the one that hung: %v", err)
	}
	if kept := onRecord(t, other); len(kept) != 1 {
		t.Errorf("%d records", len(kept))
	}
}

// The server goes and comes back, in order or not; nobody has to open anything again.
func TestTheServerIsRestarted(t *testing.T) {
	server := servers.StartPostgres(t, servers.PostgresSpec{})
	at := onServer(t, server)
	l := at.open(t)
	for round, stop := range []func(testing.TB){server.Stop, server.Kill} {
		busy(t, l)
		stop(t)
		began := time.Now()
		err := l.Check(t.Context())
		if bot.KindOf(err) != bot.Unavailable || bot.TextOf(err) == "" || time.Since(began) > 10*time.Second {
			t.Fatalf("after %s: %v", time.Since(began), err)
		}
		server.Start(t)
		fill(t, l, 1)
		if _, err := l.History(t.Context(), bot.HistoryQuery{Limit: 1}); err != nil {
			t.Error(err)
		}
		t.Logf("round %d is over", round)
	}
	busy(t, l)
	server.KillBackend(t, atoi(t, value(t, at.raw(t), "SELECT min(pid) FROM pg_stat_activity WHERE application_name = 'latchkey'")))
	server.WaitReady(t)
	fill(t, l, 1)
	unbroken(t, l)
}

func unbroken(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	if result, err := l.Verify(t.Context()); err != nil || result.Fault != nil {
		t.Errorf("%+v, %v", result, err)
	}
}

// busy opens all the connections that a ledger may have.
func busy(t *testing.T, l *ledger.Ledger) {
	t.Helper()
	done := make(chan error)
	for range 20 {
		go func() {
			if _, err := l.History(t.Context(), bot.HistoryQuery{Limit: 1}); err != nil {
				done <- err
				return
			}
			done <- l.Append(t.Context(), record())
		}()
	}
	for range 20 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestTheServerHangs(t *testing.T) {
	server := servers.StartPostgres(t, servers.PostgresSpec{})
	l := onServer(t, server).open(t)
	fill(t, l, 1)
	server.Pause(t)
	defer server.Resume(t)
	began := time.Now()
	plain(t, l.Append(t.Context(), record()), bot.Unavailable, "did not answer in time")
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s to say so", took)
	}
	server.Resume(t)
	fill(t, l, 1)
}

func TestTheServerTakesNoWrites(t *testing.T) {
	server := servers.StartPostgres(t, servers.PostgresSpec{})
	at := onServer(t, server)
	l := at.open(t)
	fill(t, l, 1)
	server.Configure(t, "default_transaction_read_only", "on")
	plain(t, l.Append(t.Context(), record()), bot.Unavailable, "takes no writes")
	plain(t, l.Check(t.Context()), bot.Unavailable, "set read-only")
	if len(onRecord(t, l)) != 1 {
		t.Error("reading goes on")
	}
	_, err := ledger.Open(t.Context(), at.Config)
	plain(t, err, bot.Unavailable, "set read-only")
	server.Configure(t, "default_transaction_read_only", "off")
	fill(t, l, 1)

	standby := server.Standby(t)
	there := at
	there.URL, there.OwnerURL = strings.Replace(at.URL, server.Addr, standby.Addr, 1), strings.Replace(at.OwnerURL, server.Addr, standby.Addr, 1)
	there.URL = strings.Replace(there.URL, escaped(server.CAFile), escaped(standby.CAFile), 1)
	within(t, func() bool { // it follows a moment later
		_, err = ledger.Open(t.Context(), there.Config)
		return strings.Contains(bot.TextOf(err), "is a standby")
	})
	plain(t, err, bot.Unavailable, "is a standby: it takes no writes until it is promoted")
	found := fmt.Sprint(l.Findings(t.Context(), time.Now))
	if !strings.Contains(found, "synchronous_standby_names is empty") {
		t.Errorf("check says %s", found)
	}
	server.Configure(t, "synchronous_standby_names", "*")
	fill(t, l, 3)
	server.Kill(t)
	standby.Promote(t)
	if result, err := there.open(t).Verify(t.Context()); err != nil || result.Rows != 5 || result.Fault != nil {
		t.Errorf("after the failover: %+v, %v", result, err)
	}
}

func TestTheDiskOfTheServerTakesNoMore(t *testing.T) {
	server := servers.StartPostgres(t, servers.PostgresSpec{Disk: 150})
	at := onServer(t, server)
	l := at.open(t)
	for range 2 {
		if err := unlockOnce(t.Context(), l); err != nil {
			t.Fatal(err)
		}
		server.FillDisk(t, 128)
		var err error
		for n := 0; err == nil && n < 2000; n++ {
			err = unlockOnce(t.Context(), l)
		}
		plain(t, err, bot.Unavailable, "The disk of the database is full")
		unbroken(t, l) // reading goes on
		server.FreeDisk(t)
		whole(t, at)
	}
	if err := unlockOnce(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	whole(t, at)
}

func TestCommitsThatDoNotWaitForTheDiskAreRefused(t *testing.T) {
	server := servers.StartPostgres(t, servers.PostgresSpec{})
	at := onServer(t, server)
	l := at.open(t)
	fill(t, l, 1)
	server.Configure(t, "synchronous_commit", "off")
	plain(t, l.Append(t.Context(), record()), bot.Invalid, "synchronous_commit = off")
	_, err := ledger.Open(t.Context(), at.Config)
	plain(t, err, bot.Invalid, "synchronous_commit = off")
	server.Configure(t, "synchronous_commit", "on")
	fill(t, l, 1)
	for setting, says := range map[string]string{"fsync": "fsync is off", "full_page_writes": "full_page_writes is off"} {
		server.Configure(t, setting, "off")
		if found := fmt.Sprint(l.Findings(t.Context(), time.Now)); !strings.Contains(found, says) {
			t.Errorf("check says %s", found)
		}
		server.Configure(t, setting, "on")
	}
	later := func() time.Time { return time.Now().Add(time.Minute) }
	if found := fmt.Sprint(l.Findings(t.Context(), later)); !strings.Contains(found, "clock and this machine's differ by 1m") {
		t.Errorf("check says %s", found)
	}
}

// within fails the test unless something becomes so soon.
func within(t *testing.T, so func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-ctx.Done():
			t.Fatal("it did not come to that")
		case <-tick.C:
		}
	}
}

func escaped(file string) string { return strings.ReplaceAll(file, "/", "%2F") }

func atoi(t *testing.T, s string) (n int) {
	t.Helper()
	if _, err := fmt.Sscan(s, &n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Two hosts in one URL: work goes on with whichever takes writes.
func TestAFailoverToTheOtherHost(t *testing.T) {
	server := servers.StartPostgres(t, servers.PostgresSpec{NoTLS: true})
	at := onServer(t, server)
	standby := server.Standby(t)
	hosts := standby.Host + "," + server.Host // the standby first: it takes no writes yet
	at.URL += "&target_session_attrs=read-write&host=" + hosts
	alone := at
	alone.URL += "," + standby.Host
	alone.URL = strings.Replace(alone.URL, "&host="+hosts+",", "&host="+standby.Host+",", 1)
	_, err := ledger.Open(t.Context(), ledger.Config{URL: alone.URL, NewID: rand.Text})
	plain(t, err, bot.Unavailable, "No host of the database URL takes writes")
	l := at.open(t)
	fill(t, l, 2)
	server.Configure(t, "synchronous_standby_names", "*")
	fill(t, l, 2)
	server.Kill(t)
	if err := l.Append(t.Context(), record()); bot.KindOf(err) != bot.Unavailable {
		t.Errorf("while nobody takes writes: %v", err)
	}
	standby.Promote(t)
	fill(t, l, 1) // without opening it again
	if kept := onRecord(t, l); len(kept) != 5 {
		t.Errorf("%d records", len(kept))
	}
	unbroken(t, l)
}
