package servers

import (
	"strconv"
	"testing"
)

// Standby starts a hot standby of this server, which follows it until the
// test's end. It refuses every write.
func (s *Postgres) Standby(tb testing.TB) *Postgres {
	tb.Helper()
	standby, err := newPostgres()
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := standby.discard(); err != nil {
			tb.Error(err)
		}
	})
	copier, err := findPostgres("pg_basebackup")
	if err == nil {
		err = standby.makeData(0)
	}
	if err == nil {
		err = standby.asItself(copier, "-h", s.Host, "-p", strconv.Itoa(postgresPort), "-U", s.Admin.Name, "-D", standby.data, "-R", "-X", "stream", "-c", "fast")
	}
	if err == nil {
		err = standby.configure(PostgresSpec{})
	}
	if err == nil {
		err = standby.run()
	}
	if err != nil {
		tb.Fatalf("starting a standby: %v\n%s", err, standby.Log())
	}
	return standby
}

// Promote makes a standby a server of its own, as a failover does, and returns
// when it takes writes.
func (s *Postgres) Promote(tb testing.TB) {
	tb.Helper()
	if err := s.do(s.address("postgres", s.Admin), "SELECT pg_promote(true, 30)"); err != nil {
		tb.Fatal(err)
	}
}
