package bot

import "time"

// stopped says which limit already forbids another value, so that no code is
// sent that could not be used.
func stopped(f Facts, holder AccountID) (Reason, time.Time) {
	s := f.Standing[holder]
	switch {
	case s.Stopped:
		return TargetStopped, time.Time{}
	case f.Now.Before(s.LockedOutUntil):
		return AuthenticationOff, s.LockedOutUntil
	case s.WrongToday >= f.Policy.Limits.WrongPerDay:
		return TooManyWrong, time.Time{}
	}
	return "", time.Time{}
}

func (f *Facts) codeDigits(t Type) int {
	if t == Authenticator {
		return 6
	}
	return f.Policy.Limits.CodeDigits
}

// lockout is that of the role of the account that holds the enrollment: picking
// a linked account is no way around it. Where that role has none, it is the
// picked account's.
func (f *Facts) lockout(holder AccountID) Lockout {
	for _, a := range f.Accounts {
		if a.ID == holder && a.User != nil && a.User.Lockout.Failures > 0 {
			return a.User.Lockout
		}
	}
	if user := f.Accounts[0].User; user != nil {
		return user.Lockout
	}
	return Lockout{}
}

func (f *Facts) attemptLimits(holder AccountID) AttemptLimits {
	l := f.Policy.Limits
	return AttemptLimits{Tries: l.CodeTries, WrongPerDay: l.WrongPerDay, WrongInARow: l.WrongInARow,
		FleetWrongPerHour: l.FleetWrongPerHour, Lockout: f.lockout(holder)}
}
