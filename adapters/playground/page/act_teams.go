package page

import (
	"context"
	"errors"
	"fmt"

	"latchkey/adapters/playground/teams"
)

// What a person does in Teams.

// inTeams finds who the deed is of.
func (p *Page) inTeams(d deed) (*teams.Person, error) {
	person, known := p.world.person(d.Person)
	if !known || !p.world.has(person, chatTeams) {
		return nil, fmt.Errorf("there is nobody called %q in this Teams", d.Person)
	}
	return p.world.Teams.As(person.Teams), nil
}

// sayInTeams writes a line to the bot, with a mention where others are.
func (p *Page) sayInTeams(_ context.Context, d deed) error {
	who, err := p.inTeams(d)
	if err != nil {
		return err
	}
	return who.At(d.Room).Say(d.Line)
}

// writeInTeams posts a line for the others, which the bot does not hear.
func (p *Page) writeInTeams(_ context.Context, d deed) error {
	who, err := p.inTeams(d)
	if err != nil {
		return err
	}
	_, err = who.At(d.Room).Write(d.Line)
	return err
}

func (p *Page) shortcutInTeams(_ context.Context, d deed) error {
	m, err := p.postedInTeams(d)
	if err != nil {
		return err
	}
	return m.Shortcut(d.Name)
}

func (p *Page) postedInTeams(d deed) (*teams.Message, error) {
	who, err := p.inTeams(d)
	if err != nil {
		return nil, err
	}
	for _, m := range who.At(d.Room).Room().Messages() {
		if m.ID() == d.TS {
			return m, nil
		}
	}
	return nil, errors.New("this message is no longer there")
}

func (p *Page) dialogInTeams(d deed) (*teams.View, error) {
	who, err := p.inTeams(d)
	if err != nil {
		return nil, err
	}
	if v, open := who.Dialog(); open && v.ID() == d.View {
		return v, nil
	}
	return nil, errors.New("this dialog is no longer open")
}

func (p *Page) pressInTeams(_ context.Context, d deed) error {
	if d.View != "" {
		v, err := p.dialogInTeams(d)
		if err != nil {
			return err
		}
		return v.Press(d.Pointer, d.Inputs)
	}
	m, err := p.postedInTeams(d)
	if err != nil {
		return err
	}
	return m.Press(d.Pointer, d.Inputs)
}

func (p *Page) closeInTeams(_ context.Context, d deed) error {
	if v, err := p.dialogInTeams(d); err == nil { // closed already is closed
		return v.Close()
	}
	return nil
}
