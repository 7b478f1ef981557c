package servers

import (
	"context"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// PostgresDatabase is one database of a server.
type PostgresDatabase struct {
	Name string
	// Schema is where the tables belong; "": where PostgreSQL puts them.
	Schema string
	// URL is for the role that serves, OwnerURL for the owner, AdminURL for the superuser.
	URL, OwnerURL, AdminURL string

	server *Postgres
}

// NewDatabase makes an empty database, as docs/administrator.md says it is
// made. It is dropped when the test ends.
func (s *Postgres) NewDatabase(tb testing.TB) *PostgresDatabase {
	tb.Helper()
	return s.newDatabase(tb, "template0")
}

// NewSchema makes an empty schema of the owner's in a database that all tests
// share, which is much quicker; its URLs lead there by search_path.
func (s *Postgres) NewSchema(tb testing.TB) *PostgresDatabase {
	tb.Helper()
	const common = "schemas"
	s.common.Do(func() {
		s.uncommon = s.do(s.address("postgres", s.Admin), "CREATE DATABASE "+common+" OWNER "+s.Owner.Name+" ENCODING 'UTF8' TEMPLATE template0")
	})
	if s.uncommon != nil {
		tb.Fatal(s.uncommon)
	}
	schema := strings.ReplaceAll(Unique("latchkey"), "-", "_")
	d := &PostgresDatabase{Name: common, Schema: schema, server: s}
	at := func(role PostgresRole) string { return d.within(s.address(common, role)) }
	d.URL, d.OwnerURL, d.AdminURL = at(s.Server), at(s.Owner), at(s.Admin)
	if err := s.do(s.address(common, s.Owner), "CREATE SCHEMA "+schema); err != nil {
		tb.Fatal(err)
	}
	return d
}

// within leads an address of the database to the schema.
func (d *PostgresDatabase) within(address string) string {
	if d.Schema == "" {
		return address
	}
	return address + "&search_path=" + d.Schema
}

// Copy makes a database with the same content. Nobody may be connected to the first.
func (d *PostgresDatabase) Copy(tb testing.TB) *PostgresDatabase {
	tb.Helper()
	return d.server.newDatabase(tb, d.Name)
}

func (s *Postgres) newDatabase(tb testing.TB, template string) *PostgresDatabase {
	tb.Helper()
	name := strings.ReplaceAll(Unique("latchkey"), "-", "_")
	d := &PostgresDatabase{Name: name, URL: s.address(name, s.Server), OwnerURL: s.address(name, s.Owner), AdminURL: s.address(name, s.Admin), server: s}
	if err := s.do(s.address("postgres", s.Admin), "CREATE DATABASE "+name+" OWNER "+s.Owner.Name+" ENCODING 'UTF8' TEMPLATE "+template); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if s.Running() {
			_ = s.do(s.address("postgres", s.Admin), "DROP DATABASE "+name+" WITH (FORCE)") // the server goes, too
		}
	})
	return d
}

// Open connects to the database as the superuser, until the test ends.
func (d *PostgresDatabase) Open(tb testing.TB) *sql.DB {
	tb.Helper()
	return openPostgres(tb, d.AdminURL)
}

func openPostgres(tb testing.TB, address string) *sql.DB {
	tb.Helper()
	db, err := sql.Open("pgx", address)
	if err == nil {
		err = db.PingContext(context.Background())
	}
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	return db
}

// address is the URL of a database for a role, verified where there is TLS.
func (s *Postgres) address(database string, role PostgresRole) string {
	query := url.Values{"sslmode": {"verify-full"}, "sslrootcert": {s.CAFile}}
	if s.noTLS() {
		query = url.Values{"sslmode": {"disable"}}
	}
	return (&url.URL{Scheme: "postgres", User: url.UserPassword(role.Name, role.Password), Host: s.Addr, Path: "/" + database, RawQuery: query.Encode()}).String()
}

func (s *Postgres) noTLS() bool {
	text, err := os.ReadFile(filepath.Join(s.data, "postgresql.conf"))
	return err == nil && !strings.Contains(string(text), "ssl = on")
}
