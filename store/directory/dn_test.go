package directory

import (
	"strings"
	"testing"
	"unicode/utf8"

	"latchkey/bot"

	"github.com/go-ldap/ldap/v3"
	"pgregory.net/rapid"
)

func TestCanonical(t *testing.T) {
	for in, want := range map[string]bot.DN{
		"CN=Mei Tan,OU=Staff,DC=Example,DC=Test":          "cn=mei tan,ou=staff,dc=example,dc=test",
		" CN = Mei Tan , OU=Staff ,DC=Example,  DC=Test ": "cn=mei tan,ou=staff,dc=example,dc=test",
		"commonName=a,2.5.4.11=b,OID.2.5.4.11=c,userId=d": "cn=a,ou=b,ou=c,uid=d",
		`CN=Tan\, Mei,DC=x`:                               `cn=tan\2c mei,dc=x`,
		`CN=Tan\2C Mei,DC=x`:                              `cn=tan\2c mei,dc=x`,
		`CN=a\+b\=c=d\#e\"f\;g\<h\>i\\j,DC=x`:             `cn=a\2bb\3dc\3dd\23e\22f\3bg\3ch\3ei\5cj,dc=x`,
		`CN=\ a\ ,DC=x`:                                   `cn=\20a\20,dc=x`,
		`CN=a\20 ,DC=x`:                                   `cn=a\20,dc=x`,
		`CN=\#1,DC=x`:                                     `cn=\231,dc=x`,
		"CN=#0C024869,DC=x":                               "cn=hi,dc=x", // UTF8String
		"CN=gone\\0ADEL:1,DC=x":                           "cn=gone\\0adel:1,dc=x",
		"CN=#0C820002486A":                                "cn=hj",
		`CN=a\00b`:                                        `cn=a\00b`,
		`CN=\e2\80\ae`:                                    `cn=\e2\80\ae`,
		"CN=\u202ea":                                      `cn=\e2\80\aea`,
		`CN=\ff`:                                          `cn=\ff`,
		"UID=b+CN=A":                                      "cn=a+uid=b",
		"CN=A+UID=b":                                      "cn=a+uid=b",
		"CN=a+cn=A":                                       "cn=a+cn=a",
		"CN=Zoë":                                          "cn=zoë",
		"CN=ZOË":                                          "cn=zoë",
		"CN=Zoe\u0308":                                    "cn=zoë",
		`CN=Zo\c3\ab`:                                     "cn=zoë",
		"CN=ΣΊΣΥΦΟΣ":                                      "cn=σίσυφοσ",
		"CN=σίσυφος":                                      "cn=σίσυφοσ",
		"CN=ａ":                                            "cn=ａ",
		"CN=ſ":                                            "cn=ſ",
		"CN=İ":                                            "cn=İ",
		"CN=a  b":                                         "cn=a  b",
		"CN=":                                             "cn=",
		"1.2.3=x":                                         "1.2.3=x",
	} {
		got, err := Canonical(in)
		if err != nil || got != want {
			t.Errorf("%q gave %q, %v, expected %q", in, got, err, want)
		}
	}
	for _, in := range []string{"", " ", ",", "=", "a", "=a", "CN", "CN=a,", ",CN=a", "CN=a,,DC=x", "CN=a+", "C N=a", "-=a", `CN=a\`, `CN=a\2`, `CN=a\zz`, `CN="a"`,
		"CN=a;DC=x", "CN=a<b", "CN=a\x00b", "CN=#", "CN=#0", "CN=#zz", "CN=#0C0248", "CN=#0C02486900", "CN=#0C80", "CN=#0C8400000000", "CN=#0C84FFFFFFFF", "CN=#1F010141", "CN=#30030C0141", "CN=\xff", "ü=a",
		"CN=" + strings.Repeat("a", maxDN)} {
		if got, err := Canonical(in); bot.KindOf(err) != bot.Invalid || bot.TextOf(err) == "" {
			t.Errorf("%.40q gave %q, %v", in, got, err)
		}
	}
}

func TestUnderAfterCanonical(t *testing.T) {
	base, _ := Canonical("OU=Tier0,DC=x")
	for in, want := range map[string]bool{
		"CN=a,ou=TIER0,dc=X":          true,
		"OU=Tier0,DC=x":               true,
		`CN=a\,OU\=Tier0\,DC\=x`:      false,
		`CN=a\,OU=Tier0,DC=x`:         false,
		`CN=a,CN=b\,OU=Tier0,DC=x`:    false,
		`CN=a\\,OU=Tier0,DC=x`:        true,
		"CN=a,OU=Tier0+CN=b,DC=x":     false,
		"CN=a,OU=Tier01,DC=x":         false,
		"CN=a,XOU=Tier0,DC=x":         false,
		"CN=#0C0141,OU=Tier0, DC = x": true,
	} {
		dn, err := Canonical(in)
		if err != nil || dn.Under(base) != want {
			t.Errorf("%s is %s: under %s: %t, %v", in, dn, base, dn.Under(base), err)
		}
	}
}

// A name that is written in another way is the same string afterwards, and
// another name is another string.
func TestCanonicalIsOneForm(t *testing.T) {
	value := rapid.StringOfN(rapid.SampledFrom([]rune(`abZéÉ ,+="\#;<>*/`+"\x00\u202eｆ")), 1, 8, -1)
	name := rapid.SampledFrom([]string{"CN", "ou", "Uid", "2.5.4.3"})
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(value, 1, 4).Draw(t, "values")
		var one, two []string
		for _, v := range values {
			n := name.Draw(t, "name")
			var hex strings.Builder
			for i := 0; i < len(v); i++ {
				hex.WriteString(`\` + string("0123456789ABCDEF"[v[i]>>4]) + string("0123456789abcdef"[v[i]&15]))
			}
			one = append(one, n+"="+ldap.EscapeDN(v))
			two = append(two, strings.ToLower(n)+" = "+hex.String())
		}
		a, err := Canonical(strings.Join(one, ","))
		if err != nil {
			t.Fatal(err)
		}
		b, err := Canonical(strings.Join(two, " , "))
		if err != nil || a != b {
			t.Fatalf("%q and %q, %v", a, b, err)
		}
		if n := strings.Count(string(a), ","); n != len(values)-1 {
			t.Fatalf("%q has %d commas", a, n)
		}
		longer, err := Canonical(strings.Join(one, ",") + "x")
		if err == nil && longer == a {
			t.Fatalf("%q stands for two names", a)
		}
	})
}

func FuzzCanonical(f *testing.F) {
	for _, seed := range []string{"CN=Mei Tan,OU=Staff,DC=x", `CN=a\,b+UID=\#c,O=\ff\00\e2\80\ae`, "CN=#0C024869", "2.5.4.3= a  b ,dc=İſＡ", `a=\\\,`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, in string) {
		once, err := Canonical(in)
		if err != nil {
			if bot.KindOf(err) != bot.Invalid {
				t.Fatal(err)
			}
			return
		}
		if len(once) > 4*maxDN || !utf8.ValidString(string(once)) {
			t.Fatalf("%q became %q", in, once)
		}
		if len(once) > maxDN {
			return
		}
		twice, err := Canonical(string(once))
		if err != nil || once != twice {
			t.Fatalf("%q became %q and then %q, %v", in, once, twice, err)
		}
		// The library reads it as the same number of names, with the same values.
		parsed, err := ldap.ParseDN(string(once))
		if err != nil {
			return // it refuses some that RFC 4514 has, such as an empty value
		}
		if n := strings.Count(string(once), ","); len(parsed.RDNs) != n+1 {
			t.Fatalf("%q has %d commas and %d names", once, n, len(parsed.RDNs))
		}
	})
}
