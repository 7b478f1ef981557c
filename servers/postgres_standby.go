package servers

import (
	"bytes"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// Standby starts a hot standby of this server, which follows it until the
// test's end. It refuses every write, and no commit waits for it.
func (s *Postgres) Standby(tb testing.TB) *Postgres {
	tb.Helper()
	return s.standby(tb, "follower")
}

// SynchronousStandby starts a standby for which every commit of this server
// waits (synchronous_commit = on, synchronous_standby_names), as one has to be
// that may be promoted. It returns when it is in step. Where it is away, a
// commit does not come back.
func (s *Postgres) SynchronousStandby(tb testing.TB) *Postgres {
	tb.Helper()
	standby := s.standby(tb, "standby")
	s.Configure(tb, "synchronous_commit", "on")
	s.Configure(tb, "synchronous_standby_names", "standby")
	tb.Cleanup(func() { // before the standby goes: what is dropped later would wait for it
		if s.Running() {
			_ = s.do(s.address("postgres", s.Admin), "ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()")
		}
	})
	s.FollowedBy(tb, "sync")
	return standby
}

// standby starts one under a name, by which the server knows it.
func (s *Postgres) standby(tb testing.TB, name string) *Postgres {
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
		err = standby.configure(PostgresSpec{NoTLS: s.noTLS(), Settings: map[string]string{"cluster_name": name}})
	}
	if err == nil {
		err = standby.run()
	}
	if err != nil {
		tb.Fatalf("starting a standby: %v\n%s", err, standby.Log())
	}
	return standby
}

// FollowedBy waits until one standby alone follows the server, in a state as
// pg_stat_replication names it: "sync", "async"; "": until none does.
func (s *Postgres) FollowedBy(tb testing.TB, state string) {
	tb.Helper()
	db := openPostgres(tb, s.address("postgres", s.Admin))
	var has string
	for end := time.Now().Add(readyWithin); time.Now().Before(end); time.Sleep(pollEvery) {
		err := db.QueryRow("SELECT coalesce(string_agg(sync_state, ','), '') FROM pg_stat_replication").Scan(&has)
		if err == nil && has == state {
			return
		}
	}
	tb.Fatalf("who follows is %q and not %q after %v", has, state, readyWithin)
}

// Unfollow makes a standby receive no more from the server that it follows, as
// a network between them that is down; it still answers.
func (s *Postgres) Unfollow(tb testing.TB) {
	tb.Helper()
	s.Configure(tb, "primary_conninfo", "")
}

// Promote makes a standby a server of its own, as a failover does, and returns
// when it takes writes.
func (s *Postgres) Promote(tb testing.TB) {
	tb.Helper()
	if err := s.do(s.address("postgres", s.Admin), "SELECT pg_promote(true, 30)"); err != nil {
		tb.Fatal(err)
	}
}

// On gives the same database on a standby of its server alone.
func (d *PostgresDatabase) On(standby *Postgres) *PostgresDatabase {
	at := func(role PostgresRole) string { return d.within(standby.address(d.Name, role)) }
	return &PostgresDatabase{Name: d.Name, Schema: d.Schema, URL: at(standby.Server), OwnerURL: at(standby.Owner), AdminURL: at(standby.Admin), server: standby}
}

// OnEither gives the same database on its server and on a standby of that, as
// docs/administrator.md writes it: both hosts stand in each URL, and the one is
// taken that takes writes.
func (d *PostgresDatabase) OnEither(tb testing.TB, standby *Postgres) *PostgresDatabase {
	tb.Helper()
	authorities := filepath.Join(standby.Dir, "authorities.pem")
	if err := os.WriteFile(authorities, bytes.Join([][]byte{d.server.CA, standby.CA}, []byte("\n")), 0o644); err != nil {
		tb.Fatalf("writing the authorities of both servers: %v", err)
	}
	both := func(address string) string {
		u, err := url.Parse(address)
		if err != nil {
			tb.Fatal(err)
		}
		q := u.Query()
		q.Set("target_session_attrs", "read-write")
		if q.Has("sslrootcert") {
			q.Set("sslrootcert", authorities)
		}
		q.Set("host", d.server.Host+","+standby.Host) // of the same port, which stays before the path
		u.RawQuery = q.Encode()
		return u.String()
	}
	return &PostgresDatabase{Name: d.Name, Schema: d.Schema, URL: both(d.URL), OwnerURL: both(d.OwnerURL), AdminURL: both(d.AdminURL), server: d.server}
}
