package teams_test

import (
	"time"

	"latchkey/adapters/playground"
	"latchkey/adapters/playground/teams"
)

// screen is what a person does before either stand-in's screen: what one
// script over both may call.
type screen interface {
	Text() string
	Until(words ...string) error
	Buttons() []string
	Fields() []string
	Click(label string) error
	ClickTwice(label string) error
	ClickAtOnce(label string, n int) error
	Confirmation(label string) (string, error)
	Link(label string) (string, error)
	Type(label, value string) error
	Tick(option string) error
	Untick(option string) error
	Select(label, option string) error
	Choices(label string) ([]string, error)
	Chosen(label string) (string, error)
}

// window is a modal of Slack or a dialog of Teams.
type window interface {
	screen
	Title() string
	SubmitLabel() string
	Submit() error
	SubmitAtOnce(n int) error
	Errors() map[string]string
	Open() bool
	Close() error
	Dismiss() error
}

// message is a message of either.
type message interface {
	screen
	Notification() string
	Thread() string
	Ephemeral() bool
	Edited() bool
	Shortcut(title string) error
}

// person is what does not depend on the types of a stand-in.
type person[P, V, M, R any] interface {
	ID() string
	In(channel string) P
	Within(patience time.Duration) P
	Say(line string) error
	Write(line string) (M, error)
	Modal(words ...string) (V, error)
	NoModal() error
	OpenHome() error
	Shortcut(title string) error
	Room() R
	DM() R
}

// world is the service itself.
type world[P, R any] interface {
	As(user string) P
	Channel(id string) R
	Problems() []string
	TakeProblems() []string
	Eventually(check func() bool) bool
	SetBotURL(base string)
	Close() error
}

var (
	_ window = (*playground.View)(nil)
	_ window = (*teams.View)(nil)

	_ message = (*playground.Message)(nil)
	_ message = (*teams.Message)(nil)

	_ person[*playground.Person, *playground.View, *playground.Message, *playground.Room] = (*playground.Person)(nil)
	_ person[*teams.Person, *teams.View, *teams.Message, *teams.Room]                     = (*teams.Person)(nil)

	_ world[*playground.Person, *playground.Room] = (*playground.Workspace)(nil)
	_ world[*teams.Person, *teams.Room]           = (*teams.Tenant)(nil)
)
