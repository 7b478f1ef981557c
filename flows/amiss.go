package flows

import "context"

// Proofreader is a conversation that finds at once, by what was typed alone,
// what is wrong with it: by field, in words that repeat nothing of it. What it
// finds keeps a form from being sent, so that nobody types all of it again; it
// decides nothing.
type Proofreader interface {
	Amiss(r Record, ev Event) map[string]string
}

// Amiss says what is wrong with a form before it is sent, by field; nothing,
// where that is not known: then Handle says it.
func (d *Dispatcher) Amiss(ctx context.Context, ev Event) map[string]string {
	t, err := openTicket(d.Signer, ev.Token, ev.Actor.String(), d.Now())
	if err != nil {
		return nil
	}
	r, version, err := d.load(ctx, t.record)
	if err != nil || r.Chat != ev.Actor || version != t.version {
		return nil
	}
	reader, ok := d.talk(r).(Proofreader)
	if !ok || !d.talk(r).Table().Knows(r.State, ev.Kind) {
		return nil
	}
	return reader.Amiss(r, ev)
}

// Proofread reports whether a form of this kind may be looked at before it is
// sent: those in which much is typed.
func (k EventKind) Proofread() bool { return k == SetAnswers || k == SetAddress }
