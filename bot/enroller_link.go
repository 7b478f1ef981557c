package bot

import (
	"context"
	"slices"
	"strings"
)

// Other is an account in another store that is linked to the person's, or that
// may be his: it has the same mail address, or the same login and display name.
type Other struct {
	Account Account
	Linked  bool   // by himself; links by attribute are not his to change
	Cannot  string // it cannot be linked now: why, a sentence for people
}

// Others finds them, at most one of each store. What protects an account keeps
// it from being proposed, and so does a link attribute that says otherwise.
func (n *Enroller) Others(ctx context.Context, s Self) ([]Other, error) {
	s.Other = AccountID{}
	f, err := n.facts(ctx, s)
	if err != nil {
		return nil, err
	}
	me := f.Accounts[0]
	if Protects(f.Policy.Store(me.ID.Store), me, nil) {
		return nil, nil
	}
	linked, err := n.Records.Linked(ctx, me.ID)
	if err != nil {
		return nil, err
	}
	var out []Other
	for _, store := range f.Policy.Stores {
		if store.Name == me.ID.Store {
			continue
		}
		o, found, err := n.otherIn(ctx, f, store, linked)
		if err != nil {
			return nil, err
		}
		if found {
			out = append(out, o)
		}
	}
	return out, nil
}

// otherIn finds the account of one store.
func (n *Enroller) otherIn(ctx context.Context, f Facts, store StorePolicy, linked []AccountID) (o Other, found bool, err error) {
	dir, err := n.Desk.directory(store.Name)
	if err != nil {
		return o, false, err
	}
	if i := slices.IndexFunc(linked, func(id AccountID) bool { return id.Store == store.Name }); i >= 0 {
		o.Linked = true
		o.Account, err = dir.Account(ctx, linked[i].GUID)
		if KindOf(err) == NotFound {
			return o, false, nil
		}
		return o, err == nil, err
	}
	if slices.ContainsFunc(f.Same, func(id AccountID) bool { return id.Store == store.Name }) {
		return o, false, nil // linked by the stores' own attribute
	}
	account, found, err := alike(ctx, dir, f.Accounts[0].Account)
	if err != nil || !found {
		return o, false, err
	}
	t, err := n.Desk.target(ctx, account)
	if err != nil || Protects(&store, t, nil) || account.Disabled || account.Expired || f.contradicts(account) {
		return o, false, err
	}
	o.Account = account
	held, err := n.Records.Enrollments(ctx, []AccountID{account.ID})
	if err == nil && len(held) == 0 {
		o.Cannot = "Nothing is enrolled on that account, so it cannot be proved that it is yours. An administrator can begin, with latchkey enroll add."
	}
	return o, true, err
}

// contradicts reports whether the stores' link attribute says that the two are
// not one person.
func (f *Facts) contradicts(other Account) bool {
	me := f.Accounts[0].Account
	a, b := f.Policy.Store(me.ID.Store), f.Policy.Store(other.ID.Store)
	return a.Links && b.Links && me.Link != "" && other.Link != "" && !strings.EqualFold(me.Link, other.Link)
}

// alike finds the one account that looks like the person's. Where mail and login
// lead to two, none does.
func alike(ctx context.Context, dir Directory, me Account) (found Account, ok bool, err error) {
	for _, by := range []struct {
		field Field
		value string
	}{{FieldMail, me.Mail}, {FieldLogin, me.Login}} {
		if by.value == "" {
			continue
		}
		a, err := dir.Lookup(ctx, by.field, by.value)
		switch KindOf(err) {
		case "":
		case Conflict:
			return Account{}, false, nil // several have it: it names nobody
		case NotFound, Invalid, Unavailable:
			continue
		default:
			return Account{}, false, err
		}
		if by.field == FieldLogin && !strings.EqualFold(a.DisplayName, me.DisplayName) {
			continue
		}
		if ok && found.ID != a.ID {
			return Account{}, false, nil
		}
		found, ok = a, true
	}
	return found, ok, nil
}

// PrepareLink begins a link, or its end: it draws the proof's id and says how
// the person's own side is proved. To link takes a type that his own account
// holds, the directory's address does not do.
func (n *Enroller) PrepareLink(ctx context.Context, s Self, do Doing, other AccountID) (Preparation, error) {
	s.Proof, s.Other = n.Desk.NewID(), AccountID{}
	f, err := n.facts(ctx, s)
	if err != nil {
		return Preparation{}, err
	}
	if err := n.linkable(ctx, s, do, other); err != nil {
		return Preparation{}, err
	}
	p := Preparation{ID: s.Proof}
	if p.Own, err = n.own(ctx, f); err == nil {
		p.Ways, err = n.linkWays(f, do)
	}
	return p, err
}

// OtherWays says how the other side is proved, once his own is.
func (n *Enroller) OtherWays(ctx context.Context, s Self) ([]Way, error) {
	f, err := n.facts(ctx, s)
	if err != nil {
		return nil, err
	}
	return n.ways(f)
}

// linkWays are those of his own side.
func (n *Enroller) linkWays(f Facts, do Doing) ([]Way, error) {
	ways, err := n.ways(f)
	if do == Linking {
		ways = slices.DeleteFunc(ways, func(w Way) bool { return w.Directory || w.enrollment.Account != f.Target() })
	}
	return ways, err
}

func heldBy(all []Enrollment, id AccountID) []Enrollment {
	return slices.DeleteFunc(slices.Clone(all), func(e Enrollment) bool { return e.Account != id })
}

// linkable looks once more whether the account is one of those that are proposed.
func (n *Enroller) linkable(ctx context.Context, s Self, do Doing, other AccountID) error {
	others, err := n.Others(ctx, s)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(others, func(o Other) bool { return o.Account.ID == other })
	switch {
	case do != Linking && do != Unlinking:
		return E(Denied, "link accounts", nil)
	case i < 0, others[i].Linked != (do == Unlinking):
		return Ef(NotFound, "link accounts", "That account is not to be had any more. Begin again.")
	case others[i].Cannot != "":
		return Ef(Invalid, "link accounts", "%s", others[i].Cannot)
	}
	return nil
}

// FinishLink links the account, or removes the link, once every side is proved
// that has to be: both to link, his own to unlink.
func (n *Enroller) FinishLink(ctx context.Context, s Self, do Doing, other AccountID) (Own, error) {
	s.Other = AccountID{}
	f, err := n.facts(ctx, s)
	if err != nil {
		return Own{}, err
	}
	if err := n.linkable(ctx, s, do, other); err != nil {
		return Own{}, err
	}
	ways, err := n.linkWays(f, do)
	if err != nil {
		return Own{}, err
	}
	if _, err := provedBy(f, ways); err != nil {
		return Own{}, err
	}
	there := s
	there.Other = other
	g, err := n.facts(ctx, there)
	if err != nil {
		return Own{}, err
	}
	if do == Linking {
		if _, err := n.proved(g); err != nil {
			return Own{}, err
		}
	}
	if err := n.writeLink(ctx, f, g, do); err != nil {
		return Own{}, err
	}
	return n.Own(ctx, s)
}

// writeLink tells both accounts' owners, who are one person, or should be.
func (n *Enroller) writeLink(ctx context.Context, f, g Facts, do Doing) error {
	action := ActionLink
	if do == Unlinking {
		action = ActionUnlink
	}
	here := ownRecord(f, f.Case.Session, action, StatusSuccess, "")
	there := ownRecord(g, n.Desk.NewID(), action, StatusSuccess, "")
	here.Types, there.Types, there.Operation = nil, nil, here.Operation
	here.Detail, there.Detail = "with "+named(g), "with "+named(f)
	var notices []Notice
	for _, side := range []struct {
		mail   string
		record Record
	}{{f.Accounts[0].Mail, here}, {g.Accounts[0].Mail, there}} {
		if side.mail != "" {
			notices = append(notices, Notice{ID: n.Desk.NewID(), Kind: NoticeTarget, To: side.mail, Record: side.record, Next: f.Now})
		}
	}
	return n.Records.ChangeLink(ctx, do, f.Target(), g.Target(), []Record{here, there}, notices...)
}

func named(f Facts) string { return Line(f.Accounts[0].Login) + " in " + f.Target().Store }
