package bot

import (
	"context"
	"slices"
)

// Keeper freezes and lifts, and ends authentication lockouts: what stands in
// the way of an unlock beside the directory's own lock.
type Keeper struct {
	Freezes   Freezes
	Clearings Clearings
	NewID     func() string
}

// Clearings ends authentication lockouts.
type Clearings interface {
	// EndLockout ends the account's authentication lockout with a history
	// record. What counts against its limits stays.
	EndLockout(ctx context.Context, id AccountID, r Record) error
}

// NotMe takes the word of the user, in his own chat, that it is not he who asks:
// unlocking his accounts is frozen, and the audit channel is told. held is
// false where that has happened too often within a week to freeze once more.
func (k *Keeper) NotMe(ctx context.Context, f Facts, who Chatter) (held bool, err error) {
	if !slices.ContainsFunc(f.Chats, func(b Binding) bool { return b.Chat == who }) {
		return false, E(Denied, "say that it is not he: another person's chat", nil)
	}
	r := f.record(k.NewID(), ActionNotMe, StatusSuccess)
	r.Actor = PartyOf(f.Accounts[0].Account, ActorEndUser)
	r.Actor.Chat, r.Helpdesk, r.Mode = who.String(), false, ""
	r.Detail = "asked in a case of " + f.Agent.Account.DisplayName
	freeze := Freeze{ID: k.NewID(), Accounts: f.Same, At: f.Now, Until: f.Now.Add(f.Policy.Limits.FreezeLife)}
	return k.Freezes.Freeze(ctx, freeze, f.Policy.Limits.FreezesPerWeek, r, k.audit(r))
}

// Lift ends the freeze of the user, or says why the agent may not.
func (k *Keeper) Lift(ctx context.Context, f Facts) (Reason, error) {
	if why := mayKeep(f, LiftFreeze); why != "" {
		return why, nil
	}
	r := f.record(k.NewID(), ActionLift, StatusSuccess)
	return "", k.Freezes.Lift(ctx, f.Same, r, k.audit(r))
}

// ClearLockout lets the user be authenticated again, or says why the agent may
// not. What counts against the limits of the day goes on counting. One who was
// stopped by very many wrong values is an administrator's.
func (k *Keeper) ClearLockout(ctx context.Context, f Facts) (Reason, error) {
	if why := mayKeep(f, ClearAuthenticationLockout); why != "" {
		return why, nil
	}
	var left Reason
	ended := false
	for _, a := range f.Accounts {
		s := f.Standing[a.ID]
		if !f.Now.Before(s.LockedOutUntil) && !s.Stopped {
			continue
		}
		why := reach(f, a) // each account is decided by itself
		if why == "" && s.Stopped {
			why = TargetStopped
		}
		if why != "" {
			left = why
			continue
		}
		r := f.record(k.NewID(), ActionUnblock, StatusSuccess)
		r.about(a.Account)
		if err := k.Clearings.EndLockout(ctx, a.ID, r); err != nil {
			return "", err
		}
		ended = true
	}
	if ended {
		return "", nil
	}
	return left, nil
}

// MayClear and MayLift say whether the agent is offered the buttons.
func MayClear(f Facts) bool { return mayKeep(f, ClearAuthenticationLockout) == "" }

// MayLift is as MayClear.
func MayLift(f Facts) bool { return mayKeep(f, LiftFreeze) == "" }

func mayKeep(f Facts, p Permission) Reason {
	switch {
	case f.Agent.MayAct() != "":
		return f.Agent.MayAct()
	case f.Case.Self || slices.ContainsFunc(f.Same, f.Agent.Is):
		return OwnAccount
	case !f.Agent.Role.Can(p):
		return NoPermission
	}
	return reach(f, f.Accounts[0])
}

func (k *Keeper) audit(r Record) Notice {
	return Notice{ID: k.NewID(), Kind: NoticeAudit, Record: r, Next: r.At}
}
