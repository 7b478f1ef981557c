package page

import (
	"context"
	"errors"
	"fmt"

	"latchkey/adapters/playground"
)

// What a person does in Slack.

func (p *Page) who(d deed) (*playground.Person, error) {
	person, known := p.world.person(d.Person)
	if !known || person.ID == "" {
		return nil, fmt.Errorf("there is nobody called %q in this Slack", d.Person)
	}
	return p.world.Slack.As(person.ID), nil
}

func (p *Page) say(_ context.Context, d deed) error {
	who, err := p.who(d)
	if err != nil {
		return err
	}
	return in(who, d).Say(d.Line)
}

// write posts an ordinary message, which the bot does not hear.
func (p *Page) write(_ context.Context, d deed) error {
	who, err := p.who(d)
	if err != nil {
		return err
	}
	_, err = in(who, d).Write(d.Line)
	return err
}

// shortcut picks one: of a message where the deed names one, else a global one.
func (p *Page) shortcut(_ context.Context, d deed) error {
	who, err := p.who(d)
	if err != nil {
		return err
	}
	if d.TS == "" {
		return who.Shortcut(d.Name)
	}
	m, err := posted(who, d)
	if err != nil {
		return err
	}
	return m.Shortcut(d.Name)
}

// view finds an open modal, or the Home tab, by its id.
func view(who *playground.Person, id string) (*playground.View, error) {
	all := who.Modals()
	if home := who.Published(); home != nil {
		all = append(all, home)
	}
	for _, v := range all {
		if v.ID() == id {
			return v, nil
		}
	}
	return nil, errors.New("this page is no longer open")
}

// posted finds the message of a deed in the deed's room.
func posted(who *playground.Person, d deed) (*playground.Message, error) {
	for _, m := range in(who, d).Room().Messages() {
		if m.TS() == d.TS {
			return m, nil
		}
	}
	return nil, errors.New("this message is no longer there")
}

// in puts a person where the deed was done.
func in(who *playground.Person, d deed) *playground.Person {
	if d.Room == "D"+who.ID() {
		return who
	}
	return who.In(d.Room)
}

// screen finds what the deed was done on: an open modal or the Home tab, with
// what was entered there, or a message.
func (p *Page) screen(d deed) (playground.Screen, error) {
	who, err := p.who(d)
	if err != nil {
		return playground.Screen{}, err
	}
	if d.View == "" {
		m, err := posted(who, d)
		if err != nil {
			return playground.Screen{}, err
		}
		return m.Screen, nil
	}
	v, err := view(who, d.View)
	if err != nil {
		return playground.Screen{}, err
	}
	return v.Screen, v.Put(d.Values)
}

func (p *Page) press(_ context.Context, d deed) error {
	s, err := p.screen(d)
	if err != nil {
		return err
	}
	return s.Press(d.Block, d.Action)
}

func (p *Page) pick(_ context.Context, d deed) error {
	s, err := p.screen(d)
	if err != nil {
		return err
	}
	return s.Pick(d.Block, d.Action, d.Option)
}

func (p *Page) submit(_ context.Context, d deed) error {
	who, err := p.who(d)
	if err != nil {
		return err
	}
	v, err := view(who, d.View)
	if err != nil {
		return err
	}
	if err := v.Put(d.Values); err != nil {
		return err
	}
	return v.Submit()
}

func (p *Page) close(_ context.Context, d deed) error {
	who, err := p.who(d)
	if err != nil {
		return err
	}
	v, err := view(who, d.View)
	switch {
	case err != nil:
		return nil // closed already is closed
	case d.All:
		return v.Dismiss()
	}
	return v.Close()
}

func (p *Page) home(_ context.Context, d deed) error {
	who, err := p.who(d)
	if err != nil {
		return err
	}
	if d.Tab == "messages" {
		return who.OpenMessages()
	}
	return who.OpenHome()
}
