package page

import (
	"strings"

	"latchkey/adapters/playground"
)

// Step is one step of the tour. It is ticked off once its mark was seen, and
// every step before After is ticked.
type Step struct {
	ID    string `json:"id"`
	Title string `json:"title"` // what to do, in a few words
	Say   string `json:"say"`   // how, in a sentence or two
	Why   string `json:"why"`   // what one has just seen, and why it matters

	Mark  Mark `json:"-"`
	After int  `json:"-"` // how many of the steps before must be ticked
}

// Mark is what ticks a step off: a sign-in that ended so, or words on a modal
// or message of a person. Empty fields mean any.
type Mark struct {
	Login  string
	Result Result

	Person string   // whose screen, by Slack id
	Modal  []string // the words
}

// FirstUnlock is the tour through the first unlock: the caller is locked out,
// the agent checks who is calling, unlocks, and the caller signs in. store is
// where the caller signs in.
func FirstUnlock(agent, caller Person, store string) []Step {
	a, c := firstName(agent), firstName(caller)
	login := caller.Logins[store]
	see := func(words ...string) Mark { return Mark{Person: agent.ID, Modal: words} }
	return []Step{
		{ID: "lock", Title: "Lock " + c + " out",
			Say:  "In the sign-in box, try a wrong password for " + login + " three times.",
			Why:  "The directory locks the account. This is the call that a helpdesk gets most often.",
			Mark: Mark{Login: login, Result: Locked}},
		{ID: "ask", Title: "Open the case",
			Say:  "You are " + agent.Name + " at the helpdesk. In Slack, type /unlock " + strings.ToLower(c) + " and press Enter.",
			Why:  "Anybody can call and say “I am " + c + "”. So " + a + "'s role is restricted: nothing is unlocked before two checks are passed.",
			Mark: see("Authenticate", caller.Name), After: 1},
		{ID: "mail", Title: "Check by e-mail",
			Say:  "Press Verify e-mail, then Send code. " + c + "'s mailbox gets a code; read it there and type it in, as if " + c + " read it to you.",
			Why:  "Only who can open the mailbox knows the code. " + a + " never sees it before " + c + " says it, and cannot make one up.",
			Mark: see("E-mail\npassed · strength"), After: 2},
		{ID: "app", Title: "Check by authenticator",
			Say:  "Press Verify authenticator and type the six digits that " + c + "'s phone shows now.",
			Why:  "A second, independent check. A stolen mailbox alone would not be enough.",
			Mark: see("Authenticator\npassed · strength"), After: 2},
		{ID: "unlock", Title: "Unlock",
			Say:  "Press Next, tick both of " + c + "'s accounts, and press Unlock.",
			Why:  "The accounts of one person in two directories, each with its own result. The audit channel and the history have it, too.",
			Mark: see("Result", "Unlocked: "+caller.Name), After: 4},
		{ID: "in", Title: "Sign in",
			Say:  "Back in the sign-in box, sign in as " + login + " with the right password. It is shown under the box.",
			Why:  "An unlock also hands a password guesser fresh tries. That is why the check stands in front of it, and why nobody can talk " + a + " past it.",
			Mark: Mark{Login: login, Result: Welcome}, After: 5},
	}
}

// UnlockCommands are the lines that the composer offers for the product's command.
func UnlockCommands() []Command {
	return []Command{
		{Line: "/unlock ", Hint: "name, login or mail", About: "Unlock somebody's account"},
		{Line: "/unlock history ", Hint: "name, login or mail", About: "What was done to and by somebody"},
		{Line: "/unlock help", About: "What can be typed"},
		{Line: "/unlock", About: "Open a form that asks who it is"},
	}
}

func firstName(p Person) string {
	first, _, _ := strings.Cut(p.Name, " ")
	return first
}

// progress is which steps of the tour are ticked. Its holder locks.
type progress struct {
	steps []Step
	done  []bool
}

func newProgress(steps []Step) *progress {
	return &progress{steps: steps, done: make([]bool, len(steps))}
}

// tick ticks every step whose mark fits and whose turn has come.
func (p *progress) tick(fits func(Mark) bool) {
	for i, s := range p.steps {
		if !p.done[i] && p.turn(s.After) && fits(s.Mark) {
			p.done[i] = true
		}
	}
}

func (p *progress) turn(after int) bool {
	for _, done := range p.done[:min(after, len(p.done))] {
		if !done {
			return false
		}
	}
	return true
}

// saw looks at a person's screen.
func (p *progress) saw(who *playground.Person) {
	stack := who.Modals()
	if len(stack) == 0 {
		return
	}
	text := stack[len(stack)-1].Text()
	p.tick(func(m Mark) bool {
		if m.Person != who.ID() || len(m.Modal) == 0 {
			return false
		}
		for _, word := range m.Modal {
			if !strings.Contains(text, word) {
				return false
			}
		}
		return true
	})
}

// signedIn looks at a sign-in.
func (p *progress) signedIn(login string, r Result) {
	p.tick(func(m Mark) bool { return m.Result == r && m.Login != "" && strings.EqualFold(m.Login, login) })
}
