package slack

import (
	"context"
	"strings"
	"time"

	"go.uber.org/zap"
)

// arrival says whether a signed request is to be carried out.
type arrival int

const (
	isNew    arrival = iota
	replayed         // these very bytes were here before: an attack
	repeated         // the same click in a new envelope: a redelivery
	unknown          // Redis is away, so nobody can tell: never carried out
)

// first remembers a request by its signature, then the click or event in it by
// key. Nothing is remembered of a request that was refused before.
func (a *Adapter) first(ctx context.Context, signature, key string, life time.Duration) arrival {
	ctx, cancel := context.WithTimeout(ctx, gateLife)
	defer cancel()
	fresh, err := a.gate.First(ctx, "slack:signature:"+signature, replayLife)
	if err == nil && !fresh {
		a.log.Warn(string(seenBefore), zap.String("seen_as", key[:strings.IndexByte(key+":", ':')]))
		return replayed
	}
	if err == nil {
		fresh, err = a.gate.First(ctx, "slack:"+key, life)
	}
	switch {
	case err != nil:
		a.log.Warn("slack request cannot be told from a replay, not carried out", zap.Error(err))
		return unknown
	case !fresh:
		return repeated
	}
	return isNew
}
