package bot_test

import (
	"testing"
	"time"

	"latchkey/bot"
)

// TestLinkedAccountKeepsItsOwnRole: corp's users have to pass the authenticator
// and one more type, lab's one of any. Whoever picks lab does not open corp by
// e-mail alone.
func TestLinkedAccountKeepsItsOwnRole(t *testing.T) {
	o := openOffice(t)
	o.Policy.Stores[0].TrustEnrollmentOf = []string{"lab"}
	o.Agents.Helpdesk.AsUser = true
	o.Users.Authentication.Enforced, o.Users.Authentication.Chosen = []bot.Type{bot.Authenticator}, 1
	o.Policy.Roles = append(o.Policy.Roles, bot.Role{Name: "guests of the lab", Store: "lab", Everyone: true, Priority: 200,
		Authentication: &bot.AuthenticationPolicy{Chosen: 1}})
	c := o.Case("s1")
	c.Target = o.MeiLab
	offers := o.offers(c, o.enroll(o.MeiLab, bot.Email))
	if len(offers) != 1 || offers[0].Account != o.MeiLab {
		t.Fatalf("offers %+v, want lab's account alone", offers)
	}
	forged := offers[0]
	forged.ID, forged.Account = o.IDs.New(), o.Mei
	if err := o.Ledger.Offer(t.Context(), []bot.Offer{forged}); err != nil {
		t.Fatal(err)
	}
	c.Proceed = true
	if done := o.unlock(bot.Order{Case: c, Offer: forged.ID}); done.Refused != bot.NotVerified || len(o.Corp.Writes()) > 0 {
		t.Errorf("by a grant on record: %+v, writes %v", done, o.Corp.Writes())
	}
}

// TestHistorySaysWhatCounted: in unrestricted mode a linked account may be
// unlocked on proof that does not count for it, and history does not say that it was proved.
func TestHistorySaysWhatCounted(t *testing.T) {
	o := openOffice(t)
	o.Agents.Helpdesk.Mode = bot.UnrestrictedMode
	c := o.Case("s1")
	offers := o.offers(c, o.enroll(o.Mei, bot.Authenticator))
	c.Proceed = true
	for i, want := range []struct {
		types  int
		detail string
	}{{1, ""}, {0, "what was passed does not count in this identity store"}} {
		if done := o.unlock(bot.Order{Case: c, Offer: offers[i].ID}); done.Result != bot.Applied {
			t.Fatalf("%+v", done)
		}
		r := o.history(bot.ActionUnlock)
		if asked := r[len(r)-2]; len(asked.Types) != want.types || asked.Detail != want.detail || len(offers[i].Evidence) != want.types {
			t.Errorf("record %+v, grant %+v", asked, offers[i])
		}
	}
}

// TestClockJumpsBack: evidence that has run out stays so, evidence of the
// future counts for nothing, and a step that was used is not taken again.
func TestClockJumpsBack(t *testing.T) {
	o := openOffice(t)
	e := o.enroll(o.Mei, bot.Authenticator)
	c := o.Case("s1")
	c.Proceed = true
	offers := o.offers(c, e)
	o.Clock.Move(16 * time.Minute)
	if done := o.unlock(bot.Order{Case: c, Offer: offers[0].ID}); done.Refused == "" {
		t.Fatal("old evidence counts")
	}
	o.Clock.Move(-14 * time.Minute)
	if v := o.verify(c, o.open(c, bot.Authenticator).Challenge, bot.Authenticator, o.RightAt(e, o.Clock.Now().Add(-2*time.Minute))); v.Passed {
		t.Error("a used step was taken again")
	}
	o.Clock.Move(-20 * time.Minute)
	if done := o.unlock(bot.Order{Case: c, Offer: offers[0].ID}); done.Refused == "" {
		t.Error("evidence of the future counts")
	}
}
