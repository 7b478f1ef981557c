package bot

import (
	"context"
)

// judgeAnswered decides what became of a write that was answered, or never
// sent, from the answer and from what the account reads now. "" means that
// only the reconciler can tell.
func judgeAnswered(wrote error, seen Lock, now Account, read error) (Result, string) {
	switch KindOf(wrote) {
	case "":
		switch {
		case read != nil || now.Lock.State == Unlocked:
			return Applied, ""
		case now.Lock.Value != seen.Value:
			return LockedAgain, "unlocked, and locked again at once by wrong passwords"
		}
		return "", "" // said done, and reads as before
	case Conflict:
		if read != nil {
			return "", ""
		}
		return judgeRead(seen, now)
	case Denied:
		return NotApplied, "the service account may not unlock this account"
	case NotFound:
		return NotApplied, "the account is no longer in the directory"
	case Unavailable:
		return NotApplied, "the directory did not take the change"
	}
	return "", "" // an answer that we do not understand proves nothing
}

// judgeRead decides from the directory alone, without an answer to our write
// (helpdesk.md, settled 12): it never claims that we did it.
func judgeRead(seen Lock, now Account) (Result, string) {
	switch {
	case now.Lock.State == Unlocked && now.Lock.Value == seen.Value && seen.Value != "":
		return RanOut, "not applied: the lock had run out by itself"
	case now.Lock.State == Unlocked:
		return UnlockedNotByUs, "the account reads unlocked; it cannot be proved that this was our change"
	case now.Lock.Value != seen.Value:
		return LockedAgain, "the account is locked again, by another lock than the one decided on"
	}
	return NotApplied, "the account still has the lock that it had"
}

// settle writes outcome, history and notices of an intent in one transaction.
func settle(ctx context.Context, records Unlocks, d *Desk, i Intent, asked Record, o Outcome, mail string) error {
	r := asked
	r.ID, r.Operation, r.At, r.Detail = d.NewID(), asked.Operation, o.At, o.Detail
	r.Status, r.Why = StatusFailure, o.Why
	switch {
	case o.Result.Success():
		r.Status = StatusSuccess
	case o.Result == Unknown:
		r.Status = StatusUnknown
	}
	notices := []Notice{{ID: d.NewID(), Kind: NoticeAudit, Record: r, Next: o.At}}
	if r.Actor.Chat != "" {
		notices = append(notices, Notice{ID: d.NewID(), Kind: NoticeAgent, To: r.Actor.Chat, Record: r, Next: o.At})
	}
	if mail != "" && o.Result.Success() { // also where it is not proved to be ours: the user knows whether he asked
		notices = append(notices, Notice{ID: d.NewID(), Kind: NoticeTarget, To: mail, Record: r, Next: o.At})
	}
	err := records.Settle(ctx, o, r, notices)
	if KindOf(err) == Conflict {
		return nil // somebody else has closed it: one outcome stands
	}
	return err
}
