package main

import (
	"context"
	"fmt"
	"os"
	"syscall"
	"time"

	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
	"latchkey/store/session"
)

// instance is this process as the others know it.
func (p *program) instance(cfg *config.Config) (session.Instance, error) {
	host, err := os.Hostname()
	if err != nil {
		return session.Instance{}, bot.E(bot.Internal, "read the name of this machine", err)
	}
	database := *cfg.Database.URL.URL()
	database.User, database.RawQuery = nil, "" // libpq takes a password there too
	return session.Instance{ID: newID(), Host: host, Database: database.String(), Started: p.now(), Place: place(cfg, host)}, nil
}

// place is where the record is kept. Those on PostgreSQL share one, by however
// many names they reach it. A file is told by machine, path, device and number:
// two of the same are kept apart by the file's own lock, so that one that was
// killed can be started again at once.
func place(cfg *config.Config, host string) string {
	if !inFile(cfg) {
		return "PostgreSQL"
	}
	file := cfg.Database.URL.Path
	name := "the file " + file + " on " + host
	info, err := os.Stat(file)
	if err != nil {
		return name // the database has been opened: it was there
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		name += fmt.Sprintf(" (%d:%d)", s.Dev, s.Ino)
	}
	return name
}

// live lists the instances that serve.
func live(ctx context.Context, s *session.Store) []bot.Finding {
	found, err := s.Instances(ctx)
	if err != nil {
		return nil // told with Redis
	}
	out := []bot.Finding{}
	for _, i := range found {
		out = append(out, bot.Finding{Part: "instance", Level: bot.LevelOK,
			What: fmt.Sprintf("%s on %s serves since %s from %s", i.ID, i.Host, i.Started.UTC().Format(time.RFC3339), i.Database)})
	}
	return out
}
