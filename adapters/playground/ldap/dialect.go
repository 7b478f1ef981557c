package ldap

import "time"

// dialect is what differs between the flavours. Its methods, but for schema,
// insecure and controls, want the server's lock held.
type dialect interface {
	schema() schema
	controls() []string // that are known
	// seed makes what every directory of the kind has.
	seed() error
	rootDSE(now time.Time) map[string][]string
	// account finds whom the name of a bind means, nil for nobody.
	account(name string) *entry
	// judge tries a password on an account, which may be nil, and counts.
	judge(e *entry, password string, now time.Time) verdict
	// insecure refuses a password in plain text.
	insecure() *refusal
	// anonymous refuses who has not signed in.
	anonymous() *refusal
	authorization(e *entry) string
	// compute gives the values of a computed attribute.
	compute(l lens, name string) []string
	// assertion reads what a filter compares an attribute with.
	assertion(a *attribute, raw string) (string, error)
	// born fills in what the server gives to a new entry, by its classes.
	born(e *entry, now time.Time) error
	// person makes an account's entry; groupClass is the class of groups.
	person(u User) Entry
	groupClass() string
	passwordSet(e *entry, now time.Time)
	// written does what the server does by itself after changes.
	written(e *entry, changes []change, now time.Time) *refusal
	// unlocks is the right that Delegate gives.
	unlocks() (attribute string, deleteAlone bool)
	// limit is how many entries an answer or a page may have.
	limit() int
	// references are what comes with each search of the whole tree.
	references() []string
}

// lens is an entry as one account sees it at one time.
type lens struct {
	server *Server
	entry  *entry
	who    *entry
	now    time.Time
}

// values gives the values of an attribute, computed ones too.
func (l lens) values(a *attribute) []value {
	if !a.is(computed) {
		return l.entry.all(a.name)
	}
	var out []value
	for _, raw := range l.server.dialect.compute(l, a.name) {
		if v, err := a.value(raw); err == nil {
			out = append(out, v)
		}
	}
	return out
}

func (s *Server) knows(kind string) bool {
	for _, k := range s.dialect.controls() {
		if k == kind {
			return true
		}
	}
	return false
}
