package ldap

import (
	"slices"
	"strings"
)

// rootDSE is what the server says of itself to anybody (RFC 4512 5.1): nil if
// the filter asks for something else. Of it all attributes come to who asks
// for *, + or none by name.
func (s *Server) rootDSE(q question) *view {
	s.mu.RLock()
	defer s.mu.RUnlock()
	root := &entry{attributes: map[string][]value{}}
	s.tree.put(root, "objectClass", "top")
	if q.filter.match(lens{server: s, entry: root, now: s.now()}) != yes {
		return nil
	}
	all := s.dialect.rootDSE(s.now())
	asked := func(name string) bool {
		return len(q.attributes) == 0 || slices.ContainsFunc(q.attributes, func(a string) bool {
			return a == "*" || a == "+" || strings.EqualFold(a, name)
		})
	}
	out := &view{}
	for _, name := range sorted(all) {
		if !asked(name) {
			continue
		}
		one := shown{name: name}
		if !q.typesOnly {
			one.values = all[name]
		}
		out.attributes = append(out.attributes, one)
	}
	return out
}
