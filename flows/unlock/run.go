package unlock

import (
	"context"
	"sync"
	"time"

	"latchkey/bot"
	"latchkey/flows"
)

// what effects find
type (
	searchFound struct {
		bot.Found
		offset int
	}
	personFound struct{ bot.Person }
	caseFound   struct {
		Facts    bot.Facts
		Decision bot.Decision
		Others   []bot.Party // other agents who worked on the same person within the hour
	}
	verdictFound struct {
		bot.Verdict
		after caseFound // with Passed
	}
	answersFound struct {
		verdicts []answerVerdict
		after    caseFound // where all were judged
	}
	offersFound struct {
		c    caseFound
		rows []offerRow
	}
	historyFound struct {
		name    string
		store   string
		records []bot.Record
		refused bot.Reason
	}
)

// historyShown is how many records History shows, newest first.
const historyShown = 10

// Run does what an effect asks for, reading everything anew.
func (c *Conversation) Run(ctx context.Context, r flows.Record, h flows.Happening, e flows.Effect) (flows.Happening, error) {
	t := turn{r: r, h: h}
	if err := t.open(); err != nil {
		return h, err
	}
	switch e := e.(type) {
	case search:
		f, err := c.Desk.Find(ctx, h.Agent, e.search(e.offset, c.PageSize))
		return flows.Happening{Kind: found, Found: searchFound{f, e.offset}}, err
	case findAuthor:
		f, err := c.Desk.FindChatter(ctx, h.Agent, e.chat, e.search(0, c.PageSize))
		return flows.Happening{Kind: found, Found: searchFound{f, 0}}, err
	case introduce:
		p, err := c.Desk.Person(ctx, e.id)
		return flows.Happening{Kind: introduced, Found: personFound{p}}, err
	case readCase:
		f, err := c.read(ctx, t, e.proceed)
		if err == nil {
			err = c.recordRefusal(ctx, f)
		}
		return flows.Happening{Kind: caseRead, Found: f}, err
	case openType:
		f, err := c.Desk.Facts(ctx, t.kase(false))
		if err != nil {
			return h, err
		}
		o, err := c.Verifier.Open(ctx, f, e.t, !t.b.Begun)
		return flows.Happening{Kind: opened, Found: o}, err
	case verify:
		v, err := c.verify(ctx, t, e)
		return flows.Happening{Kind: judged, Found: v}, err
	case answers:
		v, err := c.answers(ctx, t, e)
		return flows.Happening{Kind: answered, Found: v}, err
	case clearLockout:
		why, err := c.keep(ctx, t, c.Keeper.ClearLockout)
		return flows.Happening{Kind: cleared, Found: why}, err
	case lift:
		why, err := c.keep(ctx, t, c.Keeper.Lift)
		return flows.Happening{Kind: lifted, Found: why}, err
	case countCrowd:
		f, err := c.countCrowd(ctx, t)
		return flows.Happening{Kind: crowdCounted, Found: f}, err
	case beginReminders:
		f, err := c.beginReminders(ctx, t, e)
		return flows.Happening{Kind: crowdCounted, Found: f}, err
	case stopReminders:
		j, err := c.Reminders.Stop(ctx, h.Agent.Account.ID)
		return flows.Happening{Kind: remindersStopped, Found: j}, err
	case readHeld:
		f, err := c.readHeld(ctx, t)
		return flows.Happening{Kind: heldRead, Found: f}, err
	case unenroll:
		why, err := c.unenroll(ctx, t, e.ids)
		return flows.Happening{Kind: unenrolled, Found: why}, err
	case offer:
		o, err := c.offer(ctx, e)
		return flows.Happening{Kind: offered, Found: o}, err
	case unlock:
		done, err := c.unlock(ctx, t, e)
		return flows.Happening{Kind: wrote, Found: done}, err
	case recall:
		f, err := c.recall(ctx, t)
		return flows.Happening{Kind: recalled, Found: f}, err
	case remind:
		f, err := c.Desk.Facts(ctx, t.kase(false))
		if err != nil {
			return h, err
		}
		done, err := c.Reminder.Remind(ctx, f)
		return flows.Happening{Kind: reminded, Found: done}, err
	}
	return h, bot.Ef(bot.Internal, "run effect", "no such effect %T", e)
}

// kase names the case of the record for the desk.
func (t *turn) kase(proceed bool) bot.Case {
	return bot.Case{
		Session: t.r.ID, Chat: t.r.Chat, Agent: t.r.Agent, Target: t.b.Target, Self: t.b.Self, Proceed: proceed,
		Client: bot.Client(t.r.Chat.Platform), Workspace: t.h.Event.Workspace,
	}
}

func (c *Conversation) read(ctx context.Context, t turn, proceed bool) (caseFound, error) {
	f, err := c.Desk.Facts(ctx, t.kase(proceed))
	if err != nil {
		return caseFound{}, err
	}
	found := caseFound{Facts: f, Decision: bot.Decide(f)}
	recent, err := c.Journal.History(ctx, bot.HistoryQuery{Accounts: f.Same, Since: f.Now.Add(-time.Hour), Limit: 50})
	if err != nil {
		return caseFound{}, err
	}
	found.Others = bot.OtherAgents(recent, f)
	return found, nil
}

func (c *Conversation) recordRefusal(ctx context.Context, f caseFound) error {
	if f.Decision.Page != bot.PageRefused || f.Decision.Refused == bot.NotLocked {
		return nil
	}
	return c.Journal.Append(ctx, bot.Refusal(f.Facts, c.Desk.NewID(), f.Decision.Refused))
}

func (c *Conversation) verify(ctx context.Context, t turn, e verify) (verdictFound, error) {
	f, err := c.Desk.Facts(ctx, t.kase(false))
	if err != nil {
		return verdictFound{}, err
	}
	v, err := c.Verifier.Verify(ctx, f, e.challenge, e.t, e.code)
	if err != nil || !v.Passed {
		return verdictFound{Verdict: v}, err
	}
	after, err := c.read(ctx, t, false)
	return verdictFound{v, after}, err
}

// keep does what lies in an agent's permissions beside unlocking.
func (c *Conversation) keep(ctx context.Context, t turn, do func(context.Context, bot.Facts) (bot.Reason, error)) (bot.Reason, error) {
	f, err := c.Desk.Facts(ctx, t.kase(false))
	if err != nil {
		return "", err
	}
	return do(ctx, f)
}

// answers judges each answer by itself, until a limit says that no other is.
func (c *Conversation) answers(ctx context.Context, t turn, e answers) (answersFound, error) {
	var found answersFound
	for _, a := range e.given {
		f, err := c.Desk.Facts(ctx, t.kase(false))
		if err != nil {
			return found, err
		}
		v, err := c.Verifier.VerifyAnswer(ctx, f, a.challenge, a.id, a.typed)
		if err != nil {
			return found, err
		}
		found.verdicts = append(found.verdicts, answerVerdict{a.id, v})
		if v.Refused != "" && v.Refused != bot.ChallengeOver {
			return found, nil
		}
	}
	var err error
	found.after, err = c.read(ctx, t, false)
	return found, err
}

func (c *Conversation) offer(ctx context.Context, e offer) (offersFound, error) {
	offers, err := c.Unlocker.Offer(ctx, e.c.Facts, e.c.Decision)
	found := offersFound{c: e.c}
	if err == nil && e.first && len(e.c.Decision.Verified) == 0 && len(e.c.Decision.Types) > 0 {
		err = c.Journal.Append(ctx, bot.Skipping(e.c.Facts, c.Desk.NewID()))
	}
	for _, o := range offers {
		found.rows = append(found.rows, offerRow{o.ID, o.Account})
	}
	return found, err
}

// unlock unlocks each ticked account by itself, side by side. An error of one
// is its own result; only where all fail before anything was written is it the
// effect's.
func (c *Conversation) unlock(ctx context.Context, t turn, e unlock) ([]bot.Done, error) {
	done := make([]bot.Done, len(e.rows))
	errs := make([]error, len(e.rows))
	var wait sync.WaitGroup
	for i, row := range e.rows {
		wait.Go(func() {
			done[i], errs[i] = c.Unlocker.Unlock(ctx, bot.Order{Case: t.kase(true), Offer: row.ID, Reason: e.reason, Ticket: e.ticket})
		})
	}
	wait.Wait()
	failed := 0
	for i, err := range errs {
		if err != nil {
			failed++
			done[i] = bot.Done{Account: bot.Account{ID: e.rows[i].Account}, Result: bot.NotApplied, Detail: sorry(err)}
		}
	}
	if failed == len(errs) {
		return nil, errs[0]
	}
	return done, nil
}

func (c *Conversation) recall(ctx context.Context, t turn) (historyFound, error) {
	f, err := c.Desk.Facts(ctx, t.kase(false))
	if err != nil {
		return historyFound{}, err
	}
	found := historyFound{name: f.Accounts[0].DisplayName, store: f.Target().Store}
	if found.refused = bot.MayViewHistory(f); found.refused != "" {
		return found, nil
	}
	found.records, err = c.Journal.History(ctx, bot.HistoryQuery{Accounts: bot.HistoryAccounts(f), Limit: historyShown})
	return found, err
}
