package unlock

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/bot"
	"latchkey/flows"
)

// remindButtons lead from the hits of a search for people who are not enrolled
// to reminders for all of them.
func remindButtons(role *bot.Role, l looked) []flows.Button {
	if l.Locked || !l.Enrollment.Not || !role.Can(bot.PermitRemind) {
		return nil
	}
	return []flows.Button{{Kind: flows.RemindMany, Label: "Remind all of them", Name: "Remind everybody who was found to enroll"}}
}

// pageRemind asks what the people are to enroll with.
func (t *turn) pageRemind(why flows.Words) flows.Page {
	wanted := t.b.Wanted
	if len(wanted) == 0 && t.b.Looked.Enrollment.Type != "" {
		wanted = []bot.Type{t.b.Looked.Enrollment.Type}
	}
	return pageRemind(t.b.Looked, wanted, t.h.Agent.Role.ActsOn, len(t.b.Hits) > 0, why)
}

func pageRemind(l looked, wanted []bot.Type, stores []string, back bool, why flows.Words) flows.Page {
	p := flows.Page{ID: "remind", Title: "Remind to enroll", Close: "Cancel", Submit: &flows.Button{Kind: flows.CountCrowd, Label: "Count"}}
	if why != nil {
		p.Blocks = append(p.Blocks, say("remind.why", flows.Warning, why))
	}
	p.Blocks = append(p.Blocks, say("remind.who", flows.Plain, "Everybody ", crowdWords(l, stores),
		" who lacks one of these types is sent a mail that names it. Counting comes first: nothing is sent yet."))
	choices := flows.Choices{Field: fieldTypes, Label: "What they should enroll with"}
	for i, kind := range wantable() {
		choices.Options = append(choices.Options, flows.Option{Row: i, Label: capital(kind.Name()), Checked: slices.Contains(wanted, kind)})
	}
	p.Blocks = append(p.Blocks, flows.Block{Choices: &choices})
	if back {
		p.Blocks = append(p.Blocks, flows.Block{Buttons: []flows.Button{{Kind: flows.Back, Label: "Back"}}})
	}
	return p
}

// crowdWords say whom a search is about, also where it names nobody.
func crowdWords(l looked, stores []string) string {
	if l.Store == "" && len(stores) > 0 {
		l.Store = flows.Join(stores)
	}
	return "within your reach " + l.words()
}

// pageRemindConfirm says how many it is before anything is sent.
func pageRemindConfirm(f crowdFound, l looked, wanted []bot.Type, pace time.Duration) flows.Page {
	p := flows.Page{ID: "remind_confirm", Title: "Remind to enroll", Close: "Cancel"}
	var buttons []flows.Button
	switch {
	case f.n == 0:
		p.Blocks = append(p.Blocks, say("remind_confirm.nobody", flows.Plain, "There is nobody to remind."))
	default:
		p.Blocks = append(p.Blocks,
			say("remind_confirm.count", flows.Warning, people(f.n), " will be sent a mail that asks them to enroll with ", flows.TypeNames(wanted), "."),
			say("remind_confirm.how", flows.Plain, fmt.Sprintf("One mail goes every %s, so it takes at least %s. ", pace, takes(f.n, pace).Round(time.Second)),
				"Who was reminded within a day, is enrolled by then, has no mail address or is out of your reach is left out and counted. "+
					"How far it is stands in your direct messages, where you can stop it. History keeps who was reminded, and by whom."))
		buttons = append(buttons, flows.Button{Kind: flows.Confirm, Label: "Send reminders", Name: "Send the reminders to " + people(f.n), Style: flows.StyleDanger})
	}
	if f.cut {
		p.Blocks = append(p.Blocks, say("remind_confirm.cut", flows.Warning, "More match than the directory lists, or than one round may be about. Narrow the search down for the others."))
	}
	if len(f.unread) > 0 {
		p.Blocks = append(p.Blocks, say("remind_confirm.unread", flows.Warning, unread(f.unread)))
	}
	p.Blocks = append(p.Blocks, flows.Block{Buttons: append(buttons, flows.Button{Kind: flows.Back, Label: "Back"})})
	return p
}

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return bot.Thousands(n) + " people"
}

func pageReminding(n int, pace time.Duration) flows.Page {
	return flows.Page{ID: "reminding", Title: "Remind to enroll", Close: "Close", Blocks: []flows.Block{
		say("reminding", flows.Good, "Reminders to ", people(n), " have begun. It takes at least ", takes(n, pace).Round(time.Second).String(),
			". How far it is stands in your direct messages."),
	}}
}

func pageNotReminded(why string) flows.Page {
	return flows.Page{ID: "not_reminded", Title: "Remind to enroll", Close: "Close", Blocks: []flows.Block{say("not_reminded", flows.Bad, why)}}
}

func pageRemindersStopped(j bot.ReminderJob) flows.Page {
	return flows.Page{ID: "reminders_stopped", Title: "Remind to enroll", Close: "Close", Blocks: []flows.Block{
		say("reminders_stopped", flows.Good, "Stopped: ", j.Counts.String(), ". A mail that was on its way just then may still arrive; nobody else is reminded."),
	}}
}

// cardReminders is the agent's progress line, and, at last, the report.
func cardReminders(j bot.ReminderJob) flows.Page {
	p := flows.Page{ID: "reminders", Title: "Reminders to enroll"}
	about := j.Record.Detail
	counts := j.Counts.String()
	switch j.How {
	case "":
		p.Blocks = append(p.Blocks, say("reminders.running", flows.Plain, counts, ". To be looked at: ", bot.Thousands(j.Counts.Left()), "."))
		if !j.Until.IsZero() {
			p.Blocks = append(p.Blocks, say("reminders.waits", flows.Warning, "The mail server asks to wait until ", j.Until, "."))
		}
	case bot.JobDone:
		p.Blocks = append(p.Blocks, say("reminders.done", flows.Good, "Done: ", counts, "."))
	case bot.JobStopped:
		p.Blocks = append(p.Blocks, say("reminders.stopped", flows.Warning, "Stopped by you: ", counts, ". Nobody else is reminded."))
	default:
		p.Blocks = append(p.Blocks, say("reminders.ended", flows.Bad, "Stopped, because you may remind nobody any more: ", counts, "."))
	}
	if n := j.Counts[bot.RemindUnknown]; n > 0 {
		p.Blocks = append(p.Blocks, say("reminders.unknown", flows.Note, "Not known means that the mail server or Latchkey went away in between: those people may have been sent the mail, and are not sent another."))
	}
	p.Blocks = append(p.Blocks, say("reminders.about", flows.Note, "About ", strings.TrimSpace(about), ", with ", flows.TypeNames(j.Types), "."))
	if j.How == "" {
		p.Blocks = append(p.Blocks, flows.Block{Buttons: []flows.Button{{Kind: flows.StopReminders, Label: "Stop", Name: "Stop the reminders", Style: flows.StyleDanger,
			Confirm: &flows.Confirmation{Title: "Stop the reminders?", Text: "Who has been sent one keeps it. Nobody else is reminded.", Yes: "Stop", No: "Go on"}}}})
	}
	return p
}
