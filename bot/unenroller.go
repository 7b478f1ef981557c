package bot

import (
	"context"
	"slices"
	"time"
)

// NoUnenroll is the refusal of an agent whose role lacks the permission unenroll.
const NoUnenroll Reason = "no_unenroll"

// Unenroller is what an agent does with the enrollments of others: he takes
// types away. He never gives one, so that nobody proves by what an agent made.
type Unenroller struct {
	Enrollments interface {
		// Unenroll removes the types with history and outbox; NotFound where there is none.
		Unenroll(ctx context.Context, id AccountID, types []Type, r Record, notices ...Notice) error
	}
	Vault Vault
	NewID func() string
	// Allow counts one more under the key and reports whether it is within limit
	// for the window; if not, retry says when the next one is.
	Allow func(ctx context.Context, key string, limit int, window time.Duration) (ok bool, retry time.Duration, err error)
}

// MayUnenroll says why the agent may not take enrollments from the user, or "".
// A protected account is nobody's to weaken, and whoever has said that it is
// not he who asks keeps what he proves that with.
func MayUnenroll(f Facts) Reason {
	a := f.Accounts[0]
	switch {
	case f.Agent.MayAct() != "":
		return f.Agent.MayAct()
	case f.Case.Self || slices.ContainsFunc(f.Same, f.Agent.Is) || sharesLink(f) || sharesChat(f):
		return OwnAccount
	case !f.Agent.Role.Can(PermitUnenroll):
		return NoUnenroll
	case Protects(f.Policy.Store(a.ID.Store), a, nil):
		return ProtectedTarget
	case f.Now.Before(f.Frozen):
		return Frozen
	}
	return reach(f, a)
}

// Held gives what the picked account itself is enrolled with, in page order:
// what it has by a linked account is taken away there.
func Held(f Facts) []Enrollment {
	var out []Enrollment
	for _, t := range Types() {
		if e, ok := held(f, t); ok {
			out = append(out, e)
		}
	}
	return out
}

// Unenroll takes away the enrollments of these ids, all or none, or says why
// the agent may not. The user is told at the mail address in the directory and
// at each address that is taken away, and the audit channel is told. Conflict:
// one of them is no longer there. Throttled: the agent has done it too often.
func (u *Unenroller) Unenroll(ctx context.Context, f Facts, ids []string) (Reason, error) {
	if why := MayUnenroll(f); why != "" {
		return why, nil
	}
	gone := slices.DeleteFunc(Held(f), func(e Enrollment) bool { return !slices.Contains(ids, e.ID) })
	if len(gone) == 0 || len(gone) != len(ids) {
		return "", Ef(Conflict, "unenroll", "What the user is enrolled with was changed meanwhile. Look again.")
	}
	ok, retry, err := u.Allow(ctx, "unenroll:"+f.Agent.Account.ID.String(), f.Policy.Limits.UnenrollsPerHour, time.Hour)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", &Error{Kind: Throttled, Op: "unenroll", RetryAfter: retry, Text: "You have unenrolled very many users within an hour."}
	}
	r := f.record(u.NewID(), ActionUnenroll, StatusSuccess)
	for _, e := range gone {
		r.Types = append(r.Types, e.Type)
	}
	notices, err := changeNotices(f, r, gone, u.Vault, u.NewID)
	if err != nil {
		return "", err
	}
	notices = append(notices, Notice{ID: u.NewID(), Kind: NoticeAudit, Record: r, Next: f.Now})
	err = u.Enrollments.Unenroll(ctx, f.Target(), r.Types, r, notices...)
	return "", err
}
