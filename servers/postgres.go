package servers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

const postgresPort = 5433

// PostgresSpec says what differs from the usual.
type PostgresSpec struct {
	// NoTLS leaves the server without a certificate.
	NoTLS bool
	// Disk is the size, in MiB, of a file system of its own for the data; 0:
	// the data lie in the private folder. It takes root. 100 is enough to start.
	Disk int
	// Settings are lines of postgresql.conf.
	Settings map[string]string
}

// PostgresRole is somebody who may log in.
type PostgresRole struct{ Name, Password string }

// Postgres is a PostgreSQL server with three roles: a superuser, the owner of
// the databases, and one that serves and is given nothing but by the owner.
// Every commit is on the disk, as in earnest (fsync is on).
type Postgres struct {
	*Process
	Trust
	// Addr is host:port; it takes TLS and plain connections, all with a password.
	Addr string
	// Admin may do anything, Owner owns every database, Server serves.
	Admin, Owner, Server PostgresRole

	data    string
	mounted bool
	ballast string

	common   sync.Once // makes the database of NewSchema
	uncommon error     // why that failed
}

// StartPostgres starts a PostgreSQL for this test alone, in about two seconds.
func StartPostgres(tb testing.TB, spec PostgresSpec) *Postgres {
	tb.Helper()
	Used(tb, "postgres")
	server, err := startPostgres(spec)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := server.discard(); err != nil {
			tb.Error(err)
		}
	})
	return server
}

// SharedPostgres is the PostgreSQL that all tests of the package share: each
// takes a database of its own.
func SharedPostgres(tb testing.TB) *Postgres {
	tb.Helper()
	Used(tb, "postgres")
	return shared.postgres.get(tb, func() (*Postgres, func() error, error) {
		server, err := startPostgres(PostgresSpec{})
		if err != nil {
			return nil, nil, err
		}
		return server, server.discard, nil
	})
}

func newPostgres() (*Postgres, error) {
	program, err := findPostgres("postgres")
	if err != nil {
		return nil, err
	}
	process, err := newProcess("postgres", program)
	if err != nil {
		return nil, err
	}
	s := &Postgres{
		Process: process,
		Addr:    net.JoinHostPort(process.Host, strconv.Itoa(postgresPort)),
		Admin:   PostgresRole{"admin", "admin-of-the-tests"},
		Owner:   PostgresRole{"latchkey_owner", "owner-of-the-tests"},
		Server:  PostgresRole{"latchkey", "server-of-the-tests"},
		data:    filepath.Join(process.Dir, "data"),
	}
	process.stopBy = syscall.SIGINT // ends connections; SIGTERM would wait for them
	process.args = []string{"-D", s.data}
	process.ready = s.ping
	if os.Geteuid() == 0 { // it refuses to run as root
		process.who, err = credentialOf("postgres")
	}
	if err == nil {
		s.Trust, err = newTrust(s.Dir, s.Host, "postgres.example.test")
	}
	if err != nil {
		_ = process.discard() // the first error is the one to tell
		return nil, err
	}
	return s, nil
}

func startPostgres(spec PostgresSpec) (*Postgres, error) {
	s, err := newPostgres()
	if err != nil {
		return nil, fmt.Errorf("starting postgres: %w", err)
	}
	if err = s.prepare(spec); err == nil {
		err = s.run()
	}
	if err == nil {
		err = s.makeRoles()
	}
	if err != nil {
		_ = s.discard() // the first error is the one to tell
		return nil, fmt.Errorf("starting postgres: %w", err)
	}
	return s, nil
}

// discard ends the server and removes what it left.
func (s *Postgres) discard() error {
	err := s.end(s.politely())
	if s.mounted {
		if gone := syscall.Unmount(s.data, 0); gone != nil {
			err = errors.Join(err, fmt.Errorf("unmounting postgres's file system: %w", gone))
		}
	}
	return errors.Join(err, s.Process.discard())
}

// prepare makes the folder of data and its configuration.
func (s *Postgres) prepare(spec PostgresSpec) error {
	if err := s.makeData(spec.Disk); err != nil {
		return err
	}
	passwords := filepath.Join(s.Dir, "password")
	if err := s.write(passwords, s.Admin.Password); err != nil {
		return err
	}
	initdb, err := findPostgres("initdb")
	if err != nil {
		return err
	}
	// Nothing of value is lost when the machine fails meanwhile: no sync here.
	if err := s.asItself(initdb, "-D", s.data, "-U", s.Admin.Name, "-A", "scram-sha-256", "--pwfile="+passwords,
		"-E", "UTF8", "--no-locale", "--no-sync", "--wal-segsize=1"); err != nil {
		return err
	}
	if err := s.write(filepath.Join(s.data, "pg_hba.conf"), "host all all 127.0.0.0/8 scram-sha-256\nhost replication all 127.0.0.0/8 scram-sha-256\n"); err != nil {
		return err
	}
	return s.configure(spec)
}

// makeData makes the folder of data, on a file system of its own where it has a size.
func (s *Postgres) makeData(size int) error {
	if err := os.Mkdir(s.data, 0o700); err != nil {
		return fmt.Errorf("making the folder of postgres's data: %w", err)
	}
	if size > 0 {
		if err := syscall.Mount("none", s.data, "tmpfs", 0, fmt.Sprintf("size=%dm,mode=0700", size)); err != nil {
			return fmt.Errorf("mounting a small file system for postgres, which takes root and the right to mount: %w", err)
		}
		s.mounted = true
	}
	return s.give(s.data)
}

func (s *Postgres) configure(spec PostgresSpec) error {
	lines := []string{
		"listen_addresses = '" + s.Host + "'", "port = " + strconv.Itoa(postgresPort), "unix_socket_directories = ''",
		"max_connections = 100", "shared_buffers = 16MB", "wal_level = replica", "max_wal_senders = 4", "hot_standby = on",
		"min_wal_size = 8MB", "max_wal_size = 32MB", "log_min_messages = warning",
	}
	if !spec.NoTLS {
		key := filepath.Join(s.Dir, "postgres-key.pem") // it wants a key that is its own
		text, err := os.ReadFile(s.keyFile)
		if err == nil {
			err = s.write(key, string(text))
		}
		if err != nil {
			return fmt.Errorf("giving postgres its key: %w", err)
		}
		lines = append(lines, "ssl = on", "ssl_cert_file = '"+s.certFile+"'", "ssl_key_file = '"+key+"'")
	}
	for name, value := range spec.Settings {
		lines = append(lines, name+" = '"+value+"'")
	}
	slices.Sort(lines)
	return s.write(filepath.Join(s.data, "postgresql.conf"), strings.Join(lines, "\n")+"\n")
}

func (s *Postgres) makeRoles() error {
	return s.do(s.address("postgres", s.Admin),
		"CREATE ROLE "+s.Owner.Name+" LOGIN PASSWORD '"+s.Owner.Password+"'",
		"CREATE ROLE "+s.Server.Name+" LOGIN PASSWORD '"+s.Server.Password+"'")
}

// do runs statements on a connection of their own.
func (s *Postgres) do(address string, statements ...string) error {
	db, err := sql.Open("pgx", address)
	if err != nil {
		return fmt.Errorf("connecting to postgres: %w", err)
	}
	defer db.Close()
	for _, statement := range statements {
		if _, err := db.ExecContext(context.Background(), statement); err != nil {
			return fmt.Errorf("running %s: %w", statement, err)
		}
	}
	return nil
}

func (s *Postgres) ping() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	db, err := sql.Open("pgx", s.address("postgres", s.Admin))
	if err != nil {
		return err
	}
	defer db.Close()
	return db.PingContext(ctx)
}

// write writes a file that belongs to the server's user.
func (s *Postgres) write(file, text string) error {
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return fmt.Errorf("writing a file of postgres: %w", err)
	}
	return s.give(file)
}

func (s *Postgres) give(file string) error {
	if s.who == nil {
		return nil
	}
	if err := os.Chown(file, int(s.who.Uid), int(s.who.Gid)); err != nil {
		return fmt.Errorf("giving a file to postgres: %w", err)
	}
	return nil
}

// asItself runs a program as the server's user.
func (s *Postgres) asItself(program string, args ...string) error {
	command := exec.Command(program, args...)
	command.Dir = s.Dir
	command.SysProcAttr = &syscall.SysProcAttr{Credential: s.who, Pdeathsig: syscall.SIGKILL}
	command.Env = append(os.Environ(), "PGPASSWORD="+s.Admin.Password)
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("running %s: %w\n%s", filepath.Base(program), err, out)
	}
	return nil
}

func credentialOf(name string) (*syscall.Credential, error) {
	u, err := user.Lookup(name)
	if err != nil {
		return nil, fmt.Errorf("postgres runs as a user of its own, which is not there: `make test` installs it with the server (%w)", err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("reading the number of user %s: %w", name, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("reading the group of user %s: %w", name, err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// findPostgres looks where Debian keeps the programs of each version, the newest first.
func findPostgres(program string) (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + program)
	if err != nil || len(found) == 0 {
		return findProgram(program)
	}
	slices.Sort(found)
	return found[len(found)-1], nil
}
