package e2e

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/adapters/playground"
	"latchkey/adapters/playground/teams"
)

// seat is a person before her chat, Slack's or Teams'. A story that acts
// through it plays over both.
type seat interface {
	Say(line string) error // as it is typed in Slack: /unlock and what follows
	Modal(words ...string) (dialog, error)
	ModalWhere(what string, fits func(dialog) bool) (dialog, error)
	NoModal() error
	Open() []dialog // the dialogs on the screen, the uppermost last
	Clear() error   // closes them
	OpenHome() error
	Home(words ...string) (screen, error)
	Room() room
	DM() room
	In(channel string) seat
	Within(patience time.Duration) seat
	Write(line string) error
}

// screen is what both a dialog and a message are.
type screen interface {
	Text() string
	Until(words ...string) error
	Buttons() []string
	Click(label string) error
	Link(label string) (string, error)
}

// dialog is an open modal of Slack's, or a task module of Teams'.
type dialog interface {
	screen
	Type(label, value string) error
	Tick(option string) error
	Select(label, option string) error
	Chosen(label string) (string, error)
	Errors() map[string]string
	Submit() error
	SubmitAtOnce(n int) error
	Close() error
}

// message is one in a room, as one person sees it.
type message interface {
	screen
	Shortcut(name string) error
}

// room is a conversation as one person sees it.
type room interface {
	Text() string
	Message(words ...string) (message, error)
}

// overTeams reports whether a story is played in Teams. The stories themselves
// know nothing of it.
func overTeams(name string) bool { return strings.HasPrefix(name, "TestStoriesInTeams/") }

// as puts somebody in front of her chat.
func (s *stage) as(p person) seat {
	if overTeams(s.t.Name()) {
		return teamsSeat{s.teams.As(s.ids[p.login])}
	}
	return slackSeat{s.atSlack(p)}
}

// auditRoom is the chat's audit channel, as nobody in particular sees it.
func (s *stage) auditRoom() room {
	if overTeams(s.t.Name()) {
		return teamsRoom{s.teams.Channel(teamsAudit)}
	}
	return slackRoom{s.slack.Channel(audit)}
}

// bind binds somebody who need be no agent to his account in corp.
func (s *stage) bind(p person) {
	s.t.Helper()
	chat, id := "slack", p.slack
	if overTeams(s.t.Name()) {
		chat, id = "teams", s.ids[p.login]
	}
	must(s.t, "people", "bind", "--config", s.bot.config, "--chat", chat, "--id", id, "--store", "corp", "--user", p.login)
}

// resume goes back to a case whose dialog the agent has closed. Slack tells the
// bot, which says where the case is; Teams does not, and Home leads there.
func (s *stage) resume(agent seat, user person) {
	s.t.Helper()
	if overTeams(s.t.Name()) {
		s.ok(agent.OpenHome())
		home, err := agent.Home(user.name + " in corp")
		s.ok(err)
		s.ok(home.Click("Continue the case of " + user.name))
		return
	}
	card, err := agent.DM().Message("Your case of " + user.name + " in corp is still open")
	s.ok(err)
	s.ok(card.Click("Continue"))
}

type slackSeat struct{ *playground.Person }

// slackView is a dialog as Slack's own: its requests can be had before they are sent.
func slackView(d dialog) *playground.View { return d.(*playground.View) }

func (p slackSeat) Modal(words ...string) (dialog, error) { return p.Person.Modal(words...) }

func (p slackSeat) ModalWhere(what string, fits func(dialog) bool) (dialog, error) {
	return p.Person.ModalWhere(what, func(v *playground.View) bool { return fits(v) })
}

func (p slackSeat) Open() (all []dialog) {
	for _, v := range p.Modals() {
		all = append(all, v)
	}
	return all
}

func (p slackSeat) Clear() error { return closed(p.Open()) }

// closed closes dialogs.
func closed(all []dialog) error {
	for _, v := range all {
		if err := v.Close(); err != nil {
			return err
		}
	}
	return nil
}

func (p slackSeat) Home(words ...string) (screen, error) { return p.Person.Home(words...) }
func (p slackSeat) Room() room                           { return slackRoom{p.Person.Room()} }
func (p slackSeat) DM() room                             { return slackRoom{p.Person.DM()} }
func (p slackSeat) In(channel string) seat               { return slackSeat{p.Person.In(channel)} }
func (p slackSeat) Within(d time.Duration) seat          { return slackSeat{p.Person.Within(d)} }

func (p slackSeat) Write(line string) error {
	_, err := p.Person.Write(line)
	return err
}

type slackRoom struct{ *playground.Room }

func (r slackRoom) Message(words ...string) (message, error) { return r.Room.Message(words...) }

type teamsSeat struct{ *teams.Person }

// reaction is how long a person waits for an answer to a line.
const reaction = 15 * time.Second

// Say types a line and presses the button of the answer: a line opens no
// dialog in Teams. An answer without one is left as it is.
func (p teamsSeat) Say(line string) error {
	if err := p.Clear(); err != nil {
		return err
	}
	before := map[string]bool{}
	for _, m := range p.Person.Room().Messages() {
		before[m.ID()] = true
	}
	if err := p.Person.Say(strings.TrimPrefix(line, "/")); err != nil {
		return err
	}
	var way *teams.Message
	var answered time.Time
	eventually(reaction, func() bool {
		for _, m := range p.Person.Room().Messages() {
			switch {
			case before[m.ID()] || m.By() != "":
			case slices.Equal(m.Buttons(), []string{"Open"}):
				way = m
			case answered.IsZero():
				answered = time.Now()
			}
		}
		return way != nil || !answered.IsZero() && time.Since(answered) > time.Second
	})
	switch {
	case way != nil:
		return way.Click("Open")
	case answered.IsZero():
		return fmt.Errorf("%q was not answered within %s; the room reads:\n%s", line, reaction, p.Person.Room().Text())
	}
	return nil
}

func (p teamsSeat) Modal(words ...string) (dialog, error) {
	return p.ModalWhere(fmt.Sprintf("that says %q", words), func(v dialog) bool {
		return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(v.Text(), w) })
	})
}

// ModalWhere waits as a user of Teams does: no bot changes an open dialog there,
// so its button Refresh is pressed now and then.
func (p teamsSeat) ModalWhere(what string, fits func(dialog) bool) (dialog, error) {
	shows := func(v *teams.View) bool { return fits(v) }
	last := time.Now()
	for begun := time.Now(); time.Since(begun) < p.Patience(); {
		if v, err := p.Person.Within(300*time.Millisecond).ModalWhere(what, shows); err == nil {
			return teamsDialog{v, p}, nil
		}
		if v, open := p.Dialog(); open && slices.Contains(v.Buttons(), "Refresh") && time.Since(last) > time.Second {
			last = time.Now()
			if err := v.Click("Refresh"); err != nil {
				return nil, err
			}
		}
	}
	v, err := p.Person.Within(300*time.Millisecond).ModalWhere(what, shows)
	return teamsDialog{v, p}, err
}

func (p teamsSeat) Open() []dialog {
	if v, open := p.Dialog(); open {
		return []dialog{teamsDialog{v, p}}
	}
	return nil
}

func (p teamsSeat) Clear() error { return closed(p.Open()) }

func (p teamsSeat) Home(words ...string) (screen, error) { return p.Person.Home(words...) }
func (p teamsSeat) Room() room                           { return teamsRoom{p.Person.Room()} }
func (p teamsSeat) DM() room                             { return teamsRoom{p.Person.DM()} }
func (p teamsSeat) Within(d time.Duration) seat          { return teamsSeat{p.Person.Within(d)} }

// In goes to the channel of Teams that stands for one of Slack.
func (p teamsSeat) In(channel string) seat {
	return teamsSeat{p.Person.In(map[string]string{helpdesk: teamsHelpdesk}[channel])}
}

func (p teamsSeat) Write(line string) error {
	_, err := p.Person.Write(line)
	return err
}

// teamsDialog is a dialog that its user refreshes.
type teamsDialog struct {
	*teams.View
	seat teamsSeat
}

// Tick ticks by the name alone: what Slack writes below it stands beside it here.
func (d teamsDialog) Tick(option string) error {
	var named []string
	for _, label := range d.Fields() {
		all, _ := d.Choices(label)
		for _, choice := range all {
			if strings.HasPrefix(choice, option+" – ") {
				named = append(named, choice)
			}
		}
	}
	if len(named) == 1 {
		option = named[0]
	}
	return d.View.Tick(option)
}

func (d teamsDialog) Until(words ...string) error {
	_, err := d.seat.Modal(words...)
	return err
}

type teamsRoom struct{ *teams.Room }

func (r teamsRoom) Message(words ...string) (message, error) { return r.Room.Message(words...) }
