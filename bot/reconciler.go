package bot

import (
	"context"
	"time"
)

// Reconciler closes intents whose outcome is not known: after a write that was
// not answered, after a crash, after a database that was away. It reads the
// directory and decides; it never writes there.
type Reconciler struct {
	Desk    *Desk
	Records Unlocks
	// Young is the age up to which an intent is left to the process that made
	// it; at least settleBudget. Landing is the age up to which an unanswered
	// write may still land: until then "still locked" proves nothing.
	Young, Landing time.Duration
	// GiveUp is the age at which an intent closes as Unknown (24 h).
	GiveUp time.Duration
}

// Reconcile looks once at every open intent and gives how many it closed.
// An error of one does not keep it from the others; the first is returned.
func (r *Reconciler) Reconcile(ctx context.Context) (closed int, err error) {
	now := r.Desk.Now()
	open, err := r.Records.OpenIntents(ctx, now.Add(-max(r.Young, settleBudget)))
	if err != nil {
		return 0, err
	}
	for _, i := range open {
		ok, e := r.close(ctx, i, now)
		if ok {
			closed++
		}
		if e != nil && err == nil {
			err = e
		}
	}
	return closed, err
}

func (r *Reconciler) close(ctx context.Context, i Intent, now time.Time) (bool, error) {
	o := Outcome{Intent: i.ID, At: now}
	age := now.Sub(i.At)
	account, err := r.read(ctx, i)
	switch KindOf(err) {
	case "":
		o.Result, o.Detail = judgeRead(i.Seen, account)
		if o.Result == NotApplied && age < r.Landing {
			return false, nil
		}
	case NotFound:
		o.Result, o.Why, o.Detail = Unknown, TargetGone, "the account is no longer in the directory"
	default:
		if age < r.GiveUp {
			return false, err
		}
		o.Result, o.Detail = Unknown, "the directory could not be read for a day"
	}
	err = settle(ctx, r.Records, r.Desk, i, i.record(), o, account.Mail)
	return err == nil, err
}

func (r *Reconciler) read(ctx context.Context, i Intent) (Account, error) {
	dir := r.Desk.Directories[i.Offer.Account.Store]
	if dir == nil { // the account is not gone: we can no longer look
		return Account{}, E(Unavailable, "read "+i.Offer.Account.Store+": no longer configured", nil)
	}
	return dir.Written(ctx, i.Offer.Account.GUID)
}

// record is the history record that the intent was asked with.
func (i Intent) record() Record {
	return Record{
		Operation: i.ID, Session: i.Offer.Session, At: i.At, Action: ActionUnlock, Types: i.Verified,
		Actor: i.Agent, Target: i.Target, Store: i.Offer.Account.Store, Client: i.Client, Helpdesk: true,
		Workspace: i.Workspace, Mode: i.Mode, Reason: i.Reason, Ticket: i.Ticket,
	}
}
