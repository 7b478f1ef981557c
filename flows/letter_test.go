package flows

import (
	"strings"
	"testing"
	"time"

	"latchkey/bot"
)

// What a user is told of his enrollments: what, when, by whom, and what to do.
func TestLetters(t *testing.T) {
	mei := bot.Party{Kind: bot.ActorEndUser, Account: bot.AccountID{Store: "corp", GUID: "4f1c"}, Name: "Mei\nLin", Login: "mei"}
	record := func(a bot.Action, detail string, types ...bot.Type) bot.Record {
		return bot.Record{At: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC), Action: a, Status: bot.StatusSuccess, Types: types, Detail: detail, Actor: mei, Target: mei, Store: "corp"}
	}
	const when = " on 2026-11-02 at 09:30 UTC, by whoever was signed in as you in the chat."
	for want, r := range map[string]bot.Record{
		"of your account mei in corp, mobile was enrolled" + when:                                                record(bot.ActionEnroll, "", bot.Mobile),
		"of your account mei in corp, mobile was enrolled, in the place of the earlier one" + when:               record(bot.ActionEnroll, "in the place of the earlier one", bot.Mobile),
		"of your account mei in corp, security questions were enrolled" + when:                                   record(bot.ActionEnroll, "", bot.SecurityQuestions),
		"of your account mei in corp, authenticator was removed" + when:                                          record(bot.ActionUnenroll, "", bot.Authenticator),
		"of your account mei in corp, another account was linked to it" + when:                                   record(bot.ActionLink, ""),
		"of your account mei in corp, a link to another account was removed" + when:                              record(bot.ActionUnlink, ""),
		"your account mei in corp was unlocked from your own chat, by self-service, on 2026-11-02 at 09:30 UTC.": record(bot.ActionUnlock, ""),
	} {
		subject, text := letter(r)
		if !strings.Contains(text, want) || !strings.Contains(text, "Hello Mei Lin,") || strings.Contains(subject, "\n") || !strings.Contains(text, "tell your security team now") {
			t.Errorf("%s: %s", subject, text)
		}
	}
	for want, r := range map[string]bot.Record{
		"Mei Lin enrolled in corp with mobile, ":             record(bot.ActionEnroll, "", bot.Mobile),
		"Mei Lin unenrolled in corp with mobile, ":           record(bot.ActionUnenroll, "", bot.Mobile),
		"Mei Lin authenticated in corp with e-mail, ":        record(bot.ActionAuthenticate, "", bot.Email),
		"Mei Lin sent a code to himself in corp by e-mail, ": record(bot.ActionSendCode, "", bot.Email),
		"Mei Lin unlocked by self-service in corp, ":         record(bot.ActionUnlock, ""),
	} {
		if got := Sentence(r).Plain(); !strings.HasPrefix(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
