package flows

import (
	"strings"

	"latchkey/bot"
)

// Sentence says a history record as the basic view does: 'Dana Reyes unlocked
// Mei Lin in corp after e-mail and authenticator, ' and the time.
func Sentence(r bot.Record) Words {
	w := Say(actor(r), " ", deed(r))
	if ofHimself(r) {
		w = append(w, Say(himself(r))...)
	} else if r.Target.Name != "" {
		w = append(w, Say(" ", r.Target.Name)...)
	}
	if r.Store != "" {
		w = append(w, Say(" in ", r.Store)...)
	}
	if r.Action == bot.ActionRemind {
		w = append(w, Say(" to enroll")...)
	}
	w = append(w, Say(manner(r), ", ", r.At)...)
	if r.Detail != "" {
		w = append(w, Say(" (", r.Detail, ")")...)
	}
	if r.Ticket != "" {
		w = append(w, Say(", ticket ", r.Ticket)...)
	}
	return append(w, Say(".")...)
}

func actor(r bot.Record) string {
	switch {
	case r.Actor.Kind == bot.ActorAdministrator:
		return "The administrator " + r.Actor.Name
	case r.Actor.Name != "":
		return r.Actor.Name
	case r.Actor.Chat != "":
		return "Somebody unknown"
	}
	return "Latchkey"
}

// himself follows the deed of a person on his own account, where it needs an object.
func himself(r bot.Record) string {
	switch r.Action {
	case bot.ActionSendCode:
		return " himself"
	case bot.ActionUnlock:
		return " by self-service"
	}
	return ""
}

func deed(r bot.Record) string {
	good := r.Status == bot.StatusSuccess
	switch r.Action {
	case bot.ActionUnlock:
		switch r.Status {
		case bot.StatusAsked:
			return "asked to unlock"
		case bot.StatusSuccess:
			return "unlocked"
		case bot.StatusUnknown:
			return "tried, with unknown outcome, to unlock"
		}
		return "could not unlock"
	case bot.ActionAuthenticate:
		if good {
			return "authenticated"
		}
		return "failed to authenticate"
	case bot.ActionSendCode:
		if good {
			return "sent a code to"
		}
		return "could not send a code to"
	case bot.ActionSkip:
		return "skipped authentication of"
	case bot.ActionEnroll:
		return "enrolled"
	case bot.ActionUnenroll:
		return "unenrolled"
	case bot.ActionRemind:
		return "reminded"
	case bot.ActionRemindMany:
		if r.Status == bot.StatusAsked {
			return "began to remind many people to enroll"
		}
		return "reminded many people to enroll"
	case bot.ActionBind:
		return "was bound to"
	case bot.ActionUnbind:
		return "was unbound from"
	case bot.ActionLink:
		return "linked another account"
	case bot.ActionUnlink:
		return "removed a link to another account"
	case bot.ActionNotMe:
		return "said in the chat that it was not him who asked"
	case bot.ActionLift:
		return "lifted the freeze of"
	case bot.ActionUnblock:
		return "cleared the authentication lockout of"
	case bot.ActionRefuse:
		if r.Target.Name == "" {
			return "was refused by policy"
		}
		return "was refused by policy to work on"
	}
	return string(r.Action)
}

// manner says by which types, or why not.
func manner(r bot.Record) string {
	var s string
	failed := r.Action == bot.ActionUnlock && r.Status == bot.StatusFailure // how it was verified is not why
	if len(r.Types) > 0 && !failed {
		switch r.Action {
		case bot.ActionUnlock:
			s = " after " + TypeNames(r.Types)
		case bot.ActionSendCode:
			s = " by " + TypeNames(r.Types)
		default:
			s = " with " + TypeNames(r.Types)
		}
	} else if r.Action == bot.ActionUnlock && r.Helpdesk && !failed {
		s = " without authentication"
	}
	if r.Why != "" {
		s += ", because " + Because(r.Why)
	}
	return s
}

// TypeNames joins the names of types: 'e-mail, mobile and authenticator'.
func TypeNames(types []bot.Type) string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = t.Name()
	}
	return Join(names)
}

// Join joins words as English does.
func Join(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
