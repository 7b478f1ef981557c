package page

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"latchkey/adapters/playground/authenticator"
)

// What a person does in the world beside Slack.

func (p *Page) signIn(ctx context.Context, d deed) error {
	if p.world.Directory == nil {
		return errors.New("there is no directory in this playground")
	}
	got, err := p.world.Directory.SignIn(ctx, d.Store, d.Login, d.Password)
	if err != nil {
		return sentence("The directory " + d.Store + " does not answer.")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.signIns = append(p.signIns, signIn{SignIn: got, Store: d.Store, Login: d.Login, At: p.now()})
	p.signIns = p.signIns[max(0, len(p.signIns)-signInsKept):]
	p.tour.signedIn(Try{Store: d.Store, Login: strings.ToLower(d.Login)}, got.Result)
	p.stir()
	return nil
}

func (p *Page) now() time.Time {
	if p.world.Clock != nil {
		return p.world.Clock.Now()
	}
	return time.Now()
}

// scan puts an account on a caller's phone: from a picture of a QR code, from
// the address of a page that shows one, or from a key.
func (p *Page) scan(ctx context.Context, d deed) error {
	phones, able := p.world.Phones.(Scanner)
	who, known := p.world.person(d.Person)
	if !able || !known || !who.Caller {
		return errors.New("there is no phone here that takes an account")
	}
	text := strings.TrimSpace(d.Text)
	var err error
	switch {
	case len(d.Picture) > 0:
		text, err = authenticator.Picture(d.Picture)
	case strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://"):
		text, err = authenticator.Page(ctx, text)
	}
	if err != nil {
		return err
	}
	account, err := authenticator.Parse(text)
	if err != nil {
		return err
	}
	phones.Add(who, account)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stir()
	return nil
}

func (p *Page) advance(_ context.Context, d deed) error {
	if p.world.Clock == nil || d.Minutes < 1 || d.Minutes > 24*60 {
		return errors.New("the clock moves forward by 1 minute to 1 day")
	}
	p.world.Clock.Advance(time.Duration(d.Minutes) * time.Minute)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stir()
	return nil
}

func (p *Page) fault(ctx context.Context, d deed) error {
	if p.world.Faults == nil {
		return errors.New("nothing can be broken in this playground")
	}
	if err := p.world.Faults.Switch(ctx, d.ID, d.On); err != nil {
		return fmt.Errorf("switching %q: %w", d.ID, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stir()
	return nil
}

func (p *Page) problem(_ context.Context, d deed) error {
	p.note("the page: " + d.Text)
	return nil
}
