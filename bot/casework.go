package bot

import "slices"

// Refusal is the history record of a case that policy refused.
func Refusal(f Facts, id string, why Reason) Record {
	r := f.record(id, ActionRefuse, StatusFailure)
	r.Why = why
	return r
}

// Skipping is the history record of page Authenticate having been skipped.
func Skipping(f Facts, id string) Record { return f.record(id, ActionSkip, StatusSuccess) }

// MayViewHistory says why the agent may not see what was done to and by the
// user, or "".
func MayViewHistory(f Facts) Reason {
	if !f.Agent.Role.Can(ViewHistory) {
		return NoViewHistory
	}
	if slices.ContainsFunc(f.Same, f.Agent.Is) {
		return ""
	}
	return reach(f, f.Accounts[0])
}

// HistoryAccounts are those of the user's accounts whose history the agent may
// see, where MayViewHistory lets him see any: all of his own, and of others
// those that his role reaches.
func HistoryAccounts(f Facts) []AccountID {
	if slices.ContainsFunc(f.Same, f.Agent.Is) {
		return f.Same
	}
	var ids []AccountID
	for _, a := range f.Accounts {
		if reach(f, a) == "" {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// OtherAgents are those who, by the records given, worked on the person too.
func OtherAgents(recent []Record, f Facts) []Party {
	var out []Party
	for _, r := range recent {
		other := r.Helpdesk && r.Actor.Kind == ActorAgent && !f.Agent.Is(r.Actor.Account) && slices.Contains(f.Same, r.Target.Account)
		if other && !slices.ContainsFunc(out, func(p Party) bool { return p.Account == r.Actor.Account }) {
			out = append(out, r.Actor)
		}
	}
	return out
}
