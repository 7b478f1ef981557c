package main

import (
	"context"

	"go.uber.org/zap"

	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
	"latchkey/store/directory"
)

// names looks up what accounts are called, as well as that goes: a directory
// that does not answer is asked once, and its accounts stay without a name.
type names struct {
	p    *program
	cfg  *config.Config
	open map[string]*directory.Store // nil: not to be asked
}

func (p *program) names(cfg *config.Config) *names {
	return &names{p: p, cfg: cfg, open: make(map[string]*directory.Store)}
}

func (n *names) close() {
	for _, d := range n.open {
		if d != nil {
			d.Close()
		}
	}
}

func (n *names) of(ctx context.Context, id bot.AccountID) person {
	who := person{Store: id.Store, GUID: id.GUID}
	d, asked := n.open[id.Store]
	if !asked {
		if s, err := storeNamed(n.cfg, id.Store); err == nil {
			d, _ = n.p.openDirectory(s, zap.NewNop())
		}
		n.open[id.Store] = d
	}
	if d == nil {
		return who
	}
	a, err := d.Account(ctx, id.GUID)
	switch bot.KindOf(err) {
	case "":
		return personOf(a)
	case bot.NotFound:
		who.Gone = true
	default:
		d.Close()
		n.open[id.Store] = nil
	}
	return who
}
