package bot

import (
	"context"
	"fmt"
	"time"
)

// Reminder asks a user by mail to enroll.
type Reminder struct {
	Journal Journal
	Courier Courier // nil: no mail is configured
	NewID   func() string
	// First reports whether the key is seen for the first time within life.
	// With it, of many reminders at once one is sent. nil: not asked.
	First func(ctx context.Context, key string, life time.Duration) (bool, error)
}

// reminding is how long one reminder may be under way.
const reminding = time.Minute

// Reminded says what became of a reminder.
type Reminded string

// What a reminder can come to.
const (
	ReminderSent     Reminded = "sent"
	ReminderRecent   Reminded = "recent"  // one was sent within the hour
	ReminderNoMail   Reminded = "no_mail" // the directory has no mail address, or no mail is configured
	ReminderNotYours Reminded = "no_permission"
)

// Remind sends one reminder to the picked account's mail address, at most one
// an hour, whoever asks.
func (r *Reminder) Remind(ctx context.Context, f Facts) (Reminded, error) {
	target := f.Accounts[0].Account
	switch {
	case !f.Agent.Role.Can(PermitRemind) || reach(f, f.Accounts[0]) != "":
		return ReminderNotYours, nil
	case target.Mail == "" || r.Courier == nil:
		return ReminderNoMail, nil
	}
	recent, err := remindedSince(ctx, r.Journal, target.ID, f.Now.Add(-time.Hour))
	if err != nil {
		return "", err
	}
	if recent {
		return ReminderRecent, nil
	}
	if err := r.claim(ctx, target.ID); err != nil {
		return "", err
	}
	if err := r.Courier.Deliver(ctx, target.Mail, "Please enroll for the helpdesk", reminderText(target)); err != nil {
		return "", err
	}
	return ReminderSent, r.Journal.Append(ctx, f.record(r.NewID(), ActionRemind, StatusSuccess))
}

// claim keeps others from sending the same reminder until it is on record.
func (r *Reminder) claim(ctx context.Context, id AccountID) error {
	if r.First == nil {
		return nil
	}
	first, err := r.First(ctx, "remind:"+id.String(), reminding)
	if err != nil || first {
		return err
	}
	return &Error{Kind: Throttled, Op: "remind", RetryAfter: reminding, Text: "A reminder to this user is being sent just now."}
}

func reminderText(a Account) string {
	return fmt.Sprintf(`Hello %s,

you are not enrolled yet, or not with enough authentication types. Without them the helpdesk cannot prove that a caller is you, and cannot unlock your account. Ask your administrator how to enroll.
`, Line(a.DisplayName))
}
