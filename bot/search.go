package bot

import (
	"context"
	"slices"
	"sync"
)

// Search is what an agent looks for. Offset and limit count over the whole
// list of all stores.
type Search struct {
	Text       string   // as Query.Text
	Stores     []string // of those that the agent's role acts on; empty: all of them
	Enrollment EnrollmentFilter
	Locked     bool // only accounts that are locked now and within the role's containers, the newest lock first
	Offset     int  // at least 0
	Limit      int  // with Offset at most MostHits
}

// MostHits is how many hits of a search can be looked through. Who has more
// has not said whom he means.
const MostHits = 500

// EnrollmentFilter keeps those who are enrolled with a type, or are not. The
// zero filter keeps everybody.
type EnrollmentFilter struct {
	Type Type // "": any type
	Not  bool // keep those who are not
}

func (f EnrollmentFilter) isZero() bool { return f == EnrollmentFilter{} }

func (f EnrollmentFilter) keeps(types []Type) bool {
	has := len(types) > 0
	if f.Type != "" {
		has = slices.Contains(types, f.Type)
	}
	return has != f.Not
}

// Found is what a search over stores gave.
type Found struct {
	Hits   []Hit
	Total  int
	Cut    bool     // a store has more than it was willing to read
	Unread []string // stores that did not answer
	Bound  bool     // by FindChatter: the one hit is the account that the chat person is bound to
}

// Find searches stores that the agent's role acts on, side by side. Hits are
// sorted by name, or by the time of the lock. Unavailable where no store
// answered.
func (d *Desk) Find(ctx context.Context, agent AgentFacts, s Search) (Found, error) {
	stores := agent.Role.ActsOn
	if len(s.Stores) > 0 {
		stores = slices.DeleteFunc(slices.Clone(stores), func(name string) bool { return !slices.Contains(s.Stores, name) })
	}
	f, all, err := d.ask(ctx, agent, s, stores)
	if err != nil {
		return Found{}, err
	}
	order := byName
	if s.Locked {
		order = byLock
	}
	slices.SortStableFunc(all, order)
	f.Hits = d.together(all, stores)
	f.Total -= len(all) - len(f.Hits)
	f.Hits = f.Hits[min(s.Offset, len(f.Hits)):]
	f.Hits = f.Hits[:min(s.Limit, len(f.Hits))]
	d.proveLinks(ctx, &f)
	return f, d.describe(ctx, agent, s, f.Hits)
}

// FindChatter finds the account that a chat person is bound to, or, where he is
// bound to none within the role's reach, searches.
func (d *Desk) FindChatter(ctx context.Context, agent AgentFacts, chat Chatter, s Search) (Found, error) {
	id, err := d.People.Bound(ctx, chat)
	if k := KindOf(err); k == NotFound || k == "" && !slices.Contains(agent.Role.ActsOn, id.Store) {
		return d.Find(ctx, agent, s)
	}
	if err != nil {
		return Found{}, err
	}
	dir, err := d.directory(id.Store)
	if err != nil {
		return Found{}, err
	}
	a, err := dir.Account(ctx, id.GUID)
	if KindOf(err) == NotFound {
		return d.Find(ctx, agent, s)
	}
	if err != nil {
		return Found{}, err
	}
	f := Found{Hits: []Hit{{Account: a}}, Total: 1, Bound: true}
	return f, d.describe(ctx, agent, s, f.Hits)
}

// ask gives what the stores found, as far as the page needs it.
func (d *Desk) ask(ctx context.Context, agent AgentFacts, s Search, stores []string) (f Found, all []Account, err error) {
	pages, errs := make([]Hits, len(stores)), make([]error, len(stores))
	q := Query{Text: s.Text, Locked: s.Locked, Limit: min(MostHits, s.Offset+s.Limit)}
	if s.Locked || !s.Enrollment.isZero() {
		q.Only = func(ctx context.Context, matched []Account) (func(AccountID) bool, error) {
			return d.wanted(ctx, agent, s, matched)
		}
	}
	var wait sync.WaitGroup
	for i, name := range stores {
		wait.Go(func() {
			dir, err := d.directory(name)
			if err == nil {
				pages[i], err = dir.Find(ctx, q)
			}
			errs[i] = err
		})
	}
	wait.Wait()
	for i, err := range errs {
		if KindOf(err) == Unavailable && len(stores) > 1 {
			f.Unread = append(f.Unread, stores[i])
			continue
		}
		if err != nil {
			return Found{}, nil, err
		}
		all, f.Total, f.Cut = append(all, pages[i].Accounts...), f.Total+pages[i].Total, f.Cut || pages[i].Cut
	}
	if len(f.Unread) > 0 && len(f.Unread) == len(stores) {
		return Found{}, nil, errs[0]
	}
	return f, all, nil
}

// wanted says who of those that a store matched is to be shown.
func (d *Desk) wanted(ctx context.Context, agent AgentFacts, s Search, matched []Account) (func(AccountID) bool, error) {
	types := map[AccountID][]Type{}
	if !s.Enrollment.isZero() {
		var err error
		if types, err = d.enrolledWith(ctx, matched); err != nil {
			return nil, err
		}
	}
	keep := make(map[AccountID]bool, len(matched))
	for _, a := range matched {
		keep[a.ID] = (s.Enrollment.isZero() || s.Enrollment.keeps(types[a.ID])) &&
			(!s.Locked || !agent.Is(a.ID) && d.Policy.within(agent.Role, a))
	}
	return func(id AccountID) bool { return keep[id] }, nil
}
