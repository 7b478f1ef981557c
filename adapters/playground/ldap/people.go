package ldap

import (
	"fmt"
	"strings"
	"time"
)

// User is a person or a service account to be added. Login, Under and Password
// are needed.
type User struct {
	Login    string // unique in the domain
	Under    string // DN of the container
	Password string // "": nobody can sign in

	First, Last, Display string // Display: first and last name
	Mail, Mobile         string
	Title, Department    string
	Manager              string // DN
	Number               string // employeeID on Active Directory, employeeNumber on OpenLDAP

	PasswordAge                    time.Duration // how long ago it was set
	PasswordNeverExpires, Disabled bool          // Disabled: on Active Directory alone
}

// AddOU makes a container and gives its name.
func (s *Server) AddOU(under, ou string) (string, error) {
	dn := s.spelled("OU") + "=" + escape(ou) + "," + under
	return dn, s.Add(Entry{dn, map[string][]string{"objectClass": {"organizationalUnit"}}})
}

// spelled writes an attribute type as each kind of server does.
func (s *Server) spelled(kind string) string {
	if s.opts.Flavour == OpenLDAP {
		return strings.ToLower(kind)
	}
	return kind
}

// AddUser makes an account that can sign in at once and gives its name: on
// Active Directory CN is the display name, on OpenLDAP the login is the RDN.
func (s *Server) AddUser(u User) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u.Display == "" {
		u.Display = spaced(u.First, u.Last)
	}
	e, err := s.add(s.dialect.person(u))
	if err != nil {
		return "", err
	}
	if u.Password != "" {
		s.setPassword(e, u.Password, s.now().Add(-u.PasswordAge))
	}
	return e.dn, nil
}

// spaced joins what is not empty.
func spaced(first, last string) string {
	if first == "" || last == "" {
		return first + last
	}
	return first + " " + last
}

// AddGroup makes a group and gives its name; members are DNs.
func (s *Server) AddGroup(under, cn string, members ...string) (string, error) {
	dn := s.spelled("CN") + "=" + escape(cn) + "," + under
	err := s.Add(Entry{dn, map[string][]string{"objectClass": {s.dialect.groupClass()}}})
	if err == nil {
		err = s.AddMember(dn, members...)
	}
	return dn, err
}

// AddMember puts DNs of people and groups, who must be there, into a group.
func (s *Server) AddMember(group string, members ...string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.locate(group)
	if err != nil {
		return fmt.Errorf("adding to %s: %w", group, err)
	}
	for _, dn := range members {
		who, err := s.locate(dn)
		if err == nil {
			err = s.apply(g, []change{{changeAdd, "member", s.tree.schema.find("member"), []string{who.dn}}})
		}
		if err != nil {
			return fmt.Errorf("adding %s to %s: %w", dn, group, err)
		}
	}
	return nil
}

// SetPassword gives somebody another password, as an administrator does; a
// lock stays.
func (s *Server) SetPassword(dn, password string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, err := s.locate(dn)
	if err != nil {
		return fmt.Errorf("setting the password of %s: %w", dn, err)
	}
	s.setPassword(e, password, s.now())
	return nil
}

func (s *Server) setPassword(e *entry, password string, at time.Time) {
	e.secret = s.digest(password)
	s.dialect.passwordSet(e, at)
}
