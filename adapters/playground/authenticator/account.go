package authenticator

import (
	"encoding/base32"
	"errors"
	"fmt"
	"strings"

	"github.com/pquerna/otp"
)

// Account is one line of the app.
type Account struct {
	Label string // issuer and account
	Seed  []byte
}

// minSeed is the least that RFC 4226 allows, in bytes.
const minSeed = 16

// errKey says what a text is not.
var errKey = errors.New("this is neither an address of a page nor a key: a key has letters and the digits 2 to 7")

// Parse reads what a QR code says (otpauth://totp/…), or a key in base32 as
// people type it: in groups, in any case.
func Parse(text string) (Account, error) {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(strings.ToLower(text), "otpauth:") {
		return parseURI(text)
	}
	seed, err := decodeKey(text)
	if err != nil {
		return Account{}, err
	}
	return Account{Label: "Added by hand", Seed: seed}, nil
}

func parseURI(text string) (Account, error) {
	key, err := otp.NewKeyFromURL(text)
	if err != nil {
		return Account{}, fmt.Errorf("reading the QR code: %w", err)
	}
	if key.Type() != "totp" || key.Period() != uint64(period.Seconds()) || key.Digits() != otp.DigitsSix || key.Algorithm() != otp.AlgorithmSHA1 {
		return Account{}, errors.New("this app shows six digits for thirty seconds, by SHA-1, and the QR code asks for something else")
	}
	seed, err := decodeKey(key.Secret())
	if err != nil {
		return Account{}, err
	}
	label := key.AccountName()
	if key.Issuer() != "" {
		label = key.Issuer() + ": " + label
	}
	return Account{Label: label, Seed: seed}, nil
}

func decodeKey(text string) ([]byte, error) {
	text = strings.ToUpper(strings.Join(strings.Fields(strings.ReplaceAll(text, "-", " ")), ""))
	seed, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.TrimRight(text, "="))
	switch {
	case err != nil || text == "":
		return nil, errKey
	case len(seed) < minSeed:
		return nil, fmt.Errorf("the key is too short: it has %d bytes, not %d", len(seed), minSeed)
	}
	return seed, nil
}
