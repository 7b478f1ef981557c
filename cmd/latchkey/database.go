package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"go.uber.org/zap"

	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
	"latchkey/store/ledger"
)

// openLedger opens the database of record, and makes or upgrades it.
func (p *program) openLedger(ctx context.Context, cfg *config.Config, log *zap.Logger) (*ledger.Ledger, error) {
	return openedOrWhose(cfg, func() (*ledger.Ledger, error) { return ledger.Open(ctx, p.ledgerConfig(cfg, log)) })
}

// serveLedger does what openLedger does, and keeps a second one that serves the
// same file out.
func (p *program) serveLedger(ctx context.Context, cfg *config.Config, log *zap.Logger) (*ledger.Ledger, error) {
	c := p.ledgerConfig(cfg, log)
	c.Serve = true
	return openedOrWhose(cfg, func() (*ledger.Ledger, error) { return ledger.Open(ctx, c) })
}

// readLedger opens the database that is there, and makes none.
func (p *program) readLedger(ctx context.Context, cfg *config.Config, log *zap.Logger) (*ledger.Ledger, error) {
	c := p.ledgerConfig(cfg, log)
	c.Existing = true
	return openedOrWhose(cfg, func() (*ledger.Ledger, error) { return ledger.Open(ctx, c) })
}

// ledgerConfig says where the database of record is. PostgreSQL has a clock of its own.
func (p *program) ledgerConfig(cfg *config.Config, log *zap.Logger) ledger.Config {
	c := ledger.Config{URL: cfg.Database.URL.URL().String(), NewID: newID, Logger: log}
	if !cfg.Database.OwnerURL.IsZero() {
		c.OwnerURL = cfg.Database.OwnerURL.URL().String()
	}
	if inFile(cfg) {
		c.Now = p.now
	}
	return c
}

// inFile reports whether the database is a file of this machine.
func inFile(cfg *config.Config) bool { return cfg.Database.URL.Scheme == "sqlite" }

// openedOrWhose says to whom a file belongs that cannot be opened.
func openedOrWhose[T any](cfg *config.Config, open func() (T, error)) (T, error) {
	opened, err := open()
	if bot.KindOf(err) != bot.Unavailable || !inFile(cfg) {
		return opened, err
	}
	if whose := foreign(cfg.Database.URL.Path); whose != "" {
		err = &bot.Error{Kind: bot.Unavailable, Op: "open the database", Err: err, Text: whose}
	}
	return opened, err
}

func absent(file string) bool {
	_, err := os.Stat(file)
	return errors.Is(err, fs.ErrNotExist)
}

// foreign says which of the database's files belongs to somebody else, where
// this user may not write it; "" where none does.
func foreign(file string) string {
	const readAndWrite = 6
	for _, name := range []string{file, file + "-wal", file + "-shm", file + "-migrate", file + "-serve", filepath.Dir(file)} {
		if owner, ok := ownerOf(name); ok && owner != os.Geteuid() && syscall.Access(name, readAndWrite) != nil {
			return name + " belongs to " + userName(owner) + ", and this is run by " + userName(os.Geteuid()) +
				", who may not write it. Run this as that user, or give the file to the user that Latchkey runs as."
		}
	}
	return ""
}

// belongsTo says who may read a file that was just made; "" where that is not to be known.
func belongsTo(file string) string {
	id, ok := ownerOf(file)
	switch {
	case !ok:
		return ""
	case id == 0:
		return ", which belongs to root: if Latchkey runs as another user, give it to that one with chown"
	}
	return ", which belongs to " + userName(id) + ": Latchkey has to run as that user"
}

func ownerOf(file string) (id int, ok bool) {
	info, err := os.Stat(file)
	if err != nil {
		return 0, false
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(owner.Uid), true
}

// twoOwners warns where no user but root can open both the keys and the
// database: who runs check as root would not notice.
func twoOwners(keys, database string) []bot.Finding {
	one, ok := ownerOf(keys)
	other, too := ownerOf(database)
	if !ok || !too || one == other {
		return nil
	}
	return []bot.Finding{{Part: "database", Level: bot.LevelWarning,
		What: fmt.Sprintf("%s belongs to %s, and %s to %s: no user but root can open both", keys, userName(one), database, userName(other)),
		Mend: "give both to the user that Latchkey runs as"}}
}

// userName is the name of a user of this machine, or the number where it has none.
func userName(id int) string {
	number := strconv.Itoa(id)
	if u, err := user.LookupId(number); err == nil {
		return u.Username
	}
	return "user " + number
}

// looseFile warns of a database that others than its owner may open. A key
// file of that kind is refused.
func looseFile(cfg *config.Config) []bot.Finding {
	file := cfg.Database.URL.Path
	info, err := os.Stat(file)
	if !inFile(cfg) || err != nil || info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	return []bot.Finding{{Part: "database", Level: bot.LevelWarning,
		What: fmt.Sprintf("%s (database.url) has mode %04o, so others than its owner have a right to it", file, info.Mode().Perm()),
		Mend: "run chmod 600 " + file}}
}
