package directory

import (
	"context"
	"slices"

	"latchkey/bot"
)

// writer gives the one server that is written to. For WriteToPDC it asks each
// of the URLs whether it is the one that the domain names as PDC emulator,
// each time: the role moves. No name is ever resolved for it.
func (s *Store) writer(ctx context.Context) (*server, error) {
	if s.config.WriteTo != WriteToPDC {
		return s.servers[slices.Index(s.config.URLs, s.config.WriteTo)], nil
	}
	order := slices.Clone(s.servers)
	last := s.pdc.Load()
	slices.SortStableFunc(order, func(a, b *server) int { return 2*(rank(a)-rank(b)) + beside(a, last) - beside(b, last) })
	var failed error
	for _, v := range order {
		is, err := s.isPDC(ctx, v)
		if is {
			s.pdc.Store(v)
			return v, nil
		}
		if err != nil {
			failed = err
		}
		if err != nil && (!unreached(err) || over(ctx)) {
			break
		}
	}
	if failed != nil {
		return nil, failed
	}
	return nil, bot.Ef(bot.Unavailable, "find the PDC emulator",
		"None of the servers of the directory %s is the one with the PDC emulator role, so nothing can be unlocked: an administrator has to add it to urls, or to name another in write_to.", s.name)
}

func beside(v, last *server) int {
	if v == last {
		return 0
	}
	return 1
}

// isPDC: the domain's fSMORoleOwner is the server's own NTDS settings.
func (s *Store) isPDC(ctx context.Context, v *server) (is bool, err error) {
	err = s.readFrom(ctx, v, func(ctx context.Context, c *connection) error {
		is = false
		e, _, err := c.base(ctx, c.root.domain, anything, "fSMORoleOwner")
		if err != nil {
			return err
		}
		owner, err1 := Canonical(e.get("fSMORoleOwner"))
		own, err2 := Canonical(c.root.service)
		is = err1 == nil && err2 == nil && owner == own
		return nil
	})
	return is, err
}
