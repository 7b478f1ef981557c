package bottest

import (
	"context"
	"slices"
	"strings"
	"sync"

	"latchkey/bot"
)

// Directory is one identity store in memory. The zero faults mean that all is well.
type Directory struct {
	mu       sync.Mutex
	accounts map[string]bot.Account
	groups   map[string][]bot.DN
	writes   []bot.AccountID
	faults   Faults
}

// Faults make a directory fail as real ones do.
type Faults struct {
	Down    bool  // nothing answers: Unavailable
	Written error // of reading back
	Judges  int   // how many matches a search judges; 0: all
	// Unlock is called in the place of the write; apply does it. nil: apply alone.
	Unlock func(g bot.Grant, apply func() error) error
}

// NewDirectory gives an empty store.
func NewDirectory() *Directory {
	return &Directory{accounts: make(map[string]bot.Account), groups: make(map[string][]bot.DN)}
}

// Put adds the account, or puts it in the place of the one with its id.
func (d *Directory) Put(a bot.Account, groups ...bot.DN) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.accounts[a.ID.GUID], d.groups[a.ID.GUID] = a, groups
}

// Change changes one account.
func (d *Directory) Change(id bot.AccountID, change func(*bot.Account)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a := d.accounts[id.GUID]
	change(&a)
	d.accounts[id.GUID] = a
}

// Remove deletes an account.
func (d *Directory) Remove(id bot.AccountID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.accounts, id.GUID)
}

// Fail sets what goes wrong from now on.
func (d *Directory) Fail(f Faults) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.faults = f
}

// Writes gives the accounts whose lock was cleared, in order.
func (d *Directory) Writes() []bot.AccountID {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.writes)
}

func (d *Directory) down(op string) error {
	if d.faults.Down {
		return bot.E(bot.Unavailable, op, nil)
	}
	return nil
}

// Find implements bot.Directory.
func (d *Directory) Find(ctx context.Context, q bot.Query) (bot.Hits, error) {
	matched, err := d.matched(q)
	if err != nil {
		return bot.Hits{}, err
	}
	h := bot.Hits{}
	d.mu.Lock()
	if most := d.faults.Judges; most > 0 && len(matched) > most {
		matched, h.Cut = matched[:most], true
	}
	d.mu.Unlock()
	if q.Only != nil {
		wanted, err := q.Only(ctx, matched)
		if err != nil {
			return bot.Hits{}, err
		}
		matched = slices.DeleteFunc(matched, func(a bot.Account) bool { return !wanted(a.ID) })
	}
	h.Total = len(matched)
	h.Accounts = matched[min(q.Offset, h.Total):]
	h.Accounts = h.Accounts[:min(q.Limit, len(h.Accounts))]
	return h, nil
}

func (d *Directory) matched(q bot.Query) (matched []bot.Account, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.down("find"); err != nil {
		return nil, err
	}
	if n := len([]rune(q.Text)); n < 1 && !q.Locked && !q.Everybody || n > 256 {
		return nil, bot.Ef(bot.Invalid, "find", "A search is 1 to 256 characters long.")
	}
	for _, a := range d.accounts {
		names := strings.ToLower(strings.Join([]string{a.First, a.Last, a.DisplayName, a.Login, a.Mail}, "\n"))
		if strings.Contains(names, strings.ToLower(q.Text)) && (!q.Locked || a.Lock.State != bot.Unlocked) {
			matched = append(matched, a)
		}
	}
	slices.SortFunc(matched, func(a, b bot.Account) int {
		if q.Locked && !a.Lock.Since.Equal(b.Lock.Since) {
			return b.Lock.Since.Compare(a.Lock.Since)
		}
		return strings.Compare(strings.ToLower(a.DisplayName+"\n"+a.Login), strings.ToLower(b.DisplayName+"\n"+b.Login))
	})
	return matched, nil
}

// Account implements bot.Directory.
func (d *Directory) Account(_ context.Context, guid string) (bot.Account, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.down("read account"); err != nil {
		return bot.Account{}, err
	}
	return d.account(guid)
}

func (d *Directory) account(guid string) (bot.Account, error) {
	a, ok := d.accounts[guid]
	if !ok {
		return bot.Account{}, bot.E(bot.NotFound, "read account", nil)
	}
	return a, nil
}

// Written implements bot.Directory.
func (d *Directory) Written(_ context.Context, guid string) (bot.Account, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.down("read back"); err != nil {
		return bot.Account{}, err
	}
	if d.faults.Written != nil {
		return bot.Account{}, d.faults.Written
	}
	return d.account(guid)
}

// Groups implements bot.Directory.
func (d *Directory) Groups(_ context.Context, guid string) ([]bot.DN, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.groups[guid], d.down("read groups")
}

// Lookup implements bot.Directory.
func (d *Directory) Lookup(_ context.Context, f bot.Field, value string) (bot.Account, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.down("look up"); err != nil {
		return bot.Account{}, err
	}
	var hits []bot.Account
	for _, a := range d.accounts {
		of := map[bot.Field]string{bot.FieldLogin: a.Login, bot.FieldMail: a.Mail, bot.FieldUPN: a.UPN,
			bot.FieldLink: a.Link, bot.FieldDN: string(a.DN)}
		if value != "" && strings.EqualFold(of[f], value) {
			hits = append(hits, a)
		}
	}
	switch len(hits) {
	case 0:
		return bot.Account{}, bot.E(bot.NotFound, "look up", nil)
	case 1:
		return hits[0], nil
	}
	return bot.Account{}, bot.E(bot.Conflict, "look up", nil)
}

// Unlock implements bot.Directory.
func (d *Directory) Unlock(ctx context.Context, g bot.Grant) error {
	d.mu.Lock()
	faults := d.faults
	d.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		return bot.E(bot.Unavailable, "unlock", ctx.Err())
	case faults.Down:
		return bot.E(bot.Unavailable, "unlock", nil)
	case faults.Unlock != nil:
		return faults.Unlock(g, func() error { return d.clear(g) })
	}
	return d.clear(g)
}

func (d *Directory) clear(g bot.Grant) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	a, err := d.account(g.Account().GUID)
	if err != nil {
		return err
	}
	if a.Lock.State != bot.Locked || a.Lock.Value != g.Seen().Value {
		return bot.E(bot.Conflict, "unlock", nil)
	}
	a.Lock = bot.Lock{State: bot.Unlocked}
	d.accounts[a.ID.GUID] = a
	d.writes = append(d.writes, a.ID)
	return nil
}
