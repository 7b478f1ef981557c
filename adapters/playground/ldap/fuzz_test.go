package ldap

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// FuzzMessage: whatever comes, to whoever has signed in, is answered or ends
// the connection.
func FuzzMessage(f *testing.F) {
	var servers []*Server
	for _, flavour := range []string{ActiveDirectory, OpenLDAP} {
		s, err := New(Options{Flavour: flavour, Domain: "corp.example.test"})
		if err == nil {
			_, err = s.AddUser(User{Login: "mlin", Under: s.Base(), Password: "right", First: "Mei", Last: "Lin"})
		}
		if err != nil {
			f.Fatal(err)
		}
		servers = append(servers, s)
	}
	for _, seed := range seeds(servers[0].Base()) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, s := range servers {
			here, there := net.Pipe()
			_ = there.Close() // StartTLS finds nobody there
			c := &session{server: s, secure: true, who: s.admin}
			c.over(here)
			c.out = bufio.NewWriter(io.Discard)
			in := bufio.NewReader(bytes.NewReader(raw))
			for m, err := readMessage(in); err == nil && c.answer(m); m, err = readMessage(in) {
			}
			_ = here.Close()
		}
	})
}

// seeds are one message of each kind.
func seeds(base string) [][]byte {
	var out [][]byte
	add := func(tag ber.Tag, controls []*ber.Packet, children ...*ber.Packet) {
		op := application(tag)
		for _, c := range children {
			op.AppendChild(c)
		}
		out = append(out, envelope(1, op, controls).Bytes())
	}
	number := func(n int64) *ber.Packet {
		return ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, n, "")
	}
	list := func(tag ber.Tag, children ...*ber.Packet) *ber.Packet {
		p := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, tag, nil, "")
		for _, c := range children {
			p.AppendChild(c)
		}
		return p
	}
	filterOf := func(tag ber.Tag, children ...*ber.Packet) *ber.Packet {
		p := ber.Encode(ber.ClassContext, ber.TypeConstructed, tag, nil, "")
		for _, c := range children {
			p.AppendChild(c)
		}
		return p
	}
	page := list(ber.TagSequence, number(1), octetString(""))
	mei := "CN=Mei Lin," + base
	for _, name := range []string{mei, "uid=mlin," + base, `CORP\mlin`, "mlin@corp.example.test"} {
		add(bindRequest, []*ber.Packet{answerControl(policyControl, nil)}, number(3), octetString(name), contextString(passwordTag, "wrong"))
	}
	for _, filter := range []*ber.Packet{
		contextString(filterPresent, "objectClass"),
		filterOf(filterEquality, octetString("cn"), octetString("Mei Lin")), filterOf(filterGreater, octetString("badPwdCount"), octetString("0")),
		filterOf(filterSubstrings, octetString("cn"), list(ber.TagSequence, contextString(0, "m"), contextString(1, "i l"), contextString(2, "n"))),
		filterOf(filterExtensible, contextString(1, ruleInChain), contextString(2, "member"), contextString(3, mei), contextString(4, "\xff")),
		filterOf(filterAnd, filterOf(filterNot, contextString(filterPresent, "mail")), filterOf(filterOr)),
	} {
		add(searchRequest, []*ber.Packet{answerControl(pageControl, page.Bytes())}, octetString(base), enumerated(2), enumerated(0), number(5), number(0),
			ber.NewLDAPBoolean(ber.ClassUniversal, ber.TypePrimitive, ber.TagBoolean, false, ""), filter, list(ber.TagSequence, octetString("*"), octetString("+")))
	}
	add(modifyRequest, nil, octetString(mei), list(ber.TagSequence,
		list(ber.TagSequence, enumerated(changeDelete), list(ber.TagSequence, octetString("lockoutTime"), list(ber.TagSet, octetString("1")))),
		list(ber.TagSequence, enumerated(changeAdd), list(ber.TagSequence, octetString("title"), list(ber.TagSet, octetString("x"))))))
	add(modifyRequest, nil, octetString(mei), list(ber.TagSequence, // a number for a value
		list(ber.TagSequence, enumerated(changeAdd), list(ber.TagSequence, octetString("title"), list(ber.TagSet, number(1))))))
	add(compareRequest, nil, octetString(mei), list(ber.TagSequence, octetString("cn"), octetString("Mei Lin")))
	add(extendedRequest, nil, contextString(0, startTLSName))
	add(extendedRequest, nil, contextString(0, whoAmIName))
	add(addRequest, nil, octetString(mei))
	return out
}

// FuzzName: the key of a name is a name with the same key, and what is escaped
// is read back.
func FuzzName(f *testing.F) {
	for _, seed := range []string{"", "CN=Mei Lin,DC=x", `cn=a\,b\2cc+sn=d , dc= x `, `cn=\20a\20`, "cn=#a", `cn=ſ\c5\bf`, "=", "cn=a\\", `cn=\00`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := parseName(s)
		// What is escaped in the key may make it longer than any name that is read.
		if err == nil && len(n.key()) <= mostName {
			again, err := parseName(n.key())
			if err != nil || again.key() != n.key() {
				t.Errorf("%q has the key %q, which reads %q, %v", s, n.key(), again.key(), err)
			}
		}
		if n, err := parseName("cn=" + escape(s)); err == nil && (len(n) != 1 || len(n[0]) != 1 || n[0][0].value != s) {
			t.Errorf("%q is read back as %q", s, n)
		}
	})
}

// FuzzRestore: whatever is in the file, it is refused or gives a directory that
// is kept again as the same, and judges passwords.
func FuzzRestore(f *testing.F) {
	var servers []*Server
	for _, flavour := range []string{ActiveDirectory, OpenLDAP} {
		s, err := New(Options{Flavour: flavour, Domain: "corp.example.test"})
		if err == nil {
			_, err = s.AddUser(User{Login: "mlin", Under: s.Base(), Password: "right", First: "Mei", Last: "Lin"})
		}
		if err != nil {
			f.Fatal(err)
		}
		kept, err := s.State()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(kept)
		servers = append(servers, s)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, s := range servers {
			to, err := New(s.opts)
			if err != nil {
				t.Fatal(err)
			}
			if to.Restore(data) != nil {
				continue
			}
			once, err := to.State()
			if err != nil {
				t.Fatal(err)
			}
			if err := to.Restore(once); err != nil {
				t.Fatalf("what was kept is refused: %v", err)
			}
			if twice, err := to.State(); err != nil || !bytes.Equal(once, twice) {
				t.Fatalf("kept\n%s\nand then\n%s, %v", once, twice, err)
			}
			to.judge(to.bindName("mlin"), "wrong")
			to.Values(to.Administrator(), "memberOf")
		}
	})
}
