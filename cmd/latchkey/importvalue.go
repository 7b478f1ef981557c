package main

import (
	"encoding/base32"
	"fmt"
	"net/mail"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"latchkey/adapters/courier/sms"
	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
)

// The lengths of a seed, in bytes. RFC 4226 section 4, R6 demands 16; older
// programs gave 10, which nobody guesses either.
const (
	shortestSeed, longestSeed = 10, 64
	recommendedSeed           = 16
)

// unfitNumber is unfit for the number of a phone, which may begin with + as no
// other value may; what follows is looked at as a number, and holds no formula.
func unfitNumber(field string) (what, mend string) {
	if digits := strings.TrimPrefix(field, "+"); digits != "" {
		return unfit(digits, true)
	}
	return unfit(field, true)
}

// unfit says what is wrong with a field whatever it means; "" where nothing is.
func unfit(field string, mayBeEmpty bool) (what, mend string) {
	switch {
	case field == "" && mayBeEmpty:
	case field == "":
		return "is empty", "write it"
	case !utf8.ValidString(field):
		return "is not UTF-8", "save the file as CSV in UTF-8"
	case strings.ContainsRune("=+-@\t\r", rune(field[0])):
		return "begins as a formula does, with " + strings.Trim(fmt.Sprintf("%q", field[:1]), `"`), "write the plain value: a spreadsheet that opened the file would calculate"
	case strings.ContainsFunc(field, unseen):
		return "holds a control character, a line break or one that cannot be seen", "type it again instead of pasting it"
	case strings.TrimSpace(field) != field:
		return "has a space before or after it", "remove the space"
	case utf8.RuneCountInString(field) > maxImportUser:
		return "is too long", fmt.Sprintf("write at most %d characters", maxImportUser)
	}
	return "", ""
}

func unseen(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Noncharacter_Code_Point)
}

func (i *importing) storeOf(line int, name string) *config.IdentityStore {
	at := slices.IndexFunc(i.cfg.Stores, func(s config.IdentityStore) bool { return s.Name == name })
	if at >= 0 {
		return &i.cfg.Stores[at]
	}
	names := make([]string, len(i.cfg.Stores))
	for j, s := range i.cfg.Stores {
		names[j] = s.Name
	}
	i.fault(line, "store", "is no identity store of the configuration", "write one of "+strings.Join(names, ", "))
	return nil
}

func (i *importing) typeOf(line int, word string) bot.Type {
	const mend = "write email, mobile or authenticator"
	switch t := bot.Type(word); {
	case !t.Valid():
		i.fault(line, "type", "is no authentication type", mend)
	case theirOwn(t) != "":
		i.fault(line, "type", "cannot be imported: "+theirOwn(t), mend)
	default:
		return t
	}
	return ""
}

// mailOf gives the address, or "" for the directory's own.
func (i *importing) mailOf(line int, value string) string {
	if value != "" && !mailAddress(value) {
		i.fault(line, "value", "is not a mail address such as mei@example.com", "write one, or nothing for the directory's own")
		return ""
	}
	return value
}

// numberOf gives the number in E.164 form, or "" for the directory's own.
func (i *importing) numberOf(line int, value string) string {
	if value == "" {
		return ""
	}
	number, err := sms.Number(value, i.cfg.Region())
	if err != nil {
		i.fault(line, "value", "is not a mobile number that can be used: "+strings.TrimSuffix(bot.TextOf(err), "."), "write one, or nothing for the directory's own")
	}
	return number
}

// mailAddress reports whether a text is the address of a mailbox and nothing more.
func mailAddress(s string) bool {
	parsed, err := mail.ParseAddress(s)
	return err == nil && parsed.Address == s && plain(s) == s && len(s) <= maxImportMail
}

// seedOf reads base32 (RFC 4648) as authenticators show it: in either case, in
// groups, with or without padding.
func (i *importing) seedOf(line int, value string) []byte {
	seed, ok := fromBase32(value)
	switch {
	case value == "":
		i.fault(line, "value", "is empty", "write the seed in base32, or make one for this person with latchkey enroll add")
	case !ok:
		i.fault(line, "value", "is not a seed in base32", "write the letters A to Z and the digits 2 to 7 of the secret alone, without otpauth://")
	case len(seed) < shortestSeed || len(seed) > longestSeed:
		i.fault(line, "value", "is a seed of the wrong length", fmt.Sprintf("write %d to %d bytes, which are %d to %d characters", shortestSeed, longestSeed, (shortestSeed*8+4)/5, (longestSeed*8+4)/5))
	default:
		return seed
	}
	return nil
}

// mayBeSeed reports whether a text could be a seed that stands in another
// column than its own.
func mayBeSeed(text string) bool {
	seed, ok := fromBase32(text)
	return ok && len(seed) >= shortestSeed
}

func fromBase32(value string) (seed []byte, ok bool) {
	encoding := base32.StdEncoding.WithPadding(base32.NoPadding)
	text := strings.TrimRight(strings.ToUpper(strings.ReplaceAll(value, " ", "")), "=")
	seed, err := encoding.DecodeString(text)
	return seed, err == nil && encoding.EncodeToString(seed) == text
}

// sameSeeds finds seeds that two rows have: each of the two could give the
// other's codes.
func (i *importing) sameSeeds() {
	first := make(map[string]int)
	for _, r := range i.rows {
		if len(r.seed) == 0 {
			continue
		}
		if line, taken := first[string(r.seed)]; taken {
			i.fault(r.line, "value", fmt.Sprintf("is the seed of line %d too", line), "give each account its own")
			continue
		}
		first[string(r.seed)] = r.line
	}
}
