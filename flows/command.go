package flows

import "strings"

// Command is what a person typed after /unlock.
type Command struct {
	Kind EventKind // one that begins something; "" for Help
	Help bool
	Text string // whom it is about, may be empty
}

// ParseCommand reads what was typed. Only an exact first word is a command;
// all else is a search, and "who:" before a name makes it one in any case.
func ParseCommand(typed string) Command {
	typed = strings.TrimSpace(typed)
	word, rest, _ := strings.Cut(typed, " ")
	rest = strings.TrimSpace(rest)
	switch {
	case word == "help" && rest == "":
		return Command{Help: true}
	case word == "me" && rest == "":
		return Command{Kind: BeginMe}
	case word == "enroll" && rest == "":
		return Command{Kind: BeginEnroll}
	case word == "history":
		return Command{Kind: BeginHistory, Text: who(rest)}
	case word == "remind":
		return Command{Kind: BeginRemind, Text: rest}
	case word == "locked":
		return Command{Kind: BeginLocked, Text: rest}
	}
	return Command{Kind: Begin, Text: who(typed)}
}

func who(s string) string { return strings.TrimSpace(strings.TrimPrefix(s, "who:")) }
