package bot_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"latchkey/bot"
)

// granting is a decision that offers Mei's account.
func granting(t *testing.T) (bot.Facts, bot.Decision) {
	t.Helper()
	f := situation{enrolled: with(email), evidence: passed(email), proceed: true}.facts()
	d := bot.Decide(f)
	if d.Page != bot.PageUnlock {
		t.Fatalf("page %q (%q), want page Unlock", d.Page, d.Refused)
	}
	return f, d
}

func TestGrant(t *testing.T) {
	f, d := granting(t)
	for name, c := range map[string]struct {
		change func(*bot.Offer)
		want   bot.Reason
	}{
		"as offered":            {func(*bot.Offer) {}, ""},
		"in its last second":    {func(o *bot.Offer) { o.Expires = noon.Add(time.Second) }, ""},
		"run out this instant":  {func(o *bot.Offer) { o.Expires = noon }, bot.GrantExpired},
		"run out":               {func(o *bot.Offer) { o.Expires = noon.Add(-time.Hour) }, bot.GrantExpired},
		"no expiry at all":      {func(o *bot.Offer) { o.Expires = time.Time{} }, bot.GrantExpired},
		"of another session":    {func(o *bot.Offer) { o.Session = "s2" }, bot.NotVerified},
		"of no session":         {func(o *bot.Offer) { o.Session = "" }, bot.NotVerified},
		"of another agent":      {func(o *bot.Offer) { o.Agent = finn }, bot.NotVerified},
		"of no agent":           {func(o *bot.Offer) { o.Agent = bot.AccountID{} }, bot.NotVerified},
		"without an id":         {func(o *bot.Offer) { o.ID = "" }, bot.NotVerified},
		"of an older policy":    {func(o *bot.Offer) { o.Policy = "p0" }, bot.PolicyChanged},
		"of no policy":          {func(o *bot.Offer) { o.Policy = "" }, bot.PolicyChanged},
		"for somebody else":     {func(o *bot.Offer) { o.Account = omar }, bot.TargetGone},
		"for nobody":            {func(o *bot.Offer) { o.Account = bot.AccountID{} }, bot.TargetGone},
		"rests on another case": {func(o *bot.Offer) { o.Target = omar }, bot.NotVerified},
		"nothing in it":         {func(o *bot.Offer) { *o = bot.Offer{} }, bot.NotVerified},
		"same id, other store":  {func(o *bot.Offer) { o.Account.Store = "lab" }, bot.TargetGone},
	} {
		t.Run(name, func(t *testing.T) {
			o := offerFor(f, mei)
			c.change(&o)
			g, why := d.Grant(o)
			if why != c.want {
				t.Fatalf("reason %q, want %q", why, c.want)
			}
			if why != "" && !g.Account().IsZero() {
				t.Errorf("refused, and the grant names %v", g.Account())
			}
			if why == "" && (g.Account() != mei || g.Seen().Value != "seen-corp" || g.ID() != o.ID) {
				t.Errorf("grant of %v for lock %q, id %q", g.Account(), g.Seen().Value, g.ID())
			}
		})
	}
}

// TestGrantSaysWhyNot: an account on page Unlock without a check box.
func TestGrantSaysWhyNot(t *testing.T) {
	f := situation{mode: bot.UnrestrictedMode, proceed: true, linked: &account{disabled: true}}.facts()
	if _, why := bot.Decide(f).Grant(offerFor(f, meiL)); why != bot.TargetDisabled {
		t.Errorf("reason %q, want %q", why, bot.TargetDisabled)
	}
}

// TestGrantOfOtherPages: only a decision for page Unlock gives one.
func TestGrantOfOtherPages(t *testing.T) {
	for name, c := range map[string]struct {
		given situation
		want  bot.Reason
	}{
		"page Authenticate":            {situation{enrolled: with(email)}, bot.NotVerified},
		"page Authenticate, next open": {situation{enrolled: with(email), evidence: passed(email)}, bot.NotVerified},
		"refused":                      {situation{}, bot.NotEnrolled},
	} {
		f := c.given.facts()
		g, why := bot.Decide(f).Grant(offerFor(f, mei))
		if why != c.want || !g.Account().IsZero() {
			t.Errorf("%s: reason %q and account %v, want reason %q and none", name, why, g.Account(), c.want)
		}
	}
}

// TestForgedDecisionNeverGrants: whatever a caller writes into the exported
// fields, only what Decide decided is granted, and a refusal always has a reason.
func TestForgedDecisionNeverGrants(t *testing.T) {
	real := []situation{{}, {enrolled: with(email)}, {without: true}, {mei: account{lock: bot.Unlocked}}}
	rapid.Check(t, func(t *rapid.T) {
		d := bot.Decision{}
		f := situation{}.facts()
		if rapid.Bool().Draw(t, "begun by Decide") {
			f = rapid.SampledFrom(real).Draw(t, "situation").facts()
			d = bot.Decide(f)
		}
		d.Page = rapid.SampledFrom([]bot.Page{bot.PageUnlock, bot.PageUnlock, bot.PageAuthenticate, bot.PageRefused, ""}).Draw(t, "page")
		d.Refused, d.CanNext, d.CanSkip, d.Verified, d.Missing = "", true, true, bot.Types(), bot.Missing{}
		d.Accounts = []bot.AccountRuling{{Account: f.Accounts[0].Account, Offered: true}, {Offered: true}}
		o := offerFor(f, rapid.SampledFrom([]bot.AccountID{mei, {}, omar}).Draw(t, "account"))
		if rapid.Bool().Draw(t, "offer without a case") {
			o.Session, o.Agent, o.Policy, o.Target = "", bot.AccountID{}, "", bot.AccountID{}
		}
		g, why := d.Grant(o)
		if why == "" || !g.Account().IsZero() {
			t.Fatalf("reason %q, account %v", why, g.Account())
		}
	})
}
