package demo

import (
	"fmt"

	"latchkey/adapters/playground"
)

// helpdesk is the channel where people ask for help: a message of each kind of
// author to try the message shortcut on.
const helpdesk = "C0HELPDESK"

// channels are those of the workspace.
func channels() []playground.Channel {
	return []playground.Channel{
		{ID: helpdesk, Name: "helpdesk", Topic: "Ask here when you cannot work"},
		{ID: audit, Name: "unlock-audit", Topic: "Every result is told here"},
	}
}

// askers write in the channel and are nobody whom one can be on the page.
func askers() []playground.User {
	return []playground.User{
		{ID: "U0GUEST", Name: "gwen", RealName: "Gwen Ashby", Email: "gwen@agency.example", IsRestricted: true},
		{ID: "U0STRANGER", Name: "sam", RealName: "Sam Okafor", Email: "sam@initech.example", IsStranger: true, TeamID: "T0INITECH"},
	}
}

// ask writes what stands in the channel when the demo begins.
func ask(slack *playground.Workspace) error {
	for _, m := range []struct{ user, text string }{
		{"U0STRANGER", "Hello from Initech. Who looks after the shared portal?"},
		{"U0GUEST", "My guest account says no since this morning."},
		{"", "print01: the disk is 91 % full"},
		{"U0TOM", "My screen says that I am locked out. What now?"},
		{"U0MEI", "Same here, too many attempts with the new keyboard. I am on my phone and will call you."},
	} {
		var err error
		if m.user == "" {
			err = slack.WriteWebhook(helpdesk, "Monitoring", m.text)
		} else {
			_, err = slack.As(m.user).In(helpdesk).Write(m.text)
		}
		if err != nil {
			return fmt.Errorf("fill the channel %s: %w", helpdesk, err)
		}
	}
	return nil
}
