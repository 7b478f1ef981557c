package directory

import (
	"cmp"
	"context"

	"github.com/go-ldap/ldap/v3"
)

const (
	// pageSize is the number of entries asked for at once: not above any
	// server's usual size limit. smallPage is for a server that permits less.
	pageSize  = 500
	smallPage = 100
)

// manner is how a connection asks for many entries: the first that its server
// does not refuse. slapd refuses pages that are larger than size.pr, any page
// where size.prtotal is disabled, and a size limit above its own hard one
// (slapd.conf(5)), each time with 11 and no entry.
type manner int

const (
	inPages manner = iota
	inSmallPages
	withLimit
	plainly // as much as the server gives, which is less than what was asked for
)

// ask sets paging and size limit of a request for up to most entries.
func (m manner) ask(request *ldap.SearchRequest, most int) *ldap.ControlPaging {
	request.Controls, request.SizeLimit = nil, 0
	switch {
	case most <= 2 || m == withLimit:
		request.SizeLimit = most
	case m == inPages || m == inSmallPages:
		page := ldap.NewControlPaging(uint32(min(pageSize, most)))
		if m == inSmallPages {
			page.PagingSize = uint32(min(smallPage, most))
		}
		request.Controls = []ldap.Control{page}
		return page
	}
	return nil
}

// pages hands on up to q.most entries, a page at a time, until there are no
// more or take has enough; cut as search has it. take may read other entries.
func (c *connection) pages(ctx context.Context, q query, take func([]entry) (enough bool, err error)) (cut bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(q.limit, searchLimit))
	defer cancel()
	if q.scope == ldap.ScopeBaseObject {
		q.most = 1
	}
	request := ldap.NewSearchRequest(q.base, q.scope, ldap.NeverDerefAliases, 0, 0, false, q.filter, q.attributes, nil)
	page := c.manner.ask(request, q.most)
	for left := q.most; ; {
		got, err := c.page(ctx, request)
		if err != nil {
			return false, err
		}
		if got.refused && left == q.most && q.most > 2 && c.manner < plainly {
			c.manner++
			page = c.manner.ask(request, q.most)
			continue
		}
		enough, err := take(got.entries)
		if err != nil || got.cut || len(got.cookie) == 0 || page == nil {
			return got.cut, err
		}
		page.SetCookie(got.cookie)
		if left -= len(got.entries); left <= 0 || enough {
			page.PagingSize = 0 // RFC 2696: the server may forget the rest
			_, _ = c.page(ctx, request)
			return true, nil
		}
	}
}

// part is what one search gave.
type part struct {
	entries []entry
	cookie  []byte // empty: no page follows
	cut     bool   // there are more than the server was willing to give
	refused bool   // it gave none, because of the way in which it was asked
}

func (c *connection) page(ctx context.Context, request *ldap.SearchRequest) (got part, err error) {
	var result *ldap.SearchResult
	err = c.do(ctx, searchLimit, func(l *ldap.Conn) (err error) {
		result, err = l.Search(request)
		return err
	})
	if result != nil {
		got.entries = make([]entry, len(result.Entries))
		for i, e := range result.Entries {
			got.entries[i] = readEntry(e)
		}
		if answer, ok := ldap.FindControl(result.Controls, ldap.ControlTypePaging).(*ldap.ControlPaging); ok {
			got.cookie = answer.Cookie
		}
	}
	if codeIs(err, ldap.LDAPResultSizeLimitExceeded, ldap.LDAPResultAdminLimitExceeded, ldap.LDAPResultTimeLimitExceeded) {
		got.refused = codeIs(err, ldap.LDAPResultAdminLimitExceeded) && len(got.entries) == 0
		got.cut, got.cookie = true, nil // the entries came before it, and are good
		return got, nil
	}
	return got, err
}
