package flows_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/bot"
	"latchkey/flows"
)

var at = time.Date(2026, time.November, 2, 10, 15, 30, 500, time.FixedZone("CET", 3600))

func TestSay(t *testing.T) {
	got := flows.Say("since ", at, flows.Say(" and ", "on"), 7, nil)
	want := flows.Words{{Text: "since "}, {At: time.Date(2026, 11, 2, 9, 15, 30, 0, time.UTC)}, {Text: " and "}, {Text: "on"}, {Text: "?"}, {Text: "?"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
	if text := got.Plain(); text != "since 2026-11-02 09:15 UTC and on??" {
		t.Errorf("plain: %q", text)
	}
	if text := flows.Words(nil).Plain(); text != "" {
		t.Errorf("no words: %q", text)
	}
	if empty := flows.Say("", flows.Say(""), "a", ""); len(empty) != 1 {
		t.Errorf("empty text is kept as words: %v", empty)
	}
	if text := flows.Say("INC-1.\n✅ Dana", flows.Say(" unlocked\u2028Eve\r\x1b")).Plain(); text != "INC-1. ✅ Dana unlocked Eve  " {
		t.Errorf("not one line: %q", text)
	}
	words := flows.Say("a")
	_ = flows.Say(words, "b")
	if words.Plain() != "a" {
		t.Error("saying more changed what was said")
	}
}

func TestJoin(t *testing.T) {
	for _, c := range []struct {
		words []string
		want  string
	}{{nil, ""}, {[]string{"a"}, "a"}, {[]string{"a", "b"}, "a and b"}, {[]string{"a", "b", "c"}, "a, b and c"}} {
		if got := flows.Join(c.words); got != c.want {
			t.Errorf("%v: %q", c.words, got)
		}
	}
	if got := flows.TypeNames([]bot.Type{bot.Email, bot.Mobile, bot.Authenticator}); got != "e-mail, mobile and authenticator" {
		t.Errorf("types: %q", got)
	}
}

// TestSentence: a record in words, as the basic view of history shows it.
func TestSentence(t *testing.T) {
	dana := bot.Party{Kind: bot.ActorAgent, Name: "Dana Reyes"}
	mei := bot.Party{Kind: bot.ActorEndUser, Name: "Mei Lin"}
	on := func(r bot.Record) bot.Record {
		r.At, r.Target, r.Store, r.Helpdesk = at, mei, "corp", true
		if r.Actor == (bot.Party{}) {
			r.Actor = dana
		}
		return r
	}
	own := func(r bot.Record) bot.Record {
		r.Actor = bot.Party{Kind: bot.ActorEndUser, Name: "Mei Lin", Account: bot.AccountID{Store: "corp", GUID: "4f1c"}}
		r.At, r.Target, r.Store = at, r.Actor, "corp"
		return r
	}
	const when = "2026-11-02 09:15 UTC"
	for _, c := range []struct {
		record bot.Record
		want   string
	}{
		{on(bot.Record{Action: bot.ActionUnlock, Status: bot.StatusSuccess, Types: []bot.Type{bot.Email, bot.Authenticator}, Ticket: "INC-1"}),
			"Dana Reyes unlocked Mei Lin in corp after e-mail and authenticator, " + when + ", ticket INC-1."},
		{on(bot.Record{Action: bot.ActionUnlock, Status: bot.StatusSuccess}), "Dana Reyes unlocked Mei Lin in corp without authentication, " + when + "."},
		{on(bot.Record{Action: bot.ActionUnlock, Status: bot.StatusAsked, Types: []bot.Type{bot.Email}}), "Dana Reyes asked to unlock Mei Lin in corp after e-mail, " + when + "."},
		{on(bot.Record{Action: bot.ActionUnlock, Status: bot.StatusFailure, Types: []bot.Type{bot.Email}, Detail: "it was locked again"}),
			"Dana Reyes could not unlock Mei Lin in corp, " + when + " (it was locked again)."},
		{on(bot.Record{Action: bot.ActionUnlock, Status: bot.StatusUnknown, Types: []bot.Type{bot.Email}}),
			"Dana Reyes tried, with unknown outcome, to unlock Mei Lin in corp after e-mail, " + when + "."},
		{on(bot.Record{Action: bot.ActionAuthenticate, Status: bot.StatusSuccess, Types: []bot.Type{bot.Authenticator}}),
			"Dana Reyes authenticated Mei Lin in corp with authenticator, " + when + "."},
		{on(bot.Record{Action: bot.ActionAuthenticate, Status: bot.StatusFailure, Types: []bot.Type{bot.Email}}),
			"Dana Reyes failed to authenticate Mei Lin in corp with e-mail, " + when + "."},
		{on(bot.Record{Action: bot.ActionSendCode, Status: bot.StatusSuccess, Types: []bot.Type{bot.Email}}), "Dana Reyes sent a code to Mei Lin in corp by e-mail, " + when + "."},
		{on(bot.Record{Action: bot.ActionSkip, Status: bot.StatusSuccess}), "Dana Reyes skipped authentication of Mei Lin in corp, " + when + "."},
		{on(bot.Record{Action: bot.ActionRefuse, Status: bot.StatusFailure, Why: bot.ProtectedTarget}),
			"Dana Reyes was refused by policy to work on Mei Lin in corp, because the account is protected, " + when + "."},
		{on(bot.Record{Action: bot.ActionRemind, Status: bot.StatusSuccess}), "Dana Reyes reminded Mei Lin in corp to enroll, " + when + "."},
		{on(bot.Record{Action: bot.ActionEnroll, Status: bot.StatusSuccess, Types: []bot.Type{bot.Email}, Actor: bot.Party{Kind: bot.ActorAdministrator, Name: "root"}}),
			"The administrator root enrolled Mei Lin in corp with e-mail, " + when + "."},
		{bot.Record{At: at, Action: bot.ActionRefuse, Status: bot.StatusFailure, Why: bot.AgentUnbound, Actor: bot.Party{Chat: "slack:T:U"}},
			"Somebody unknown was refused by policy, because the chat person is bound to no directory account, " + when + "."},
		{on(bot.Record{Action: bot.ActionLift, Status: bot.StatusSuccess}), "Dana Reyes lifted the freeze of Mei Lin in corp, " + when + "."},
		{own(bot.Record{Action: bot.ActionNotMe, Status: bot.StatusSuccess, Detail: "asked in a case of Dana Reyes"}),
			"Mei Lin said in the chat that it was not him who asked in corp, " + when + " (asked in a case of Dana Reyes)."},
		{own(bot.Record{Action: bot.ActionUnlock, Status: bot.StatusSuccess, Types: []bot.Type{bot.Email}}),
			"Mei Lin unlocked by self-service in corp after e-mail, " + when + "."},
		{on(bot.Record{Action: bot.ActionBind, Status: bot.StatusSuccess, Actor: bot.Party{Kind: bot.ActorSystem, Name: "Latchkey"}}),
			"Latchkey was bound to Mei Lin in corp, " + when + "."},
	} {
		if got := flows.Sentence(c.record).Plain(); got != c.want {
			t.Errorf("%s, %s:\n got %s\nwant %s", c.record.Action, c.record.Status, got, c.want)
		}
	}
}
