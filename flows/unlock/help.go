package unlock

import "latchkey/flows"

// Help is the answer to /unlock help: a few lines, each an example.
func Help() flows.Page {
	return flows.Page{ID: "help", Title: "Help", Blocks: []flows.Block{
		say("help.head", flows.Heading, "Unlock accounts"),
		say("help.form", flows.Plain, "/unlock opens a form that asks who it is."),
		say("help.who", flows.Plain, "/unlock mei goes straight to the person: part of a first, last, display or login name, or of a mail address."),
		say("help.history", flows.Plain, "/unlock history mei shows what was done to and by that person."),
		say("help.locked", flows.Plain, "/unlock locked lists who is locked now, within your reach."),
		say("help.me", flows.Plain, "/unlock me unlocks your own account, and /unlock enroll shows what you are enrolled with."),
		say("help.narrow", flows.Plain, "/unlock in:corp mei searches one identity store; with:email and without:email ask for an enrollment."),
		say("help.remind", flows.Plain, "/unlock remind without:email reminds everybody by mail who is not enrolled with it, after saying how many that are."),
		say("help.login", flows.Plain, "/unlock who:help finds a person whose name is one of these commands."),
		say("help.again", flows.Plain, "A case whose dialog was closed goes on with the same /unlock, or from its card in your direct messages."),
		say("help.secret", flows.Note, "Codes are typed into the dialog only. Never write one into a message."),
	}}
}

// Waiting is what stands in the dialog while work goes on.
func Waiting(k flows.EventKind) flows.Page {
	title, text := "Unlock account", "Working …"
	switch k {
	case flows.Begin, flows.BeginHistory, flows.BeginLocked, flows.BeginAuthor, flows.Search, flows.More, flows.Previous, flows.Pick,
		flows.Confirm, flows.Resume, flows.BeginMe, flows.BeginEnroll:
		text = "Looking up …"
	case flows.Answer, flows.NotMe:
		title, text = "Helpdesk", "One moment …"
	case flows.Verify, flows.Next, flows.Skip, flows.Overview, flows.Back:
		title, text = "Authenticate", "Checking …"
	case flows.SendCode:
		title, text = "Authenticate", "Sending the code … This takes up to ten seconds."
	case flows.BeginRemind, flows.RemindMany, flows.CountCrowd:
		title, text = "Remind to enroll", "Counting … In a large directory this takes some seconds."
	case flows.StopReminders:
		title, text = "Remind to enroll", "Stopping …"
	case flows.OpenUnenroll, flows.Unenroll:
		title, text = "Unenroll", "Checking …"
	case flows.Unlock:
		title, text = "Unlock", "Unlocking …"
	}
	return flows.Page{ID: "waiting", Title: title, Close: "Close", Blocks: []flows.Block{say("waiting", flows.Plain, text)}}
}
