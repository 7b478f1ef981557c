package bot

import (
	"context"
	"slices"
	"time"
)

// Own is what a person is enrolled with, as his own page shows it.
type Own struct {
	Account  Account
	Types    []OwnType             // those that the store uses, or that he still has, in page order
	User     *AuthenticationPolicy // of his role; nil: none
	Pool     []string              // security questions to choose from
	Bound    time.Time             // since when this chat is bound to the account; zero: it is not
	Trusting []string              // stores of linked accounts for which what is enrolled here counts too
	Unread   []string              // stores that did not answer
	Several  bool                  // there are other stores, where he may have accounts
	Begun    bool                  // a type counts already: that type proves changes; otherwise the directory's mail address does
}

// OwnType is one type on that page.
type OwnType struct {
	Type      Type
	Has       bool      // on this account
	Masked    string    // the address
	Questions int       // how many of them are answered
	Since     time.Time // when it was made
	Counts    time.Time // from when it counts; zero: it does
	Admin     bool      // made by an administrator
	Elsewhere string    // not on this account, but on the linked one of a store that is trusted here
	Unused    bool      // the store does not use the type any more: it can only be removed
	Cannot    string    // nobody enrolls with it here now: why, a sentence for people
}

// Own reads the person's enrollments.
func (n *Enroller) Own(ctx context.Context, s Self) (Own, error) {
	s.Other = AccountID{}
	f, err := n.facts(ctx, s)
	if err != nil {
		return Own{}, err
	}
	return n.own(ctx, f)
}

func (n *Enroller) own(ctx context.Context, f Facts) (Own, error) {
	me := f.Accounts[0]
	out := Own{Account: me.Account, User: me.User, Unread: f.Unread, Begun: begun(f), Several: len(f.Policy.Stores) > 1}
	store := f.Policy.Store(me.ID.Store)
	if store == nil {
		return Own{}, E(Internal, "find own identity store", nil)
	}
	out.Pool = store.QuestionPool
	bindings, err := n.Desk.People.Bindings(ctx, me.ID)
	if err != nil {
		return Own{}, err
	}
	for _, b := range bindings {
		if b.Chat == f.Case.Chat {
			out.Bound = b.At
		}
	}
	for _, a := range f.Accounts[1:] {
		if other := f.Policy.Store(a.ID.Store); other != nil && slices.Contains(other.TrustEnrollmentOf, me.ID.Store) {
			out.Trusting = append(out.Trusting, a.ID.Store)
		}
	}
	for _, t := range Types() {
		used := slices.Contains(store.Types, t)
		row, err := n.ownType(f, t)
		if err != nil {
			return Own{}, err
		}
		if used || row.Has {
			row.Unused = !used
			out.Types = append(out.Types, row)
		}
	}
	return out, nil
}

func (n *Enroller) ownType(f Facts, t Type) (OwnType, error) {
	row := OwnType{Type: t, Cannot: n.cannot(t)}
	if e, ok := held(f, t); ok {
		address, err := AddressOf(n.Vault, e)
		if err != nil {
			return row, err
		}
		row.Has, row.Since, row.Admin, row.Questions = true, e.Since, e.ByAdministrator, len(e.Answers)
		if address != "" {
			row.Masked = Mask(address)
		}
		if TooNew(f, e) {
			row.Counts = e.Since.Add(f.Policy.EnrollmentMinAge)
		}
		return row, nil
	}
	if usable := usableEnrollments(f, t, f.Target()); len(usable) > 0 {
		row.Elsewhere = usable[0].Account.Store
	}
	return row, nil
}

// held gives the enrollment of a type that the account itself holds.
func held(f Facts, t Type) (Enrollment, bool) {
	i := slices.IndexFunc(f.Enrollments, func(e Enrollment) bool { return e.Account == f.Target() && e.Type == t })
	if i < 0 {
		return Enrollment{}, false
	}
	return f.Enrollments[i], true
}

// cannot says why nobody can enroll with the type in chat, or "".
func (n *Enroller) cannot(t Type) string {
	switch {
	case t.Sent() && (n.Couriers[t] == nil || t == Mobile && n.Number == nil):
		return "No " + carrier(t) + " is configured, so no code can be sent."
	case t == Authenticator && (n.Public == "" || n.NewSeed == nil):
		return "Latchkey has no public address here, so the QR code cannot be shown. An administrator enrolls you, with latchkey enroll add."
	case t == SecurityQuestions && n.Answers == nil:
		return "Security questions cannot be kept here."
	}
	return ""
}
