package bot

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Verifier runs the types of page Authenticate: it opens challenges, sends
// codes, and judges what was typed. The agent never learns an expected value.
type Verifier struct {
	Records Proofs
	Journal Journal
	Codes   CodeBook
	Vault   Vault
	// Couriers carry the codes of each type that is sent; one that is missing
	// is not configured.
	Couriers map[Type]Courier
	Now      func() time.Time
	NewID    func() string
}

// Opened is a challenge that waits for a value.
type Opened struct {
	Challenge string
	Masked    string // where the code went: 'm•••@example.com'; empty for authenticator
	Expires   time.Time
	Refused   Reason // not opened: why
	Until     time.Time
}

// Verdict is what became of one typed value.
type Verdict struct {
	Passed   bool
	Replayed bool      // right, but used before
	Garbled  bool      // not a code at all: no try was spent
	Left     int       // tries left of this challenge
	Refused  Reason    // not judged: why
	Until    time.Time // of the refusal; zero: not by waiting
}

// Open begins a challenge of a type that the decision shows: for e-mail and
// mobile it sends a new code, which ends the one before. Where the code could
// not be handed over, the challenge is over, and the error is the courier's.
func (v *Verifier) Open(ctx context.Context, f Facts, t Type) (Opened, error) {
	standing, why := standingOf(f, t)
	if why != "" {
		return Opened{Refused: why}, nil
	}
	if why, until := stopped(f, standing.Enrollment.Account); why != "" {
		return Opened{Refused: why, Until: until}, nil
	}
	e := standing.Enrollment
	c := Challenge{
		ID: v.NewID(), Session: f.Case.Session, Type: t, Enrollment: e.ID, Account: e.Account,
		Target: f.Target(), Agent: f.Agent.Account.ID, At: f.Now, Expires: f.Now.Add(f.Policy.Limits.CodeLife),
	}
	switch t {
	case Authenticator:
		return Opened{Challenge: c.ID, Expires: c.Expires}, v.Records.OpenChallenge(ctx, c, SendLimits{})
	case Email, Mobile:
		return v.send(ctx, f, e, c)
	}
	return Opened{}, Ef(Invalid, "open challenge", "This type cannot be used here: %s.", t.Name())
}

func (v *Verifier) send(ctx context.Context, f Facts, e Enrollment, c Challenge) (Opened, error) {
	courier := v.Couriers[c.Type]
	if courier == nil {
		return Opened{}, Ef(Unavailable, "send code", "No %s is configured, so no code can be sent.", carrier(c.Type))
	}
	code, err := v.Vault.Code(f.Policy.Limits.CodeDigits)
	if err != nil {
		return Opened{}, err
	}
	if err := v.Records.OpenChallenge(ctx, c, SendLimits{PerHour: f.Policy.Limits.CodesPerHour}); err != nil {
		return Opened{}, err
	}
	mac, err := v.Vault.MAC(codeParts(c, code)...)
	if err != nil {
		return Opened{}, err
	}
	if err := v.Codes.PutCode(ctx, c.ID, mac, f.Policy.Limits.CodeLife); err != nil {
		return Opened{}, err
	}
	r := f.record(v.NewID(), ActionSendCode, StatusSuccess)
	r.Types = []Type{c.Type}
	sent := courier.Deliver(ctx, e.Address, "Your code for the helpdesk", codeText(f, c.Type, code))
	if sent != nil {
		r.Status, r.Detail = StatusFailure, "the "+carrier(c.Type)+" did not take the message"
	}
	if err := v.Journal.Append(ctx, r); err != nil {
		return Opened{}, err
	}
	if sent != nil {
		return Opened{}, sent
	}
	return Opened{Challenge: c.ID, Masked: Mask(e.Address), Expires: c.Expires}, nil
}

// carrier names what takes the codes of a type.
func carrier(t Type) string {
	if t == Mobile {
		return "gateway of text messages"
	}
	return "mail server"
}

// codeText tells the user what the code is for. A text message has no name in
// it, and no letter beyond GSM's alphabet: it shall fit into one of 160 places,
// and stands on locked screens.
func codeText(f Facts, t Type, code string) string {
	if t == Mobile {
		return fmt.Sprintf("Helpdesk code %s, good for %d min. Read it only to the helpdesk that you called. You did not call? Tell nobody, and tell your security team.",
			code, int(f.Policy.Limits.CodeLife.Minutes()))
	}
	return fmt.Sprintf(`Hello %s,

somebody at the helpdesk is helping to unlock your account. If you are speaking with the helpdesk now, read this code to them:

    %s

It is good for %d minutes. If you did not call the helpdesk, tell nobody this code, and report the message to your security team.
`, Line(f.Accounts[0].DisplayName), code, int(f.Policy.Limits.CodeLife.Minutes()))
}

// codeParts bind a code's hash to where it may be used.
func codeParts(c Challenge, code string) []string {
	return []string{"code", c.Session, string(c.Type), c.Target.String(), c.ID, code}
}

// Verify judges a typed value against an open challenge. A try is written
// before anything is compared; what passes becomes evidence in the same
// transaction that settles the try.
func (v *Verifier) Verify(ctx context.Context, f Facts, challenge string, t Type, typed string) (Verdict, error) {
	standing, why := standingOf(f, t)
	if why != "" {
		return Verdict{Refused: why}, nil
	}
	code, ok := v.Vault.CanonicalCode(typed, f.codeDigits(t))
	if !ok {
		return Verdict{Garbled: true}, nil
	}
	e := standing.Enrollment
	compare, why, err := v.comparison(ctx, f, challenge, e)
	if err != nil || why != "" {
		return Verdict{Refused: why}, err
	}
	limits := f.attemptLimits(e.Account)
	begun, err := v.Records.BeginAttempt(ctx, Attempt{Challenge: challenge, Account: e.Account, Enrollment: e.ID,
		Session: f.Case.Session, Type: t, Agent: f.Agent.Account.ID, At: f.Now}, limits)
	if err != nil {
		return Verdict{}, err
	}
	if begun.Refused != "" {
		return Verdict{Refused: begun.Refused, Until: begun.Until}, nil
	}
	right, step := compare(code)
	settled, err := v.Records.SettleAttempt(ctx, v.settlement(f, e, begun.Attempt, right, step))
	if err != nil {
		return Verdict{}, err
	}
	if settled.Right && t.Sent() {
		_ = v.Codes.DropCode(ctx, challenge) // the evidence and the used attempt already forbid a second use
	}
	verdict := Verdict{Passed: settled.Right, Replayed: settled.Replayed, Left: limits.Tries - begun.Attempt.N}
	if !settled.Right && f.Now.Before(settled.Standing.LockedOutUntil) {
		verdict.Refused, verdict.Until = AuthenticationOff, settled.Standing.LockedOutUntil
	}
	return verdict, nil
}

// comparison reads what a value is compared with, before a try is spent: what
// Redis lost costs no try.
func (v *Verifier) comparison(ctx context.Context, f Facts, challenge string, e Enrollment) (func(string) (bool, int64), Reason, error) {
	if e.Type == Authenticator {
		seed, err := v.Vault.Open(e.Seed, "enrollments", e.ID, "seed")
		if err != nil {
			return nil, "", E(Internal, "open seed", err)
		}
		return func(code string) (bool, int64) {
			step, ok := v.Vault.Step(seed, code, f.Now)
			return ok, step
		}, "", nil
	}
	mac, err := v.Codes.Code(ctx, challenge)
	if KindOf(err) == NotFound {
		return nil, ChallengeOver, nil
	}
	c := Challenge{ID: challenge, Session: f.Case.Session, Type: e.Type, Target: f.Target()}
	return func(code string) (bool, int64) { return v.Vault.VerifyMAC(mac, codeParts(c, code)...), 0 }, "", err
}

func (v *Verifier) settlement(f Facts, e Enrollment, a Attempt, right bool, step int64) Settlement {
	status := StatusFailure
	if right {
		status = StatusSuccess
	}
	r := f.record(v.NewID(), ActionAuthenticate, status)
	r.Types = []Type{e.Type}
	s := Settlement{Attempt: a, Right: right, Step: step, Enroll: e.ID, Lockout: f.lockout(e.Account), Record: r}
	if right {
		s.Evidence = &Evidence{ID: v.NewID(), Session: f.Case.Session, Challenge: a.Challenge, Enrollment: e.ID,
			Type: e.Type, Target: f.Target(), Agent: f.Agent.Account.ID,
			At: f.Now, Expires: f.Now.Add(f.Policy.Limits.EvidenceLife)}
	}
	return s
}

// standingOf finds the type among those that count for this user; a refused
// case verifies nothing.
func standingOf(f Facts, t Type) (TypeStanding, Reason) {
	d := Decide(f)
	if d.Page == PageRefused {
		return TypeStanding{}, d.Refused
	}
	for _, s := range d.Types {
		if s.Type == t {
			return s, ""
		}
	}
	return TypeStanding{}, NotEnrolled
}

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

// Mask hides an address so that its owner knows it and nobody else learns it:
// of a mail address the first character of several before the @ is left, of a
// number of four digits or more the last two.
func Mask(address string) string {
	const hidden = "•••"
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		digits := []rune(address)
		if len(digits) < 4 {
			return hidden
		}
		return hidden + string(digits[len(digits)-2:])
	}
	first, size := utf8.DecodeRuneInString(address[:at])
	if first == utf8.RuneError || size == at {
		return hidden + address[at:]
	}
	return string(first) + hidden + address[at:]
}
