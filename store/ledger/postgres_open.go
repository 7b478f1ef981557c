package ledger

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"go.uber.org/zap"

	"latchkey/bot"
)

const (
	// connections bounds those that write, and those that read, of one process.
	connections = 4
	// dialling bounds the wait for one connection.
	dialling = 3 * time.Second
	// aged and idle are when a connection is replaced: what an administrator
	// changed for the role holds from the next connection on.
	aged, idle = 30 * time.Minute, 5 * time.Minute
)

// pool opens connections as they are needed; nothing is reached yet.
func (l *Ledger) pool(c *pgx.ConnConfig, most int) *sql.DB {
	config := *c
	config.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) {
		if n.SeverityUnlocalized == "WARNING" { // such as a commit that no standby has confirmed
			l.log.Warn("database warns", zap.String("code", n.Code), zap.String("message", n.Message))
		}
	}
	db := stdlib.OpenDB(config)
	db.SetMaxOpenConns(most)
	db.SetMaxIdleConns(most)
	db.SetConnMaxLifetime(aged)
	db.SetConnMaxIdleTime(idle)
	return db
}

// openPostgres brings the schema up to date where the role may, and refuses one
// that is not where the owner is another.
func (l *Ledger) openPostgres(ctx context.Context, c Config) error {
	config, err := postgresConfig(c.URL)
	if err != nil {
		return err
	}
	l.engine = postgresEngine{now: c.Now}
	l.writer, l.reader = l.pool(config, connections), l.pool(config, connections)
	has, err := l.schema(ctx)
	if err != nil {
		return err
	}
	knows, err := newest(postgresSteps)
	switch {
	case err != nil:
		return err
	case has > knows:
		return newer(has, knows)
	case has == 0 && c.Existing:
		return bot.Ef(bot.NotFound, "open ledger", "The database is empty. The first latchkey serve fills it, or latchkey migrate where database.owner_url is set.")
	case has < knows && c.OwnerURL != "":
		return bot.Ef(bot.Conflict, "open ledger", "The database has schema %d, and this program needs %d. Run latchkey migrate, which uses database.owner_url.", has, knows)
	case has < knows:
		if _, _, err := l.migratePostgres(ctx, config, ""); err != nil {
			return err
		}
	}
	return l.Check(ctx)
}

// schema gives the version of the tables; 0: there are none.
func (l *Ledger) schema(ctx context.Context) (version int64, err error) {
	err = l.read(ctx, "read schema version", func(ctx context.Context, t *transaction) error {
		version = 0
		var encoding string
		if err := t.row(ctx, `SELECT current_setting('server_encoding')`).Scan(&encoding); err != nil {
			return err
		}
		if encoding != "UTF8" {
			return bot.Ef(bot.Invalid, "open ledger", "The database has the encoding %s, which does not hold every name. Make one with ENCODING 'UTF8' TEMPLATE template0.", encoding)
		}
		var made bool
		if err := t.row(ctx, `SELECT to_regclass('goose_db_version') IS NOT NULL`).Scan(&made); err != nil || !made {
			return err
		}
		return t.row(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`).Scan(&version)
	})
	return version, err
}

// migrateServer is Migrate on a server: by the owner, who grants to the role of
// URL; without an owner, by that role itself.
func (l *Ledger) migrateServer(ctx context.Context, c Config) (from, to int64, err error) {
	serving, err := postgresConfig(c.URL)
	if err != nil {
		return 0, 0, err
	}
	if c.OwnerURL == "" {
		return l.migratePostgres(ctx, serving, "")
	}
	owner, err := postgresConfig(c.OwnerURL)
	switch {
	case err != nil:
		return 0, 0, err
	case owner.Host != serving.Host || owner.Port != serving.Port || owner.Database != serving.Database:
		return 0, 0, bot.Ef(bot.Invalid, "migrate ledger", "database.owner_url and database.url name different databases. Write the same host, port and database in both.")
	case owner.User == serving.User:
		return 0, 0, bot.Ef(bot.Invalid, "migrate ledger", "database.owner_url and database.url name the same role. Remove owner_url, or make a role of its own for the owner.")
	}
	return l.migratePostgres(ctx, owner, serving.User)
}

// migrating is the number of the lock that keeps a second migration of the
// same database out. It ends with its connection.
const migrating = 0x6c61746368 // "latch"

// migratePostgres brings the schema up to date, and grants to the role where
// one is named. What waits longer than a minute for its turn is told so.
func (l *Ledger) migratePostgres(ctx context.Context, c *pgx.ConnConfig, role string) (from, to int64, err error) {
	const op = "migrate ledger"
	config := c.Copy()
	for name, value := range map[string]string{"application_name": "latchkey migrate", "lock_timeout": millis(time.Minute),
		"statement_timeout": "0", "idle_in_transaction_session_timeout": "0"} {
		config.RuntimeParams[name] = value
	}
	db := l.pool(config, 2) // one holds the lock
	defer db.Close()        //nolint:errcheck // what was migrated is committed
	lock, err := db.Conn(ctx)
	if err != nil {
		return 0, 0, fail(op, err)
	}
	defer lock.Close() //nolint:errcheck // it wrote nothing
	if _, err := lock.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(migrating)); err != nil {
		return 0, 0, fail(op, err)
	}
	if from, to, err = l.migrate(ctx, db, postgresSteps); err != nil {
		return 0, 0, err
	}
	if role == "" {
		return from, to, nil
	}
	return from, to, grant(ctx, lock, role)
}

// grant gives the role that serves what it needs and takes the rest, each time
// anew, so that a right that was given by hand does not stay.
func grant(ctx context.Context, owner *sql.Conn, role string) error {
	const op = "grant to the serving role"
	tx, err := owner.BeginTx(ctx, nil)
	if err != nil {
		return fail(op, err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to undo
	name := pgx.Identifier{role}.Sanitize()
	var schema string
	if err := tx.QueryRowContext(ctx, "SELECT current_schema()").Scan(&schema); err != nil {
		return fail(op, err)
	}
	statements := []string{"GRANT USAGE ON SCHEMA " + pgx.Identifier{schema}.Sanitize() + " TO " + name}
	for _, r := range rights() {
		statements = append(statements, "REVOKE ALL ON "+r.table+" FROM PUBLIC, "+name, "GRANT "+r.may+" ON "+r.table+" TO "+name)
	}
	for _, statement := range statements {
		_, err := tx.ExecContext(ctx, statement)
		var server *pgconn.PgError
		if errors.As(err, &server) && server.Code == "42704" { // undefined_object
			return bot.Ef(bot.Invalid, op, "The role of database.url, %s, does not exist on the server. Make it with CREATE ROLE, then run latchkey migrate again.", role)
		}
		if err != nil {
			return fail(op, err)
		}
	}
	return fail(op, tx.Commit())
}

// right is what the serving role may do with a table.
type right struct{ table, may string }

// rights are all that the serving role has: it changes what is not yet decided,
// removes what is not of record, and adds to the rest.
func rights() []right {
	return []right{
		{"goose_db_version", "SELECT"},
		{"enrollments", "SELECT, INSERT, DELETE, UPDATE (seed, contact, address)"}, // to seal anew
		{"answers", "SELECT, INSERT, UPDATE (question)"},                           // they go with their enrollment
		{"challenges", "SELECT, INSERT"},
		{"attempts", "SELECT, INSERT, UPDATE (result, settled)"},
		{"used_steps", "SELECT, INSERT"},
		{"evidence", "SELECT, INSERT"},
		{"lockouts", "SELECT, INSERT, UPDATE (lifted)"},
		{"clearings", "SELECT, INSERT"},
		{"freezes", "SELECT, INSERT, UPDATE (lifted)"},
		{"links", "SELECT, INSERT, DELETE"},
		{"grants", "SELECT, INSERT"},
		{"grant_evidence", "SELECT, INSERT"},
		{"intents", "SELECT, INSERT, UPDATE (result, why, detail, settled)"},
		{"history", "SELECT, INSERT"},
		{"history_head", "SELECT, UPDATE (seq, hash)"},
		{"outbox", "SELECT, INSERT, UPDATE (recipient, tries, next), DELETE"}, // the recipient: to seal anew
		{"people", "SELECT, INSERT, DELETE"},
		{"chat_references", "SELECT, INSERT, DELETE, UPDATE (service, conversation, key, at)"},
		{"reminder_jobs", "SELECT, INSERT, UPDATE (ended, how, taken, card, shown, reported)"},
		{"reminder_people", "SELECT, INSERT, UPDATE (state, tries, at)"},
		{"reminder_pace", "SELECT, UPDATE (next, waits)"},
	}
}
