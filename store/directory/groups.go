package directory

import (
	"context"
	"slices"

	"latchkey/bot"
)

// mostGroups bounds the groups of one account. More is an error, never a list
// that lacks some: what protects an account may be among those.
const mostGroups = 2000

// Groups gives the names of all groups of the account, nested ones included,
// sorted.
func (s *Store) Groups(ctx context.Context, guid string) ([]bot.DN, error) {
	var out []bot.DN
	err := s.read(ctx, "read groups", func(ctx context.Context, c *connection) error {
		e, _, err := s.byID(ctx, c, guid)
		if err != nil {
			return err
		}
		spelled, err := s.dialect.groups(ctx, c, e)
		out = nil
		for _, g := range spelled {
			dn, malformed := Canonical(g)
			if malformed != nil && err == nil {
				err = bot.E(bot.Internal, "read the name of a group in "+s.name, malformed)
			}
			out = append(out, dn)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

func (s *Store) tooManyGroups() error {
	return bot.Ef(bot.Internal, "read groups", "The account is in more than %d groups, or they are nested too deeply to follow.", mostGroups)
}
