package bot_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"latchkey/bot"
	"latchkey/bot/bottest"
)

// TestDecideAgreesWithOracle: on any facts exactly those accounts are granted
// that the policy, said a second time, lets be unlocked.
func TestDecideAgreesWithOracle(t *testing.T) {
	granted := 0
	rapid.Check(t, func(t *rapid.T) {
		f := drawFacts(t)
		f.Case.Proceed = true
		may := bottest.MayUnlock(f)
		d := bot.Decide(f)
		if (d.Page == bot.PageUnlock) != (len(may) > 0) {
			t.Fatalf("page %q (refused %q), but policy lets unlock %v", d.Page, d.Refused, may)
		}
		if (d.Page == bot.PageRefused) != (d.Refused != "") {
			t.Fatalf("page %q with refusal %q", d.Page, d.Refused)
		}
		for _, a := range slices.Concat(f.Same, []bot.AccountID{dana, finn, mei, meiL, omar, {}}) {
			_, why := d.Grant(offerFor(f, a))
			if (why == "") != may[a] {
				t.Fatalf("grant for %v: reason %q, but policy says %v", a, why, may[a])
			}
			if why == "" {
				granted++
			}
		}
	})
	if granted == 0 {
		t.Error("no drawn facts led to a grant: the property said nothing")
	}
}

// TestUnlockNeedsToBeAskedFor: before Next or Skip page Unlock opens only where
// there is no page Authenticate at all.
func TestUnlockNeedsToBeAskedFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFacts(t)
		f.Case.Proceed = false
		d := bot.Decide(f)
		first := slices.IndexFunc(d.Accounts, func(a bot.AccountRuling) bool { return a.Offered })
		counting := first >= 0 && slices.ContainsFunc(f.Enrollments, func(e bot.Enrollment) bool {
			return bottest.Counts(f, e, f.Accounts[first].ID)
		})
		only := f.Agent.Role != nil && f.Agent.Role.Helpdesk.Mode == bot.UnrestrictedMode && !counting
		if d.Page == bot.PageUnlock && !only {
			t.Fatalf("page Unlock opened by itself")
		}
		if d.CanSkip && f.Agent.Role.Helpdesk.Mode != bot.UnrestrictedMode {
			t.Fatalf("page Authenticate can be skipped in mode %q", f.Agent.Role.Helpdesk.Mode)
		}
		f.Case.Proceed = true
		after := bot.Decide(f)
		if d.CanNext && after.Page != bot.PageUnlock {
			t.Fatalf("Next was offered and led to %q", after.Page)
		}
		if d.Page == bot.PageAuthenticate && !d.CanNext && !d.CanSkip && after.Page == bot.PageUnlock {
			t.Fatalf("page Unlock opened, though neither Next nor Skip was offered")
		}
	})
}

// TestUnverifiedRestrictedNeverUnlocks: in restricted mode, without a fresh
// piece of evidence of this very case, nothing opens page Unlock.
func TestUnverifiedRestrictedNeverUnlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFacts(t)
		if f.Agent.Role != nil {
			f.Agent.Role.Helpdesk.Mode = rapid.SampledFrom([]bot.Mode{bot.RestrictedMode, "", "Unrestricted"}).Draw(t, "mode")
		}
		f.Evidence = slices.DeleteFunc(f.Evidence, func(v bot.Evidence) bool {
			return v.Session == f.Case.Session && v.Agent == dana && v.Target == mei && v.Expires.After(f.Now)
		})
		if d := bot.Decide(f); d.Page == bot.PageUnlock || d.CanNext || len(d.Verified) > 0 {
			t.Fatalf("page %q, next %v, verified %v", d.Page, d.CanNext, d.Verified)
		}
	})
}

// TestMoreEvidenceIsNeverLess: adding evidence takes no grant away.
func TestMoreEvidenceIsNeverLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFacts(t)
		less := bot.Decide(f)
		f.Evidence = slices.Insert(slices.Clone(f.Evidence), rapid.IntRange(0, len(f.Evidence)).Draw(t, "where"), drawEvidence(t, f))
		more := bot.Decide(f)
		if less.Page == bot.PageUnlock && more.Page != bot.PageUnlock {
			t.Fatalf("page Unlock became %q (%q)", more.Page, more.Refused)
		}
		if less.CanNext && !more.CanNext && more.Page != bot.PageUnlock {
			t.Fatalf("Next went away")
		}
		for _, a := range f.Accounts {
			if _, why := less.Grant(offerFor(f, a.ID)); why != "" {
				continue
			}
			if _, why := more.Grant(offerFor(f, a.ID)); why != "" {
				t.Fatalf("the grant for %v went away: %q", a.ID, why)
			}
		}
	})
}

// TestDecideIsPure: the facts are not touched, and give the same answer twice.
func TestDecideIsPure(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFacts(t)
		enrollments, evidence, same := slices.Clone(f.Enrollments), slices.Clone(f.Evidence), slices.Clone(f.Same)
		one, two := bot.Decide(f), bot.Decide(f)
		if diff := cmp.Diff(one, two, cmp.AllowUnexported(bot.Decision{})); diff != "" {
			t.Fatalf("the same facts, another decision:\n%s", diff)
		}
		if !cmp.Equal(enrollments, f.Enrollments) || !cmp.Equal(evidence, f.Evidence) || !cmp.Equal(same, f.Same) {
			t.Fatal("Decide changed its facts")
		}
	})
}

func offerFor(f bot.Facts, account bot.AccountID) bot.Offer {
	return bot.Offer{ID: "o1", Session: f.Case.Session, Agent: f.Agent.Account.ID, Target: mei, Account: account,
		Policy: f.Policy.Version, At: f.Now, Expires: f.Now.Add(5 * time.Minute)}
}

// drawFacts draws a situation, biased so that unlocks are not rare.
func drawFacts(t *rapid.T) bot.Facts {
	types := func(label string) []bot.Type {
		return rapid.SliceOfNDistinct(rapid.SampledFrom(bot.Types()), 0, 5, rapid.ID).Draw(t, label)
	}
	s := situation{
		mode:       rapid.SampledFrom([]bot.Mode{"", bot.RestrictedMode, bot.UnrestrictedMode}).Draw(t, "mode"),
		without:    rarely(t, "no permission"),
		noRole:     rarely(t, "no role"),
		agent:      bot.Account{Disabled: rarely(t, "agent disabled"), Expired: rarely(t, "agent expired")},
		actsOn:     rapid.SampledFrom([][]string{nil, nil, {"corp"}, {"lab"}, {}}).Draw(t, "acts on"),
		containers: rapid.SliceOfN(drawDN(), 0, 2).Draw(t, "containers"),
		frees:      rapid.SampledFrom([][]bot.DN{nil, {admins}, {admins, tier0}, {labTier0}}).Draw(t, "frees"),
		asUser:     rapid.Bool().Draw(t, "as user"),
		atLeast:    rapid.IntRange(0, 3).Draw(t, "at least"),
		assurance:  bot.Strength(rapid.IntRange(0, 4).Draw(t, "assurance")),
		enforced:   types("enforced"),
		chosen:     rapid.IntRange(0, 2).Draw(t, "chosen"),
		inRole:     rapid.Bool().Draw(t, "in role"),
		trust:      rapid.Bool().Draw(t, "trust"),
		labTrust:   rapid.Bool().Draw(t, "lab trusts"),
		mei:        drawAccount(t, "mei"),
		proceed:    rapid.Bool().Draw(t, "proceed"),
	}
	if rarely(t, "agent locked") {
		s.agent.Lock.State = bot.Locked
	}
	if rarely(t, "few types") {
		s.types = types("store types")
	}
	if rarely(t, "agent has a link") {
		s.agentLink = rapid.SampledFrom([]string{"3", "4"}).Draw(t, "agent's link")
	}
	if rarely(t, "agent has other accounts") {
		s.agentIs = []bot.AccountID{rapid.SampledFrom([]bot.AccountID{mei, meiL, omar}).Draw(t, "agent is")}
	}
	if rapid.Bool().Draw(t, "linked") {
		l := drawAccount(t, "linked")
		s.linked = &l
	}
	if rapid.Bool().Draw(t, "role in lab") {
		s.labRole = &bot.AuthenticationPolicy{Enforced: types("enforced in lab"), Chosen: rapid.IntRange(0, 2).Draw(t, "chosen in lab")}
	}
	for _, e := range types("enrolled") {
		s.enrolled = append(s.enrolled, enrolled{with: e, byAdmin: rapid.Bool().Draw(t, "by admin"),
			on:  rapid.SampledFrom([]bot.AccountID{{}, {}, mei, meiL, omar}).Draw(t, "on"),
			age: rapid.SampledFrom([]time.Duration{0, 0, time.Hour, 72 * time.Hour}).Draw(t, "age")})
	}
	f := s.facts()
	for range rapid.IntRange(0, 5).Draw(t, "pieces of evidence") {
		f.Evidence = append(f.Evidence, drawEvidence(t, f))
	}
	return f
}

func rarely(t *rapid.T, label string) bool { return rapid.IntRange(0, 15).Draw(t, label) == 7 }

func drawDN() *rapid.Generator[bot.DN] {
	return rapid.SampledFrom([]bot.DN{staff, staff, corpBase, "ou=sales," + staff, "ou=guests," + corpBase, "ou=people," + labBase, labBase, tier0, labTier0})
}

func drawAccount(t *rapid.T, label string) account {
	a := account{disabled: rarely(t, label+" disabled"), expired: rarely(t, label+" expired"), underWay: rarely(t, label+" under way"),
		unlocks: rapid.IntRange(0, 4).Draw(t, label+" unlocks"),
		lock:    rapid.SampledFrom([]bot.LockState{"", "", "", bot.Unlocked, bot.LockedByAdministrator}).Draw(t, label+" lock")}
	if rarely(t, label+" elsewhere") {
		a.dn = "cn=mei," + drawDN().Draw(t, label+" in")
	}
	if rarely(t, label+" grouped") {
		a.groups = []bot.DN{admins}
	}
	return a
}

// drawEvidence draws evidence that is mostly of an enrollment at hand, and often good.
func drawEvidence(t *rapid.T, f bot.Facts) bot.Evidence {
	v := bot.Evidence{Type: rapid.SampledFrom(bot.Types()).Draw(t, "type")}
	if len(f.Enrollments) > 0 && !rarely(t, "stray") {
		e := rapid.SampledFrom(f.Enrollments).Draw(t, "enrollment")
		v.Type, v.Enrollment = e.Type, e.ID
	}
	switch rapid.IntRange(0, 12).Draw(t, "spoiled") {
	case 1:
		v.Session = "s2"
	case 2:
		v.Agent = finn
	case 3:
		v.Target = rapid.SampledFrom([]bot.AccountID{omar, meiL}).Draw(t, "target")
	case 4:
		v.Expires = noon.Add(-time.Duration(rapid.IntRange(0, 3).Draw(t, "stale")) * time.Minute)
	case 5:
		v.At = noon.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "early")) * time.Minute)
	case 6:
		v.Type = rapid.SampledFrom(bot.Types()).Draw(t, "other type")
	}
	return complete(v, len(f.Evidence))
}
