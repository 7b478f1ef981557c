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
	if d.Room != "D"+who.ID() {
		who = who.In(d.Room)
	}
	return who.Say(d.Line)
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

func (p *Page) press(_ context.Context, d deed) error {
	who, err := p.who(d)
	if err != nil {
		return err
	}
	if d.View != "" {
		v, err := view(who, d.View)
		if err != nil {
			return err
		}
		if err := v.Put(d.Values); err != nil {
			return err
		}
		return v.Press(d.Block, d.Action)
	}
	in := who.DM()
	if d.Room != "D"+who.ID() {
		in = who.In(d.Room).Room()
	}
	for _, m := range in.Messages() {
		if m.TS() == d.TS {
			return m.Press(d.Block, d.Action)
		}
	}
	return errors.New("this message is no longer there")
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
	return who.OpenHome()
}
