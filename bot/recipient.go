package bot

import (
	"context"
	"encoding/base64"
	"strings"
)

// SealedRecipient begins the recipient of a notice whose address is sealed: a
// personal one is not kept in the clear, in the outbox neither. Its row and
// what is sealed follow.
const SealedRecipient = "sealed:"

// SealRecipient is the address as the recipient of the notice with that id.
func SealRecipient(v Vault, notice, address string) (string, error) {
	sealed, err := v.Seal([]byte(address), "outbox", notice, "recipient")
	return recipientOf(notice, sealed), err
}

func recipientOf(row string, sealed []byte) string {
	return SealedRecipient + row + ":" + base64.RawURLEncoding.EncodeToString(sealed)
}

// Sealed gives what is sealed of the notice's recipient, and the row that it is
// sealed to, in the column recipient of the table outbox; ok is false where
// nothing is.
func (n Notice) Sealed() (row string, sealed []byte, ok bool) {
	rest, ok := strings.CutPrefix(n.To, SealedRecipient)
	if !ok {
		return "", nil, false
	}
	row, data, _ := strings.Cut(rest, ":")
	sealed, err := base64.RawURLEncoding.DecodeString(data)
	return row, sealed, err == nil
}

// Resealed is the notice with that in the place of what was sealed of its
// recipient, to the same row.
func (n Notice) Resealed(sealed []byte) Notice {
	if row, _, ok := n.Sealed(); ok {
		n.To = recipientOf(row, sealed)
	}
	return n
}

// Recipients delivers notices also to addresses that stand sealed in the
// outbox. To a number it sends the subject alone.
type Recipients struct {
	Vault Vault
	Mail  Courier // nil: nobody is told by mail
	Texts Courier // nil: nobody is told by text message
}

// Deliver implements Courier. Where what it needs is not configured, nobody is told.
func (c Recipients) Deliver(ctx context.Context, to, subject, text string) error {
	courier := c.Mail
	if strings.HasPrefix(to, SealedRecipient) {
		row, sealed, ok := Notice{To: to}.Sealed()
		if !ok {
			return Ef(Invalid, "read recipient", "the sealed recipient of a notice cannot be read")
		}
		plain, err := c.Vault.Open(sealed, "outbox", row, "recipient")
		if err != nil {
			return err
		}
		if to = string(plain); !strings.Contains(to, "@") {
			courier, text = c.Texts, subject+" Not you? Tell your security team now."
		}
	}
	if courier == nil {
		return nil
	}
	return courier.Deliver(ctx, to, subject, text)
}
