package bot

import (
	"context"
	"slices"
	"time"
)

// Desk reads, anew for each decision, what the decision is made of.
type Desk struct {
	Policy      *Policy
	Directories map[string]Directory // by store name
	Records     DeskRecords
	People      People
	Platforms   []string // of the chats that are served; bindings on others count for nothing
	Journal     Journal
	Rules       []PeopleRule
	Now         func() time.Time
	NewID       func() string // unique, sortable by time
}

// DeskRecords is what the desk reads of the ledger.
type DeskRecords interface {
	Enrollments(ctx context.Context, ids []AccountID) ([]Enrollment, error)
	Evidence(ctx context.Context, session string) ([]Evidence, error)
	Standing(ctx context.Context, id AccountID, now time.Time, wrongInARow int) (Standing, error)
	UnlockState(ctx context.Context, id AccountID, since time.Time) (n int, underWay bool, err error)
	Frozen(ctx context.Context, ids []AccountID, now time.Time) (until time.Time, err error)
	Linked(ctx context.Context, id AccountID) ([]AccountID, error)
}

// Agent reads the agent's account, links and role as they are now. NotFound:
// the account is no longer there.
func (d *Desk) Agent(ctx context.Context, id AccountID) (AgentFacts, error) {
	dir, err := d.directory(id.Store)
	if err != nil {
		return AgentFacts{}, err
	}
	account, err := dir.Account(ctx, id.GUID)
	if err != nil {
		return AgentFacts{}, err
	}
	groups, err := dir.Groups(ctx, id.GUID)
	if err != nil {
		return AgentFacts{}, err
	}
	agent := AgentFacts{Account: account, Role: d.Policy.RoleOf(account, groups)}
	linked, _, err := d.linked(ctx, account)
	if err != nil {
		return AgentFacts{}, err
	}
	for _, l := range linked {
		agent.Linked = append(agent.Linked, l.ID)
	}
	return agent, nil
}

// MayAct says why the agent can do nothing at all here, or "". What his role
// permits is asked step by step.
func (a AgentFacts) MayAct() Reason {
	switch {
	case a.Account.Disabled || a.Account.Expired:
		return AgentDisabled
	case a.Account.Lock.State != Unlocked:
		return AgentLocked
	case a.Role == nil:
		return NoRole
	}
	return ""
}

// MayHelpHimself says why the person may not unlock himself, or "".
func (a AgentFacts) MayHelpHimself() Reason {
	switch {
	case a.Account.Disabled || a.Account.Expired:
		return AgentDisabled
	case a.Role == nil:
		return NoRole
	case !a.Role.Can(UnlockMyAccount):
		return NoSelfService
	}
	return ""
}

// Facts reads everything that Decide looks at for the case. NotFound: the
// target is no longer there.
func (d *Desk) Facts(ctx context.Context, c Case) (Facts, error) {
	agent, err := d.Agent(ctx, c.Agent)
	if KindOf(err) == NotFound {
		return Facts{}, Ef(Denied, "read agent", "Your account is no longer in the directory.")
	}
	if err != nil {
		return Facts{}, err
	}
	f := Facts{Policy: d.Policy, Case: c, Agent: agent, Read: d.Now()}
	if err := d.readTarget(ctx, &f); err != nil {
		return Facts{}, err
	}
	if f.Evidence, err = d.Records.Evidence(ctx, c.Session); err != nil {
		return Facts{}, err
	}
	ids := make([]AccountID, len(f.Accounts))
	for i, a := range f.Accounts {
		ids[i] = a.ID
	}
	if f.Enrollments, err = d.Records.Enrollments(ctx, ids); err != nil {
		return Facts{}, err
	}
	if f.Chats, err = d.chats(ctx, ids); err != nil {
		return Facts{}, err
	}
	f.Now = d.Now()
	if f.Frozen, err = d.Records.Frozen(ctx, f.Same, f.Now); err != nil {
		return Facts{}, err
	}
	return f, d.readStanding(ctx, &f)
}

// chats are the bindings of accounts to chats that are served.
func (d *Desk) chats(ctx context.Context, ids []AccountID) ([]Binding, error) {
	var out []Binding
	for _, id := range ids {
		bound, err := d.People.Bindings(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, b := range bound {
			if slices.Contains(d.Platforms, b.Chat.Platform) {
				out = append(out, b)
			}
		}
	}
	return out, nil
}

// readStanding reads the counters of all who hold something that can be tried.
func (d *Desk) readStanding(ctx context.Context, f *Facts) error {
	holders := make(map[AccountID]bool)
	for _, e := range f.Enrollments {
		holders[e.Account] = true
	}
	for _, b := range f.Chats {
		holders[b.Account] = true
	}
	f.Standing = make(map[AccountID]Standing, len(holders))
	for id := range holders {
		s, err := d.Records.Standing(ctx, id, f.Now, d.Policy.Limits.WrongInARow)
		if err != nil {
			return err
		}
		f.Standing[id] = s
	}
	return nil
}

// readTarget reads the picked account, its links, and what history says of each.
func (d *Desk) readTarget(ctx context.Context, f *Facts) error {
	dir, err := d.directory(f.Case.Target.Store)
	if err != nil {
		return err
	}
	picked, err := dir.Account(ctx, f.Case.Target.GUID)
	if err != nil {
		return err
	}
	first, err := d.target(ctx, picked)
	if err != nil {
		return err
	}
	f.Accounts, f.Same = []TargetAccount{first}, []AccountID{picked.ID}
	linked, unread, err := d.linked(ctx, picked)
	if err != nil {
		return err
	}
	f.Unread = unread
	for _, l := range linked {
		f.Same = append(f.Same, l.ID)
		t, err := d.target(ctx, l)
		if err != nil {
			return err
		}
		if Protects(d.Policy.Store(picked.ID.Store), first, nil) || Protects(d.Policy.Store(l.ID.Store), t, nil) {
			continue
		}
		f.Accounts = append(f.Accounts, t)
	}
	return nil
}

func (d *Desk) target(ctx context.Context, a Account) (TargetAccount, error) {
	dir, err := d.directory(a.ID.Store)
	if err != nil {
		return TargetAccount{}, err
	}
	t := TargetAccount{Account: a}
	if t.Groups, err = dir.Groups(ctx, a.ID.GUID); err != nil {
		return TargetAccount{}, err
	}
	t.User = d.Policy.AuthenticationOf(a, t.Groups)
	t.UnlocksToday, t.UnderWay, err = d.Records.UnlockState(ctx, a.ID, d.Now().Add(-24*time.Hour))
	return t, err
}

func (d *Desk) directory(store string) (Directory, error) {
	if dir := d.Directories[store]; dir != nil {
		return dir, nil
	}
	return nil, Ef(NotFound, "choose identity store", "There is no identity store %q.", store)
}
