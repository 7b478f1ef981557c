package session

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"latchkey/bot"

	"github.com/redis/go-redis/v9"
)

// checkSentinels asks each Sentinel for the master, and whether there are
// enough to replace it. One that answers is enough to serve.
func (s *Store) checkSentinels(ctx context.Context) []bot.Finding {
	if s.config.Master == "" {
		return nil
	}
	errs := make([]error, len(s.config.Addresses))
	quorum := make([]error, len(s.config.Addresses))
	var all sync.WaitGroup
	for i, address := range s.config.Addresses {
		all.Go(func() {
			c := s.sentinel(address)
			defer c.Close() //nolint:errcheck // it has been asked
			if errs[i] = c.GetMasterAddrByName(ctx, s.config.Master).Err(); errs[i] == nil {
				quorum[i] = c.CkQuorum(ctx, s.config.Master).Err()
			}
		})
	}
	all.Wait()
	var out []bot.Finding
	level, answers := bot.LevelFault, -1
	for i, err := range errs {
		if err == nil {
			level, answers = bot.LevelWarning, i
		}
	}
	for i, err := range errs {
		if err == nil {
			continue
		}
		err = fmt.Errorf("all sentinels specified: %w", err) // as the library says it
		out = append(out, s.reason(s.config.Addresses[i], err).finding(level, errors.Unwrap(err)))
		if level == bot.LevelFault {
			return out // the others say much the same
		}
	}
	if answers < 0 || quorum[answers] == nil {
		return out
	}
	f := bot.Finding{Part: part, Level: bot.LevelWarning, What: "the Sentinels cannot replace the master: " + line(quorum[answers]),
		Mend: "start the others, and see the quorum in `sentinel monitor`"}
	if redis.IsPermissionError(quorum[answers]) {
		f.What, f.Mend = "the user may not use sentinel|ckquorum, so that it is not known whether the Sentinels can replace the master", "allow it on each Sentinel: "+s.allow("sentinel|ckquorum")
	}
	return append(out, f)
}
