package unlock

import (
	"time"

	"latchkey/bot"
	"latchkey/flows"
)

// digitsPages are those of security questions, of the chat, and of what stands
// in the way beside the directory's lock.
func digitsPages(out map[string]flows.Page) {
	b := body{Name: "Mei Lin", Type: bot.SecurityQuestions, Phrase: "amber falcon", Asked: []asked{
		{ID: "a1", Challenge: "c1", Text: "What was the name of your first school?"},
		{ID: "a2", Challenge: "c2", Text: "In which town did your parents meet?"}}}
	out["questions"] = pageQuestions(b, "fresh-1")
	judged := b
	judged.Asked = []asked{{ID: "a1", Text: b.Asked[0].Text, Right: true},
		{ID: "a2", Challenge: "c2", Text: b.Asked[1].Text, Said: saidOf(bot.Verdict{Left: 3})},
		{ID: "a3", Text: "What did you call your first pet?", Said: saidOf(bot.Verdict{})},
		{ID: "a4", Challenge: "c4", Text: "Which dish do you cook best?", Said: saidOf(bot.Verdict{Garbled: true})}}
	out["questions_judged"] = pageQuestions(judged, "fresh-2")
	self := b
	self.Self, self.Phrase = true, ""
	out["questions_self"] = pageQuestions(self, "fresh-3")
	out["send_chat"] = pageSend(b, bot.Chat)
	out["send_self"] = pageSend(self, bot.Email)
	mobile := self
	mobile.Safer = safer{Types: []bot.Type{bot.Authenticator}}
	out["send_self_mobile"] = pageSend(mobile, bot.Mobile)
	out["code_phrase"] = pageCode(body{Name: "Mei Lin", Type: bot.Email, Masked: "m•••@example.com", Phrase: "amber falcon"}, nil, "fresh-4")
	out["code_self"] = pageCode(body{Name: "Mei Lin", Type: bot.Authenticator, Self: true}, nil, "fresh-5")
	out["code_self_mail"] = pageCode(body{Name: "Mei Lin", Type: bot.Email, Self: true, Masked: "m•••@example.com"}, nil, "fresh-6")
	out["digits"] = pageDigits(body{Name: "Mei Lin", Phrase: "amber falcon"}, nil)
	out["digits_wrong"] = pageDigits(body{Name: "Mei Lin", Phrase: "amber falcon"}, flows.Say("The user has entered other digits. 4 tries are left."))
	out["over_chat"] = pageOver("Mei Lin", bot.Chat)
	out["denied"] = pageDenied("Mei Lin", true)
	out["denied_not_frozen"] = pageDenied("Mei Lin", false)
	out["lifted"] = pageLifted("Mei Lin", "")
	out["lifted_refused"] = pageLifted("Mei Lin", bot.NoPermission)
}

// keepingPages are page Authenticate and refusals in states of their own.
func keepingPages(out map[string]flows.Page) {
	held := standings()
	held[0].Right, held[0].Needed = 1, 2
	d := bot.Decision{Page: bot.PageAuthenticate, Types: held, Missing: bot.Missing{More: 1},
		TooNew: []bot.Waiting{{Type: bot.Chat, From: shown.Add(40 * time.Hour)}}}
	c := caseOf(meiLin(), d)
	c.Facts.Now, c.Facts.Standing = shown, map[bot.AccountID]bot.Standing{{}: {LockedOutUntil: shown.Add(20 * time.Minute)}}
	c.Facts.Policy.Stores = []bot.StorePolicy{{Name: "corp", Base: "dc=corp,dc=example"}}
	c.Facts.Agent.Role.ActsOn = []string{"corp"}
	out["authenticate_locked_out"] = pageAuthenticate(c, nil)
	mine := mute(c)
	out["authenticate_locked_out_no_permission"] = pageAuthenticate(mine, nil)
	mine.Facts.Standing = map[bot.AccountID]bot.Standing{{}: {Stopped: true}}
	out["authenticate_stopped"] = pageAuthenticate(mine, nil)
	for _, why := range []bot.Reason{bot.Frozen, bot.NotEnrolled, bot.MissingEnrollment, bot.NoUserPolicy, bot.NotLocked, bot.TooManyUnlocks, bot.ProtectedTarget, bot.NoSelfService} {
		self := caseOf(meiLin(), bot.Decision{Refused: why, TooNew: d.TooNew, Missing: bot.Missing{Types: []bot.Type{bot.Authenticator}}})
		self.Facts.Case.Self, self.Facts.Frozen = true, shown.Add(24*time.Hour)
		out["self_"+string(why)] = pageRefusedCase(self)
	}
	frozen := c
	frozen.Decision = bot.Decision{Refused: bot.Frozen}
	frozen.Facts.Frozen = shown.Add(24 * time.Hour)
	out["case_frozen"] = pageRefusedCase(frozen)
	out["case_frozen_no_permission"] = pageRefusedCase(mute(frozen))
	out["case_missing_questions"] = pageRefusedCase(caseOf(meiLin(), bot.Decision{Refused: bot.MissingEnrollment,
		Missing: bot.Missing{Types: []bot.Type{bot.SecurityQuestions}}}))
	me := caseOf(meiLin(), bot.Decision{Page: bot.PageAuthenticate, Types: standings(), Missing: bot.Missing{Types: []bot.Type{bot.Authenticator}}})
	me.Facts.Case.Self = true
	out["authenticate_self"] = pageAuthenticate(me, nil)
	me.Decision.Missing, me.Decision.CanNext = bot.Missing{}, true
	out["authenticate_self_passed"] = pageAuthenticate(me, nil)
	me.Decision = bot.Decision{Page: bot.PageUnlock, Verified: []bot.Type{bot.Authenticator}, Accounts: []bot.AccountRuling{{Account: meiLin(), Offered: true}}}
	out["unlock_self"] = pageUnlock(me, []offerRow{{"o1", meiLin().ID}}, "")
}
