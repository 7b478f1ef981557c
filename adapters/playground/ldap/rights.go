package ldap

import (
	"fmt"
	"slices"
	"strings"
)

// right lets an account clear the locks of people below a container.
type right struct {
	who       *entry
	container *entry
}

// Delegate gives an account the one right that unlocking needs, over the
// people below a container: on Active Directory to write lockoutTime, on
// OpenLDAP to delete pwdAccountLockedTime. Everybody who has signed in may
// read; nobody else but the administrator may write anything.
func (s *Server) Delegate(account, container string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	who, err := s.locate(account)
	if err == nil {
		var at *entry
		if at, err = s.locate(container); err == nil {
			s.rights = append(s.rights, right{who, at})
			return nil
		}
	}
	return fmt.Errorf("delegating %s to %s: %w", container, account, err)
}

// mayWrite: the lock is held.
func (s *Server) mayWrite(who, e *entry, ch change) bool {
	if who == s.admin {
		return true
	}
	name, deleteAlone := s.dialect.unlocks()
	return strings.EqualFold(ch.name, name) && (ch.kind == changeDelete || !deleteAlone) && s.mayUnlock(who, e)
}

func (s *Server) mayUnlock(who, e *entry) bool {
	return e.holds("objectClass", "person") && slices.ContainsFunc(s.rights, func(r right) bool {
		return r.who == who && !r.container.gone && under(e.key, r.container.key)
	})
}

// writable are the attributes that an account may write of an entry.
func (s *Server) writable(who, e *entry) []string {
	var out []string
	for _, key := range sorted(s.tree.schema) {
		a := s.tree.schema[key]
		if !a.is(system|computed) && who != nil && s.mayWrite(who, e, change{kind: changeDelete, name: a.name}) {
			out = append(out, a.name)
		}
	}
	return out
}
