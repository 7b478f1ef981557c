package servers

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/go-ldap/ldap/v3"
)

// userAccountControl (MS-ADTS 2.2.16) and msDS-User-Account-Control-Computed.
const (
	accountNormal   = 0x200
	accountDisabled = 0x2
	accountLocked   = 0x10
)

// AddUser makes an enabled person who can bind at once, with an account name of
// at most 20 characters; cn is the login.
func (s *Samba) AddUser(tb testing.TB, user User) Account {
	tb.Helper()
	account, err := s.addUser(user)
	if err != nil {
		tb.Fatal(err)
	}
	return account
}

func (s *Samba) addUser(user User) (Account, error) {
	user.Login = orElse(user.Login, Unique("user"))
	account := Account{
		DN:       "CN=" + ldap.EscapeDN(user.Login) + "," + orElse(user.Under, s.People),
		Login:    user.Login,
		Password: orElse(user.Password, randomPassword()),
	}
	attributes := map[string][]string{
		"objectClass":        {"top", "person", "organizationalPerson", "user"},
		"sAMAccountName":     {user.Login},
		"userPrincipalName":  {user.Login + "@" + sambaRealm},
		"userAccountControl": {strconv.Itoa(accountNormal)},
		"unicodePwd":         {unicodePassword(account.Password)},
	}
	for name, value := range map[string]string{"givenName": user.First, "sn": user.Last, "displayName": user.Display, "mail": user.Mail} {
		if value != "" {
			attributes[name] = []string{value}
		}
	}
	for name, values := range user.Attributes {
		attributes[name] = values
	}
	return account, s.add(account.DN, attributes)
}

// AddGroup makes a global security group below parent.
func (s *Samba) AddGroup(tb testing.TB, parent, name string, members ...string) string {
	tb.Helper()
	dn := "CN=" + ldap.EscapeDN(name) + "," + parent
	s.Add(tb, dn, map[string][]string{"objectClass": {"group"}, "sAMAccountName": {name}, "member": members})
	return dn
}

// SetPassword resets a password, as an administrator does.
func (s *Samba) SetPassword(tb testing.TB, dn, password string) {
	tb.Helper()
	s.Set(tb, dn, "unicodePwd", unicodePassword(password))
}

// ExpirePassword makes the person change the password before anything else:
// a bind with it is refused with 773.
func (s *Samba) ExpirePassword(tb testing.TB, dn string) {
	tb.Helper()
	s.Set(tb, dn, "pwdLastSet", "0")
}

// Disable disables an account: a bind is refused with 533.
func (s *Samba) Disable(tb testing.TB, dn string) {
	tb.Helper()
	s.Set(tb, dn, "userAccountControl", strconv.Itoa(accountNormal|accountDisabled))
}

// Enable enables an account again.
func (s *Samba) Enable(tb testing.TB, dn string) {
	tb.Helper()
	s.Set(tb, dn, "userAccountControl", strconv.Itoa(accountNormal))
}

// Lock locks an account as a guesser would, by wrong binds over LDAPS.
func (s *Samba) Lock(tb testing.TB, dn string) {
	tb.Helper()
	s.wrongBinds(tb, dn)
	if !s.Locked(tb, dn) {
		tb.Fatalf("%s is not locked after %d wrong binds", dn, LockoutThreshold)
	}
}

// Unlock unlocks an account as an administrator does.
func (s *Samba) Unlock(tb testing.TB, dn string) {
	tb.Helper()
	s.Set(tb, dn, "lockoutTime", "0")
}

// Locked reports the directory's own computation; lockoutTime alone outlives the lock.
func (s *Samba) Locked(tb testing.TB, dn string) bool {
	tb.Helper()
	computed, err := strconv.ParseInt(s.Value(tb, dn, "msDS-User-Account-Control-Computed"), 10, 64)
	if err != nil {
		tb.Fatalf("reading the lock state of %s: %v", dn, err)
	}
	return computed&accountLocked != 0
}

// SetLockoutDuration changes the domain's policy for everybody: never on a
// shared server.
func (s *Samba) SetLockoutDuration(tb testing.TB, duration time.Duration) {
	tb.Helper()
	if err := s.setLockoutDuration(duration); err != nil {
		tb.Fatal(err)
	}
}

func (s *Samba) setLockoutDuration(duration time.Duration) error {
	lockout, window := interval(duration), interval(duration)
	if duration == Forever {
		lockout, window = strconv.FormatInt(-1<<63, 10), interval(30*time.Minute)
	}
	return s.setPolicy(map[string]string{"lockoutDuration": lockout, "lockOutObservationWindow": window})
}

func (s *Samba) setPolicy(values map[string]string) error {
	request := ldap.NewModifyRequest(s.Base, nil)
	for name, value := range values {
		request.Replace(name, []string{value})
	}
	if err := s.asAdmin(func(conn *ldap.Conn) error { return conn.Modify(request) }); err != nil {
		return fmt.Errorf("setting the domain's password policy: %w", err)
	}
	return nil
}

// interval is a duration as the directory keeps it: negative, in 100 ns.
func interval(duration time.Duration) string {
	return strconv.FormatInt(-int64(duration/100), 10)
}

// unicodePassword is the quoted UTF-16 form that unicodePwd wants (MS-ADTS 3.1.1.3.1.5).
func unicodePassword(password string) string {
	var wide []byte
	for _, unit := range utf16.Encode([]rune(`"` + password + `"`)) {
		wide = binary.LittleEndian.AppendUint16(wide, unit)
	}
	return string(wide)
}

// sidText is a binary objectSid as S-1-… (MS-DTYP 2.4.2).
func sidText(sid []byte) (string, error) {
	if len(sid) < 8 || len(sid) != 8+4*int(sid[1]) {
		return "", fmt.Errorf("an objectSid of %d bytes is not one", len(sid))
	}
	var authority uint64
	for _, b := range sid[2:8] {
		authority = authority<<8 | uint64(b)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "S-%d-%d", sid[0], authority)
	for part := sid[8:]; len(part) > 0; part = part[4:] {
		fmt.Fprintf(&text, "-%d", binary.LittleEndian.Uint32(part))
	}
	return text.String(), nil
}
