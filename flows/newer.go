package flows

import (
	"context"

	"latchkey/bot"
)

// Newer gives the page that stands in the record of a page's token, where it is
// newer and belongs in the same dialog: another replica may have shown it there
// before the older one. It moves nothing. What cannot be read now is not newer.
func (d *Dispatcher) Newer(ctx context.Context, who bot.Chatter, view, token string) (p Page, ok bool) {
	t, err := openTicket(d.Signer, token, who.String(), d.Now())
	if err != nil {
		return Page{}, false
	}
	r, version, err := d.load(ctx, t.record)
	if err != nil || version <= t.version || r.Chat != who || r.View != view {
		return Page{}, false
	}
	p, err = d.show(r, version)
	return p, err == nil
}
