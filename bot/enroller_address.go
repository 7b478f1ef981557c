package bot

import (
	"context"
	"net/mail"
	"strings"
	"unicode"
)

// maxMail is the longest mail address, in bytes (RFC 5321 section 4.5.3.1, less
// the brackets of a path).
const maxMail = 254

// NewAddress is a mail address or a number that waits for its code.
type NewAddress struct {
	Opened
	Enrollment string // id of what is being enrolled
	Contact    []byte // the address, sealed as the enrollment will have it
}

// SendNew sends a code to an address that the person types; Invalid, with what
// to mend, where it is none.
func (n *Enroller) SendNew(ctx context.Context, s Self, do Doing, t Type, typed string) (NewAddress, error) {
	f, err := n.begunChange(ctx, s, do, t)
	if err != nil {
		return NewAddress{}, err
	}
	address, err := n.readAddress(t, typed)
	if err != nil {
		return NewAddress{}, err
	}
	if old, had := held(f, t); had {
		before, err := AddressOf(n.Vault, old)
		if err != nil {
			return NewAddress{}, err
		}
		if strings.EqualFold(before, address) {
			return NewAddress{}, Ef(Invalid, "read address", "That is the one that you are enrolled with already.")
		}
	}
	id := n.Desk.NewID()
	contact, err := n.Vault.Seal([]byte(address), "enrollments", id, "contact")
	if err != nil {
		return NewAddress{}, err
	}
	return n.sendNew(ctx, f, Enrollment{ID: id, Account: f.Target(), Type: t, Address: address, Contact: contact})
}

// SendAgain sends another code to the same new address.
func (n *Enroller) SendAgain(ctx context.Context, s Self, do Doing, t Type, a NewAddress) (NewAddress, error) {
	f, err := n.begunChange(ctx, s, do, t)
	if err != nil {
		return NewAddress{}, err
	}
	e := Enrollment{ID: a.Enrollment, Account: f.Target(), Type: t, Contact: a.Contact}
	if e.Address, err = AddressOf(n.Vault, e); err != nil {
		return NewAddress{}, err
	}
	return n.sendNew(ctx, f, e)
}

// UnfitAddress says what is wrong with a typed address or number by itself, or
// "". It repeats nothing of it.
func (n *Enroller) UnfitAddress(t Type, typed string) string {
	_, err := n.readAddress(t, typed)
	return TextOf(err)
}

func (n *Enroller) sendNew(ctx context.Context, f Facts, e Enrollment) (NewAddress, error) {
	out := NewAddress{Enrollment: e.ID, Contact: e.Contact}
	if why, until := stopped(f, e.Account); why != "" {
		out.Refused, out.Until = why, until
		return out, nil
	}
	var err error
	out.Opened, err = n.send(ctx, f, n.challenge(f, e, ""), e.Address,
		codeLetter(f, e.Type, "somebody is enrolling this address in the helpdesk's chat, for the account "+Line(f.Accounts[0].Login)+"."))
	return out, err
}

// FinishAddress judges the code of the new address and, where it is right,
// enrolls the address.
func (n *Enroller) FinishAddress(ctx context.Context, s Self, do Doing, t Type, a NewAddress, typed string) (Verdict, Own, error) {
	f, err := n.begunChange(ctx, s, do, t)
	if err != nil {
		return Verdict{}, Own{}, err
	}
	e := Enrollment{ID: a.Enrollment, Account: f.Target(), Type: t, Contact: a.Contact, Since: f.Now}
	v, err := n.code(ctx, f, a.Challenge, e, typed, false)
	if err != nil || !v.Passed {
		return v, Own{}, err
	}
	return n.finish(ctx, s, f, do, e)
}

// begunChange reads the facts of a change whose proof still counts.
func (n *Enroller) begunChange(ctx context.Context, s Self, do Doing, t Type) (Facts, error) {
	s.Other = AccountID{} // what is proved there changes nothing but a link
	f, err := n.facts(ctx, s)
	if err != nil {
		return Facts{}, err
	}
	if err := n.possible(f, do, t); err != nil {
		return Facts{}, err
	}
	_, err = n.proved(f)
	return f, err
}

// finish writes what was proved to be his.
func (n *Enroller) finish(ctx context.Context, s Self, f Facts, do Doing, e Enrollment) (Verdict, Own, error) {
	if err := n.write(ctx, f, do, e); err != nil {
		return Verdict{}, Own{}, err
	}
	own, err := n.Own(ctx, s)
	return Verdict{Passed: true}, own, err
}

func (n *Enroller) readAddress(t Type, typed string) (string, error) {
	const op = "read address"
	typed = strings.Trim(typed, " ")
	if t == Mobile {
		return n.Number(typed)
	}
	if t != Email {
		return "", E(Denied, op, nil)
	}
	parsed, err := mail.ParseAddress(typed)
	unseen := strings.ContainsFunc(typed, func(r rune) bool { return unicode.In(r, unicode.C, unicode.Z) })
	if err != nil || unseen || parsed.Address != typed || len(typed) > maxMail {
		return "", Ef(Invalid, op, "That is not a mail address such as mei@example.com. Write one address and nothing else.")
	}
	return typed, nil
}
