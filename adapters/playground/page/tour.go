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
	Say   string `json:"say"`   // how, in a sentence or two; what is typed stands between backticks
	Why   string `json:"why"`   // what one has just seen, and why it matters

	Mark  Mark `json:"-"`
	After int  `json:"-"` // how many of the steps before must be ticked
}

// Mark is what ticks a step off: sign-ins that each ended so, or words on a
// person's top modal.
type Mark struct {
	SignIns []Try
	Result  Result

	Person string   // whose screen, by Slack id
	Modal  []string // the words
}

// Try is a login in an identity store.
type Try struct{ Store, Login string }

// FirstUnlock is the tour through the first unlock: the caller is locked out,
// the agent checks who is calling, unlocks, and the caller signs in. stores are
// where the caller has an account, the usual one first.
func FirstUnlock(agent, caller Person, stores []string) []Step {
	a, c := firstName(agent), firstName(caller)
	var tries []Try
	for _, store := range stores {
		if login := caller.Logins[store]; login != "" {
			tries = append(tries, Try{Store: store, Login: strings.ToLower(login)})
		}
	}
	lock, tick := "In the sign-in box, try a wrong password three times.", "tick "+c+"'s account"
	if len(tries) > 1 {
		lock += " Then do the same in " + tries[1].Store + ", where " + c + " has a second account."
		tick = "tick both of " + c + "'s accounts"
	}
	see := func(words ...string) Mark { return Mark{Person: agent.ID, Modal: words} }
	return []Step{
		{ID: "lock", Title: "Lock " + c + " out",
			Say:  lock,
			Why:  "The directory locks the account. This is the call that a helpdesk gets most often.",
			Mark: Mark{SignIns: tries, Result: Locked}},
		{ID: "ask", Title: "Open the case",
			Say:  "You are " + agent.Name + " at the helpdesk. In Slack, type `/unlock " + strings.ToLower(c) + "` and press Enter; or change to Teams, type `unlock " + strings.ToLower(c) + "` there, and press Open.",
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
			Say:  "Press Next, " + tick + ", and press Unlock.",
			Why:  "Each account has its own result. The audit channel and the history have it, too.",
			Mark: see("Result", "Unlocked: "+caller.Name), After: 4},
		{ID: "in", Title: "Sign in",
			Say:  "Back in the sign-in box, sign in with the right password. It is shown under the box.",
			Why:  "An unlock also hands a password guesser fresh tries. That is why the check stands in front of it, and why nobody can talk " + a + " past it.",
			Mark: Mark{SignIns: tries[:min(1, len(tries))], Result: Welcome}, After: 5},
	}
}

// UnlockCommands are the lines that the composer offers for the product's command.
func UnlockCommands() []Command {
	return []Command{
		{Line: "/unlock ", Hint: "name, login or mail", About: "Unlock somebody's account"},
		{Line: "/unlock history ", Hint: "name, login or mail", About: "See what was done"},
		{Line: "/unlock me", About: "Unlock your own account"},
		{Line: "/unlock enroll", About: "See what you are enrolled with, and change it"},
		{Line: "/unlock help", About: "What can be typed"},
		{Line: "/unlock", About: "Open a form that asks who it is"},
	}
}

// UnlockLines are the lines that the composer offers for the app in Teams.
func UnlockLines() []Command {
	return []Command{
		{Line: "unlock ", Hint: "name, login or mail", About: "Unlock somebody's account"},
		{Line: "history ", Hint: "name, login or mail", About: "See what was done"},
		{Line: "home", About: "Your open cases and your last unlocks"},
		{Line: "me", About: "Unlock your own account"},
		{Line: "enroll", About: "See what you are enrolled with, and change it"},
		{Line: "help", About: "What can be typed"},
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
	ended map[Try]Result // how each login's last sign-in ended
}

func newProgress(steps []Step) *progress {
	return &progress{steps: steps, done: make([]bool, len(steps)), ended: map[Try]Result{}}
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
	p.read(who.ID(), stack[len(stack)-1].Text())
}

// read looks at what stands on the uppermost dialog of a person, by Slack id.
func (p *progress) read(person, text string) {
	p.tick(func(m Mark) bool {
		if m.Person != person || len(m.Modal) == 0 {
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

// signedIn looks at how a sign-in ended.
func (p *progress) signedIn(t Try, r Result) {
	p.ended[t] = r
	p.tick(func(m Mark) bool {
		for _, want := range m.SignIns {
			if p.ended[want] != m.Result {
				return false
			}
		}
		return len(m.SignIns) > 0
	})
}
