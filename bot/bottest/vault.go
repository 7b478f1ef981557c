package bottest

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"latchkey/bot"
)

// Vault computes with one key that is no secret.
type Vault struct{}

// MAC implements bot.Vault.
func (Vault) MAC(parts ...string) ([]byte, error) {
	data, err := json.Marshal(parts)
	h := hmac.New(sha256.New, []byte("the key of the tests"))
	h.Write(data)
	return h.Sum(nil), err
}

// VerifyMAC implements bot.Vault.
func (v Vault) VerifyMAC(mac []byte, parts ...string) bool {
	want, err := v.MAC(parts...)
	return err == nil && hmac.Equal(mac, want)
}

// Seal implements bot.Vault: it binds, and does not hide.
func (v Vault) Seal(plain []byte, table, row, column string) ([]byte, error) {
	mac, err := v.MAC("seal", string(plain), table, row, column)
	return append(mac, plain...), err
}

// Open implements bot.Vault.
func (v Vault) Open(sealed []byte, table, row, column string) ([]byte, error) {
	if len(sealed) < sha256.Size {
		return nil, bot.E(bot.Invalid, "open", nil)
	}
	plain := sealed[sha256.Size:]
	if !v.VerifyMAC(sealed[:sha256.Size], "seal", string(plain), table, row, column) {
		return nil, bot.E(bot.Invalid, "open", nil)
	}
	return slices.Clone(plain), nil
}

// Step implements bot.Vault.
func (Vault) Step(seed []byte, code string, now time.Time) (int64, bool) {
	for step := now.Unix()/30 - 1; step <= now.Unix()/30+1; step++ {
		if totp(seed, step) == code {
			return step, true
		}
	}
	return 0, false
}

// TOTP gives the code that an authenticator app shows at a time (RFC 6238).
func TOTP(seed []byte, at time.Time) string { return totp(seed, at.Unix()/30) }

func totp(seed []byte, step int64) string {
	h := hmac.New(sha1.New, seed)
	_ = binary.Write(h, binary.BigEndian, step)
	sum := h.Sum(nil)
	n := binary.BigEndian.Uint32(sum[sum[len(sum)-1]&15:]) & 0x7fffffff
	return fmt.Sprintf("%06d", n%1000000)
}

// CanonicalCode implements bot.Vault for ASCII and full-width digits.
func (Vault) CanonicalCode(typed string, digits int) (string, bool) {
	code := strings.Map(func(r rune) rune {
		if r >= '０' && r <= '９' {
			return r - '０' + '0'
		}
		return r
	}, typed)
	ok := len(code) == digits && !strings.ContainsFunc(code, func(r rune) bool { return r < '0' || r > '9' })
	return code, ok
}

// Code implements bot.Vault.
func (Vault) Code(digits int) (string, error) {
	n, err := rand.Int(rand.Reader, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil))
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%0*d", digits, n), nil
}

// CanonicalAnswer implements bot.Answers for plain text.
func (Vault) CanonicalAnswer(typed string) (string, error) {
	answer := strings.ToLower(strings.Join(strings.Fields(typed), " "))
	if answer == "" || len([]rune(answer)) > 128 || strings.ContainsFunc(answer, func(r rune) bool { return r < ' ' }) {
		return "", bot.Ef(bot.Invalid, "read answer", "Write 1 to 128 characters.")
	}
	return answer, nil
}

// HashAnswer implements bot.Answers, at no cost.
func (v Vault) HashAnswer(_ context.Context, typed string) ([]byte, error) {
	answer, err := v.CanonicalAnswer(typed)
	if err != nil {
		return nil, err
	}
	return v.MAC("answer", answer)
}

// VerifyAnswer implements bot.Answers.
func (v Vault) VerifyAnswer(_ context.Context, hash []byte, typed string) (bool, error) {
	answer, err := v.CanonicalAnswer(typed)
	return err == nil && v.VerifyMAC(hash, "answer", answer), err
}
