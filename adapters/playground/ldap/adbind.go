package ldap

import (
	"strings"
	"time"
)

// Bits of userAccountControl and msDS-User-Account-Control-Computed (MS-ADTS
// 2.2.16, 3.1.1.4.5.17).
const (
	uacDisabled        = 0x2
	uacLockout         = 0x10
	uacNormal          = 0x200
	uacNeverExpires    = 0x10000
	uacPasswordExpired = 0x800000
)

// account: a DN, login@domain or DOMAIN\login (MS-ADTS 5.1.1.1.1).
func (d *activeDirectory) account(name string) *entry {
	if domain, login, found := strings.Cut(name, `\`); found && !strings.Contains(name, "=") {
		if strings.EqualFold(domain, d.opts.Short) || strings.EqualFold(domain, d.opts.Domain) {
			return d.only("sAMAccountName", login)
		}
		return nil
	}
	if n, err := parseName(name); err == nil {
		e, itself := d.tree.nearest(n)
		if !itself {
			return nil
		}
		return e
	}
	if e := d.only("userPrincipalName", name); e != nil {
		return e
	}
	if login, found := strings.CutSuffix(fold(name), "@"+d.opts.Domain); found {
		return d.only("sAMAccountName", login)
	}
	return nil
}

// only gives the one account that has the value.
func (s *Server) only(attribute, value string) *entry {
	if all := s.tree.holders(attribute, fold(value)); len(all) == 1 {
		return all[0]
	}
	return nil
}

// Sub-codes of a refused bind, which clients read from the diagnostic message:
// Windows system errors in hexadecimal (MS-ERREF 2.2).
const (
	dataWrong           = "52e" // or there is no such account
	dataPasswordExpired = "532"
	dataDisabled        = "533"
	dataAccountExpired  = "701"
	dataMustChange      = "773"
	dataLocked          = "775"
)

// judge tells an account's state only to who has its password, but for the
// lock, which hides whether a guess was right.
func (d *activeDirectory) judge(e *entry, password string, now time.Time) verdict {
	data := dataWrong
	switch {
	case e == nil || len(e.secret) == 0:
	case d.locked(e, now):
		data = dataLocked
	case !d.passwordIs(e, password):
		d.failed(e, now)
	default:
		data = d.state(e, now)
	}
	if data != "" {
		return verdict{policy: policyQuiet,
			refusal: refuse(codeInvalidCredentials, "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data %s, v4563", data)}
	}
	d.tree.put(e, "badPwdCount", "0")
	if e.number("lockoutTime") != 0 {
		d.tree.put(e, "lockoutTime", "0")
	}
	d.tree.put(e, "lastLogon", decimal(fileTime(now)))
	d.tree.put(e, "logonCount", decimal(e.number("logonCount")+1))
	return verdict{policy: policyQuiet}
}

// state is the sub-code of an account whose password is known, "" if it may sign in.
func (d *activeDirectory) state(e *entry, now time.Time) string {
	control := e.number("userAccountControl")
	expires := e.number("accountExpires")
	switch {
	case control&uacDisabled != 0:
		return dataDisabled
	case expires != 0 && expires != never && fileTime(now) >= expires:
		return dataAccountExpired
	case e.number("pwdLastSet") == 0 && control&uacNeverExpires == 0:
		return dataMustChange
	case d.passwordExpired(e, now):
		return dataPasswordExpired
	}
	return ""
}

// domain holds the policy.
func (d *activeDirectory) domain() *entry { return d.tree.roots[0] }

// locked: lockoutTime outlives the lock (MS-SAMR 3.1.1.8.4).
func (d *activeDirectory) locked(e *entry, now time.Time) bool {
	since, duration := e.number("lockoutTime"), d.domain().number("lockoutDuration")
	return since > 0 && (duration == endless || duration == 0 || fileTime(now) < since-duration)
}

// failed counts a wrong password: those that lie further apart than the window
// do not add up.
func (d *activeDirectory) failed(e *entry, now time.Time) {
	count := e.number("badPwdCount") + 1
	if fileTime(now) >= e.number("badPasswordTime")-d.domain().number("lockOutObservationWindow") {
		count = 1
	}
	d.tree.put(e, "badPwdCount", decimal(count))
	d.tree.put(e, "badPasswordTime", decimal(fileTime(now)))
	if threshold := d.domain().number("lockoutThreshold"); threshold > 0 && count >= threshold {
		d.tree.put(e, "lockoutTime", decimal(fileTime(now)))
	}
}

// passwordEnds is msDS-UserPasswordExpiryTimeComputed (MS-ADTS 3.1.1.4.5.31).
func (d *activeDirectory) passwordEnds(e *entry) int64 {
	age := d.domain().number("maxPwdAge")
	switch {
	case e.number("userAccountControl")&uacNeverExpires != 0:
		return never
	case e.number("pwdLastSet") == 0:
		return 0
	case age == 0 || age == endless:
		return never
	}
	return e.number("pwdLastSet") - age
}

func (d *activeDirectory) passwordExpired(e *entry, now time.Time) bool {
	return fileTime(now) >= d.passwordEnds(e)
}

func (d *activeDirectory) passwordSet(e *entry, now time.Time) {
	d.tree.put(e, "pwdLastSet", decimal(fileTime(now)))
}

// insecure is what a controller answers that requires signing, as they do.
func (d *activeDirectory) insecure() *refusal {
	return refuse(codeStrongerAuth, "00002028: LdapErr: DSID-0C090202, comment: The server requires binds to turn on integrity checking if SSL\\TLS are not already active on the connection, data 0, v4563")
}

func (d *activeDirectory) anonymous() *refusal {
	return refuse(codeOperationsError, "000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform this operation a successful bind must be completed on the connection., data 0, v4563")
}

func (d *activeDirectory) authorization(e *entry) string {
	return `u:` + d.opts.Short + `\` + e.get("sAMAccountName")
}

func (d *activeDirectory) unlocks() (string, bool) { return "lockoutTime", false }

// written: lockoutTime takes 0 alone, and clears the count with it (MS-SAMR
// 3.1.1.8.5); pwdLastSet takes 0, and -1 for now.
func (d *activeDirectory) written(e *entry, changes []change, now time.Time) *refusal {
	for _, ch := range changes {
		switch ch.attribute.name {
		case "lockoutTime":
			if e.number("lockoutTime") != 0 {
				return refuse(codeUnwilling, "00000057: lockoutTime can be set to 0 alone")
			}
			d.tree.put(e, "badPwdCount", "0")
		case "pwdLastSet":
			if e.get("pwdLastSet") == "-1" {
				d.tree.put(e, "pwdLastSet", decimal(fileTime(now)))
			}
		}
	}
	d.tree.put(e, "whenChanged", generalizedAD(now))
	return nil
}
