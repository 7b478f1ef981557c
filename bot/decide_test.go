package bot_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"latchkey/bot"
)

const (
	questions = bot.SecurityQuestions
	mobile    = bot.Mobile
	email     = bot.Email
	totp      = bot.Authenticator
	chat      = bot.Chat
)

// answer is what the agent must get, as docs of the helpdesk say it.
type answer struct {
	page     bot.Page
	refused  bot.Reason
	missing  bot.Missing
	skip     bool
	next     bool
	verified []bot.Type
	offered  []bot.AccountID
}

func refused(why bot.Reason) answer { return answer{page: bot.PageRefused, refused: why} }

func unlocks(verified []bot.Type, ids ...bot.AccountID) answer {
	return answer{page: bot.PageUnlock, verified: verified, offered: ids}
}

// asks is page Authenticate in restricted mode.
func asks(m bot.Missing, verified ...bot.Type) answer {
	return answer{page: bot.PageAuthenticate, missing: m, next: m.None(), verified: verified, offered: []bot.AccountID{mei}}
}

type ruling struct {
	name  string
	given situation
	want  answer
}

func TestDecide(t *testing.T) {
	groups := map[string][]ruling{
		"dialog": dialogRulings(), "agent": agentRulings(), "reach": reachRulings(), "account": accountRulings(),
		"restricted": restrictedRulings(), "as user": asUserRulings(), "counting": countingRulings(),
		"evidence": evidenceRulings(), "linked": linkedRulings(), "proved": provedRulings(),
	}
	for group, rulings := range groups {
		for _, r := range rulings {
			t.Run(group+"/"+r.name, func(t *testing.T) {
				d := bot.Decide(r.given.facts())
				got := answer{page: d.Page, refused: d.Refused, missing: d.Missing, skip: d.CanSkip, next: d.CanNext, verified: d.Verified}
				if d.Page != bot.PageRefused {
					for _, a := range d.Accounts {
						if a.Offered {
							got.offered = append(got.offered, a.Account.ID)
						}
					}
				}
				if d.Page == bot.PageUnlock {
					got.next = false // page Unlock has no Next
				}
				if d.Page == bot.PageRefused && d.Refused != bot.MissingEnrollment {
					got.missing, got.verified = bot.Missing{}, nil
				}
				if diff := cmp.Diff(r.want, got, cmp.AllowUnexported(answer{}), cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("Decide (-want +got):\n%s", diff)
				}
			})
		}
	}
}

// The dialog's own table: mode by enrolled and not.
func dialogRulings() []ruling {
	const open = bot.UnrestrictedMode
	skippable := answer{page: bot.PageAuthenticate, skip: true, offered: []bot.AccountID{mei}}
	proved := skippable
	proved.next, proved.verified = true, []bot.Type{email}
	return []ruling{
		{"unrestricted enrolled: both pages, can be skipped", situation{mode: open, enrolled: with(email)}, skippable},
		{"unrestricted enrolled: next as soon as one is passed", situation{mode: open, enrolled: with(email, totp), evidence: passed(email)}, proved},
		{"unrestricted enrolled: skipped", situation{mode: open, enrolled: with(email), proceed: true}, unlocks(nil, mei)},
		{"unrestricted enrolled: passed, then next", situation{mode: open, enrolled: with(email), evidence: passed(email), proceed: true}, unlocks([]bot.Type{email}, mei)},
		{"unrestricted unenrolled: only page Unlock", situation{mode: open}, unlocks(nil, mei)},
		{"unrestricted unenrolled without the permission", situation{mode: open, without: true}, refused(bot.NoPermission)},
		{"unrestricted enrolled without the permission", situation{mode: open, without: true, enrolled: with(email), proceed: true}, refused(bot.NoPermission)},
		{"restricted enrolled: page Authenticate, no skip", situation{enrolled: with(email)}, asks(bot.Missing{More: 1})},
		{"restricted enrolled: next before passing stays", situation{enrolled: with(email), proceed: true}, asks(bot.Missing{More: 1})},
		{"restricted enrolled: passed, next allowed", situation{enrolled: with(email), evidence: passed(email)}, asks(bot.Missing{}, email)},
		{"restricted enrolled: passed, then next", situation{enrolled: with(email), evidence: passed(email), proceed: true}, unlocks([]bot.Type{email}, mei)},
		{"restricted unenrolled", situation{}, refused(bot.NotEnrolled)},
		{"restricted unenrolled, next", situation{proceed: true}, refused(bot.NotEnrolled)},
		{"restricted without the permission", situation{without: true, enrolled: with(email), evidence: passed(email), proceed: true}, refused(bot.NoPermission)},
		{"a mode that is neither counts as restricted", situation{mode: "lenient", enrolled: with(email), proceed: true}, asks(bot.Missing{More: 1})},
	}
}

func agentRulings() []ruling {
	ready := func(change func(*situation)) situation {
		s := situation{enrolled: with(email), evidence: passed(email), proceed: true}
		change(&s)
		return s
	}
	return []ruling{
		{"disabled", ready(func(s *situation) { s.agent.Disabled = true }), refused(bot.AgentDisabled)},
		{"expired", ready(func(s *situation) { s.agent.Expired = true }), refused(bot.AgentDisabled)},
		{"locked", ready(func(s *situation) { s.agent.Lock.State = bot.Locked }), refused(bot.AgentLocked)},
		{"locked by an administrator", ready(func(s *situation) { s.agent.Lock.State = bot.LockedByAdministrator }), refused(bot.AgentLocked)},
		{"in no role", ready(func(s *situation) { s.noRole = true }), refused(bot.NoRole)},
		{"is the user", ready(func(s *situation) { s.agentIs = []bot.AccountID{mei} }), refused(bot.OwnAccount)},
		{"is the user through a linked account", ready(func(s *situation) { s.linked, s.agentIs = &account{}, []bot.AccountID{meiL} }), refused(bot.OwnAccount)},
		{"is the user through an account that never links", ready(func(s *situation) { s.same = []bot.AccountID{dana} }), refused(bot.OwnAccount)},
		{"has the user's link value, which links nobody", ready(func(s *situation) { s.agentLink = " 3" }), refused(bot.OwnAccount)},
		{"has another link value", ready(func(s *situation) { s.agentLink = "33" }), unlocks([]bot.Type{email}, mei)},
		{"is the user in unrestricted mode too", ready(func(s *situation) { s.mode, s.agentIs = bot.UnrestrictedMode, []bot.AccountID{mei} }), refused(bot.OwnAccount)},
		{"has other accounts that are somebody else's business", ready(func(s *situation) { s.agentIs = []bot.AccountID{omar} }), unlocks([]bot.Type{email}, mei)},
	}
}

func reachRulings() []ruling {
	ready := func(change func(*situation)) situation {
		s := situation{enrolled: with(email), evidence: passed(email), proceed: true}
		change(&s)
		return s
	}
	open := func(change func(*situation)) situation {
		return ready(func(s *situation) { s.mode = bot.UnrestrictedMode; change(s) })
	}
	yes := unlocks([]bot.Type{email}, mei)
	return []ruling{
		{"role acts on another store", ready(func(s *situation) { s.actsOn = []string{"lab"} }), refused(bot.OtherStore)},
		{"role acts on no store", ready(func(s *situation) { s.actsOn = []string{} }), refused(bot.OtherStore)},
		{"role acts on another store, unrestricted", open(func(s *situation) { s.actsOn = []string{"lab"} }), refused(bot.OtherStore)},
		{"no container: the whole store", ready(func(*situation) {}), yes},
		{"inside the container, two levels down", ready(func(s *situation) { s.containers = []bot.DN{staff} }), yes},
		{"outside the container", ready(func(s *situation) { s.containers, s.mei.dn = []bot.DN{staff}, "cn=mei,ou=guests,"+corpBase }), refused(bot.OutsideReach)},
		{"a name that merely ends alike", ready(func(s *situation) { s.containers, s.mei.dn = []bot.DN{staff}, "cn=mei,ou=nostaff,"+corpBase }), refused(bot.OutsideReach)},
		{"in one of two containers", ready(func(s *situation) { s.containers = []bot.DN{"ou=guests," + corpBase, staff} }), yes},
		{"a container of another store leaves this one whole", ready(func(s *situation) { s.containers = []bot.DN{"ou=people," + labBase} }), yes},
		{"the container itself is not a user under it", ready(func(s *situation) { s.containers, s.mei.dn = []bot.DN{staff}, staff }), refused(bot.OutsideReach)},
		{"member of a protected group", ready(func(s *situation) { s.mei.groups = []bot.DN{admins} }), refused(bot.ProtectedTarget)},
		{"in a protected container", ready(func(s *situation) { s.mei.dn = "cn=mei," + tier0 }), refused(bot.ProtectedTarget)},
		{"protected binds unrestricted mode too", open(func(s *situation) { s.mei.groups = []bot.DN{admins} }), refused(bot.ProtectedTarget)},
		{"protected, and the role may", ready(func(s *situation) { s.mei.groups, s.frees = []bot.DN{admins}, []bot.DN{admins} }), yes},
		{"protected twice, and the role may one", ready(func(s *situation) {
			s.mei.groups, s.mei.dn, s.frees = []bot.DN{admins}, "cn=mei,"+tier0, []bot.DN{admins}
		}), refused(bot.ProtectedTarget)},
		{"other groups protect nobody", ready(func(s *situation) { s.mei.groups = []bot.DN{"cn=sales," + corpBase} }), yes},
	}
}

func accountRulings() []ruling {
	ready := func(a account) situation {
		return situation{enrolled: with(email), evidence: passed(email), proceed: true, mei: a}
	}
	return []ruling{
		{"not locked", ready(account{lock: bot.Unlocked}), refused(bot.NotLocked)},
		{"no lock state at all", ready(account{lock: "odd"}), refused(bot.NotLocked)},
		{"locked by an administrator", ready(account{lock: bot.LockedByAdministrator}), refused(bot.LockedByAdmin)},
		{"disabled", ready(account{disabled: true}), refused(bot.TargetDisabled)},
		{"expired", ready(account{expired: true}), refused(bot.TargetExpired)},
		{"disabled and not locked", ready(account{disabled: true, lock: bot.Unlocked}), refused(bot.TargetDisabled)},
		{"an unlock is under way", ready(account{underWay: true}), refused(bot.UnlockUnderWay)},
		{"third unlock of the day", ready(account{unlocks: 2}), unlocks([]bot.Type{email}, mei)},
		{"fourth unlock of the day", ready(account{unlocks: 3}), refused(bot.TooManyUnlocks)},
		{"fourth unlock of the day, unrestricted", situation{mode: bot.UnrestrictedMode, proceed: true, mei: account{unlocks: 3}}, refused(bot.TooManyUnlocks)},
	}
}

func restrictedRulings() []ruling {
	three := with(email, mobile, totp)
	return []ruling{
		{"at least 2: nothing passed", situation{atLeast: 2, enrolled: three}, asks(bot.Missing{More: 2})},
		{"at least 2: one passed, next", situation{atLeast: 2, enrolled: three, evidence: passed(mobile), proceed: true}, asks(bot.Missing{More: 1}, mobile)},
		{"at least 2: two passed", situation{atLeast: 2, enrolled: three, evidence: passed(mobile, email)}, asks(bot.Missing{}, mobile, email)},
		{"at least 2: two passed, next", situation{atLeast: 2, enrolled: three, evidence: passed(totp, email), proceed: true}, unlocks([]bot.Type{email, totp}, mei)},
		{"at least 2: the same type twice is one", situation{atLeast: 2, enrolled: three, evidence: passed(email, email), proceed: true}, asks(bot.Missing{More: 1}, email)},
		{"at least 2, enrolled with 1", situation{atLeast: 2, enrolled: with(totp)},
			answer{page: bot.PageRefused, refused: bot.MissingEnrollment, missing: bot.Missing{More: 1}}},
		{"at least 3, enrolled with 1", situation{atLeast: 3, enrolled: with(totp), evidence: passed(totp), proceed: true},
			answer{page: bot.PageRefused, refused: bot.MissingEnrollment, missing: bot.Missing{More: 2}, verified: []bot.Type{totp}}},
		{"medium: mail alone can never do", situation{assurance: bot.Medium, enrolled: with(email)},
			answer{page: bot.PageRefused, refused: bot.MissingEnrollment, missing: bot.Missing{Strength: bot.Medium}}},
		{"medium: mail passed, authenticator still needed", situation{assurance: bot.Medium, enrolled: three, evidence: passed(email), proceed: true},
			asks(bot.Missing{Strength: bot.Medium}, email)},
		{"medium: authenticator is strong, and enough", situation{assurance: bot.Medium, enrolled: three, evidence: passed(totp), proceed: true}, unlocks([]bot.Type{totp}, mei)},
		{"strong: mobile and mail do not add up", situation{assurance: bot.Strong, atLeast: 2, enrolled: three, evidence: passed(mobile, email), proceed: true},
			asks(bot.Missing{Strength: bot.Strong}, mobile, email)},
		{"restricted: mobile is enough", situation{assurance: bot.Restricted, enrolled: three, evidence: passed(mobile), proceed: true}, unlocks([]bot.Type{mobile}, mei)},
		{"restricted: mail is not", situation{assurance: bot.Restricted, enrolled: three, evidence: passed(email), proceed: true},
			asks(bot.Missing{Strength: bot.Restricted}, email)},
		{"context: any type", situation{assurance: bot.Context, enrolled: with(questions), evidence: passed(questions), proceed: true}, unlocks([]bot.Type{questions}, mei)},
		{"two and medium, one strong passed", situation{assurance: bot.Medium, atLeast: 2, enrolled: three, evidence: passed(totp), proceed: true}, asks(bot.Missing{More: 1}, totp)},
		{"nothing passed: number and strength are both named", situation{assurance: bot.Medium, atLeast: 2, enrolled: three}, asks(bot.Missing{More: 2, Strength: bot.Medium})},
	}
}

func asUserRulings() []ruling {
	three := with(email, mobile, totp)
	base := situation{asUser: true, enforced: []bot.Type{totp}, chosen: 1, enrolled: three}
	given := func(change func(*situation)) situation { s := base; change(&s); return s }
	return []ruling{
		{"enforced and chosen are asked for", base, asks(bot.Missing{Types: []bot.Type{totp}, More: 1})},
		{"the enforced type alone", given(func(s *situation) { s.evidence, s.proceed = passed(totp), true }), asks(bot.Missing{More: 1}, totp)},
		{"two chosen do not replace an enforced one", given(func(s *situation) { s.evidence, s.proceed = passed(email, mobile), true }),
			asks(bot.Missing{Types: []bot.Type{totp}}, mobile, email)},
		{"enforced and one chosen", given(func(s *situation) { s.evidence, s.proceed = passed(totp, email), true }), unlocks([]bot.Type{email, totp}, mei)},
		{"not enrolled with the enforced one", given(func(s *situation) { s.enrolled = with(email, mobile) }),
			answer{page: bot.PageRefused, refused: bot.MissingEnrollment, missing: bot.Missing{Types: []bot.Type{totp}}}},
		{"nothing left to choose", given(func(s *situation) { s.enrolled = with(totp) }),
			answer{page: bot.PageRefused, refused: bot.MissingEnrollment, missing: bot.Missing{More: 1}}},
		{"no authentication policy", given(func(s *situation) { s.enforced, s.chosen = nil, 0 }), refused(bot.NoUserPolicy)},
		{"no authentication policy, everything passed", given(func(s *situation) {
			s.enforced, s.chosen, s.evidence, s.proceed = nil, 0, passed(email, mobile, totp), true
		}), refused(bot.NoUserPolicy)},
		{"a policy that asks for nothing still asks for one", given(func(s *situation) { s.enforced, s.chosen, s.inRole, s.proceed = nil, 0, true, true }), asks(bot.Missing{More: 1})},
		{"an enforced type that the store switched off", given(func(s *situation) { s.types = []bot.Type{email, mobile} }),
			answer{page: bot.PageRefused, refused: bot.MissingEnrollment, missing: bot.Missing{Types: []bot.Type{totp}}}},
	}
}

func countingRulings() []ruling {
	day := 24 * time.Hour
	onLab := []enrolled{{with: email, on: meiL}}
	labEvidence := []bot.Evidence{{Type: email, Enrollment: "e-email-lab"}}
	return []ruling{
		{"chat makes nobody enrolled", situation{enrolled: with(chat)}, refused(bot.NotEnrolled)},
		{"chat beside mail does not count", situation{atLeast: 2, enrolled: with(chat, email)},
			answer{page: bot.PageRefused, refused: bot.MissingEnrollment, missing: bot.Missing{More: 1}}},
		{"switched off by the store", situation{types: []bot.Type{totp}, enrolled: with(email)}, refused(bot.NotEnrolled)},
		{"switched off after it was passed", situation{types: []bot.Type{totp}, enrolled: with(email, totp), evidence: passed(email), proceed: true}, asks(bot.Missing{More: 1})},
		{"a day old", situation{enrolled: []enrolled{{with: email, age: day}}}, refused(bot.NotEnrolled)},
		{"a minute short of three days", situation{enrolled: []enrolled{{with: email, age: 3*day - time.Minute}}}, refused(bot.NotEnrolled)},
		{"three days old", situation{enrolled: []enrolled{{with: email, age: 3 * day}}}, asks(bot.Missing{More: 1})},
		{"a minute old, made by an administrator", situation{enrolled: []enrolled{{with: email, age: time.Minute, byAdmin: true}}}, asks(bot.Missing{More: 1})},
		{"too new in unrestricted mode: as if unenrolled", situation{mode: bot.UnrestrictedMode, enrolled: []enrolled{{with: email, age: day}}}, unlocks(nil, mei)},
		{"held by a linked account of a trusted store", situation{trust: true, linked: &account{lock: bot.Unlocked}, enrolled: onLab}, asks(bot.Missing{More: 1})},
		{"held by a linked account of a store that is not trusted", situation{linked: &account{lock: bot.Unlocked}, enrolled: onLab}, refused(bot.NotEnrolled)},
		{"held by a linked account that is disabled", situation{trust: true, linked: &account{disabled: true}, enrolled: onLab}, refused(bot.NotEnrolled)},
		{"held by a linked account that has expired", situation{trust: true, linked: &account{expired: true}, enrolled: onLab}, refused(bot.NotEnrolled)},
		{"disabled since it was passed", situation{trust: true, linked: &account{disabled: true}, enrolled: onLab, evidence: labEvidence, proceed: true}, refused(bot.NotEnrolled)},
		{"held by somebody of a trusted store who is not linked", situation{trust: true, enrolled: onLab}, refused(bot.NotEnrolled)},
		{"passed on the linked account", situation{trust: true, linked: &account{lock: bot.Unlocked}, enrolled: onLab, evidence: labEvidence, proceed: true},
			unlocks([]bot.Type{email}, mei)},
		{"passed on the linked account, trust withdrawn", situation{linked: &account{lock: bot.Unlocked}, enrolled: onLab, evidence: labEvidence, proceed: true}, refused(bot.NotEnrolled)},
		{"a type held twice is one type", situation{atLeast: 2, trust: true, linked: &account{lock: bot.Unlocked},
			enrolled: append(with(email), onLab...), evidence: append(passed(email), labEvidence...), proceed: true},
			answer{page: bot.PageRefused, refused: bot.MissingEnrollment, missing: bot.Missing{More: 1}, verified: []bot.Type{email}}},
	}
}

// Evidence counts for its session, target and agent, for its time, and for the
// enrollment that was proved.
func evidenceRulings() []ruling {
	given := func(v bot.Evidence) situation {
		v.Type = email
		return situation{enrolled: with(email), evidence: []bot.Evidence{v}, proceed: true}
	}
	none := asks(bot.Missing{More: 1})
	yes := unlocks([]bot.Type{email}, mei)
	other := given(bot.Evidence{Enrollment: "e-email"})
	other.evidence[0].Type = totp
	return []ruling{
		{"as it should be", given(bot.Evidence{}), yes},
		{"of another session", given(bot.Evidence{Session: "s2"}), none},
		{"of another agent", given(bot.Evidence{Agent: finn}), none},
		{"of another target", given(bot.Evidence{Target: omar}), none},
		{"of the linked account as target", given(bot.Evidence{Target: meiL}), none},
		{"of an enrollment that is gone", given(bot.Evidence{Enrollment: "e-old"}), none},
		{"of another type", other, none},
		{"in its last second", given(bot.Evidence{Expires: noon.Add(time.Second)}), yes},
		{"run out this instant", given(bot.Evidence{Expires: noon}), none},
		{"run out a minute ago", given(bot.Evidence{Expires: noon.Add(-time.Minute)}), none},
		{"from the future", given(bot.Evidence{At: noon.Add(time.Hour), Expires: noon.Add(2 * time.Hour)}), none},
		{"from a clock that is half a minute ahead", given(bot.Evidence{At: noon.Add(30 * time.Second)}), yes},
	}
}

func linkedRulings() []ruling {
	given := func(linked account, change func(*situation)) situation {
		s := situation{enrolled: with(email), evidence: passed(email), proceed: true, linked: &linked, labTrust: true}
		change(&s)
		return s
	}
	same := func(*situation) {}
	notLocked := func(s *situation) { s.mei.lock = bot.Unlocked }
	onlyCorp := func(s *situation) { s.actsOn = []string{"corp"} }
	mail := []bot.Type{email}
	return []ruling{
		{"both locked", given(account{}, same), unlocks(mail, mei, meiL)},
		{"the linked one not locked", given(account{lock: bot.Unlocked}, same), unlocks(mail, mei)},
		{"only the linked one locked", given(account{}, notLocked), unlocks(mail, meiL)},
		{"neither locked", given(account{lock: bot.Unlocked}, notLocked), refused(bot.NotLocked)},
		{"neither locked, the linked one out of the role's stores", given(account{lock: bot.Unlocked}, func(s *situation) { notLocked(s); onlyCorp(s) }), refused(bot.NotLocked)},
		{"neither locked, the linked one disabled", given(account{lock: bot.Unlocked, disabled: true}, notLocked), refused(bot.NotLocked)},
		{"not locked, the linked one locked and out of reach", given(account{}, func(s *situation) { notLocked(s); onlyCorp(s) }), refused(bot.NotLocked)},
		{"not locked, the linked one locked and unlocked too often", given(account{unlocks: 3}, notLocked), refused(bot.TooManyUnlocks)},
		{"disabled, the linked one unlocked too often", given(account{unlocks: 3}, func(s *situation) { s.mei.disabled = true }), refused(bot.TargetDisabled)},
		{"the linked one out of the role's stores", given(account{}, onlyCorp), unlocks(mail, mei)},
		{"the linked one outside the container of its store", given(account{}, func(s *situation) { s.containers = []bot.DN{"ou=people," + labBase} }), unlocks(mail, mei)},
		{"the linked one inside the container of its store", given(account{dn: "cn=mei,ou=people," + labBase}, func(s *situation) {
			s.containers = []bot.DN{"ou=people," + labBase, staff}
		}), unlocks(mail, mei, meiL)},
		{"the linked one protected", given(account{dn: "cn=mei," + labTier0}, same), unlocks(mail, mei)},
		{"the linked one disabled", given(account{disabled: true}, same), unlocks(mail, mei)},
		{"the linked one unlocked too often", given(account{unlocks: 3}, same), unlocks(mail, mei)},
		{"the picked one unlocked too often", given(account{}, func(s *situation) { s.mei.unlocks = 3 }), unlocks(mail, meiL)},
		{"the picked one disabled: what it holds no longer counts", given(account{}, func(s *situation) { s.mei.disabled = true }), refused(bot.NotEnrolled)},
		{"the picked one locked by an administrator", given(account{}, func(s *situation) { s.mei.lock = bot.LockedByAdministrator }), unlocks(mail, meiL)},
		{"the picked one out of reach ends the case", given(account{}, func(s *situation) { s.actsOn = []string{"lab"} }), refused(bot.OtherStore)},
		{"the picked one protected ends the case", given(account{}, func(s *situation) { s.mei.groups = []bot.DN{admins} }), refused(bot.ProtectedTarget)},
	}
}

// Each account is proved by what counts in its own store, as its own role asks.
func provedRulings() []ruling {
	given := func(change func(*situation)) situation {
		s := situation{enrolled: with(email, totp), evidence: passed(email, totp), proceed: true, linked: &account{}}
		change(&s)
		return s
	}
	both := []bot.Type{email, totp}
	notLocked := func(s *situation) { s.mei.lock = bot.Unlocked }
	asUser := func(s *situation) { s.asUser, s.labTrust, s.chosen = true, true, 1 }
	own := []enrolled{{with: email, on: meiL}}
	ownPassed := []bot.Evidence{{Type: email, Enrollment: "e-email-lab"}}
	return []ruling{
		{"lab trusts no enrollment of corp", given(func(*situation) {}), unlocks(both, mei)},
		{"lab trusts them", given(func(s *situation) { s.labTrust = true }), unlocks(both, mei, meiL)},
		{"unrestricted mode asks for no proof", given(func(s *situation) { s.mode = bot.UnrestrictedMode }), unlocks(both, mei, meiL)},
		{"corp trusts lab, where she is enrolled: both", given(func(s *situation) { s.trust, s.enrolled, s.evidence = true, own, ownPassed }),
			unlocks([]bot.Type{email}, mei, meiL)},
		{"enrolled in each store with another type", given(func(s *situation) { s.enrolled = append(with(totp), own...) }), unlocks([]bot.Type{totp}, mei)},
		{"page Authenticate follows the linked one where it alone is locked", given(func(s *situation) { notLocked(s); s.enrolled, s.evidence = own, nil }),
			answer{page: bot.PageAuthenticate, missing: bot.Missing{More: 1}, offered: []bot.AccountID{meiL}}},
		{"the linked one alone is locked, passed there", given(func(s *situation) { notLocked(s); s.enrolled, s.evidence = own, ownPassed }), unlocks([]bot.Type{email}, meiL)},
		{"the linked one alone is locked, and nothing counts there", given(notLocked), refused(bot.NotEnrolled)},
		{"as user: no role of the linked one says what to ask", given(asUser), unlocks(both, mei)},
		{"as user: the role of the linked one asks for more", given(func(s *situation) {
			asUser(s)
			s.labRole = &bot.AuthenticationPolicy{Chosen: 3}
		}), unlocks(both, mei)},
		{"as user: the role of the linked one is content", given(func(s *situation) {
			asUser(s)
			s.labRole = &bot.AuthenticationPolicy{Enforced: []bot.Type{totp}}
		}), unlocks(both, mei, meiL)},
		{"as user: only the picked one's role asks for more", given(func(s *situation) {
			asUser(s)
			s.chosen, s.labRole = 3, &bot.AuthenticationPolicy{Chosen: 1}
		}), answer{page: bot.PageRefused, refused: bot.MissingEnrollment, missing: bot.Missing{More: 1}, verified: both}},
	}
}

// TestNotProvedIsNamed: the account that what was passed does not open is
// shown, without a check box, and is never granted.
func TestNotProvedIsNamed(t *testing.T) {
	f := situation{enrolled: with(email), evidence: passed(email), proceed: true, linked: &account{}}.facts()
	d := bot.Decide(f)
	if len(d.Accounts) != 2 || d.Accounts[1].Offered || d.Accounts[1].Why != bot.NotVerified || len(d.Accounts[1].Verified) != 0 {
		t.Errorf("accounts %+v", d.Accounts)
	}
	if _, why := d.Grant(offerFor(f, meiL)); why != bot.NotVerified {
		t.Errorf("granted, or refused for %q", why)
	}
}
