package unlock

import (
	"context"
	"time"

	"go.uber.org/zap"

	"latchkey/bot"
	"latchkey/flows"
)

// Reporter tells agents how far their reminders are: a direct message each,
// changed in place. Any number of replicas may report at once.
type Reporter struct {
	Jobs       bot.ReminderJobs
	Messengers map[string]flows.Messenger // by platform
	Log        *zap.Logger
}

// reportEvery is the pace at which one message is changed.
const reportEvery = 10 * time.Second

// Report tells what is due. A chat that is away makes it late; a person who is
// on no chat is told nothing.
func (r *Reporter) Report(ctx context.Context) error {
	due, err := r.Jobs.DueReports(ctx, reportEvery)
	if err != nil {
		return err
	}
	for _, j := range due {
		m := r.Messengers[j.Chat.Platform]
		card := j.Card
		if m != nil {
			card, err = m.Card(ctx, j.Chat, j.Card, cardReminders(j))
		}
		if err != nil && bot.KindOf(err) != bot.NotFound {
			r.Log.Warn("progress of reminders not told", zap.String("job", j.ID), zap.Error(err))
			continue
		}
		if err := r.Jobs.Reported(ctx, j.ID, card, j.How != ""); err != nil {
			return err
		}
	}
	return nil
}
