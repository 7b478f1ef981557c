package sms

import (
	"errors"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"latchkey/bot"
)

// longestTyped is more than any number needs, however it is grouped, in bytes.
const longestTyped = 32

// KnownRegion reports whether code is the two capital letters (ISO 3166-1
// alpha-2) of a country or region that has numbers of its own.
func KnownRegion(code string) bool { return phonenumbers.GetSupportedRegions()[code] }

// Number reads one mobile number as a person writes it, and gives it in E.164
// form. region, such as DE, says where a number without a country is from; ""
// refuses such a number. Only ASCII digits count, with one + before them and
// spaces, dots, hyphens, slashes and brackets between: what looks like a digit
// and is none would be sent to somebody else's phone. Errors are Invalid, with
// a sentence that does not repeat the number.
func Number(typed, region string) (string, error) {
	bad := func(text string) error { return bot.Ef(bot.Invalid, "read mobile number", "%s", text) }
	if why := miswritten(typed); why != "" {
		return "", bad(why)
	}
	if region != "" && !KnownRegion(region) {
		return "", bad("sms.region is no country: write its two letters, such as DE.")
	}
	if !strings.HasPrefix(typed, "+") && region == "" {
		return "", bad("The number has no country. Write it with + and the country's code, such as +4915123456789, or set sms.region.")
	}
	n, err := phonenumbers.Parse(typed, region)
	switch {
	case errors.Is(err, phonenumbers.ErrInvalidCountryCode):
		return "", bad("No country has the code that the number begins with. Write it as +4915123456789.")
	case err != nil || n.GetExtension() != "" || !phonenumbers.IsValidNumber(n):
		return "", bad("No phone can have this number: a digit is missing, wrong or too many. Write it as +4915123456789.")
	}
	switch phonenumbers.GetNumberType(n) {
	case phonenumbers.MOBILE, phonenumbers.FIXED_LINE_OR_MOBILE:
		return phonenumbers.Format(n, phonenumbers.E164), nil
	case phonenumbers.FIXED_LINE:
		return "", bad("This is the number of a fixed line. Write a mobile number.")
	case phonenumbers.PREMIUM_RATE, phonenumbers.SHARED_COST:
		return "", bad("This is a number that costs whoever calls it. Write a mobile number.")
	}
	return "", bad("This is not a mobile number, but one of a service. Write a mobile number.")
}

// miswritten looks at the characters alone, and says what is wrong with them.
func miswritten(typed string) string {
	digits := 0
	for i, r := range typed {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r == '+' && i == 0, i > 0 && strings.ContainsRune(" .-/()", r), i == 0 && r == '(':
		case r > 0x7f || r < ' ' || r == 0x7f:
			return "The number holds a character that is no digit of the keyboard. Type it again instead of pasting it."
		default:
			return "A number is digits alone, with + and the country's code before them: no letters, no extension, no second number."
		}
	}
	if digits == 0 || len(typed) > longestTyped {
		return "This is not a mobile number such as +4915123456789."
	}
	return ""
}
