package ledger

import (
	"context"
	"database/sql"
	"errors"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"latchkey/bot"
)

// errClosed is the answer of a ledger that was closed.
var errClosed = errors.New("the ledger is closed")

// fail gives an error its kind. One that has a kind keeps it; nil stays nil.
// The text for people never holds a statement or a value.
func fail(op string, err error) error {
	if err == nil {
		return nil
	}
	var known *bot.Error
	if errors.As(err, &known) {
		return err
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		kind, text := sqliteFailure(lite.Code())
		return &bot.Error{Kind: kind, Op: op, Text: text, Err: err}
	}
	var half unconfirmed
	if errors.As(err, &half) {
		return &bot.Error{Kind: bot.Unavailable, Op: op, Err: err,
			Text: "The database did not say whether it has written this. Look at what is on record before you try again."}
	}
	if kind, text := postgresFailure(err); kind != "" {
		return &bot.Error{Kind: kind, Op: op, Text: text, Err: err}
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return &bot.Error{Kind: bot.Unavailable, Op: op, Text: "The database did not answer in time. Try again.", Err: err}
	case errors.Is(err, context.Canceled), errors.Is(err, errClosed), errors.Is(err, sql.ErrConnDone), errors.Is(err, sql.ErrTxDone):
		return bot.E(bot.Unavailable, op, err)
	}
	return bot.E(bot.Internal, op, err)
}

// sqliteFailure sorts SQLite's result codes (sqlite.org/rescode.html).
func sqliteFailure(code int) (bot.Kind, string) {
	switch code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
		sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY, sqlite3.SQLITE_CONSTRAINT_TRIGGER:
		return bot.Conflict, ""
	}
	switch code & 0xff { // the low byte is the primary code
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return bot.Unavailable, "The database is busy: another program holds it. Try again in a moment."
	case sqlite3.SQLITE_FULL:
		return bot.Unavailable, "The disk of the database is full. Free some space on it, then try again."
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return bot.Unavailable, "The database cannot be written. Let Latchkey's user write the file and its folder, then try again."
	case sqlite3.SQLITE_CANTOPEN:
		return bot.Unavailable, "The database file cannot be opened. Make sure that its folder exists and that Latchkey's user may write it."
	case sqlite3.SQLITE_IOERR:
		return bot.Unavailable, "The disk of the database does not take what is written. Look for a full or failing disk, then try again."
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return bot.Unavailable, "The database file is damaged, or is not a database. Restore it from a copy."
	case sqlite3.SQLITE_INTERRUPT:
		return bot.Unavailable, ""
	}
	return bot.Internal, ""
}

// isBusy reports whether another process holds the lock.
func isBusy(err error) bool {
	var lite *sqlite.Error
	return errors.As(err, &lite) && lite.Code()&0xff == sqlite3.SQLITE_BUSY
}

// unopened is the failure to make the file or its folder's lock.
func unopened(err error) error {
	_, text := sqliteFailure(sqlite3.SQLITE_CANTOPEN)
	return &bot.Error{Kind: bot.Unavailable, Op: "open ledger", Text: text, Err: err}
}

// misuse is a call that contradicts what is on record or leaves out what it
// has to say: a fault of ours, found before anything is written.
func misuse(op, what string) error { return bot.E(bot.Invalid, op, errors.New(what)) }
