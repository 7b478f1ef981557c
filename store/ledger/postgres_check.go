package ledger

import (
	"context"
	"fmt"
	"time"

	"latchkey/bot"
)

// state is what a server says of itself, and of the role that asks.
type state struct {
	version, role, durable, standbyNames string
	secured, fsync, pageWrites           bool
	standbys                             int
	superuser, owns, changes, makes      bool
	at                                   int64
}

const askState = `
	SELECT current_setting('server_version'), current_user::text, current_setting('synchronous_commit'), current_setting('synchronous_standby_names'),
	  coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false),
	  current_setting('fsync') = 'on', current_setting('full_page_writes') = 'on',
	  (SELECT count(*) FROM pg_stat_replication),
	  (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
	  EXISTS (SELECT 1 FROM pg_class WHERE oid IN ('history'::regclass, 'history_head'::regclass) AND pg_has_role(relowner, 'USAGE')),
	  has_table_privilege('history', 'UPDATE, DELETE, TRUNCATE, TRIGGER') OR has_any_column_privilege('history', 'UPDATE')
	    OR has_table_privilege('history_head', 'INSERT, DELETE, TRUNCATE, TRIGGER'),
	  has_schema_privilege(current_schema(), 'CREATE'),
	  (extract(epoch FROM clock_timestamp()) * 1000000)::bigint`

// Findings tells what is wrong with the server and with the rights of the role
// that serves, for `latchkey check`; now is the clock of this machine. A ledger
// in a file has none.
func (l *Ledger) Findings(ctx context.Context, now func() time.Time) []bot.Finding {
	if _, ok := l.engine.(postgresEngine); !ok {
		return nil
	}
	var s state
	var before, after time.Time
	err := l.read(ctx, "look at the database server", func(ctx context.Context, t *transaction) error {
		before = now()
		err := t.row(ctx, askState).Scan(&s.version, &s.role, &s.durable, &s.standbyNames, &s.secured, &s.fsync, &s.pageWrites,
			&s.standbys, &s.superuser, &s.owns, &s.changes, &s.makes, &s.at)
		after = now()
		return err
	})
	if err != nil {
		return []bot.Finding{{Part: "database", Level: bot.LevelFault, What: bot.TextOf(err)}}
	}
	way := "in the open, on this machine"
	if s.secured {
		way = "over TLS"
	}
	out := []bot.Finding{{Part: "database", Level: bot.LevelOK, What: fmt.Sprintf("PostgreSQL %s answers the role %s, %s", s.version, s.role, way)}}
	out = append(out, s.durability()...)
	out = append(out, s.rights()...)
	return append(out, clocks(fromMicros(s.at), before, after)...)
}

func (s state) durability() (out []bot.Finding) {
	if !s.fsync {
		out = append(out, bot.Finding{Part: "database", Level: bot.LevelFault,
			What: "fsync is off: a crash of its machine would forget used codes and unlocks, or damage the tables", Mend: "set fsync = on"})
	}
	if !s.pageWrites {
		out = append(out, bot.Finding{Part: "database", Level: bot.LevelWarning,
			What: "full_page_writes is off: a crash of its machine may damage the tables", Mend: "set full_page_writes = on, unless the disk writes whole pages"})
	}
	switch {
	case s.standbys > 0 && s.standbyNames == "":
		out = append(out, bot.Finding{Part: "database", Level: bot.LevelWarning,
			What: "a standby follows it, and synchronous_standby_names is empty: one that is promoted may have missed used codes and unlocks",
			Mend: "name the standby in synchronous_standby_names"})
	case s.standbyNames != "" && s.durable == "local":
		out = append(out, bot.Finding{Part: "database", Level: bot.LevelWarning,
			What: "synchronous_commit is local: no commit waits for a standby, and one that is promoted may have missed used codes and unlocks",
			Mend: "set synchronous_commit = on for the role and the database of Latchkey"})
	}
	return out
}

func (s state) rights() []bot.Finding {
	one := func(level bot.Level, what, mend string) []bot.Finding {
		return []bot.Finding{{Part: "database", Level: level, What: what, Mend: mend}}
	}
	switch {
	case s.superuser:
		return one(bot.LevelWarning, "the role "+s.role+" is a superuser: whoever takes over Latchkey may change history", "Make a role of its own for Latchkey, and one that owns the tables")
	case s.owns:
		return one(bot.LevelWarning, "the role "+s.role+" owns the tables: it could lift what guards history against change", "Let another role own them, name it in database.owner_url, and run latchkey migrate")
	case s.changes:
		return one(bot.LevelFault, "the role "+s.role+" has a right to change or remove history", "Run latchkey migrate, which takes it away")
	case s.makes:
		return one(bot.LevelWarning, "the role "+s.role+" may make tables and functions beside those of Latchkey", "Take CREATE on the schema from it: REVOKE CREATE ON SCHEMA public FROM PUBLIC")
	}
	return nil
}

// clocks compares the server's clock, which judges limits and expiries, with
// this machine's, which gives codes their time.
func clocks(theirs, before, after time.Time) []bot.Finding {
	const much = 10 * time.Second
	off := max(before.Sub(theirs), theirs.Sub(after))
	if off < much {
		return nil
	}
	return []bot.Finding{{Part: "database", Level: bot.LevelWarning,
		What: fmt.Sprintf("its clock and this machine's differ by %s", off.Round(time.Second)), Mend: "Run an NTP client, such as chrony, on both"}}
}

// standby says more of a database that takes no writes; nil where it does not
// know more either.
func (l *Ledger) standby(ctx context.Context) error {
	var recovering bool
	err := l.read(ctx, "check ledger", func(ctx context.Context, t *transaction) error {
		return t.row(ctx, `SELECT pg_is_in_recovery()`).Scan(&recovering)
	})
	if err != nil {
		return nil
	}
	text := "The database is set read-only (default_transaction_read_only). Switch that off for the role and the database of Latchkey."
	if recovering {
		text = "The database server is a standby: it takes no writes until it is promoted. Point the database URL at the primary."
	}
	return bot.Ef(bot.Unavailable, "check ledger", "%s", text)
}
