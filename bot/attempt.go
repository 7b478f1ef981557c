package bot

import "time"

// Attempt is one try at a challenge. It is written before anything is
// compared, so that a crash or a race can only cost a try, never give one.
type Attempt struct {
	Challenge  string
	N          int       // 1 to 5, given by the ledger
	Account    AccountID // holder of the enrollment: whom the counters belong to
	Enrollment string    // that counts now; a challenge of an older one is over
	Session    string
	Type       Type
	Question   string // as the challenge's
	Agent      AccountID
	At         time.Time
}

// AttemptLimits are checked, under a row lock of the account, in the
// transaction that writes the attempt.
type AttemptLimits struct {
	Tries             int // of one challenge
	WrongPerDay       int
	WrongInARow       int
	FleetWrongPerHour int
	Lockout           Lockout // of the holder's role, or the target's; Failures 0: none
}

// SendLimits are checked in the transaction that opens a challenge which sends
// something to the user. 0: not counted. Codes (mail, SMS) and pushes (chat)
// are counted apart.
type SendLimits struct {
	PerHour    int // to the account that holds the enrollment
	PerSession int // in the challenge's session
}

// Sends reports whether anything is counted.
func (l SendLimits) Sends() bool { return l != SendLimits{} }

// Begun is the answer to a try: it was written, or Refused says why not.
// Refusal by a limit is an outcome, not an error.
type Begun struct {
	Attempt Attempt
	Refused Reason    // AuthenticationOff, TooManyWrong, TargetStopped, FleetLimit, or ChallengeOver
	Until   time.Time // when to try again; zero: not by waiting
}

// ChallengeOver says that the challenge has run out, has no tries left, or that a newer one, or a newer enrollment, took its place.
const ChallengeOver Reason = "challenge_over"

// Settlement closes an attempt.
type Settlement struct {
	Attempt  Attempt
	Right    bool
	Step     int64     // authenticator: the TOTP step used, 0 otherwise; taken once per enrollment and only upwards
	Enroll   string    // enrollment tried
	Evidence *Evidence // with Right: written in the same transaction
	Lockout  Lockout   // of the holder's role, or the target's; begins here when due
	Record   Record    // history, in the same transaction
}

// Settled is what became of it.
type Settled struct {
	Right    bool // false also where the step was used before
	Replayed bool // the value was right, but used before
	Standing Standing
}
