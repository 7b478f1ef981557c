package bot

import (
	"context"
	"errors"
	"slices"
	"time"
)

// settleBudget bounds what follows a committed intent: the modify, reading
// back and the outcome. Nobody's impatience may cut it short.
const settleBudget = 12 * time.Second

// Unlocker is the unlock core: intent row, directory, read back, outcome. No
// intent row, no write.
type Unlocker struct {
	Desk    *Desk
	Records Unlocks
	Journal Journal
}

// Order asks for one account of page Unlock.
type Order struct {
	Case   Case
	Offer  string // id of the grant offered for the account
	Reason string // at most 500 runes
	Ticket string // at most 100 runes
}

// Done is what became of an order.
type Done struct {
	Account Account // as it was decided on; zero where the case was refused before
	Result  Result  // "" with Refused, or while the outcome is not known yet
	Pending bool    // the write was not answered: the reconciler decides, the agent is told
	Refused Reason  // nothing was written: why
	Detail  string  // in words
}

// Offer writes a grant for each account that the decision offers and gives
// them in the order of Decision.Accounts.
func (u *Unlocker) Offer(ctx context.Context, f Facts, d Decision) ([]Offer, error) {
	if d.Page != PageUnlock {
		return nil, E(Denied, "offer grants", nil)
	}
	var offers []Offer
	for _, a := range d.Accounts {
		if !a.Offered {
			continue
		}
		offers = append(offers, Offer{
			ID: u.Desk.NewID(), Session: f.Case.Session, Agent: f.Agent.Account.ID, Target: f.Target(),
			Account: a.Account.ID, Evidence: restsOn(f, a.Account.ID), Policy: f.Policy.Version, Skipped: len(a.Verified) == 0,
			At: f.Now, Expires: f.Now.Add(f.Policy.Limits.GrantLife),
		})
	}
	return offers, u.Records.Offer(ctx, offers)
}

// restsOn gives the evidence that counts for the account.
func restsOn(f Facts, id AccountID) []string {
	counted := countedTypes(f, id)
	var ids []string
	for _, e := range f.Evidence {
		if slices.ContainsFunc(counted, func(t TypeStanding) bool { return t.Passed && proves(f, e, t.Enrollment) }) {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// Unlock decides again from what is true now, and unlocks. Everything before
// the intent can fail and leaves nothing behind; after it there is always one
// outcome, now or by the reconciler.
func (u *Unlocker) Unlock(ctx context.Context, o Order) (Done, error) {
	o.Case.Proceed = true
	offer, err := u.Records.Offered(ctx, o.Offer)
	if err != nil {
		return Done{}, err
	}
	facts, err := u.Desk.Facts(ctx, o.Case)
	if err != nil {
		return Done{}, err
	}
	decision := Decide(facts)
	grant, why := decision.Grant(offer)
	if why == "" && !Says(o.Reason) && facts.helpdesk().Reason == ReasonRequired {
		why = ReasonMissing
	}
	account := facts.account(offer.Account)
	if why != "" {
		return u.refuse(ctx, &facts, account, why)
	}
	intent, asked := u.intent(&facts, decision, grant, o, account)
	why, err = u.Records.Intend(ctx, intent, asked, facts.Policy.Limits.UnlocksPerDay)
	if err != nil {
		return Done{}, err
	}
	if why != "" {
		return u.refuse(ctx, &facts, account, why)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleBudget)
	defer cancel()
	return u.write(ctx, grant, intent, asked, account)
}

// write is what follows a committed intent.
func (u *Unlocker) write(ctx context.Context, g Grant, i Intent, asked Record, a Account) (Done, error) {
	dir, err := u.Desk.directory(a.ID.Store)
	if err != nil {
		return Done{}, err
	}
	done := Done{Account: a}
	wrote := dir.Unlock(ctx, g)
	if errors.Is(wrote, ErrUnanswered) {
		done.Pending = true
		return done, nil
	}
	now, read := dir.Written(ctx, a.ID.GUID)
	done.Result, done.Detail = judgeAnswered(wrote, i.Seen, now, read)
	if done.Result == "" {
		done.Pending = true
		return done, nil
	}
	out := Outcome{Intent: i.ID, Result: done.Result, Detail: done.Detail, At: u.Desk.Now()}
	if err := settle(ctx, u.Records, u.Desk, i, asked, out, a.Mail); err != nil {
		done.Result, done.Pending = "", true // the row is open: the reconciler closes it
	}
	return done, nil
}

func (u *Unlocker) intent(f *Facts, d Decision, g Grant, o Order, a Account) (Intent, Record) {
	id := u.Desk.NewID()
	asked := f.record(id, ActionUnlock, StatusAsked)
	asked.about(a)
	verified := d.verified(a.ID)
	asked.Types, asked.Reason, asked.Ticket = verified, o.Reason, o.Ticket
	if len(verified) == 0 {
		asked.Detail = d.unverified()
	}
	return Intent{
		ID: id, Offer: g.Offer(), Seen: g.Seen(), Read: f.Read, At: f.Now, Agent: asked.Actor, Target: asked.Target,
		Verified: verified, Mode: asked.Mode, Client: asked.Client, Workspace: asked.Workspace,
		Reason: o.Reason, Ticket: o.Ticket, Thread: f.Case.Thread,
	}, asked
}

// verified gives the types that were passed and count for the account.
func (d Decision) verified(id AccountID) []Type {
	for _, r := range d.Accounts {
		if r.Account.ID == id {
			return r.Verified
		}
	}
	return nil
}

// unverified says why an account is unlocked, in unrestricted mode, on nothing.
func (d Decision) unverified() string {
	switch {
	case slices.ContainsFunc(d.Accounts, func(r AccountRuling) bool { return len(r.Verified) > 0 }):
		return "what was passed does not count in this identity store"
	case len(d.Types) == 0:
		return "the user is not enrolled"
	}
	return "authentication was skipped"
}

// refuse records that the account was asked for and not unlocked.
func (u *Unlocker) refuse(ctx context.Context, f *Facts, a Account, why Reason) (Done, error) {
	r := f.record(u.Desk.NewID(), ActionRefuse, StatusFailure)
	if !a.ID.IsZero() {
		r.about(a)
	}
	r.Why = why
	return Done{Account: a, Refused: why}, u.Journal.Append(ctx, r)
}

func (f *Facts) account(id AccountID) Account {
	for _, a := range f.Accounts {
		if a.ID == id {
			return a.Account
		}
	}
	return Account{}
}
