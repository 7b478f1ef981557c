package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Reminders reminds many people to enroll, one after the other, at a pace that
// the mail server bears. Any number of replicas may Step at once: who is
// mailed, and when, the ledger says.
type Reminders struct {
	Desk    *Desk
	Jobs    ReminderJobs
	Journal Journal
	Courier Courier // nil: no mail is configured
	// First reports whether the key is seen for the first time within life.
	First func(ctx context.Context, key string, life time.Duration) (bool, error)
	Pace  time.Duration // between two mails, of all jobs and replicas together
}

const (
	// MostReminded is how many people one job may be about.
	MostReminded = 20_000
	// remindTries is how often the mail server may say 'later' for one address.
	remindTries = 5
	// awayPause is the wait while the directory or Redis does not answer.
	awayPause = 30 * time.Second
	// The wait after the mail server's 'later', doubled each time in a row.
	firstPause, longestPause = 5 * time.Second, 15 * time.Minute
)

// ErrMaybeSent is the cause within an error of Courier.Deliver when the whole
// text was handed over and the answer to it never came.
var ErrMaybeSent = errMaybeSent{}

type errMaybeSent struct{}

func (errMaybeSent) Error() string { return "the text was handed over and not answered" }

// NoRemind is the refusal of an agent whose role lacks the permission remind.
const NoRemind Reason = "no_remind"

// MayRemind says why the agent may not remind anybody, or "".
func (a AgentFacts) MayRemind() Reason {
	if why := a.MayAct(); why != "" {
		return why
	}
	if !a.Role.Can(PermitRemind) {
		return NoRemind
	}
	return ""
}

// Crowd is who would be reminded.
type Crowd struct {
	IDs    []AccountID
	Cut    bool     // there are more than one job may be about
	Unread []string // stores that did not answer
}

// Crowd finds everybody of the search (of a store, where its text is empty)
// who lies within the agent's reach and is not enrolled with all that is
// wanted, each mail address once. Who is out of reach for another reason, or
// enrolled by a linked account, is left out when his turn comes.
func (m *Reminders) Crowd(ctx context.Context, agent AgentFacts, s Search, wanted []Type) (Crowd, error) {
	var out Crowd
	mailed := map[string]bool{}
	stores := agent.Role.ActsOn
	if len(s.Stores) > 0 {
		stores = slices.DeleteFunc(slices.Clone(stores), func(name string) bool { return !slices.Contains(s.Stores, name) })
	}
	for _, name := range stores {
		dir, err := m.Desk.directory(name)
		if err != nil {
			return Crowd{}, err
		}
		var all []Account
		hits, err := dir.Find(ctx, Query{Text: s.Text, Everybody: true, Limit: 1, Only: func(_ context.Context, matched []Account) (func(AccountID) bool, error) {
			all = slices.Clone(matched)
			return func(AccountID) bool { return false }, nil
		}})
		if KindOf(err) == Unavailable && len(stores) > 1 {
			out.Unread = append(out.Unread, name)
			continue
		}
		if err != nil {
			return Crowd{}, err
		}
		out.Cut = out.Cut || hits.Cut
		if err := m.gather(ctx, &out, mailed, agent, s.Enrollment, all, wanted); err != nil {
			return Crowd{}, err
		}
	}
	if len(out.Unread) > 0 && len(out.Unread) == len(stores) {
		return Crowd{}, E(Unavailable, "find whom to remind", nil)
	}
	return out, nil
}

func (m *Reminders) gather(ctx context.Context, out *Crowd, mailed map[string]bool, agent AgentFacts, filter EnrollmentFilter, all []Account, wanted []Type) error {
	const atOnce = 500
	for some := range slices.Chunk(all, atOnce) {
		ids := make([]AccountID, len(some))
		for i, a := range some {
			ids[i] = a.ID
		}
		es, err := m.Desk.Records.Enrollments(ctx, ids)
		if err != nil {
			return err
		}
		has := map[AccountID][]Type{}
		for _, e := range es {
			has[e.Account] = append(has[e.Account], e.Type)
		}
		for _, a := range some {
			mail := strings.ToLower(a.Mail)
			switch {
			case agent.Is(a.ID), !m.Desk.Policy.within(agent.Role, a), enough(has[a.ID], wanted):
			case !filter.isZero() && !filter.keeps(has[a.ID]):
			case mail != "" && mailed[mail]:
			case len(out.IDs) >= MostReminded:
				out.Cut = true
			default:
				mailed[mail] = mail != ""
				out.IDs = append(out.IDs, a.ID)
			}
		}
	}
	return nil
}

// lacks gives the wanted types that are not there.
func lacks(has, wanted []Type) []Type {
	return slices.DeleteFunc(slices.Clone(wanted), func(t Type) bool { return slices.Contains(has, t) })
}

// enough reports whether the person has what is wanted: all of it, or, where
// nothing is named, anything.
func enough(has, wanted []Type) bool {
	return len(lacks(has, wanted)) == 0 && (len(wanted) > 0 || len(has) > 0)
}

// Begin begins a job. query says in words whom it is about. Denied: the agent
// may not. Conflict: a job of his runs already.
func (m *Reminders) Begin(ctx context.Context, agent AgentFacts, c Case, query string, wanted []Type, who []AccountID) error {
	const op = "begin reminders"
	if why := agent.MayRemind(); why != "" {
		return E(Denied, op+": "+string(why), nil)
	}
	if m.Courier == nil {
		return Ef(Unavailable, op, "No mail server is configured, so nobody can be reminded.")
	}
	if len(who) == 0 || len(who) > MostReminded {
		return Ef(Invalid, op, "Reminders go to 1 to %s people at once.", Thousands(MostReminded))
	}
	f := Facts{Now: m.Desk.Now(), Agent: agent, Case: c}
	r := f.record(m.Desk.NewID(), ActionRemindMany, StatusAsked)
	r.Types, r.Detail = wanted, Thousands(len(who))+" people "+query
	return m.Jobs.BeginReminders(ctx, ReminderJob{ID: r.ID, Agent: agent.Account.ID, Chat: c.Chat, Record: r, Types: wanted}, who)
}

// Stop ends the agent's job, and gives how far it had come. NotFound: none runs.
func (m *Reminders) Stop(ctx context.Context, agent AccountID) (ReminderJob, error) {
	j, err := m.Jobs.RunningReminders(ctx, agent)
	if err != nil {
		return ReminderJob{}, err
	}
	return j, m.end(ctx, j, JobStopped)
}

func (m *Reminders) end(ctx context.Context, j ReminderJob, how JobEnd) error {
	r := j.Record
	r.Seq, r.ID, r.At, r.Status = 0, m.Desk.NewID(), m.Desk.Now(), StatusSuccess
	switch how {
	case JobStopped:
		r.Status, r.Detail = StatusFailure, r.Detail+"; stopped"
	case JobNoAgent:
		r.Status, r.Detail = StatusFailure, r.Detail+"; stopped, since the agent may remind nobody any more"
	}
	return m.Jobs.EndReminders(ctx, j.ID, how, r)
}

// Step reminds at most one person, and says how long to wait before the next
// step; 0: nothing runs. Conflicts with other replicas are no errors.
func (m *Reminders) Step(ctx context.Context) (wait time.Duration, err error) {
	if m.Courier == nil {
		return 0, nil
	}
	turn, wait, ok, err := m.Jobs.TakeReminder(ctx, m.Pace)
	if err != nil || !ok {
		return wait, err
	}
	if turn.Account.IsZero() {
		err = m.end(ctx, turn.Job, JobDone)
	} else {
		err = m.remind(ctx, turn)
	}
	if KindOf(err) == Conflict {
		err = nil
	}
	return time.Millisecond, err
}

func (m *Reminders) remind(ctx context.Context, turn ReminderTurn) error {
	f, err := m.Desk.Facts(ctx, Case{Chat: turn.Job.Chat, Agent: turn.Job.Agent, Target: turn.Account,
		Session: turn.Job.ID, Client: turn.Job.Record.Client, Workspace: turn.Job.Record.Workspace})
	switch kind := KindOf(err); {
	case kind == NotFound:
		return m.Jobs.SettleReminder(ctx, turn, RemindLeftOut)
	case kind == Denied, kind == "" && f.Agent.MayRemind() != "":
		if err := m.Jobs.PutOffReminder(ctx, turn, 0, false); err != nil {
			return err
		}
		return m.end(ctx, turn.Job, JobNoAgent)
	case kind != "":
		return errors.Join(err, m.Jobs.PutOffReminder(ctx, turn, awayPause, false))
	}
	became, missing, err := m.judge(ctx, turn, f)
	if err != nil {
		return errors.Join(err, m.Jobs.PutOffReminder(ctx, turn, awayPause, false))
	}
	if became != "" {
		return m.Jobs.SettleReminder(ctx, turn, became)
	}
	return m.send(ctx, turn, f, missing)
}

// judge says what becomes of somebody who is sent no mail, or "" and what he lacks.
func (m *Reminders) judge(ctx context.Context, turn ReminderTurn, f Facts) (ReminderState, []Type, error) {
	a := f.Accounts[0]
	types, err := m.Desk.enrolledWith(ctx, []Account{a.Account})
	if err != nil {
		return "", nil, err
	}
	switch {
	case a.Disabled, a.Expired, reach(f, a) != "":
		return RemindLeftOut, nil, nil
	case enough(types[a.ID], turn.Job.Types):
		return RemindEnrolled, nil, nil
	case a.Mail == "":
		return RemindNoMail, nil, nil
	}
	recent, err := remindedSince(ctx, m.Journal, a.ID, f.Now.Add(-24*time.Hour))
	if err != nil || recent {
		return RemindRecent, nil, err
	}
	if m.First != nil {
		first, err := m.First(ctx, "remind:"+a.ID.String(), reminding)
		if err != nil || !first && turn.Tries == 1 { // a later try is our own
			return RemindRecent, nil, err
		}
	}
	return "", lacks(types[a.ID], turn.Job.Types), nil
}

func (m *Reminders) send(ctx context.Context, turn ReminderTurn, f Facts, missing []Type) error {
	a := f.Accounts[0].Account
	err := m.Courier.Deliver(ctx, a.Mail, "Please enroll for the helpdesk", remindersText(a, missing))
	kind, stopping := KindOf(err), ctx.Err() != nil
	// What was done is written also where this process is about to stop.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	switch {
	case err == nil:
		r := f.record(m.Desk.NewID(), ActionRemind, StatusSuccess)
		r.Operation, r.Types = turn.Job.ID, missing
		return m.Jobs.SettleReminder(ctx, turn, RemindSent, r)
	case errors.Is(err, ErrMaybeSent), kind == Internal:
		return m.Jobs.SettleReminder(ctx, turn, RemindUnknown)
	case err != nil && stopping: // it was not the mail server that said no
		return m.Jobs.PutOffReminder(ctx, turn, 0, false)
	case kind == NotFound, kind == Invalid, turn.Tries >= remindTries:
		return m.Jobs.SettleReminder(ctx, turn, RemindRefused)
	}
	return m.Jobs.PutOffReminder(ctx, turn, min(firstPause<<min(turn.Waits, 10), longestPause), true)
}

// remindedSince reports whether the account was sent a reminder.
func remindedSince(ctx context.Context, j Journal, id AccountID, since time.Time) (bool, error) {
	recent, err := j.History(ctx, HistoryQuery{Accounts: []AccountID{id}, Since: since, Limit: 1000})
	return slices.ContainsFunc(recent, func(h Record) bool {
		return h.Action == ActionRemind && h.Status == StatusSuccess && h.Target.Account == id
	}), err
}

func remindersText(a Account, missing []Type) string {
	if len(missing) == 0 {
		return reminderText(a)
	}
	names := make([]string, len(missing))
	for i, t := range missing {
		names[i] = t.Name()
	}
	return fmt.Sprintf(`Hello %s,

you are not enrolled yet with: %s. Without that the helpdesk cannot prove that a caller is you, and may not be able to unlock your account. Type /unlock enroll in the chat, or ask your administrator how to enroll.
`, Line(a.DisplayName), strings.Join(names, ", "))
}
