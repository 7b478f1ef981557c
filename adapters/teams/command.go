package teams

import (
	"strings"

	"latchkey/flows"
)

// command is what somebody has typed to the bot.
type command struct {
	flows.Command
	home  bool
	known bool // false: it begins with no word of the bot's
}

// readCommand reads what was typed: 'unlock', followed by anything that may
// follow /unlock elsewhere, or one of the other commands by itself. A slash
// before it is the client's own. Phones write the first letter large.
func readCommand(said string) command {
	said = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(said), "/"))
	word, rest, _ := strings.Cut(said, " ")
	rest = strings.TrimSpace(rest)
	switch word = strings.ToLower(word); word {
	case "home":
		return command{home: true, known: rest == ""}
	case "unlock":
		first, more, _ := strings.Cut(rest, " ")
		if lower := strings.ToLower(first); flows.ParseCommand(lower).Kind != flows.Begin {
			first = lower
		}
		return command{Command: flows.ParseCommand(strings.TrimSpace(first + " " + more)), known: true}
	}
	c := flows.ParseCommand(strings.TrimSpace(word + " " + rest))
	return command{Command: c, known: c.Help || c.Kind != flows.Begin}
}
