package vault

import (
	"crypto/rand"
	"fmt"
	"math/big"

	"latchkey/bot"

	"golang.org/x/text/unicode/norm"
)

const fewestDigits, mostDigits = 6, 10

// Code draws a numeric code of 6 to 10 digits, each value as likely as any
// other, leading zeros kept.
func (v *Vault) Code(digits int) (string, error) {
	if digits < fewestDigits || digits > mostDigits {
		return "", bot.E(bot.Internal, "draw a code", fmt.Errorf("%d digits asked for, %d to %d are possible", digits, fewestDigits, mostDigits))
	}
	end := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
	n, err := rand.Int(v.random, end) // draws again what would favour some values
	if err != nil {
		return "", bot.E(bot.Internal, "draw a code", err)
	}
	return fmt.Sprintf("%0*d", digits, n), nil
}

// CanonicalCode gives the one spelling of a typed code: Unicode's
// compatibility forms of digits (full-width ones, say) become ASCII, and what
// is then not exactly so many digits is no code. Nothing is trimmed: a code
// that is read in two spellings can be used twice (CVE-2025-6014), so a space
// is the person's to remove.
func (v *Vault) CanonicalCode(typed string, digits int) (code string, ok bool) {
	const longestForm = 4 // bytes of one digit
	if len(typed) > digits*longestForm {
		return "", false
	}
	code = norm.NFKC.String(typed)
	if len(code) != digits || digits == 0 {
		return "", false
	}
	for _, c := range []byte(code) {
		if c < '0' || c > '9' {
			return "", false
		}
	}
	return code, true
}
