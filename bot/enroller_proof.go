package bot

import (
	"context"
	"fmt"
	"slices"
)

// Way is one way in which a person can prove that it is he.
type Way struct {
	Type      Type
	Masked    string // where a code would go
	Directory bool   // to the mail address in the directory: nothing that counts is enrolled yet

	enrollment Enrollment
}

// OwnQuestion is a security question that waits for its answer.
type OwnQuestion struct {
	ID        string `json:"id"` // of the Answer
	Challenge string `json:"challenge"`
	Question  []byte `json:"question"` // sealed as the Answer has it
}

// Preparation is what a change needs: a proof that is his to pass.
type Preparation struct {
	Own  Own
	Ways []Way  // empty: nobody but an administrator can change anything
	ID   string // of the proof
}

// Prepare begins a change: it draws the proof's id and says how it is proved.
// Conflict, Invalid or NotFound, with a sentence: there is no such change.
func (n *Enroller) Prepare(ctx context.Context, s Self, do Doing, t Type) (Preparation, error) {
	s.Proof, s.Other = n.Desk.NewID(), AccountID{}
	f, err := n.facts(ctx, s)
	if err != nil {
		return Preparation{}, err
	}
	if err := n.possible(f, do, t); err != nil {
		return Preparation{}, err
	}
	p := Preparation{ID: s.Proof}
	if p.Own, err = n.own(ctx, f); err == nil {
		p.Ways, err = n.ways(f)
	}
	return p, err
}

// possible says what keeps the change from being made at all.
func (n *Enroller) possible(f Facts, do Doing, t Type) error {
	const op = "change own enrollments"
	_, has := held(f, t)
	store := f.Policy.Store(f.Target().Store)
	switch {
	case !t.Valid() || t == Chat || do != Adding && do != Changing && do != Removing:
		return E(Denied, op, nil)
	case do == Adding && has:
		return Ef(Conflict, op, "You are enrolled with %s already: change it instead.", t.Name())
	case do != Adding && !has:
		return Ef(NotFound, op, "You are not enrolled with %s any more.", t.Name())
	case do == Removing:
		return nil
	case !slices.Contains(store.Types, t):
		return Ef(Invalid, op, "Your identity store does not use %s.", t.Name())
	}
	if why := n.cannot(t); why != "" {
		return Ef(Unavailable, op, "%s", why)
	}
	return nil
}

// begun reports whether any type counts for the person: then such a type proves
// each change, and the directory's mail address does no longer.
func begun(f Facts) bool {
	return slices.ContainsFunc(Types(), func(t Type) bool { return t != Chat && len(usableEnrollments(f, t, f.Target())) > 0 })
}

// ways gives how the person can prove himself now. Chat is none of them: what
// is done here is done in the chat already.
func (n *Enroller) ways(f Facts) ([]Way, error) {
	others := f.Target() != f.Agent.Account.ID
	if !begun(f) && !others {
		return n.firstWay(f), nil
	}
	var out []Way
	for _, t := range Types() {
		usable := usableEnrollments(f, t, f.Target())
		if others {
			usable = heldBy(usable, f.Target())
		}
		if t == Chat || len(usable) == 0 || t.Sent() && n.Couriers[t] == nil || t == SecurityQuestions && n.Answers == nil {
			continue
		}
		w := Way{Type: t, enrollment: usable[0]}
		address, err := AddressOf(n.Vault, w.enrollment)
		if err != nil {
			return nil, err
		}
		if w.enrollment.Address = address; address != "" {
			w.Masked = Mask(address)
		}
		out = append(out, w)
	}
	return out, nil
}

// directoryMail begins the id of what the mail address in the directory proves.
const directoryMail = "directory:mail:"

// firstWay is the mail address in the directory. Its enrollment is in no table:
// the id cannot be that of a row, so what is proved with it proves no unlock.
func (n *Enroller) firstWay(f Facts) []Way {
	me := f.Accounts[0].Account
	if me.Mail == "" || n.Couriers[Email] == nil {
		return nil
	}
	return []Way{{Type: Email, Masked: Mask(me.Mail), Directory: true,
		enrollment: Enrollment{ID: directoryMail + me.ID.String(), Account: me.ID, Type: Email, Address: me.Mail}}}
}

// ProofOpened is a way that waits for its value.
type ProofOpened struct {
	Opened
	Way   Way
	Asked []OwnQuestion // security questions, all of them
}

// OpenProof opens one of the ways: it sends a code, or asks for what the app
// shows or for the answers.
func (n *Enroller) OpenProof(ctx context.Context, s Self, t Type) (ProofOpened, error) {
	f, err := n.facts(ctx, s)
	if err != nil {
		return ProofOpened{}, err
	}
	w, err := n.way(f, t)
	if err != nil {
		return ProofOpened{}, err
	}
	out := ProofOpened{Way: w}
	if why, until := stopped(f, w.enrollment.Account); why != "" {
		out.Refused, out.Until = why, until
		return out, nil
	}
	switch {
	case t.Sent():
		c := n.challenge(f, w.enrollment, "")
		out.Opened, err = n.send(ctx, f, c, w.enrollment.Address, proofText(f, t))
		return out, err
	case t == Authenticator:
		c := n.challenge(f, w.enrollment, "")
		out.Challenge, out.Expires = c.ID, c.Expires
		return out, n.Records.OpenChallenge(ctx, c, SendLimits{})
	}
	for _, a := range w.enrollment.Answers {
		c := n.challenge(f, w.enrollment, a.ID)
		if err := n.Records.OpenChallenge(ctx, c, SendLimits{}); err != nil {
			return ProofOpened{}, err
		}
		out.Asked = append(out.Asked, OwnQuestion{ID: a.ID, Challenge: c.ID, Question: a.Question})
		out.Expires = c.Expires
	}
	return out, nil
}

func (n *Enroller) way(f Facts, t Type) (Way, error) {
	ways, err := n.ways(f)
	if err != nil {
		return Way{}, err
	}
	i := slices.IndexFunc(ways, func(w Way) bool { return w.Type == t })
	if i < 0 {
		return Way{}, Ef(Conflict, "choose way to prove", "This is no way to prove yourself any more. Begin again.")
	}
	return ways[i], nil
}

// challenge is a chance to prove an enrollment, for this proof alone.
func (n *Enroller) challenge(f Facts, e Enrollment, question string) Challenge {
	return Challenge{ID: n.Desk.NewID(), Session: f.Case.Session, Type: e.Type, Question: question, Enrollment: e.ID, Account: e.Account,
		Target: f.Target(), Agent: f.Agent.Account.ID, At: f.Now, Expires: f.Now.Add(f.Policy.Limits.CodeLife)}
}

// proofText says what a code is for. Codes for the helpdesk are read aloud;
// this one is nobody's but his.
func proofText(f Facts, t Type) func(code string) string {
	if f.Target() != f.Agent.Account.ID {
		return codeLetter(f, t, "somebody who is signed in as "+Line(f.Agent.Account.Login)+" in "+f.Agent.Account.ID.Store+
			" is linking your account "+Line(f.Accounts[0].Login)+" in "+f.Target().Store+" to that one.")
	}
	return codeLetter(f, t, "you are changing how you prove to the helpdesk who you are.")
}

func codeLetter(f Facts, t Type, what string) func(code string) string {
	life := int(f.Policy.Limits.CodeLife.Minutes())
	if t == Mobile {
		return func(code string) string {
			return fmt.Sprintf("Code %s for your enrollment, good for %d min. Type it into the chat, and read it to nobody. Not you? Tell your security team.", code, life)
		}
	}
	return func(code string) string {
		return fmt.Sprintf(`Hello %s,

%s Type this code into the dialog in the chat:

    %s

It is good for %d minutes. Nobody will ever ask you to read it aloud, the helpdesk neither. If it was not you who asked for it, tell your security team now.
`, Line(f.Accounts[0].DisplayName), what, code, life)
	}
}

// proved finds the evidence of a passed way, and says with Expired where there
// is none that still counts.
func (n *Enroller) proved(f Facts) (until Evidence, err error) {
	ways, err := n.ways(f)
	if err != nil {
		return Evidence{}, err
	}
	return provedBy(f, ways)
}

func provedBy(f Facts, ways []Way) (Evidence, error) {
	for _, w := range ways {
		if e, ok := passedWay(f, w.enrollment); ok {
			return e, nil
		}
	}
	return Evidence{}, Ef(Expired, "look for proof", "It was not proved that it is you, or longer than ten minutes ago. Begin again.")
}

// passedWay gives the evidence that ends first: of security questions, each
// answer has its own, and none may be missing.
func passedWay(f Facts, e Enrollment) (first Evidence, ok bool) {
	questions := []string{""}
	if e.Type == SecurityQuestions {
		questions = nil
		for _, a := range e.Answers {
			questions = append(questions, a.ID)
		}
	}
	for _, q := range questions {
		i := slices.IndexFunc(f.Evidence, func(v Evidence) bool {
			return v.Question == q && v.Enrollment == e.ID && v.Type == e.Type && v.Session == f.Case.Session &&
				v.Target == f.Target() && v.Agent == f.Agent.Account.ID && v.Fresh(f.Now)
		})
		if i < 0 {
			return Evidence{}, false
		}
		if !ok || f.Evidence[i].Expires.Before(first.Expires) {
			first, ok = f.Evidence[i], true
		}
	}
	return first, ok
}
