package flows

import "latchkey/bot"

// letter is what a user is told by mail of what was done to his account. Its
// subject stands alone where it goes by text message.
func letter(r bot.Record) (subject, text string) {
	switch r.Action {
	case bot.ActionEnroll, bot.ActionUnenroll, bot.ActionLink, bot.ActionUnlink:
		what := changeOf(r)
		return "Your enrollment for the helpdesk was changed.", "Hello " + bot.Line(r.Target.Name) + ",\n\nof your account " + bot.Line(r.Target.Login) + " in " + r.Store + ", " + what +
			" on " + r.At.UTC().Format("2006-01-02 at 15:04 UTC") + ", by " + by(r) +
			".\n\nWith this you prove to the helpdesk that it is you who calls. If it was not you who did it, tell your security team now.\n"
	}
	return "Your account was unlocked", targetMail(r)
}

func changeOf(r bot.Record) string {
	types := TypeNames(r.Types) + " was "
	if len(r.Types) > 1 || len(r.Types) == 1 && r.Types[0] == bot.SecurityQuestions {
		types = TypeNames(r.Types) + " were "
	}
	switch r.Action {
	case bot.ActionUnenroll:
		return types + "removed"
	case bot.ActionLink:
		return "another account was linked to it"
	case bot.ActionUnlink:
		return "a link to another account was removed"
	}
	if r.Detail != "" {
		return types + "enrolled, " + bot.Line(r.Detail)
	}
	return types + "enrolled"
}

func by(r bot.Record) string {
	switch r.Actor.Kind {
	case bot.ActorEndUser:
		return "whoever was signed in as you in the chat"
	case bot.ActorAdministrator:
		return "an administrator"
	}
	return bot.Line(r.Actor.Name)
}

// ofHimself reports whether a record says what a person did on his own
// account: his name is then said once.
func ofHimself(r bot.Record) bool {
	if r.Actor.Kind != bot.ActorEndUser || r.Actor.Account.IsZero() || r.Actor.Account != r.Target.Account {
		return false
	}
	switch r.Action {
	case bot.ActionEnroll, bot.ActionUnenroll, bot.ActionAuthenticate, bot.ActionSendCode, bot.ActionLink, bot.ActionUnlink,
		bot.ActionUnlock, bot.ActionNotMe:
		return true
	}
	return false
}
