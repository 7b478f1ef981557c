package servers

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
)

// administratorsLock is the value of pwdAccountLockedTime that no clock ends
// (draft-behera-ldap-password-policy 5.3.3).
const administratorsLock = "000001010000Z"

// AddUser makes a person who can bind at once; uid is the login.
func (s *Slapd) AddUser(tb testing.TB, user User) Account {
	tb.Helper()
	user.Login = orElse(user.Login, Unique("user"))
	account := Account{
		DN:       "uid=" + ldap.EscapeDN(user.Login) + "," + orElse(user.Under, s.People),
		Login:    user.Login,
		Password: orElse(user.Password, randomPassword()),
	}
	last := orElse(user.Last, user.Login) // sn is required
	attributes := map[string][]string{
		"uid":          {user.Login},
		"sn":           {last},
		"cn":           {strings.TrimSpace(user.First + " " + last)},
		"userPassword": {account.Password},
	}
	for name, value := range map[string]string{"givenName": user.First, "displayName": user.Display, "mail": user.Mail} {
		if value != "" {
			attributes[name] = []string{value}
		}
	}
	for name, values := range user.Attributes {
		attributes[name] = values
	}
	attributes["objectClass"] = append([]string{"inetOrgPerson"}, user.Attributes["objectClass"]...)
	s.Add(tb, account.DN, attributes)
	return account
}

// AddGroup makes a groupOfNames below parent. The schema wants a member: an
// empty group holds the administrator.
func (s *Slapd) AddGroup(tb testing.TB, parent, name string, members ...string) string {
	tb.Helper()
	if len(members) == 0 {
		members = []string{s.Admin.DN}
	}
	dn := "cn=" + ldap.EscapeDN(name) + "," + parent
	s.Add(tb, dn, map[string][]string{"objectClass": {"groupOfNames"}, "cn": {name}, "member": members})
	return dn
}

// SetPassword resets a password, as an administrator does.
func (s *Slapd) SetPassword(tb testing.TB, dn, password string) {
	tb.Helper()
	s.Set(tb, dn, "userPassword", password)
}

// SetPolicy puts a person under another password policy than the default.
func (s *Slapd) SetPolicy(tb testing.TB, dn, policy string) {
	tb.Helper()
	s.Set(tb, dn, "pwdPolicySubentry", policy)
}

// SetPasswordAge moves the time of the last password change into the past.
func (s *Slapd) SetPasswordAge(tb testing.TB, dn string, age time.Duration) {
	tb.Helper()
	s.Set(tb, dn, "pwdChangedTime", time.Now().Add(-age).UTC().Format("20060102150405Z"))
}

// Lock locks an account as a guesser would, by wrong binds.
func (s *Slapd) Lock(tb testing.TB, dn string) {
	tb.Helper()
	s.wrongBinds(tb, dn)
	if !s.Locked(tb, dn) {
		tb.Fatalf("%s is not locked after %d wrong binds", dn, LockoutThreshold)
	}
}

// LockByAdministrator locks an account for ever, as an administrator does.
func (s *Slapd) LockByAdministrator(tb testing.TB, dn string) {
	tb.Helper()
	s.Set(tb, dn, "pwdAccountLockedTime", administratorsLock)
}

// Unlock unlocks an account as an administrator does.
func (s *Slapd) Unlock(tb testing.TB, dn string) {
	tb.Helper()
	s.Set(tb, dn, "pwdAccountLockedTime")
}

// Locked reports whether pwdAccountLockedTime is there. It stays after the
// lock has run out: then only a bind tells.
func (s *Slapd) Locked(tb testing.TB, dn string) bool {
	tb.Helper()
	return s.Value(tb, dn, "pwdAccountLockedTime") != ""
}

// Write is one entry of the directory's own log: who tried to change what.
type Write struct {
	By, Target string
	// Kind is add, modify, delete or modrdn.
	Kind string
	// Changes are slapd's words, such as "pwdAccountLockedTime:- 20261101120000Z",
	// without those that it keeps of each write for itself.
	Changes []string
	// Result is the LDAP result code; 0 is done.
	Result string
}

// Writes lists what others than the administrator did to one entry, oldest
// first, refused attempts too.
func (s *Slapd) Writes(tb testing.TB, target string) []Write {
	tb.Helper()
	filter := fmt.Sprintf("(&(objectClass=auditWriteObject)(reqDN=%s))", ldap.EscapeFilter(target))
	request := ldap.NewSearchRequest("cn=log", ldap.ScopeSingleLevel, ldap.NeverDerefAliases, 0, 0, false, filter,
		[]string{"reqStart", "reqType", "reqAuthzID", "reqMod", "reqResult"}, nil)
	var writes []Write
	err := s.asAdmin(func(conn *ldap.Conn) error {
		result, err := conn.Search(request)
		if err != nil {
			return fmt.Errorf("reading slapd's log: %w", err)
		}
		for _, entry := range result.Entries { // in the order of their making
			by := entry.GetAttributeValue("reqAuthzID")
			if strings.EqualFold(by, s.Admin.DN) {
				continue
			}
			writes = append(writes, Write{
				By: by, Target: target, Kind: entry.GetAttributeValue("reqType"),
				Changes: asked(entry.GetAttributeValues("reqMod")), Result: entry.GetAttributeValue("reqResult"),
			})
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return writes
}

// asked leaves out slapd's book-keeping.
func asked(changes []string) []string {
	return slices.DeleteFunc(changes, func(change string) bool {
		name, _, _ := strings.Cut(change, ":")
		return slices.Contains([]string{"entryCSN", "modifiersName", "modifyTimestamp"}, name)
	})
}
