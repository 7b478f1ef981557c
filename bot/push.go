package bot

import (
	"context"
	"time"
)

// chatDigits is the length of the number that the agent's page shows and the
// user enters: 20 bits at least (NIST SP 800-63B-4, 3.1.3.1).
const chatDigits = 6

// Push is what a user is told, or asked, in the chat during an agent's case.
type Push struct {
	Case      Case
	Account   AccountID // that the chat person is bound to
	Challenge string    // waits for the digits; empty: he is only told the phrase
	Phrase    string    // what real helpdesk staff say first
	Agent     string    // display name
	Expires   time.Time
}

// Pusher brings a push to a person. NotFound where he is not on the chat.
type Pusher interface {
	Push(ctx context.Context, to Chatter, p Push) error
}

// push asks the user in the chat for the digits that the agent's page shows.
func (v *Verifier) push(ctx context.Context, f Facts, e Enrollment, c Challenge) (Opened, error) {
	to, ok := ParseChatter(e.Address)
	if v.Pusher == nil || !ok {
		return Opened{}, Ef(Unavailable, "ask in the chat", "The user's chat is not served, so he cannot be asked there.")
	}
	phrase, err := v.phrase(f)
	if err != nil {
		return Opened{}, err
	}
	code, err := v.draw(ctx, c, chatDigits, f.Policy.Limits.CodeLife, f.pushLimits())
	if err != nil {
		return Opened{}, err
	}
	sealed, err := v.Vault.Seal([]byte(code), "challenges", c.ID, "digits")
	if err != nil {
		return Opened{}, err
	}
	sent := v.Pusher.Push(ctx, to, Push{Case: f.Case, Account: e.Account, Challenge: c.ID, Phrase: phrase, Agent: f.Agent.Account.DisplayName, Expires: c.Expires})
	if err := v.told(ctx, f, Chat, sent, "the chat did not take the message"); err != nil {
		return Opened{}, err
	}
	return Opened{Challenge: c.ID, Sealed: sealed, Phrase: phrase, Expires: c.Expires}, nil
}

// Reveal gives the digits of a chat challenge for the agent's page.
func (v *Verifier) Reveal(challenge string, sealed []byte) (string, error) {
	code, err := v.Vault.Open(sealed, "challenges", challenge, "digits")
	if err != nil {
		return "", E(Internal, "open digits", err)
	}
	return string(code), nil
}

// Answered judges the digits that a user has entered in the chat. Nobody else's
// chat answers for him: above all not the agent's, whose page shows them.
func (v *Verifier) Answered(ctx context.Context, f Facts, who Chatter, challenge, typed string) (Verdict, error) {
	standing, why := standingOf(f, Chat)
	if why != "" {
		return Verdict{Refused: why}, nil
	}
	if standing.Enrollment.Address != who.String() {
		return Verdict{}, E(Denied, "answer in the chat: another person's", nil)
	}
	code, ok := v.Vault.CanonicalCode(typed, chatDigits)
	if !ok {
		return Verdict{Garbled: true}, nil
	}
	return v.verifyCode(ctx, f, guess{challenge: challenge, e: standing.Enrollment}, code)
}

// greet tells the user in the chat, where he is on one, who asks and with which
// phrase, and gives the phrase that he knows then; known is what he was told
// otherwise. What cannot be told costs the greeting, never the case. It counts
// as a push.
func (v *Verifier) greet(ctx context.Context, f Facts, known string) (string, error) {
	usable := usableEnrollments(f, Chat, f.Target())
	if v.Pusher == nil || len(usable) == 0 {
		return known, nil
	}
	e := usable[0]
	to, _ := ParseChatter(e.Address)
	phrase, err := v.phrase(f)
	if err != nil {
		return known, err
	}
	c := v.challenge(f, e)
	switch err := v.Records.OpenChallenge(ctx, c, f.pushLimits()); KindOf(err) {
	case "":
	case Throttled:
		return known, nil
	default:
		return known, err
	}
	if v.Pusher.Push(ctx, to, Push{Case: f.Case, Account: e.Account, Phrase: phrase, Agent: f.Agent.Account.DisplayName, Expires: c.Expires}) != nil {
		return known, nil
	}
	return phrase, nil
}

func (f *Facts) pushLimits() SendLimits {
	return SendLimits{PerHour: f.Policy.Limits.PushesPerHour, PerSession: f.Policy.Limits.PushesPerSession}
}
