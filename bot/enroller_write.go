package bot

import (
	"context"
	"strings"
)

// write makes the change, with its history and its notices. The record bears
// the id of the proof: of two changes that rest on the same, the second finds
// it taken.
func (n *Enroller) write(ctx context.Context, f Facts, do Doing, e Enrollment) error {
	if err := n.possible(f, do, e.Type); err != nil {
		return err
	}
	old, had := held(f, e.Type)
	r := ownRecord(f, f.Case.Session, ActionEnroll, StatusSuccess, e.Type)
	switch do {
	case Changing:
		r.Detail = "in the place of the earlier one"
	case Removing:
		r.Action = ActionUnenroll
	}
	var gone []Enrollment
	if had {
		gone = []Enrollment{old}
	}
	notices, err := changeNotices(f, r, gone, n.Vault, n.Desk.NewID)
	if err != nil {
		return err
	}
	e.Account = f.Target()
	err = n.Records.ChangeEnrollment(ctx, do, e, r, notices...)
	if KindOf(err) == Conflict {
		return &Error{Kind: Conflict, Op: "change own enrollments", Err: err,
			Text: "Your enrollments were changed meanwhile, or this proof was used already. Begin again."}
	}
	return err
}

// changeNotices tell the mail address in the directory, and each address that is
// replaced or removed: whoever changes somebody else's enrollments cannot keep
// it from him.
func changeNotices(f Facts, r Record, gone []Enrollment, v Vault, newID func() string) ([]Notice, error) {
	me := f.Accounts[0].Account
	var out []Notice
	tell := func(id, to string) {
		out = append(out, Notice{ID: id, Kind: NoticeTarget, To: to, Record: r, Next: f.Now})
	}
	if me.Mail != "" {
		tell(newID(), me.Mail)
	}
	for _, old := range gone {
		if !old.Type.Sent() {
			continue
		}
		address, err := AddressOf(v, old)
		if err != nil {
			return nil, err
		}
		if strings.EqualFold(address, me.Mail) {
			continue
		}
		id := newID()
		to, err := SealRecipient(v, id, address)
		if err != nil {
			return nil, err
		}
		tell(id, to)
	}
	return out, nil
}

// Remove removes what the person has proved to be his to remove.
func (n *Enroller) Remove(ctx context.Context, s Self, t Type) (Own, error) {
	s.Other = AccountID{}
	f, err := n.facts(ctx, s)
	if err != nil {
		return Own{}, err
	}
	if _, err := n.proved(f); err != nil {
		return Own{}, err
	}
	if err := n.write(ctx, f, Removing, Enrollment{Type: t}); err != nil {
		return Own{}, err
	}
	return n.Own(ctx, s)
}
