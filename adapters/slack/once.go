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
	if id, enveloped := strings.CutPrefix(signature, envelopeMark); enveloped {
		return a.firstEnvelope(ctx, id, key, life)
	}
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

// envelopeMark stands before the id of an envelope of Socket Mode, which has
// no signature: it came by a connection that this process has opened.
const envelopeMark = "envelope:"

// firstEnvelope remembers the click or event first, then the envelope: where
// Redis goes away between the two, the envelope that Slack sends again must not
// count as done. Sent again is normal there, and no attack.
func (a *Adapter) firstEnvelope(ctx context.Context, id, key string, life time.Duration) arrival {
	fresh, err := a.gate.First(ctx, "slack:"+key, life)
	switch {
	case err != nil:
		a.log.Warn("slack request cannot be told from a replay, not carried out", zap.Error(err))
		return unknown
	case !fresh:
		return repeated
	}
	if fresh, err = a.gate.First(ctx, "slack:"+envelopeMark+id, replayLife); err == nil && !fresh {
		return repeated
	}
	return isNew
}
