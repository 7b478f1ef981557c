package bot

import (
	"context"
	"strings"
)

// send opens a challenge and sends its code, which ends the one before. Where
// the code could not be handed over, the challenge is over.
func (n *Enroller) send(ctx context.Context, f Facts, c Challenge, to string, letter func(code string) string) (Opened, error) {
	courier := n.Couriers[c.Type]
	if courier == nil {
		return Opened{}, Ef(Unavailable, "send code", "No %s is configured, so no code can be sent.", carrier(c.Type))
	}
	code, err := n.Vault.Code(f.Policy.Limits.CodeDigits)
	if err != nil {
		return Opened{}, err
	}
	if err := n.Records.OpenChallenge(ctx, c, SendLimits{PerHour: f.Policy.Limits.CodesPerHour}); err != nil {
		return Opened{}, err
	}
	mac, err := n.Vault.MAC(codeParts(c, code)...)
	if err != nil {
		return Opened{}, err
	}
	if err := n.Codes.PutCode(ctx, c.ID, mac, f.Policy.Limits.CodeLife); err != nil {
		return Opened{}, err
	}
	r := ownRecord(f, n.Desk.NewID(), ActionSendCode, StatusSuccess, c.Type)
	sent := courier.Deliver(ctx, to, "Your code for your enrollment", letter(code))
	if sent != nil {
		r.Status, r.Detail = StatusFailure, "the "+carrier(c.Type)+" did not take the message"
	}
	if err := n.Journal.Append(ctx, r); err != nil {
		return Opened{}, err
	}
	if sent != nil {
		return Opened{}, sent
	}
	return Opened{Challenge: c.ID, Masked: Mask(to), Expires: c.Expires}, nil
}

// ownTrial is one value on its way to be judged.
type ownTrial struct {
	challenge  string
	question   string
	enrollment Enrollment // that it tries; its account is the one that is counted
	proves     bool       // what is right becomes evidence
	compare    func(ctx context.Context) (right bool, step int64, err error)
}

// try judges a value. The try is written before anything is compared.
func (n *Enroller) try(ctx context.Context, f Facts, t ownTrial) (Verdict, error) {
	e := t.enrollment
	limits := f.attemptLimits(e.Account)
	begun, err := n.Records.BeginAttempt(ctx, Attempt{Challenge: t.challenge, Account: e.Account, Enrollment: e.ID,
		Session: f.Case.Session, Type: e.Type, Question: t.question, Agent: f.Agent.Account.ID, At: f.Now}, limits)
	if err != nil {
		return Verdict{}, err
	}
	if begun.Refused != "" {
		return Verdict{Refused: begun.Refused, Until: begun.Until}, nil
	}
	right, step, err := t.compare(ctx)
	if err != nil {
		return Verdict{}, err
	}
	settled, err := n.Records.SettleAttempt(ctx, n.settlement(f, t, begun.Attempt, right, step))
	if err != nil {
		return Verdict{}, err
	}
	if settled.Right && e.Type.Sent() {
		_ = n.Codes.DropCode(ctx, t.challenge) // the used attempt already forbids a second use
	}
	v := Verdict{Passed: settled.Right, Replayed: settled.Replayed, Left: limits.Tries - begun.Attempt.N}
	if !settled.Right && f.Now.Before(settled.Standing.LockedOutUntil) {
		v.Refused, v.Until = AuthenticationOff, settled.Standing.LockedOutUntil
	}
	return v, nil
}

func (n *Enroller) settlement(f Facts, t ownTrial, a Attempt, right bool, step int64) Settlement {
	e, status := t.enrollment, StatusFailure
	if right {
		status = StatusSuccess
	}
	r := ownRecord(f, n.Desk.NewID(), ActionAuthenticate, status, e.Type)
	if strings.HasPrefix(e.ID, directoryMail) {
		r.Detail = "by the mail address in the directory"
	}
	if !t.proves {
		r.Detail = "for what is being enrolled"
	}
	s := Settlement{Attempt: a, Right: right, Step: step, Enroll: e.ID, Lockout: f.lockout(e.Account), Record: r}
	if right && t.proves {
		s.Evidence = &Evidence{ID: n.Desk.NewID(), Session: f.Case.Session, Challenge: a.Challenge, Enrollment: e.ID, Type: e.Type,
			Question: t.question, Target: f.Target(), Agent: f.Agent.Account.ID, At: f.Now, Expires: f.Now.Add(ProofLife)}
	}
	return s
}

// comparison reads what a code is compared with, before a try is spent: what
// Redis lost costs no try.
func (n *Enroller) comparison(ctx context.Context, f Facts, challenge string, e Enrollment, code string) (func(context.Context) (bool, int64, error), Reason, error) {
	if e.Type == Authenticator {
		seed, err := n.Vault.Open(e.Seed, "enrollments", e.ID, "seed")
		if err != nil {
			return nil, "", E(Internal, "open seed", err)
		}
		return func(context.Context) (bool, int64, error) {
			step, ok := n.Vault.Step(seed, code, f.Now)
			return ok, step, nil
		}, "", nil
	}
	mac, err := n.Codes.Code(ctx, challenge)
	if KindOf(err) == NotFound {
		return nil, ChallengeOver, nil
	}
	c := Challenge{ID: challenge, Session: f.Case.Session, Type: e.Type, Target: f.Target()}
	return func(context.Context) (bool, int64, error) {
		return n.Vault.VerifyMAC(mac, codeParts(c, code)...), 0, nil
	}, "", err
}

// code judges a typed code of e-mail, mobile or an authenticator.
func (n *Enroller) code(ctx context.Context, f Facts, challenge string, e Enrollment, typed string, proves bool) (Verdict, error) {
	code, ok := n.Vault.CanonicalCode(typed, f.codeDigits(e.Type))
	if !ok {
		return Verdict{Garbled: true}, nil
	}
	compare, why, err := n.comparison(ctx, f, challenge, e, code)
	if err != nil || why != "" {
		return Verdict{Refused: why}, err
	}
	return n.try(ctx, f, ownTrial{challenge: challenge, enrollment: e, proves: proves, compare: compare})
}

// Prove judges the code of an opened way.
func (n *Enroller) Prove(ctx context.Context, s Self, t Type, challenge, typed string) (Verdict, error) {
	f, err := n.facts(ctx, s)
	if err != nil {
		return Verdict{}, err
	}
	w, err := n.way(f, t)
	if err != nil || t == SecurityQuestions {
		return Verdict{Refused: ChallengeOver}, err
	}
	return n.code(ctx, f, challenge, w.enrollment, typed, true)
}

// ProveAnswers judges answers, each on its own, by the id of the Answer. What
// was right stays so; left are the questions that are still to be answered.
// Passed: none is. Garbled: an answer cannot be one, and no try was spent.
func (n *Enroller) ProveAnswers(ctx context.Context, s Self, asked []OwnQuestion, typed map[string]string) (v Verdict, left []OwnQuestion, err error) {
	f, err := n.facts(ctx, s)
	if err != nil {
		return Verdict{}, nil, err
	}
	w, err := n.way(f, SecurityQuestions)
	if err != nil {
		return Verdict{}, nil, err
	}
	for _, q := range asked {
		if _, err := n.Answers.CanonicalAnswer(typed[q.ID]); err != nil {
			return Verdict{Garbled: true}, asked, nil
		}
	}
	for i, q := range asked {
		hash, known := hashOf(w.enrollment, q.ID)
		if !known {
			return Verdict{Refused: ChallengeOver}, nil, nil // they were changed meanwhile
		}
		one, err := n.try(ctx, f, ownTrial{challenge: q.Challenge, question: q.ID, enrollment: w.enrollment, proves: true,
			compare: func(ctx context.Context) (bool, int64, error) {
				right, err := n.Answers.VerifyAnswer(ctx, hash, typed[q.ID])
				return right, 0, err
			}})
		if err != nil {
			return Verdict{}, nil, err
		}
		if one.Refused != "" {
			return one, append(left, asked[i:]...), nil
		}
		if !one.Passed {
			left = append(left, q)
			v.Left = one.Left
		}
	}
	v.Passed = len(left) == 0
	return v, left, nil
}

func hashOf(e Enrollment, answer string) (hash []byte, ok bool) {
	for _, a := range e.Answers {
		if a.ID == answer {
			return a.Hash, true
		}
	}
	return nil, false
}
