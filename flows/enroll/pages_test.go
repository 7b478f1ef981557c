package enroll

import (
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/flows"
)

var shown = time.Date(2026, time.November, 2, 9, 30, 0, 0, time.UTC)

func ownOf(types ...bot.OwnType) bot.Own {
	return bot.Own{Account: bot.Account{ID: bot.AccountID{Store: "corp", GUID: "4f1c"}, Login: "mei", DisplayName: "Mei Lin"}, Types: types,
		User: &bot.AuthenticationPolicy{Enforced: []bot.Type{bot.Authenticator}, Chosen: 1, Questions: 3, MinimumAnswer: 4}, Bound: shown.AddDate(0, -2, 0)}
}

func bare() []bot.OwnType {
	var out []bot.OwnType
	for _, t := range bot.Types() {
		out = append(out, bot.OwnType{Type: t})
	}
	return out
}

// pages are all pages, in every variant.
func pages() map[string]flows.Page {
	out := map[string]flows.Page{"reading": pageReading(), "over": pageOver(), "refused": PageRefused()}
	ownPages(out)
	linkPages(out)
	proofPages(out)
	newPages(out)
	for _, k := range []flows.EventKind{flows.BeginEnroll, flows.SetAddress, flows.Add} {
		out["waiting_"+string(k)], _ = Waiting(k)
	}
	return out
}

func ownPages(out map[string]flows.Page) {
	out["own_none"] = pageOwn(ownOf(bare()...), nil)
	all := bare()
	all[0].Has, all[0].Questions, all[0].Since = true, 3, shown.AddDate(0, 0, -30)
	all[1].Has, all[1].Masked, all[1].Since, all[1].Counts = true, "•••01", shown.Add(-time.Hour), shown.Add(71*time.Hour)
	all[2].Has, all[2].Masked, all[2].Since, all[2].Admin = true, "m•••@home.example", shown.AddDate(0, -1, 0), true
	all[3].Elsewhere = "lab"
	own := ownOf(all...)
	own.Begun, own.Trusting, own.Unread = true, []string{"lab"}, []string{"school"}
	out["own_some"] = pageOwn(own, nil)
	for name, b := range map[string]body{"added": {Do: bot.Adding, Type: bot.Mobile}, "changed": {Do: bot.Changing, Type: bot.Email},
		"removed": {Do: bot.Removing, Type: bot.Authenticator}, "answers": {Do: bot.Adding, Type: bot.SecurityQuestions}} {
		notice := said(b, own)
		out["own_"+name] = pageOwn(own, &notice)
	}
	odd := bare()
	odd[0].Has, odd[0].Questions, odd[0].Since, odd[0].Unused = true, 1, shown, true
	odd[1].Cannot = "No gateway of text messages is configured, so no code can be sent."
	odd[3].Has, odd[3].Since, odd[3].Cannot = true, shown, "Latchkey has no public address here, so the QR code cannot be shown. An administrator enrolls you, with latchkey enroll add."
	poor := ownOf(odd...)
	poor.Bound, poor.User = time.Time{}, nil
	out["own_odd"] = pageOwn(poor, nil)
	out["home_some"] = flows.Page{ID: "home", Title: "Latchkey", Blocks: homeBlocks(own)}
	out["home_none"] = flows.Page{ID: "home", Title: "Latchkey", Blocks: homeBlocks(ownOf(bare()...))}
}

func proofPages(out map[string]flows.Page) {
	b := body{Do: bot.Changing, Type: bot.Mobile, Before: "•••01", Last: true, Ways: []way{{Type: bot.SecurityQuestions}, {Type: bot.Mobile, Masked: "•••01"},
		{Type: bot.Email, Masked: "m•••@home.example"}, {Type: bot.Authenticator}}}
	out["ways_change"] = pageWays(b, true)
	b.Do = bot.Removing
	out["ways_remove"] = pageWays(b, true)
	out["ways_first"] = pageWays(body{Do: bot.Adding, Type: bot.Authenticator, Ways: []way{{bot.Email, "m•••@corp.example", true}}}, false)
	out["ways_none"] = pageWays(body{Do: bot.Adding, Type: bot.Authenticator}, false)
	out["ways_away"] = pageWays(body{Do: bot.Adding, Type: bot.Authenticator}, true)
	b.By, b.Masked = bot.Mobile, "•••01"
	out["proof_mobile"] = pageProof(b, nil, "1")
	out["proof_wrong"] = pageProof(b, wrong(bot.Mobile, bot.Verdict{Left: 1}), "2")
	out["proof_garbled"] = pageProof(b, wrong(bot.Mobile, bot.Verdict{Garbled: true}), "3")
	b.By = bot.Authenticator
	out["proof_authenticator"] = pageProof(b, wrong(b.By, bot.Verdict{Replayed: true, Left: 3}), "4")
	b.By, b.Asked = bot.SecurityQuestions, []bot.OwnQuestion{{ID: "a1"}, {ID: "a2"}}
	out["proof_questions"] = pageProof(b, nil, "5")
	out["proof_questions_wrong"] = pageProof(b, wrong(b.By, bot.Verdict{Left: 4}), "6")
	out["proof_questions_garbled"] = pageProof(b, wrong(b.By, bot.Verdict{Garbled: true}), "7")
	for _, t := range []bot.Type{bot.Email, bot.Authenticator, bot.SecurityQuestions} {
		out["proof_over_"+string(t)] = pageProofOver(t)
	}
	for _, why := range []bot.Reason{bot.AuthenticationOff, bot.TooManyWrong, bot.TargetStopped, bot.FleetLimit} {
		out["stopped_"+string(why)] = pageStopped(bot.Email, why, shown.Add(30*time.Minute))
	}
	out["stopped_for_good"] = pageStopped(bot.Email, bot.TargetStopped, time.Time{})
	for name, err := range map[string]error{"unavailable": bot.E(bot.Unavailable, "x", nil), "throttled": bot.E(bot.Throttled, "x", nil),
		"expired": bot.Ef(bot.Expired, "x", "It was not proved that it is you, or longer than ten minutes ago. Begin again."), "denied": bot.E(bot.Denied, "x", nil)} {
		t := turn{r: flows.Record{State: AwaitingProof, Page: out["proof_mobile"]}, h: flows.Happening{Found: err, Now: shown}}
		_, _ = t.failed()
		_, _ = t.failed() // a second failure takes the first one's place
		out["failed_"+name] = t.r.Page
	}
}

func newPages(out map[string]flows.Page) {
	b := body{Do: bot.Adding, Type: bot.Email, Masked: "m•••@home.example", Expires: shown.Add(10 * time.Minute)}
	out["address_email"], out["new_email"] = pageAddress(b), pageNewCode(b, nil, "1")
	out["new_wrong"] = pageNewCode(b, wrong(bot.Email, bot.Verdict{Left: 2}), "2")
	b.Type = bot.Mobile
	out["address_mobile"] = pageAddress(b)
	out["app"] = pageApp(b, nil, "1")
	out["app_wrong"] = pageApp(b, wrong(bot.Authenticator, bot.Verdict{Left: 4}), "2")
	linkedApp := pageApp(b, nil, "3")
	for i := range linkedApp.Blocks {
		linkedApp.Blocks[i].Buttons = linked(linkedApp.Blocks[i].Buttons, "https://latchkey.example.com/e/AQcDBw")
	}
	out["app_linked"] = linkedApp
	out["new_over_mobile"], out["new_over_app"] = pageNewOver(bot.Mobile), pageNewOver(bot.Authenticator)
	pool := []string{"In which street did you grow up?", strings.Repeat("Which of all the many books that you have read ", 3) + "is it?"}
	out["answers_one"] = pageAnswers(body{Questions: 1, Shortest: 1, Pool: pool})
	out["answers_three"] = pageAnswers(body{Questions: 3, Shortest: 4, Pool: pool})
	again := turn{r: flows.Record{State: AwaitingAnswers, Page: out["answers_three"]}, b: body{Questions: 3, Shortest: 4, Pool: pool, Picks: []int{2, 0, 1}},
		h: flows.Happening{Found: bot.Ef(bot.Invalid, "x", "Question 1: the answer needs at least 4 characters."), Now: shown}}
	_, _ = again.failed()
	out["answers_again"] = again.r.Page
	out["answers_own"] = pageAnswers(body{Questions: 2, Shortest: 4})
}

func linkPages(out map[string]flows.Page) {
	there := bot.Account{ID: bot.AccountID{Store: "lab", GUID: "77"}, Login: "mlin", DisplayName: "Mei <!channel> Lin"}
	out["accounts_none"] = pageOthers(nil)
	out["accounts"] = pageOthers([]bot.Other{{Account: there}, {Account: there, Linked: true}, {Account: there, Cannot: "Nothing is enrolled on that account, so it cannot be proved that it is yours."}})
	b := body{Do: bot.Linking, Other: other{there.ID, there.Login}, Ways: []way{{Type: bot.Authenticator}}}
	out["ways_link"] = pageWays(b, true)
	b.There = true
	out["ways_link_there"] = pageWays(b, true)
	b.Ways = nil
	out["ways_unlinkable"] = pageWays(b, true)
	b.Do, b.Ways = bot.Unlinking, []way{{Type: bot.Mobile, Masked: "•••01"}}
	out["ways_unlink"] = pageWays(b, true)
	own := ownOf(bare()...)
	own.Several = true
	for name, do := range map[string]bot.Doing{"linked": bot.Linking, "unlinked": bot.Unlinking} {
		b.Do = do
		notice := said(b, own)
		out["own_"+name] = pageOwn(own, &notice)
	}
}

// TestPagesFit: what every chat can show.
func TestPagesFit(t *testing.T) {
	for name, p := range pages() {
		inputs := 0
		if len([]rune(p.Title)) > 24 || p.Close == "" && p.ID != "home" {
			t.Errorf("%s: title %q, close %q", name, p.Title, p.Close)
		}
		fields := map[string]bool{}
		for _, b := range p.Blocks {
			if b.Input != nil {
				inputs++
				if fields[b.Input.Field] {
					t.Errorf("%s: field %s stands twice", name, b.Input.Field)
				}
				fields[b.Input.Field] = true
			}
			if b.Menu != nil && (len(b.Menu.Options) > 100 || len(b.Menu.Options) == 0) {
				t.Errorf("%s: %d options", name, len(b.Menu.Options))
			}
			if len(b.Buttons) > 5 {
				t.Errorf("%s: %d buttons in a row", name, len(b.Buttons))
			}
			for _, press := range b.Buttons {
				if press.URL == "" && press.Kind != openPage && !press.Kind.Pressable() && !press.Kind.Opens() {
					t.Errorf("%s: %s cannot be pressed", name, press.Kind)
				}
			}
		}
		if (inputs > 0) != (p.Submit != nil) {
			t.Errorf("%s: %d inputs, submit %v", name, inputs, p.Submit)
		}
		if p.Submit != nil && (!p.Submit.Kind.Pressable() || len([]rune(p.Submit.Label)) > 24) {
			t.Errorf("%s: submit %+v", name, p.Submit)
		}
	}
}

// TestMostQuestions: as many as a configuration can ask for, of a pool as large
// as there may be, fit on a page.
func TestMostQuestions(t *testing.T) {
	pool := make([]string, 300)
	for i := range pool {
		pool[i] = "Which book have you read twice?"
	}
	tn := turn{}
	own := bot.Own{User: &bot.AuthenticationPolicy{Questions: 20, MinimumAnswer: 4}, Pool: pool}
	if _, err := tn.askAnswers(own); err != nil {
		t.Fatal(err)
	}
	if n := len(tn.r.Page.Blocks); n > 100 {
		t.Errorf("%d blocks", n)
	}
	for _, b := range tn.r.Page.Blocks {
		if b.Menu != nil && len(b.Menu.Options) > 100 {
			t.Errorf("%d options", len(b.Menu.Options))
		}
	}
}
