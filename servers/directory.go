package servers

import (
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
)

const (
	directoryDeadline = 10 * time.Second
	anyEntry          = "(objectClass=*)"
)

// Directory is a running directory as its administrator uses it, to put people
// in and to look at what the product did to them. Samba and Slapd have one.
// Its methods fail the test on any error but those of Bind, SetAs and DeleteAs.
type Directory struct {
	// URL is ldaps://…, PlainURL is ldap://… (for StartTLS).
	URL, PlainURL string
	Trust
	// Base is the suffix, such as dc=example,dc=test.
	Base string
	// Admin may do anything; Unlocker may read, and unlock below People alone;
	// Reader may read.
	Admin, Unlocker, Reader Account
	// People is where the Unlocker has its right, External where it has not.
	People, External, Groups string

	// A server's own controls for each administrator's modify and add.
	adminControls []ldap.Control
}

// Account is a name and password with which one can bind.
type Account struct {
	DN, Login, Password string
}

// User is what a test says about a person; everything may be empty.
type User struct {
	// Login is random when empty. On Samba it is unique in the whole domain
	// and has at most 20 characters: tests that share it leave it empty, or
	// take Unique.
	Login string
	// Under is the DN of the container: People when empty.
	Under                      string
	First, Last, Display, Mail string
	// Password is random when empty.
	Password string
	// Attributes are added as they are. On slapd an objectClass here joins inetOrgPerson.
	Attributes map[string][]string
}

// dial opens a connection with deadlines, since go-ldap has none by itself.
func (d *Directory) dial() (*ldap.Conn, error) {
	conn, err := ldap.DialURL(d.URL,
		ldap.DialWithDialer(&net.Dialer{Timeout: directoryDeadline}),
		ldap.DialWithTLSConfig(&tls.Config{RootCAs: d.Pool()}))
	if err != nil {
		return nil, fmt.Errorf("connecting to %s: %w", d.URL, err)
	}
	conn.SetTimeout(directoryDeadline)
	return conn, nil
}

func (d *Directory) as(who, password string, do func(*ldap.Conn) error) error {
	conn, err := d.dial()
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.Bind(who, password); err != nil {
		return fmt.Errorf("binding as %s: %w", who, err)
	}
	return do(conn)
}

func (d *Directory) asAdmin(do func(*ldap.Conn) error) error {
	return d.as(d.Admin.DN, d.Admin.Password, do)
}

// Bind tries a password, over LDAPS. Who is a DN or, on Samba, also login@realm.
// Refusal says why.
func (d *Directory) Bind(who, password string) error {
	return d.as(who, password, func(*ldap.Conn) error { return nil })
}

// Refusal is the LDAP result code of an error from Bind, SetAs or DeleteAs
// (RFC 4511 4.1.9), and on Samba the sub-code of a refused bind: 49 with "52e" is a wrong
// password, 49 with "775" a locked account. It is 0 and "" when err is nil and
// -1 when it does not come from the directory.
func Refusal(err error) (code int, data string) {
	if err == nil {
		return 0, ""
	}
	var refused *ldap.Error
	if !errors.As(err, &refused) {
		return -1, ""
	}
	if _, rest, found := strings.Cut(refused.Error(), " data "); found {
		data, _, _ = strings.Cut(rest, ",")
	}
	return int(refused.ResultCode), data
}

// Add makes an entry.
func (d *Directory) Add(tb testing.TB, dn string, attributes map[string][]string) {
	tb.Helper()
	if err := d.add(dn, attributes); err != nil {
		tb.Fatal(err)
	}
}

func (d *Directory) add(dn string, attributes map[string][]string) error {
	request := ldap.NewAddRequest(dn, d.adminControls)
	for name, values := range attributes {
		if len(values) > 0 {
			request.Attribute(name, values)
		}
	}
	if err := d.asAdmin(func(conn *ldap.Conn) error { return conn.Add(request) }); err != nil {
		return fmt.Errorf("adding %s: %w", dn, err)
	}
	return nil
}

// AddOU makes a container below parent and returns its DN.
func (d *Directory) AddOU(tb testing.TB, parent, name string) string {
	tb.Helper()
	dn := "ou=" + ldap.EscapeDN(name) + "," + parent
	d.Add(tb, dn, map[string][]string{"objectClass": {"organizationalUnit"}, "ou": {name}})
	return dn
}

// OwnOU makes a container with a random name below parent, so that tests which
// share a server do not meet.
func (d *Directory) OwnOU(tb testing.TB, parent string) string {
	tb.Helper()
	return d.AddOU(tb, parent, Unique("t"))
}

// Unique is a name that no other test uses: the prefix, a hyphen and ten
// random letters and digits in lower case.
func Unique(prefix string) string {
	return prefix + "-" + strings.ToLower(rand.Text()[:10])
}

// AddMembers puts DNs (of people or groups) into a group.
func (d *Directory) AddMembers(tb testing.TB, group string, members ...string) {
	tb.Helper()
	d.modify(tb, group, func(request *ldap.ModifyRequest) { request.Add("member", members) })
}

// RemoveMembers takes DNs out of a group.
func (d *Directory) RemoveMembers(tb testing.TB, group string, members ...string) {
	tb.Helper()
	d.modify(tb, group, func(request *ldap.ModifyRequest) { request.Delete("member", members) })
}

// Set replaces the values of one attribute; without values it is removed.
func (d *Directory) Set(tb testing.TB, dn, attribute string, values ...string) {
	tb.Helper()
	d.modify(tb, dn, func(request *ldap.ModifyRequest) { request.Replace(attribute, values) })
}

// SetAs does what Set does with another account's rights: 50 is a refusal.
func (d *Directory) SetAs(account Account, dn, attribute string, values ...string) error {
	request := ldap.NewModifyRequest(dn, nil)
	request.Replace(attribute, values)
	return d.modifyAs(account, request)
}

// DeleteAs deletes values of an attribute with another account's rights: 16
// says that they are not there, 50 is a refusal.
func (d *Directory) DeleteAs(account Account, dn, attribute string, values ...string) error {
	request := ldap.NewModifyRequest(dn, nil)
	request.Delete(attribute, values)
	return d.modifyAs(account, request)
}

func (d *Directory) modifyAs(account Account, request *ldap.ModifyRequest) error {
	return d.as(account.DN, account.Password, func(conn *ldap.Conn) error {
		if err := conn.Modify(request); err != nil {
			return fmt.Errorf("modifying %s as %s: %w", request.DN, account.Login, err)
		}
		return nil
	})
}

func (d *Directory) modify(tb testing.TB, dn string, fill func(*ldap.ModifyRequest)) {
	tb.Helper()
	request := ldap.NewModifyRequest(dn, d.adminControls)
	fill(request)
	if err := d.asAdmin(func(conn *ldap.Conn) error { return conn.Modify(request) }); err != nil {
		tb.Fatalf("modifying %s: %v", dn, err)
	}
}

// Delete removes one entry, which must have nothing below it.
func (d *Directory) Delete(tb testing.TB, dn string) {
	tb.Helper()
	if err := d.asAdmin(func(conn *ldap.Conn) error { return conn.Del(ldap.NewDelRequest(dn, nil)) }); err != nil {
		tb.Fatalf("deleting %s: %v", dn, err)
	}
}

// Move puts an entry below another container and returns its new DN.
func (d *Directory) Move(tb testing.TB, dn, parent string) string {
	tb.Helper()
	name, _, _ := strings.Cut(dn, ",") // the tests' own names hold no comma
	request := ldap.NewModifyDNRequest(dn, name, true, parent)
	if err := d.asAdmin(func(conn *ldap.Conn) error { return conn.ModifyDN(request) }); err != nil {
		tb.Fatalf("moving %s: %v", dn, err)
	}
	return name + "," + parent
}

// wrongBinds binds with a wrong password so often that the account is locked.
func (d *Directory) wrongBinds(tb testing.TB, dn string) {
	tb.Helper()
	for range LockoutThreshold {
		if code, _ := Refusal(d.Bind(dn, "wrong-"+rand.Text())); code != ldap.LDAPResultInvalidCredentials {
			tb.Fatalf("a wrong password for %s answered %d, expected 49", dn, code)
		}
	}
}

// LockoutThreshold is how many wrong binds in a row lock an account, on both kinds.
const LockoutThreshold = 3

// randomPassword satisfies Active Directory's rule of complexity.
func randomPassword() string { return "Aa1-" + rand.Text() }

// orElse is the first that is not empty.
func orElse(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}
