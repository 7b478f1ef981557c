package ldap

import (
	"slices"
	"strings"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// Scopes (RFC 4511 4.5.1.2).
const (
	scopeBase     = 0
	scopeChildren = 1
	scopeSubtree  = 2
)

// question is a search request.
type question struct {
	base       string
	scope      int
	most       int // sizeLimit of the client; 0: as many as the server gives
	typesOnly  bool
	filter     filter
	attributes []string
	page       *page
}

// readQuestion reads a search request. The filter is only read, not used yet:
// that wants no lock.
func (s *Server) readQuestion(m message) (question, *refusal) {
	f := fieldsOf(m.op)
	q := question{base: f.text(), scope: int(f.number(ber.TagEnumerated))}
	f.number(ber.TagEnumerated) // aliases: there are none
	most, seconds := f.number(ber.TagInteger), f.number(ber.TagInteger)
	q.typesOnly = f.flag()
	tree := f.next()
	q.attributes = f.texts(ber.TagSequence)
	if f.bad || f.more() || q.scope < scopeBase || q.scope > scopeSubtree || most < 0 || seconds < 0 {
		return q, refuse(codeProtocolError, "this is not a search request")
	}
	q.most = int(min(most, 1<<31-1))
	if q.filter = s.readFilter(tree, mostFilter); q.filter == nil {
		return q, refuse(codeProtocolError, "this is not a filter, or one that is nested too deeply")
	}
	var err *refusal
	q.page, err = readPage(m)
	return q, err
}

// search answers with entries and gives the end of the answer.
func (c *session) search(m message) outcome {
	s := c.server
	q, err := s.readQuestion(m)
	if err != nil {
		return outcomeOf(err)
	}
	if c.must {
		return outcomeOf(refuse(codeInsufficientRights, "the password must be changed before anything else"))
	}
	if q.base == "" && q.scope == scopeBase {
		if v := s.rootDSE(q); v != nil {
			c.say(m.id, entryOf(*v), nil)
		}
		return outcome{}
	}
	views, o, last := c.look(q)
	for _, v := range views {
		c.say(m.id, entryOf(v), nil)
	}
	if last && o.code == codeSuccess && q.scope == scopeSubtree && strings.EqualFold(q.base, s.Base()) {
		for _, url := range s.dialect.references() {
			reference := application(searchReference)
			reference.AppendChild(octetString(url))
			c.say(m.id, reference, nil)
		}
	}
	return o
}

// look finds entries and makes of them what the answer shows. last: no page
// follows.
func (c *session) look(q question) (views []view, o outcome, last bool) {
	s := c.server
	s.mu.RLock()
	defer s.mu.RUnlock()
	who := c.account()
	if who == nil {
		return nil, outcomeOf(s.dialect.anonymous()), true
	}
	at, err := s.locate(q.base)
	if err != nil {
		return nil, outcomeOf(err), true
	}
	lens := lens{server: s, who: who, now: s.now()}
	var found []*entry
	if rest, going := c.paging.take(q.page); going {
		found = rest
	} else if q.page != nil && len(q.page.cookie) > 0 {
		return nil, outcomeOf(refuse(codeUnwilling, "this page is not known (any more)")), true
	} else {
		found = find(at, q, lens)
	}
	found = slices.DeleteFunc(found, func(e *entry) bool { return e.gone })
	most := s.dialect.limit()
	if q.page != nil {
		return c.pageOf(q, found, lens)
	}
	if q.most > 0 {
		most = min(most, q.most)
	}
	if len(found) > most {
		found, o = found[:most], outcomeOf(refuse(codeSizeLimit, "there are more than %d", most))
	}
	return show(found, q, lens), o, true
}

// account is who is bound, nil for nobody; the server's lock is held.
func (c *session) account() *entry {
	if c.who == nil || c.who.gone {
		return nil
	}
	return c.who
}

// locate finds the entry of a name.
func (s *Server) locate(dn string) (*entry, *refusal) {
	n, err := parseName(dn)
	if err != nil {
		return nil, refuse(codeInvalidName, "%s", err)
	}
	e, itself := s.tree.nearest(n)
	if !itself {
		r := refuse(codeNoSuchObject, "there is no such entry")
		if e != nil {
			r.matched = e.dn
		}
		return nil, r
	}
	return e, nil
}

func find(at *entry, q question, l lens) []*entry {
	var out []*entry
	look := func(e *entry) {
		if l.entry = e; q.filter.match(l) == yes {
			out = append(out, e)
		}
	}
	switch q.scope {
	case scopeBase:
		look(at)
	case scopeChildren:
		for _, child := range at.children {
			if !child.context {
				look(child)
			}
		}
	default:
		below(at, look)
	}
	return out
}

// view is an entry as an answer shows it.
type view struct {
	dn         string
	attributes []shown
}

type shown struct {
	name   string
	values []string
}

func show(found []*entry, q question, l lens) []view {
	out := make([]view, len(found))
	for i, e := range found {
		l.entry = e
		out[i] = view{e.dn, l.show(q)}
	}
	return out
}

// show picks the attributes that were asked for: by name, * for those that are
// not hidden, + for those that are, 1.1 for none (RFC 4511 4.5.1.8).
func (l lens) show(q question) []shown {
	var out []shown
	done := map[*attribute]bool{}
	pick := func(name string, a *attribute) {
		if a == nil || done[a] {
			return
		}
		done[a] = true
		if values := l.values(a); len(values) > 0 {
			one := shown{name: name}
			for _, v := range values {
				if !q.typesOnly {
					one.values = append(one.values, v.raw)
				}
			}
			out = append(out, one)
		}
	}
	asked := q.attributes
	if len(asked) == 0 {
		asked = []string{"*"}
	}
	types := l.server.tree.schema
	for _, name := range asked {
		switch name {
		case "*", "+":
			for _, key := range sorted(types) {
				if a := types[key]; a.is(hidden) == (name == "+") {
					pick(a.name, a)
				}
			}
		default:
			pick(name, types.find(name))
		}
	}
	return out
}
