package courier

import (
	"crypto/rand"
	"net/mail"
	"strings"
	"unicode"

	"latchkey/bot"

	gomail "github.com/wneessen/go-mail"
)

// longestAddress is what RFC 5321 section 4.5.3.1.3 leaves between < and >.
const longestAddress = 254

// recipient reads to. Only a bare address is taken: a name or a second address
// beside it would be a mistake, or somebody's try.
func recipient(to string) (*mail.Address, error) {
	parsed, err := mail.ParseAddress(to)
	if err != nil || strings.ContainsFunc(to, unicode.IsControl) || envelope(parsed) != "<"+to+">" || len(to) > longestAddress {
		return nil, bot.Ef(bot.Invalid, "read mail address", "This is not one mail address, such as mei@example.com.")
	}
	return &mail.Address{Address: parsed.Address}, nil
}

// envelope writes <address> for an SMTP command. Address has lost the quotes
// that a name like "a> b"@example.com needs; String writes them again.
func envelope(a *mail.Address) string {
	bare := mail.Address{Address: a.Address}
	return bare.String()
}

// compose writes the mail. A subject's control characters become spaces:
// people's names are in it, and a line break would begin a header.
func (c *Courier) compose(to *mail.Address, subject, text string) *gomail.Msg {
	m := gomail.NewMsg(gomail.WithCharset(gomail.CharsetUTF8), gomail.WithEncoding(gomail.EncodingQP), gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(c.from)
	m.ToMailAddress(to)
	m.Subject(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, subject))
	m.SetDateWithValue(c.config.Now())
	m.SetMessageIDWithValue(rand.Text() + "@" + c.domain()) // the library's own would name this machine
	m.SetGenHeader("Auto-Submitted", "auto-generated")      // RFC 3834: no vacation notice answers it
	m.SetBodyString(gomail.TypeTextPlain, text)
	return m
}

// domain is the sender's.
func (c *Courier) domain() string {
	return c.from.Address[strings.LastIndexByte(c.from.Address, '@')+1:]
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}
