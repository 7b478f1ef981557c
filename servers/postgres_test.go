package servers

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"
)

func TestPostgresKeepsWhatWasCommittedWhenItIsKilled(t *testing.T) {
	server := StartPostgres(t, PostgresSpec{})
	database := server.NewDatabase(t)
	db := database.Open(t)
	var encrypted bool
	if err := db.QueryRow("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").Scan(&encrypted); err != nil || !encrypted {
		t.Errorf("the connection is encrypted: %t, %v", encrypted, err)
	}
	if _, err := db.Exec("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)"); err != nil {
		t.Fatal(err)
	}
	server.Kill(t)
	if err := db.Ping(); err == nil {
		t.Fatal("it answers after it was killed")
	}
	server.Start(t)
	if n := number(t, db, "SELECT n FROM kept"); n != 7 {
		t.Fatalf("it kept %d", n)
	}
	server.KillBackend(t, number(t, db, "SELECT pg_backend_pid()"))
	server.WaitReady(t)
	server.Stop(t)
	server.Start(t)
	if n := number(t, database.Copy(t).Open(t), "SELECT 3"); n != 3 {
		t.Fatal("a copy cannot be read")
	}
}

func number(t *testing.T, db *sql.DB, query string) (n int) {
	t.Helper()
	if err := db.QueryRow(query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestPostgresStandbyFollowsAndIsPromoted(t *testing.T) {
	server := StartPostgres(t, PostgresSpec{NoTLS: true})
	standby := server.Standby(t)
	db := openPostgres(t, standby.address("postgres", standby.Admin))
	if _, err := db.Exec("CREATE TABLE refused (n int)"); err == nil || !strings.Contains(err.Error(), "25006") {
		t.Fatalf("a standby answers a write with %v", err)
	}
	server.Kill(t)
	standby.Promote(t)
	if _, err := db.Exec("CREATE TABLE taken (n int)"); err != nil {
		t.Fatal(err)
	}
}

func TestPostgresOnAFullDisk(t *testing.T) {
	server := StartPostgres(t, PostgresSpec{Disk: 100})
	db := server.NewDatabase(t).Open(t)
	const write = "INSERT INTO rows SELECT repeat(md5(random()::text), 100) FROM generate_series(1, 1000)"
	if _, err := db.Exec("CREATE TABLE rows (s text)"); err != nil {
		t.Fatal(err)
	}
	server.FillDisk(t, 64)
	if _, err := db.Exec(write); err == nil {
		t.Fatal("a full disk took it")
	}
	server.FreeDisk(t)
	server.WaitReady(t)
	server.Configure(t, "default_transaction_read_only", "on")
	if _, err := openPostgres(t, server.address("postgres", server.Admin)).Exec("CREATE TABLE refused (n int)"); err == nil || !strings.Contains(err.Error(), "25006") {
		t.Fatalf("read-only, it answers a write with %v", err)
	}
	server.Configure(t, "default_transaction_read_only", "off")
}

// What the primary has answered is on the standby that takes its place; and
// while the standby is away, the primary answers no commit.
func TestPostgresSynchronousStandbyLosesNothing(t *testing.T) {
	server := StartPostgres(t, PostgresSpec{})
	database := server.NewDatabase(t)
	standby := server.SynchronousStandby(t)
	either := database.OnEither(t, standby)
	db := either.Open(t)
	if _, err := db.Exec("CREATE TABLE kept (n int)"); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if _, err := db.Exec("INSERT INTO kept VALUES (1)"); err != nil {
			t.Fatal(err)
		}
	}
	server.Kill(t)
	standby.Promote(t)
	if n := number(t, either.Open(t), "SELECT count(*) FROM kept"); n != 20 {
		t.Errorf("%d of 20 were kept", n)
	}
	if n := number(t, database.On(standby).Open(t), "SELECT count(*) FROM kept"); n != 20 {
		t.Errorf("the standby by itself has %d of 20", n)
	}
}

func TestPostgresWaitsForItsSynchronousStandby(t *testing.T) {
	server := StartPostgres(t, PostgresSpec{NoTLS: true})
	standby := server.SynchronousStandby(t)
	db := openPostgres(t, server.address("postgres", server.Admin))
	if _, err := db.Exec("CREATE TABLE waits (n int)"); err != nil {
		t.Fatal(err)
	}
	standby.Unfollow(t)
	server.FollowedBy(t, "")
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := db.ExecContext(ctx, "INSERT INTO waits VALUES (1)"); err == nil {
		t.Error("a commit came back that no standby has")
	}
}

func TestPostgresAsynchronousStandbyForgets(t *testing.T) {
	server := StartPostgres(t, PostgresSpec{NoTLS: true})
	standby := server.Standby(t)
	server.FollowedBy(t, "async")
	db := openPostgres(t, server.address("postgres", server.Admin))
	if _, err := db.Exec("CREATE TABLE lost (n int)"); err != nil {
		t.Fatal(err)
	}
	after := openPostgres(t, standby.address("postgres", standby.Admin))
	for end := time.Now().Add(readyWithin); time.Now().Before(end) && number(t, after, "SELECT count(*) FROM pg_class WHERE relname = 'lost'") == 0; time.Sleep(pollEvery) {
	}
	standby.Unfollow(t)
	server.FollowedBy(t, "")
	if _, err := db.Exec("INSERT INTO lost VALUES (1)"); err != nil {
		t.Fatal(err)
	}
	server.Kill(t)
	standby.Promote(t)
	if n := number(t, after, "SELECT count(*) FROM lost"); n != 0 {
		t.Errorf("%d rows: this standby was synchronous", n)
	}
}
