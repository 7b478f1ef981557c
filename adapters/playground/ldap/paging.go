package ldap

import (
	"crypto/rand"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// pageControl is the simple paged results control (RFC 2696).
const pageControl = "1.2.840.113556.1.4.319"

// mostPagings bounds the answers of one connection that wait to be read on;
// the oldest is forgotten.
const mostPagings = 8

// page is what the control asks for.
type page struct {
	size   int
	cookie string
}

// pagings are the rests of answers, by cookie, the oldest first.
type pagings []rest

type rest struct {
	cookie  string
	entries []*entry
}

func readPage(m message) (*page, *refusal) {
	for _, c := range m.controls {
		if c.kind != pageControl {
			continue
		}
		bad := refuse(codeProtocolError, "this is not a value of the paged results control")
		if !sound(c.value, 3) {
			return nil, bad
		}
		p, err := ber.DecodePacketErr(c.value)
		if err != nil {
			return nil, bad
		}
		f := fieldsOf(p)
		size, cookie := f.number(ber.TagInteger), f.text()
		if f.bad || f.more() || size < 0 {
			return nil, bad
		}
		return &page{int(min(size, 1<<31-1)), cookie}, nil
	}
	return nil, nil
}

// take gives the rest that a page continues and forgets it.
func (p *pagings) take(asked *page) ([]*entry, bool) {
	if asked == nil || asked.cookie == "" {
		return nil, false
	}
	for i, r := range *p {
		if r.cookie == asked.cookie {
			*p = append((*p)[:i:i], (*p)[i+1:]...)
			return r.entries, true
		}
	}
	return nil, false
}

// pageOf gives the first entries of found and keeps the others. A page of size
// 0 with a cookie gives the rest up.
func (c *session) pageOf(q question, found []*entry, l lens) (views []view, o outcome, last bool) {
	if q.page.size == 0 && q.page.cookie != "" {
		found = nil
	}
	size := min(q.page.size, c.server.dialect.limit())
	if size == 0 {
		size = c.server.dialect.limit()
	}
	here := found[:min(size, len(found))]
	cookie := ""
	if later := found[len(here):]; len(later) > 0 {
		cookie = rand.Text()
		c.paging = append(c.paging, rest{cookie, later})
		if len(c.paging) > mostPagings {
			c.paging = c.paging[1:]
		}
	}
	value := ber.NewSequence("")
	value.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, 0, "")) // total: not told
	value.AppendChild(octetString(cookie))
	o.controls = append(o.controls, answerControl(pageControl, value.Bytes()))
	if q.most > 0 && len(here) > q.most {
		here = here[:q.most]
		o.code, o.text = codeSizeLimit, "there are more"
	}
	return show(here, q, l), o, cookie == ""
}
