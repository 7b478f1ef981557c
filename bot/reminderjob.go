package bot

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// ReminderJob is an agent's order to remind many people to enroll.
type ReminderJob struct {
	ID     string
	Agent  AccountID
	Chat   Chatter
	Record Record // of history, with which it began: who, what was searched for, which types
	Types  []Type // wanted; none: any
	Began  time.Time
	Ended  time.Time // zero: it runs
	How    JobEnd    // "" while it runs
	Card   string    // the adapter's reference of the agent's progress line
	Counts JobCounts
	Until  time.Time // the mail server asks to wait until then; zero: it does not
}

// JobEnd says how a job of reminders ended.
type JobEnd string

// The ends.
const (
	JobDone    JobEnd = "done"
	JobStopped JobEnd = "stopped"       // by its agent
	JobNoAgent JobEnd = "agent_may_not" // its agent may no longer remind anybody
)

// ReminderState is what became of one person of a job.
type ReminderState string

// The states. Who is taken is about to be sent a mail; who is taken and not
// settled within the lease is unknown, and never sent another.
const (
	RemindWaiting  ReminderState = "waiting"
	RemindTaken    ReminderState = "taken"
	RemindSent     ReminderState = "sent"
	RemindRefused  ReminderState = "refused"  // the mail server takes nothing for this address
	RemindUnknown  ReminderState = "unknown"  // the mail may have been sent
	RemindNoMail   ReminderState = "no_mail"  // the directory has no mail address
	RemindRecent   ReminderState = "recent"   // reminded within the last day
	RemindEnrolled ReminderState = "enrolled" // with all that is wanted
	RemindLeftOut  ReminderState = "left_out" // gone, disabled, or not within the agent's reach
)

// JobCounts say how far a job is.
type JobCounts map[ReminderState]int

// Total is how many people the job is about.
func (c JobCounts) Total() (n int) {
	for _, some := range c {
		n += some
	}
	return n
}

// Left is how many have not been looked at.
func (c JobCounts) Left() int { return c[RemindWaiting] + c[RemindTaken] }

// String says it in words: '312 of 10,000 reminded, 4 refused'.
func (c JobCounts) String() string {
	parts := []string{Thousands(c[RemindSent]) + " of " + Thousands(c.Total()) + " reminded"}
	add := func(n int, words string) {
		if n > 0 {
			parts = append(parts, Thousands(n)+" "+words)
		}
	}
	add(c[RemindRefused], "refused by the mail server")
	add(c[RemindNoMail], "without a mail address")
	add(c[RemindRecent], "reminded within a day already")
	add(c[RemindEnrolled], "enrolled meanwhile")
	add(c[RemindLeftOut], "gone, disabled or out of reach")
	add(c[RemindUnknown], "not known to be sent or not")
	return strings.Join(parts, ", ")
}

// Thousands writes a number with a comma before each three digits.
func Thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// ReminderTurn is one person who is to be reminded now.
type ReminderTurn struct {
	Job     ReminderJob // without counts
	N       int         // of the person in the job
	Account AccountID   // zero: nobody of the job is left, and it is to be ended
	Taken   time.Time   // with N the name of this turn
	Tries   int         // this one too
	Waits   int         // how often in a row the mail server has asked to wait
}

// ReminderJobs keeps jobs of reminders, so that any replica goes on with them
// where another stopped.
type ReminderJobs interface {
	// BeginReminders writes a job with its people and its history record.
	// Conflict: the agent has one that runs.
	BeginReminders(ctx context.Context, j ReminderJob, who []AccountID) error
	// RunningReminders gives the agent's job that runs, with counts; NotFound.
	RunningReminders(ctx context.Context, agent AccountID) (ReminderJob, error)
	// TakeReminder takes the next person, whoever asks: none sooner than pace
	// after the one before. ok is false where nobody is to be reminded now; wait
	// then says when to ask again, 0: nothing runs.
	TakeReminder(ctx context.Context, pace time.Duration) (turn ReminderTurn, wait time.Duration, ok bool, err error)
	// SettleReminder writes what became of a turn, with history records. What
	// needed no mail lets the next go at once.
	SettleReminder(ctx context.Context, t ReminderTurn, became ReminderState, records ...Record) error
	// PutOffReminder gives a turn back, because the mail was certainly not
	// taken. No other of any job is taken before wait is over. asked: it was the
	// mail server that asked to wait, and it counts as a try.
	PutOffReminder(ctx context.Context, t ReminderTurn, wait time.Duration, asked bool) error
	// EndReminders ends a job with a history record, whose Detail gets the
	// counts. Conflict: it has ended.
	EndReminders(ctx context.Context, id string, how JobEnd, r Record) error
	// DueReports gives jobs whose agents are to be told how far they are: those
	// that run, each at most once in so long a time, and those that have ended,
	// until they are Reported.
	DueReports(ctx context.Context, every time.Duration) ([]ReminderJob, error)
	// Reported keeps the reference of the progress line; last: it says how the job ended.
	Reported(ctx context.Context, id, card string, last bool) error
}
