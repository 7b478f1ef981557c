package unlock

import (
	"encoding/json"
	"strings"
	"time"

	"latchkey/bot"
	"latchkey/flows"
)

// The time at which all pages of the fixtures are shown.
var shown = time.Date(2026, time.November, 2, 9, 30, 0, 0, time.UTC)

func sameTime(a, b time.Time) bool { return a.Equal(b) }

// pages are all pages of the conversation, in every variant, by name.
func pages() map[string]flows.Page {
	out := map[string]flows.Page{"help": Help(), "waiting_find": Waiting(flows.Begin), "waiting_check": Waiting(flows.Verify),
		"waiting_send": Waiting(flows.SendCode), "waiting_unlock": Waiting(flows.Unlock), "waiting_other": Waiting(flows.Cancel)}
	for _, add := range []func(map[string]flows.Page){findPages, provePages, refusedPages, unlockPages, resultPages, historyPages, homePages, digitsPages, keepingPages, unenrollPages, reminderPages} {
		add(out)
	}
	for label, who := range hostile() {
		hostilePages(out, label, who)
	}
	return out
}

// hostile are names that a directory may hold and a chat may trip over.
func hostile() map[string]string {
	return map[string]string{
		"markup":        "<!channel> *Mei* _Lin_ `x` <https://evil.example|here> & @everyone",
		"right_to_left": "Mei \u202egnol\u202c \u200fLin\u2069",
		"control":       "Mei\x00\x07\nLin\r\t\x1b[31m",
		"full_width":    "Ｍｅｉ　Ｌｉｎ🎉👩‍👩‍👧‍👦",
		"huge":          strings.Repeat("Mei Lin ", 1280), // 10 kB
	}
}

func meiLin() bot.Account {
	return bot.Account{ID: bot.AccountID{Store: "corp", GUID: "4f1c"}, DN: "cn=mei,dc=corp,dc=example", Login: "mei", First: "Mei", Last: "Lin",
		DisplayName: "Mei Lin", Mail: "mei.private@corp.example", Mobile: "+15550199", Department: "Sales", Domain: "corp.example",
		Lock:     bot.Lock{State: bot.Locked, Value: "134", Since: shown.Add(-20 * time.Minute), Until: shown.Add(10 * time.Minute), BadPasswords: 5},
		Password: bot.Password{LastSet: shown.AddDate(0, -2, 0), Expires: shown.AddDate(0, 1, 0)}}
}

// named gives Mei another name.
func named(who string) bot.Account {
	a := meiLin()
	a.DisplayName, a.Department = who, who
	return a
}

func inLab(a bot.Account) bot.Account {
	a.ID = bot.AccountID{Store: "lab", GUID: "77aa"}
	a.Login, a.Domain, a.Lock.Since, a.Lock.Until = "mlin", "lab.example", time.Time{}, time.Time{}
	return a
}

// mute is the case of an agent whose role may nothing more.
func mute(c caseFound) caseFound {
	c.Facts.Agent.Role = &bot.Role{}
	return c
}

// caseOf is a case on the account, with a decision to be filled in.
func caseOf(a bot.Account, d bot.Decision) caseFound {
	role := &bot.Role{Permissions: bot.Permissions(), Helpdesk: bot.HelpdeskPolicy{Mode: bot.RestrictedMode}}
	f := bot.Facts{Now: shown, Policy: &bot.Policy{EnrollmentMinAge: 72 * time.Hour}, Accounts: []bot.TargetAccount{{Account: a}}}
	f.Agent.Role = role
	return caseFound{Facts: f, Decision: d}
}

func standings(passed ...bot.Type) []bot.TypeStanding {
	var out []bot.TypeStanding
	for _, t := range []bot.Type{bot.SecurityQuestions, bot.Mobile, bot.Email, bot.Authenticator} {
		s := bot.TypeStanding{Type: t, Enrollment: bot.Enrollment{ID: "e1", Address: "secret.address@home.example", Seed: []byte("seed")}}
		for _, p := range passed {
			s.Passed = s.Passed || p == t
		}
		out = append(out, s)
	}
	return out
}

func findPages(out map[string]flows.Page) {
	zzz := looked{Text: "zzz"}
	narrow := looked{Text: "mei", Store: "lab", Enrollment: bot.EnrollmentFilter{Type: bot.Email, Not: true}}
	out["query"] = pageQuery(false, looked{}, stores, nil)
	out["query_one_store"] = pageQuery(false, looked{}, stores[:1], nil)
	out["query_history"] = pageQuery(true, looked{}, stores, nil)
	out["query_empty"] = pageQuery(false, looked{}, stores, flows.Say("Type at least one letter of a name, a login name or a mail address."))
	out["query_nobody"] = pageQuery(false, zzz, stores, nobody(zzz, searchFound{}))
	out["query_nobody_narrow"] = pageQuery(false, narrow, stores, nobody(narrow, searchFound{}))
	out["query_nobody_unread"] = pageQuery(false, zzz, stores, nobody(zzz, searchFound{Found: bot.Found{Unread: []string{"lab", "school"}}}))
	out["query_nobody_cut"] = pageQuery(false, narrow, stores, nobody(narrow, searchFound{Found: bot.Found{Cut: true}}))
	out["query_nobody_locked_cut"] = pageQuery(false, looked{Locked: true}, stores, nobody(looked{Locked: true}, searchFound{Found: bot.Found{Cut: true}}))
	out["query_nobody_locked"] = pageQuery(false, looked{Locked: true}, stores, nobody(looked{Locked: true}, searchFound{}))
	hits := func(n int) []bot.Hit {
		var out []bot.Hit
		for i := range n {
			h := bot.Hit{Account: meiLin(), Types: bot.Types()[:i%4]}
			switch a := &h.Account; i {
			case 1:
				a.Lock, a.Password = bot.Lock{State: bot.Unlocked}, bot.Password{}
			case 2:
				a.Lock, a.Disabled, a.Password.MustChange = bot.Lock{State: bot.Unlocked}, true, true
			case 3:
				a.Lock, a.Password.Expired = bot.Lock{State: bot.LockedByAdministrator}, true
			case 4:
				a.Login, a.Department, a.Domain, a.Password = "Mei Lin", "", "", bot.Password{Expired: true}
			}
			out = append(out, h)
		}
		return out
	}
	mei := looked{Text: "mei"}
	out["pick"] = pagePick(false, mei, stores, searchFound{Found: bot.Found{Hits: hits(5), Total: 5}}, 5)
	out["pick_more"] = pagePick(false, narrow, stores, searchFound{Found: bot.Found{Hits: hits(5), Total: 23}, offset: 5}, 5)
	out["pick_cut"] = pagePick(true, mei, stores, searchFound{Found: bot.Found{Hits: hits(1), Total: 500, Cut: true, Unread: []string{"lab"}}}, 5)
	linked := hits(2)
	linked[0].Linked, linked[0].Types = []bot.Account{inLab(meiLin())}, []bot.Type{bot.Email}
	linked[1].Account.Lock.LastBadPassword = shown.Add(-2 * time.Minute)
	out["pick_linked"] = pagePick(false, mei, stores, searchFound{Found: bot.Found{Hits: linked, Total: 2}}, 5)
	locked := hits(3)
	locked[1].Account, locked[1].Protected = meiLin(), true
	locked[2].Account = meiLin()
	locked[2].Account.Lock.Until = time.Time{}
	out["locked"] = pagePick(false, looked{Locked: true}, stores, searchFound{Found: bot.Found{Hits: locked, Total: 3}}, 5)
	out["locked_more"] = pagePick(false, looked{Locked: true, Store: "corp"}, stores, searchFound{Found: bot.Found{Hits: locked[:1], Total: 12, Unread: []string{"lab"}}, offset: 5}, 5)
	who := bot.Person{Account: meiLin(), Linked: []bot.Account{inLab(meiLin())}, Manager: "Ivo Brandt"}
	out["person"] = pagePerson(personFound{who}, severalPeople)
	out["person_author"] = pagePerson(personFound{bot.Person{Account: meiLin(), Unread: []string{"lab"}}}, surelyAuthor)
	out["person_author_perhaps"] = pagePerson(personFound{who}, perhapsAuthor)
	who.Account.Department, who.Manager = "", ""
	out["person_bare"] = pagePerson(personFound{who}, severalPeople)
}

var stores = []string{"corp", "lab"}

func homePages(out map[string]flows.Page) {
	agent := bot.AgentFacts{Role: &bot.Role{Permissions: bot.Permissions(), ActsOn: stores}}
	out["home_empty"] = Home(flows.Home{Agent: agent, Now: shown})
	open := func(s flows.State) flows.OpenCase {
		return flows.OpenCase{Token: "token", Record: flows.Record{State: s, Ends: shown.Add(5 * time.Minute),
			Body: json.RawMessage(`{"name":"Mei Lin","target":{"store":"corp","guid":"4f1c"}}`)}}
	}
	last := bot.Record{Action: bot.ActionUnlock, Status: bot.StatusSuccess, At: shown, Actor: bot.Party{Name: "Dana Reyes"},
		Target: bot.Party{Name: "Omar Said"}, Store: "corp", Types: []bot.Type{bot.Email}, Helpdesk: true}
	out["home"] = Home(flows.Home{Agent: agent, Open: []flows.OpenCase{open(AwaitingProof), open(AwaitingConfirm)}, Last: []bot.Record{last}, Now: shown})
	out["home_refused"] = Home(flows.Home{Why: bot.AgentUnbound, Now: shown})
	agent.Role = &bot.Role{}
	out["home_no_permission"] = Home(flows.Home{Agent: agent, Now: shown})
	me := bot.AgentFacts{Account: meiLin(), Role: &bot.Role{Permissions: []bot.Permission{bot.PermitEnroll}}}
	me.Account.Lock.State = bot.Unlocked
	out["home_own_call"] = Home(flows.Home{Agent: me, Now: shown})
	locked := me
	locked.Account.Lock.State = bot.Locked
	out["home_own_locked_call"] = Home(flows.Home{Agent: locked, Why: bot.AgentLocked, Now: shown})
	me.Role, locked.Role = &bot.Role{Permissions: []bot.Permission{bot.UnlockMyAccount}}, &bot.Role{Permissions: []bot.Permission{bot.UnlockMyAccount}}
	out["home_own"] = Home(flows.Home{Agent: me, Now: shown})
	out["home_own_locked"] = Home(flows.Home{Agent: locked, Why: bot.AgentLocked, Now: shown})
}

func provePages(out map[string]flows.Page) {
	restricted := bot.Decision{Page: bot.PageAuthenticate, Types: standings(), Missing: bot.Missing{Types: []bot.Type{bot.Authenticator}, More: 1, Strength: bot.Medium}}
	out["authenticate"] = pageAuthenticate(caseOf(meiLin(), restricted), nil)
	email := bot.Email
	part := bot.Decision{Page: bot.PageAuthenticate, Types: standings(bot.Email), Verified: []bot.Type{bot.Email}, Missing: bot.Missing{More: 2}}
	out["authenticate_part"] = pageAuthenticate(caseOf(meiLin(), part), &email)
	all := bot.Decision{Page: bot.PageAuthenticate, Types: standings(bot.Email, bot.Authenticator), Verified: []bot.Type{bot.Email, bot.Authenticator}, CanNext: true}
	out["authenticate_all"] = pageAuthenticate(caseOf(meiLin(), all), nil)
	open := bot.Decision{Page: bot.PageAuthenticate, Types: standings(), CanSkip: true}
	others := caseOf(meiLin(), open)
	others.Others = []bot.Party{{Name: "Finn Berg"}, {Name: "Zoe Kim"}}
	out["authenticate_unrestricted"] = pageAuthenticate(others, nil)
	open.Types, open.Verified, open.CanNext = standings(bot.Email), []bot.Type{bot.Email}, true
	out["authenticate_unrestricted_passed"] = pageAuthenticate(caseOf(meiLin(), open), &email)

	out["send"] = pageSend(body{Name: "Mei Lin"}, bot.Email)
	mail := body{Name: "Mei Lin", Type: bot.Email, Masked: bot.Mask("mei.private@corp.example")}
	app := body{Name: "Mei Lin", Type: bot.Authenticator}
	number := body{Name: "Mei Lin", Type: bot.Mobile, Masked: bot.Mask("+15550199")}
	out["send_mobile"] = pageSend(body{Name: "Mei Lin", Safer: safer{Types: []bot.Type{bot.Authenticator}, Enrolled: true}}, bot.Mobile)
	out["send_mobile_to_enroll"] = pageSend(body{Name: "Mei Lin", Safer: safer{Types: []bot.Type{bot.Authenticator}}}, bot.Mobile)
	out["send_mobile_alone"] = pageSend(body{Name: "Mei Lin"}, bot.Mobile)
	out["code_mobile"] = pageCode(number, nil, "1")
	out["over_mobile"] = pageOver("Mei Lin", bot.Mobile)
	out["code_email"] = pageCode(mail, nil, "1")
	out["code_authenticator"] = pageCode(app, nil, "1")
	out["code_wrong"] = pageCode(mail, wrong(bot.Email, bot.Verdict{Left: 3}), "2")
	out["code_last"] = pageCode(app, wrong(bot.Authenticator, bot.Verdict{Left: 1}), "3")
	out["code_used"] = pageCode(app, wrong(bot.Authenticator, bot.Verdict{Replayed: true, Left: 2}), "4")
	out["code_garbled"] = pageCode(app, wrong(bot.Authenticator, bot.Verdict{Garbled: true}), "5")
	out["over_email"] = pageOver("Mei Lin", bot.Email)
	out["over_authenticator"] = pageOver("Mei Lin", bot.Authenticator)
	for _, why := range []bot.Reason{bot.AuthenticationOff, bot.TooManyWrong, bot.TargetStopped, bot.FleetLimit, bot.NotLocked, bot.NotEnrolled} {
		out["type_refused_"+string(why)] = pageTypeRefused("Mei Lin", bot.Authenticator, why, shown.Add(30*time.Minute))
	}
	out["type_refused_for_good"] = pageTypeRefused("Mei Lin", bot.Authenticator, bot.TargetStopped, time.Time{})

	t := turn{r: flows.Record{State: AwaitingProof, Page: out["code_email"]}, b: mail,
		h: flows.Happening{Kind: flows.Failed, Found: bot.E(bot.Unavailable, "send", nil), Now: shown}}
	_, _ = t.failed()
	out["failed"] = t.r.Page
	t.h.Found = bot.Ef(bot.Throttled, "send", "Too many codes were sent to this user in the last hour.")
	_, _ = t.failed()
	out["failed_throttled"] = t.r.Page
	t = turn{r: flows.Record{State: AwaitingProof, Page: out["send_mobile"]}, b: number, h: flows.Happening{Kind: flows.Failed, Now: shown,
		Event: flows.Event{Kind: flows.SendCode}, Found: bot.Ef(bot.Invalid, "deliver", "This number takes no text messages: it is not that of a mobile phone.")}}
	_, _ = t.failed()
	out["failed_mobile"] = t.r.Page
}

func refusedPages(out map[string]flows.Page) {
	for why := range refusals() {
		out["refused_"+string(why)] = PageRefused(why)
	}
	for _, why := range []bot.Reason{bot.OwnAccount, bot.OtherStore, bot.OutsideReach, bot.ProtectedTarget, bot.NotEnrolled, bot.MissingEnrollment,
		bot.NoUserPolicy, bot.NotLocked, bot.TargetDisabled, bot.TargetExpired, bot.LockedByAdmin, bot.TooManyUnlocks, bot.UnlockUnderWay} {
		c := caseOf(meiLin(), bot.Decision{Page: bot.PageRefused, Refused: why})
		if why == bot.MissingEnrollment {
			c.Decision.Missing = bot.Missing{Types: []bot.Type{bot.Authenticator}, Strength: bot.Medium}
			c.Facts.Enrollments = []bot.Enrollment{{Type: bot.Authenticator, Since: shown.Add(-time.Hour)}}
			c.Facts.Unread = []string{"lab"}
		}
		out["case_"+string(why)] = pageRefusedCase(c)
	}
	enrolled := caseOf(meiLin(), bot.Decision{Page: bot.PageRefused, Refused: bot.NotEnrolled})
	out["case_not_enrolled_no_remind"] = pageRefusedCase(mute(enrolled))
	enrolled.Decision.Accounts = []bot.AccountRuling{{Account: meiLin(), Why: bot.NotLocked}, {Account: inLab(meiLin()), Offered: true}}
	out["case_not_enrolled_linked"] = pageRefusedCase(enrolled)
	a := meiLin()
	a.Lock, a.Password.Expired = bot.Lock{State: bot.Unlocked}, true
	out["case_not_locked_expired"] = pageRefusedCase(caseOf(a, bot.Decision{Refused: bot.NotLocked}))
	a.Password.MustChange = true
	out["case_not_locked_must_change"] = pageRefusedCase(caseOf(a, bot.Decision{Refused: bot.NotLocked}))
	for _, done := range []bot.Reminded{bot.ReminderSent, bot.ReminderRecent, bot.ReminderNoMail, bot.ReminderNotYours} {
		out["reminded_"+string(done)] = pageReminded(out["case_not_enrolled"], done)
	}
}

func unlockPages(out map[string]flows.Page) {
	rows := []offerRow{{"o1", meiLin().ID}, {"o2", inLab(meiLin()).ID}}
	one := bot.Decision{Page: bot.PageUnlock, Types: standings(bot.Email), Verified: []bot.Type{bot.Email},
		Accounts: []bot.AccountRuling{{Account: meiLin(), Offered: true}}}
	out["unlock"] = pageUnlock(caseOf(meiLin(), one), rows, "")
	out["unlock_nothing_ticked"] = withNotice(out["unlock"], "Tick at least one account.")

	two := one
	expired := inLab(meiLin())
	expired.Password.Expired, expired.Password.LastSet = true, time.Time{}
	two.Accounts = append(two.Accounts[:1:1], bot.AccountRuling{Account: expired, Offered: true})
	c := caseOf(meiLin(), two)
	c.Facts.Agent.Role.Helpdesk.Reason = bot.ReasonOptional
	c.Others = []bot.Party{{Name: "Finn Berg"}}
	out["unlock_linked"] = pageUnlock(c, rows, "")
	unproved := one
	unproved.Accounts = append(one.Accounts[:1:1], bot.AccountRuling{Account: inLab(meiLin()), Why: bot.NotVerified})
	out["unlock_linked_not_proved"] = pageUnlock(caseOf(meiLin(), unproved), rows, "")

	three := one
	three.Verified = nil
	must := meiLin()
	must.Password.MustChange, must.Lock.Until = true, time.Time{}
	three.Accounts = []bot.AccountRuling{{Account: must, Offered: true}, {Account: inLab(meiLin()), Why: bot.OtherStore}}
	c = caseOf(must, three)
	c.Facts.Agent.Role.Helpdesk.Reason = bot.ReasonRequired
	c.Facts.Unread = []string{"school"}
	out["unlock_skipped"] = pageUnlock(c, rows, "")
	three.Types = nil
	out["unlock_unenrolled"] = pageUnlock(caseOf(must, three), rows, "")
	out["unlocking"] = pageUnlocking("Mei Lin")
	out["not_written"] = pageNotWritten("Mei Lin")
}

func resultPages(out map[string]flows.Page) {
	for _, r := range []bot.Result{bot.Applied, bot.UnlockedNotByUs, bot.NotApplied, bot.RanOut, bot.LockedAgain, bot.Unknown} {
		out["done_"+string(r)] = pageResults("Mei Lin", []bot.Done{{Account: meiLin(), Result: r, Detail: "the service account may not unlock this account"}})
	}
	must := meiLin()
	must.Password.MustChange = true
	out["done_mixed"] = pageResults("Mei Lin", []bot.Done{
		{Account: must, Result: bot.Applied},
		{Account: inLab(meiLin()), Pending: true},
		{Account: bot.Account{ID: bot.AccountID{Store: "school", GUID: "9"}}, Result: bot.NotApplied, Detail: sorry(nil)},
	})
	for _, why := range []bot.Reason{bot.GrantExpired, bot.GrantUsed, bot.PolicyChanged, bot.NotVerified, bot.UnlockUnderWay, bot.TooManyUnlocks} {
		out["done_refused_"+string(why)] = pageResults("Mei Lin", []bot.Done{{Account: meiLin(), Refused: why}})
	}
	out["cancelled"] = pageCancelled("")
	out["cancelled_case"] = pageCancelled("Mei Lin")
	out["card"] = cardOpen("Mei Lin", "corp", shown.Add(5*time.Minute))
}

func historyPages(out map[string]flows.Page) {
	at := func(n int) time.Time { return shown.Add(-time.Duration(n) * time.Minute) }
	dana := bot.Party{Kind: bot.ActorAgent, Name: "Dana Reyes", Login: "dana"}
	mei := bot.Party{Kind: bot.ActorEndUser, Name: "Mei Lin", Login: "mei"}
	records := []bot.Record{
		{Action: bot.ActionUnlock, Status: bot.StatusSuccess, Types: []bot.Type{bot.Email, bot.Authenticator}, Ticket: "INC-1", Helpdesk: true},
		{Action: bot.ActionUnlock, Status: bot.StatusAsked, Helpdesk: true},
		{Action: bot.ActionUnlock, Status: bot.StatusUnknown, Detail: "the directory could not be read for a day", Helpdesk: true},
		{Action: bot.ActionUnlock, Status: bot.StatusFailure, Detail: "the account still has the lock that it had", Helpdesk: true},
		{Action: bot.ActionAuthenticate, Status: bot.StatusFailure, Types: []bot.Type{bot.Email}, Helpdesk: true},
		{Action: bot.ActionSendCode, Status: bot.StatusSuccess, Types: []bot.Type{bot.Email}, Helpdesk: true},
		{Action: bot.ActionSkip, Status: bot.StatusSuccess, Helpdesk: true},
		{Action: bot.ActionRefuse, Status: bot.StatusFailure, Why: bot.OutsideReach, Helpdesk: true},
		{Action: bot.ActionRemind, Status: bot.StatusSuccess, Helpdesk: true},
		{Action: bot.ActionEnroll, Status: bot.StatusSuccess, Types: []bot.Type{bot.Authenticator}},
	}
	for i := range records {
		records[i].Actor, records[i].Target, records[i].Store, records[i].At = dana, mei, "corp", at(i)
	}
	records[9].Actor = bot.Party{Kind: bot.ActorAdministrator, Name: "root"}
	h := historyFound{name: "Mei Lin", store: "corp"}
	out["history_none"] = pageHistory(h, true)
	h.records = records[:3]
	out["history_command"] = pageHistory(h, false)
	h.records = records
	out["history_full"] = pageHistory(h, true)
	h.refused = bot.NoViewHistory
	out["history_refused"] = pageHistory(h, true)
}

// hostilePages are the pages on which names from the directory stand.
func hostilePages(out map[string]flows.Page, label, who string) {
	a := named(who)
	name := func(page string) string { return "hostile_" + label + "_" + page }
	hit := searchFound{Found: bot.Found{Hits: []bot.Hit{{Account: a}}, Total: 9}}
	out[name("query")] = pageQuery(false, looked{Text: who}, []string{who, "corp"}, nobody(looked{Text: who, Store: who}, searchFound{}))
	out[name("pick")] = pagePick(false, looked{Text: who}, stores, hit, 1)
	out[name("person")] = pagePerson(personFound{bot.Person{Account: a, Linked: []bot.Account{inLab(a)}, Manager: who}}, severalPeople)
	restricted := bot.Decision{Types: standings(), Missing: bot.Missing{More: 1}, CanSkip: true}
	c := caseOf(a, restricted)
	c.Others = []bot.Party{{Name: who}}
	out[name("authenticate")] = pageAuthenticate(c, nil)
	out[name("send")] = pageSend(body{Name: who}, bot.Mobile)
	out[name("code")] = pageCode(body{Name: who, Type: bot.Email, Masked: "m•••@home.example"}, nil, "1")
	out[name("over")] = pageOver(who, bot.Authenticator)
	out[name("refused")] = pageRefusedCase(caseOf(a, bot.Decision{Refused: bot.NotEnrolled}))
	offered := bot.Decision{Accounts: []bot.AccountRuling{{Account: a, Offered: true}, {Account: inLab(a), Why: bot.NotLocked}}}
	out[name("unlock")] = pageUnlock(caseOf(a, offered), []offerRow{{"o1", a.ID}}, "")
	out[name("done")] = pageResults(who, []bot.Done{{Account: a, Result: bot.Applied}})
	out[name("card")] = cardOpen(who, "corp", shown)
	party := bot.Party{Kind: bot.ActorAgent, Name: who, Login: who}
	r := bot.Record{Action: bot.ActionUnlock, Status: bot.StatusSuccess, Actor: party, Target: party, Store: "corp", At: shown, Reason: who, Ticket: who, Detail: who}
	out[name("history")] = pageHistory(historyFound{name: who, store: "corp", records: []bot.Record{r}}, true)
}
