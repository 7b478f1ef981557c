package bot

import (
	"cmp"
	"context"
	"slices"
)

// Hit is one person found: the account, those linked with it that were found
// too, and what they are enrolled with.
type Hit struct {
	Account   Account
	Linked    []Account
	Types     []Type
	Protected bool // of a search for locked accounts: the role may not work on it
}

func (h Hit) accounts() []Account { return append([]Account{h.Account}, h.Linked...) }

func byLock(a, b Account) int {
	if !a.Lock.Since.Equal(b.Lock.Since) {
		return b.Lock.Since.Compare(a.Lock.Since)
	}
	return byName(a, b)
}

// together makes one hit of accounts that share a link value and may be linked,
// that of the first store before the others; whether they are, proveLinks asks
// for those that are shown.
func (d *Desk) together(all []Account, stores []string) []Hit {
	var hits []Hit
	of := map[string]int{} // hit by link value
	for _, a := range all {
		own := d.Policy.Store(a.ID.Store)
		i, known := of[a.Link]
		if a.Link == "" || own == nil || !own.Links {
			hits = append(hits, Hit{Account: a})
			continue
		}
		if known && !slices.ContainsFunc(hits[i].accounts(), func(b Account) bool { return b.ID.Store == a.ID.Store }) {
			those := append(hits[i].accounts(), a)
			slices.SortFunc(those, func(a, b Account) int {
				return cmp.Compare(slices.Index(stores, a.ID.Store), slices.Index(stores, b.ID.Store))
			})
			hits[i] = Hit{Account: those[0], Linked: those[1:]}
			continue
		}
		of[a.Link] = len(hits)
		hits = append(hits, Hit{Account: a})
	}
	return hits
}

// proveLinks takes apart again what is not one person's: a value that two
// accounts of a store share names nobody, and protected accounts never link.
// What cannot be proved now stands apart, too.
func (d *Desk) proveLinks(ctx context.Context, f *Found) {
	var out []Hit
	for _, h := range f.Hits {
		linked := h.Linked
		h.Linked = nil
		out = append(out, h)
		if len(linked) == 0 {
			continue
		}
		kase := Facts{Policy: d.Policy, Case: Case{Target: h.Account.ID}}
		err := d.readTarget(ctx, &kase)
		same := len(out) - 1
		for _, l := range linked {
			if err == nil && slices.ContainsFunc(kase.Accounts, func(t TargetAccount) bool { return t.ID == l.ID }) {
				out[same].Linked = append(out[same].Linked, l)
				continue
			}
			out = append(out, Hit{Account: l})
			f.Total++
		}
	}
	f.Hits = out
}

// describe fills in what the ledger knows of the hits that are shown and, of
// locked ones, whether they are protected.
func (d *Desk) describe(ctx context.Context, agent AgentFacts, s Search, hits []Hit) error {
	var all []Account
	for _, h := range hits {
		all = append(all, h.accounts()...)
	}
	types, err := d.enrolledWith(ctx, all)
	if err != nil {
		return err
	}
	for i := range hits {
		for _, a := range hits[i].accounts() {
			hits[i].Types = union(hits[i].Types, types[a.ID])
		}
		if !s.Locked {
			continue
		}
		if hits[i].Protected, err = d.protects(ctx, hits[i].Account, agent.Role); err != nil {
			return err
		}
	}
	return nil
}

// protects is Protects of an account whose groups are read only where one of
// them could change the answer.
func (d *Desk) protects(ctx context.Context, a Account, role *Role) (bool, error) {
	s, t := d.Policy.Store(a.ID.Store), TargetAccount{Account: a}
	if Protects(s, t, role) {
		return true, nil
	}
	if !slices.ContainsFunc(s.ProtectedGroups, func(g DN) bool { return !slices.Contains(role.MayUnlockProtected, g) }) {
		return false, nil
	}
	dir, err := d.directory(a.ID.Store)
	if err != nil {
		return false, err
	}
	if t.Groups, err = dir.Groups(ctx, a.ID.GUID); err != nil {
		return false, err
	}
	return Protects(s, t, role), nil
}

func union(types, more []Type) []Type {
	for _, t := range more {
		if !slices.Contains(types, t) {
			types = append(types, t)
		}
	}
	return types
}

// enrolledWith gives the types of each account: its own enrollments, and those
// of linked accounts in the stores that its own trusts.
func (d *Desk) enrolledWith(ctx context.Context, all []Account) (map[AccountID][]Type, error) {
	if len(all) == 0 {
		return nil, nil
	}
	holders := make(map[AccountID][]AccountID, len(all))
	var ids []AccountID
	for _, a := range all {
		holders[a.ID] = []AccountID{a.ID}
		if own := d.Policy.Store(a.ID.Store); own != nil && len(own.TrustEnrollmentOf) > 0 && a.Link != "" {
			linked, _, err := d.linked(ctx, a)
			if err != nil {
				return nil, err
			}
			for _, l := range linked {
				if slices.Contains(own.TrustEnrollmentOf, l.ID.Store) {
					holders[a.ID] = append(holders[a.ID], l.ID)
				}
			}
		}
		ids = append(ids, holders[a.ID]...)
	}
	es, err := d.Records.Enrollments(ctx, ids)
	if err != nil {
		return nil, err
	}
	of := map[AccountID][]Type{}
	for _, e := range es {
		of[e.Account] = append(of[e.Account], e.Type)
	}
	types := make(map[AccountID][]Type, len(all))
	for id, those := range holders {
		for _, h := range those {
			types[id] = union(types[id], of[h])
		}
	}
	return types, nil
}

// Person is whom an account belongs to, as far as it tells people of one name apart.
type Person struct {
	Account Account
	Linked  []Account
	Manager string   // display name; empty: none, or not readable
	Unread  []string // stores that did not answer
}

// Person reads who it is. NotFound: the account is no longer there.
func (d *Desk) Person(ctx context.Context, id AccountID) (Person, error) {
	kase := Facts{Policy: d.Policy, Case: Case{Target: id}}
	if err := d.readTarget(ctx, &kase); err != nil {
		return Person{}, err
	}
	p := Person{Account: kase.Accounts[0].Account, Unread: kase.Unread}
	for _, t := range kase.Accounts[1:] {
		p.Linked = append(p.Linked, t.Account)
	}
	if p.Account.Manager == "" {
		return p, nil
	}
	dir, err := d.directory(id.Store)
	if err != nil {
		return Person{}, err
	}
	manager, err := dir.Lookup(ctx, FieldDN, string(p.Account.Manager))
	switch KindOf(err) {
	case "":
		p.Manager = manager.DisplayName
	case Unavailable:
		return Person{}, err
	}
	return p, nil
}
