package main

import (
	"fmt"
	"os"
	"os/user"
	"strconv"

	"latchkey/bot"
)

// administrator names who runs the command, for history: the user of the
// operating system, and behind sudo the one who called it.
func administrator() bot.Party {
	name := "uid " + strconv.Itoa(os.Getuid())
	if u, err := user.Current(); err == nil && u.Username != "" {
		name = u.Username
	}
	if caller := os.Getenv("SUDO_USER"); caller != "" && os.Getuid() == 0 {
		name = fmt.Sprintf("%s (as %s)", caller, name)
	}
	return bot.Party{Kind: bot.ActorAdministrator, Login: name, Name: name}
}

// record begins a history record of something done at the command line.
func (p *program) record(action bot.Action) bot.Record {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	id := newID()
	return bot.Record{ID: id, Operation: id, At: p.now().UTC(), Action: action, Status: bot.StatusSuccess,
		Actor: administrator(), Client: bot.ClientCommandLine, Workspace: host}
}

// recordOn begins a record about an account.
func (p *program) recordOn(a bot.Account, action bot.Action) bot.Record {
	r := p.record(action)
	r.Target, r.Store = bot.PartyOf(a, bot.ActorEndUser), a.ID.Store
	return r
}
