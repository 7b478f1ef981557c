package ldap

import (
	"strings"
	"time"
)

// judge is the overlay ppolicy at a bind (draft-behera-ldap-password-policy-10
// 7.1, slapo-ppolicy(5)). Every refusal is the same to who does not ask with
// the control.
func (d openLDAP) judge(e *entry, password string, now time.Time) verdict {
	refused := verdict{policy: policyQuiet, refusal: &refusal{code: codeInvalidCredentials}}
	if e == nil || len(e.secret) == 0 {
		return refused
	}
	policy := d.policy(e)
	if d.locked(e, policy, now) {
		refused.policy = policyLocked
		return refused
	}
	d.tree.put(e, "pwdAccountLockedTime") // one that has run out
	if !d.passwordIs(e, password) {
		d.failed(e, policy, now)
		return refused
	}
	d.tree.put(e, "pwdFailureTime")
	if age := length(policy, "pwdMaxAge"); age > 0 && !now.Before(readGeneralized(e.get("pwdChangedTime")).Add(age)) {
		refused.policy = policyExpired
		return refused
	}
	d.tree.put(e, "pwdLastSuccess", generalized(now))
	if e.get("pwdReset") == "TRUE" && policy.get("pwdMustChange") == "TRUE" {
		return verdict{policy: policyMustChange, must: true}
	}
	return verdict{policy: policyQuiet}
}

// policy is the account's own, or the default; an entry without attributes
// where it has been taken away.
func (d openLDAP) policy(e *entry) *entry {
	for _, dn := range []string{e.get("pwdPolicySubentry"), d.DefaultPolicy()} {
		if policy, err := d.locate(dn); dn != "" && err == nil {
			return policy
		}
	}
	return &entry{}
}

func length(policy *entry, name string) time.Duration {
	return time.Duration(policy.number(name)) * time.Second
}

// locked: pwdAccountLockedTime outlives the lock; the year 0 is an
// administrator's, which no clock ends.
func (d openLDAP) locked(e, policy *entry, now time.Time) bool {
	if begins := e.get("pwdStartTime"); begins != "" && now.Before(readGeneralized(begins)) {
		return true
	}
	if ends := e.get("pwdEndTime"); ends != "" && !now.Before(readGeneralized(ends)) {
		return true
	}
	since := e.get("pwdAccountLockedTime")
	if since == "" || policy.get("pwdLockout") != "TRUE" {
		return false
	}
	duration := length(policy, "pwdLockoutDuration")
	return strings.HasPrefix(since, "0000") || duration == 0 || now.Before(readGeneralized(since).Add(duration))
}

// failed notes a wrong password, and forgets those that lie too far back.
func (d openLDAP) failed(e, policy *entry, now time.Time) {
	window := length(policy, "pwdFailureCountInterval")
	var times []string
	for _, v := range e.all("pwdFailureTime") {
		// By the second, as locks are: the last one counts no longer than the lock lasts.
		if at := readGeneralized(v.raw).Truncate(time.Second); window == 0 || now.Sub(at) < window {
			times = append(times, v.raw)
		}
	}
	stamp := generalizedMicro(now)
	for at := now; e.holds("pwdFailureTime", stamp); { // under a clock that stands still, too, two are two
		at = at.Add(time.Microsecond)
		stamp = generalizedMicro(at)
	}
	d.tree.put(e, "pwdFailureTime", append(times, stamp)...)
	if limit := policy.number("pwdMaxFailure"); policy.get("pwdLockout") == "TRUE" && limit > 0 && int64(len(times)+1) >= limit {
		d.tree.put(e, "pwdAccountLockedTime", generalized(now))
	}
}
