package ldap

import (
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// The flavours.
const (
	ActiveDirectory = "active_directory"
	OpenLDAP        = "openldap" // with the overlays ppolicy and memberof
)

// Forever as a duration: until an administrator unlocks, or never expires.
const Forever time.Duration = -1

// Options say what kind of directory it is. Flavour and Domain are needed; the
// zero value of every other field has the default that stands beside it.
type Options struct {
	Flavour string // ActiveDirectory or OpenLDAP
	Domain  string // DNS name, such as corp.example.com; the tree's base is made of it
	Short   string // Active Directory's NetBIOS name; the domain's first label in capitals

	Threshold int           // wrong passwords that lock; 3
	Duration  time.Duration // of a lock, at least a second; 30 minutes
	Window    time.Duration // in which wrong passwords add up, at most Duration; as Duration
	MaxAge    time.Duration // of a password; 90 days

	AdminPassword string // of the administrator, whom Administrator names; random

	// Now is the clock of locks, ages and stamps; time.Now. Deadlines of
	// connections go by the wall clock.
	Now func() time.Time
}

const usualDuration = 30 * time.Minute

var domainSyntax = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}(\.[a-z0-9][a-z0-9-]{0,62})+$`)

func (o Options) withDefaults() Options {
	if o.Short == "" {
		label, _, _ := strings.Cut(o.Domain, ".")
		o.Short = strings.ToUpper(label)
	}
	if o.Threshold == 0 {
		o.Threshold = 3
	}
	if o.Duration == 0 {
		o.Duration = usualDuration
	}
	if o.Window == 0 {
		o.Window = o.Duration
		if o.Duration == Forever {
			o.Window = usualDuration
		}
	}
	if o.MaxAge == 0 {
		o.MaxAge = 90 * 24 * time.Hour
	}
	if o.AdminPassword == "" {
		o.AdminPassword = rand.Text()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

func (o Options) validate() error {
	switch {
	case o.Flavour != ActiveDirectory && o.Flavour != OpenLDAP:
		return fmt.Errorf("the flavour of a directory is %s or %s, not %q", ActiveDirectory, OpenLDAP, o.Flavour)
	case !domainSyntax.MatchString(o.Domain):
		return fmt.Errorf("%q is not a domain in lower case, such as corp.example.com", o.Domain)
	case o.Threshold < 1:
		return errors.New("at least one wrong password locks")
	case o.Duration != Forever && o.Duration < time.Second:
		return errors.New("a lock lasts at least a second, or Forever")
	case o.Window < time.Second || o.Duration != Forever && o.Window > o.Duration:
		return errors.New("the window in which wrong passwords add up is at least a second and not longer than a lock")
	case o.MaxAge != Forever && o.MaxAge < time.Hour:
		return errors.New("a password lasts at least an hour, or Forever")
	}
	return nil
}

// base makes DC=corp,DC=example,DC=com of corp.example.com.
func (o Options) base() string {
	kind := "DC="
	if o.Flavour == OpenLDAP {
		kind = "dc="
	}
	return kind + strings.ReplaceAll(o.Domain, ".", ","+kind)
}
