package bot

import (
	"context"
	"time"
)

// Verifier runs the types of page Authenticate: it opens challenges, sends
// codes, and judges what was typed. The agent never learns an expected value,
// except the digits of chat, which the user alone can enter.
type Verifier struct {
	Records Proofs
	Journal Journal
	Codes   CodeBook
	Vault   Vault
	Answers Answers
	// Couriers carry the codes of each type that is sent; one that is missing
	// is not configured.
	Couriers map[Type]Courier
	Pusher   Pusher // nil: nobody can be asked in a chat
	Now      func() time.Time
	NewID    func() string
}

// Opened is a challenge that waits for a value.
type Opened struct {
	Challenge string
	Masked    string  // where the code went: 'm•••@example.com'; empty where none was sent
	Asked     []Posed // security questions; Challenge is empty then
	Sealed    []byte  // chat: the digits that the agent's page shows, see Reveal
	Phrase    string  // what the user was told that real helpdesk staff say first; empty: he was told nothing
	Expires   time.Time
	Refused   Reason // not opened: why
	Until     time.Time
}

// Verdict is what became of one typed value.
type Verdict struct {
	Passed   bool
	Replayed bool      // right, but used before
	Garbled  bool      // not a code or an answer at all: no try was spent
	Left     int       // tries left of this challenge
	Refused  Reason    // not judged: why
	Until    time.Time // of the refusal; zero: not by waiting
}

// Open begins a challenge of a type that the decision shows: for e-mail and
// mobile it sends a new code, for chat it asks the user there; that ends the
// one before. Where nothing could be handed over, the challenge is over, and
// the error is the carrier's. first: nothing was opened in this case so far, so
// that the user is told the phrase in the chat, too, where he is on one.
func (v *Verifier) Open(ctx context.Context, f Facts, t Type, first bool) (Opened, error) {
	standing, why := standingOf(f, t)
	if why != "" {
		return Opened{Refused: why}, nil
	}
	if why, until := stopped(f, standing.Enrollment.Account); why != "" {
		return Opened{Refused: why, Until: until}, nil
	}
	o, err := v.open(ctx, f, standing)
	if err == nil && first && t != Chat {
		o.Phrase, err = v.greet(ctx, f, o.Phrase)
	}
	return o, err
}

func (v *Verifier) open(ctx context.Context, f Facts, standing TypeStanding) (Opened, error) {
	e := standing.Enrollment
	c := v.challenge(f, e)
	switch e.Type {
	case Authenticator:
		return Opened{Challenge: c.ID, Expires: c.Expires}, v.Records.OpenChallenge(ctx, c, SendLimits{})
	case SecurityQuestions:
		return v.ask(ctx, f, e)
	case Email, Mobile:
		return v.send(ctx, f, e, c)
	case Chat:
		return v.push(ctx, f, e, c)
	}
	return Opened{}, Ef(Invalid, "open challenge", "This type cannot be used here: %s.", e.Type.Name())
}

func (v *Verifier) challenge(f Facts, e Enrollment) Challenge {
	return Challenge{
		ID: v.NewID(), Session: f.Case.Session, Type: e.Type, Enrollment: e.ID, Account: e.Account,
		Target: f.Target(), Agent: f.Agent.Account.ID, At: f.Now, Expires: f.Now.Add(f.Policy.Limits.CodeLife),
	}
}

// draw opens the challenge and keeps the hash of a new code.
func (v *Verifier) draw(ctx context.Context, c Challenge, digits int, life time.Duration, l SendLimits) (string, error) {
	code, err := v.Vault.Code(digits)
	if err != nil {
		return "", err
	}
	if err := v.Records.OpenChallenge(ctx, c, l); err != nil {
		return "", err
	}
	mac, err := v.Vault.MAC(codeParts(c, code)...)
	if err != nil {
		return "", err
	}
	return code, v.Codes.PutCode(ctx, c.ID, mac, life)
}

func (v *Verifier) send(ctx context.Context, f Facts, e Enrollment, c Challenge) (Opened, error) {
	courier := v.Couriers[c.Type]
	if courier == nil {
		return Opened{}, Ef(Unavailable, "send code", "No %s is configured, so no code can be sent.", carrier(c.Type))
	}
	address, err := AddressOf(v.Vault, e)
	if err != nil {
		return Opened{}, err
	}
	phrase, err := v.phrase(f)
	if err != nil {
		return Opened{}, err
	}
	l := f.Policy.Limits
	code, err := v.draw(ctx, c, l.CodeDigits, l.CodeLife, SendLimits{PerHour: l.CodesPerHour})
	if err != nil {
		return Opened{}, err
	}
	sent := courier.Deliver(ctx, address, "Your code for the helpdesk", codeText(f, c.Type, code, phrase))
	if err := v.told(ctx, f, c.Type, sent, "the "+carrier(c.Type)+" did not take the message"); err != nil {
		return Opened{}, err
	}
	return Opened{Challenge: c.ID, Masked: Mask(address), Phrase: phrase, Expires: c.Expires}, nil
}

// told records that something was sent to the user, or was not, and gives the
// error of sending.
func (v *Verifier) told(ctx context.Context, f Facts, t Type, sent error, why string) error {
	r := f.record(v.NewID(), ActionSendCode, StatusSuccess)
	r.Types = []Type{t}
	if sent != nil {
		r.Status, r.Detail = StatusFailure, why
	}
	if err := v.Journal.Append(ctx, r); err != nil {
		return err
	}
	return sent
}

// AddressOf gives the address of an enrollment: what is kept is sealed.
func AddressOf(v Vault, e Enrollment) (string, error) {
	if len(e.Contact) == 0 {
		return e.Address, nil
	}
	address, err := v.Open(e.Contact, "enrollments", e.ID, "contact")
	if err != nil {
		return "", E(Internal, "open contact", err)
	}
	return string(address), nil
}

// codeParts bind a code's hash to where it may be used.
func codeParts(c Challenge, code string) []string {
	return []string{"code", c.Session, string(c.Type), c.Target.String(), c.ID, code}
}

// Verify judges a typed code against an open challenge of a type whose code the
// user reads out.
func (v *Verifier) Verify(ctx context.Context, f Facts, challenge string, t Type, typed string) (Verdict, error) {
	if t == Chat || t == SecurityQuestions {
		return Verdict{}, E(Denied, "verify code: not a type whose code is read out", nil)
	}
	standing, why := standingOf(f, t)
	if why != "" {
		return Verdict{Refused: why}, nil
	}
	code, ok := v.Vault.CanonicalCode(typed, f.codeDigits(t))
	if !ok {
		return Verdict{Garbled: true}, nil
	}
	if t == Authenticator {
		return v.verifyStep(ctx, f, guess{challenge: challenge, e: standing.Enrollment}, code)
	}
	return v.verifyCode(ctx, f, guess{challenge: challenge, e: standing.Enrollment}, code)
}

func (v *Verifier) verifyStep(ctx context.Context, f Facts, t guess, code string) (Verdict, error) {
	seed, err := v.Vault.Open(t.e.Seed, "enrollments", t.e.ID, "seed")
	if err != nil {
		return Verdict{}, E(Internal, "open seed", err)
	}
	return v.try(ctx, f, t, func(context.Context) (bool, int64, error) {
		step, ok := v.Vault.Step(seed, code, f.Now)
		return ok, step, nil
	})
}

// verifyCode reads what the code is compared with before a try is spent: what
// Redis lost costs no try.
func (v *Verifier) verifyCode(ctx context.Context, f Facts, t guess, code string) (Verdict, error) {
	mac, err := v.Codes.Code(ctx, t.challenge)
	if KindOf(err) == NotFound {
		return Verdict{Refused: ChallengeOver}, nil
	}
	if err != nil {
		return Verdict{}, err
	}
	c := Challenge{ID: t.challenge, Session: f.Case.Session, Type: t.e.Type, Target: f.Target()}
	verdict, err := v.try(ctx, f, t, func(context.Context) (bool, int64, error) {
		return v.Vault.VerifyMAC(mac, codeParts(c, code)...), 0, nil
	})
	if verdict.Passed {
		_ = v.Codes.DropCode(ctx, t.challenge) // the evidence and the used attempt already forbid a second use
	}
	return verdict, err
}

// guess is what a value is tried at.
type guess struct {
	challenge string
	question  string
	e         Enrollment
}

// try judges a value. The try is written before anything is compared; what
// passes becomes evidence in the same transaction that settles the try.
func (v *Verifier) try(ctx context.Context, f Facts, t guess, compare func(context.Context) (right bool, step int64, err error)) (Verdict, error) {
	limits := f.attemptLimits(t.e.Account)
	begun, err := v.Records.BeginAttempt(ctx, Attempt{Challenge: t.challenge, Account: t.e.Account, Enrollment: t.e.ID,
		Session: f.Case.Session, Type: t.e.Type, Question: t.question, Agent: f.Agent.Account.ID, At: f.Now}, limits)
	if err != nil {
		return Verdict{}, err
	}
	if begun.Refused != "" {
		return Verdict{Refused: begun.Refused, Until: begun.Until}, nil
	}
	right, step, err := compare(ctx)
	if err != nil {
		return Verdict{}, err // the try stays unsettled, and counts as wrong
	}
	settled, err := v.Records.SettleAttempt(ctx, v.settlement(f, t, begun.Attempt, right, step))
	if err != nil {
		return Verdict{}, err
	}
	verdict := Verdict{Passed: settled.Right, Replayed: settled.Replayed, Left: limits.Tries - begun.Attempt.N}
	if !settled.Right && f.Now.Before(settled.Standing.LockedOutUntil) {
		verdict.Refused, verdict.Until = AuthenticationOff, settled.Standing.LockedOutUntil
	}
	return verdict, nil
}

func (v *Verifier) settlement(f Facts, t guess, a Attempt, right bool, step int64) Settlement {
	status := StatusFailure
	if right {
		status = StatusSuccess
	}
	r := f.record(v.NewID(), ActionAuthenticate, status)
	r.Types = []Type{t.e.Type}
	s := Settlement{Attempt: a, Right: right, Step: step, Enroll: t.e.ID, Lockout: f.lockout(t.e.Account), Record: r}
	if right {
		s.Evidence = &Evidence{ID: v.NewID(), Session: f.Case.Session, Challenge: a.Challenge, Enrollment: t.e.ID,
			Type: t.e.Type, Question: t.question, Target: f.Target(), Agent: f.Agent.Account.ID,
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
