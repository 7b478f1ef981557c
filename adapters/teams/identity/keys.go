package identity

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// How long keys are good, and how often they are asked for.
const (
	keysLife  = 24 * time.Hour
	keysStale = 7 * 24 * time.Hour // the longest outage that old keys serve through
	keysPause = time.Minute        // between two fetches, whatever is sent
	keysWait  = 3 * time.Second    // for one fetch, both documents
)

// key is a published signing key and the channels that it vouches for.
type key struct {
	public       *rsa.PublicKey
	endorsements []string
}

// keys holds what the OpenID metadata leads to. Only a token that is right in
// all that can be checked without a key gets as far as asking.
type keys struct {
	url, issuer string
	client      *http.Client
	now         func() time.Time
	flight      singleflight.Group

	mu      sync.RWMutex
	held    map[string]key
	fetched time.Time // when held was published to us
	tried   time.Time // when the last fetch began
	failed  error     // how it ended
	date    time.Time // what the server of the documents has said last that it is
}

// find gives a key by its id. It fetches when the id is unknown or the keys
// are a day old, at most once a minute; when that fails old keys serve on.
func (k *keys) find(ctx context.Context, id string) (key, error) {
	got, enough := k.look(id)
	if enough {
		return got, nil
	}
	select {
	case <-k.flight.DoChan("keys", k.refresh):
	case <-ctx.Done():
		return key{}, &Refusal{Reason: NoKeys, kind: ErrUnauthorized, cause: ctx.Err()}
	}
	k.mu.RLock()
	defer k.mu.RUnlock()
	switch got, known := k.held[id]; {
	case known && k.now().Sub(k.fetched) < keysStale:
		return got, nil
	case k.failed != nil:
		return key{}, &Refusal{Reason: NoKeys, kind: ErrUnauthorized, cause: k.failed}
	}
	return key{}, unauthorized(UnknownKey)
}

// look reports whether the key serves without a fetch: it is fresh, or it is
// old and a fetch has been tried within the minute.
func (k *keys) look(id string) (key, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	got, known := k.held[id]
	age := k.now().Sub(k.fetched)
	return got, known && (age < keysLife || age < keysStale && k.now().Sub(k.tried) < keysPause)
}

// refresh fetches, unless that was tried within the minute. It outlives the
// request that began it: others wait for it too.
func (k *keys) refresh() (any, error) {
	k.mu.Lock()
	now := k.now()
	if !k.tried.IsZero() && now.Sub(k.tried) < keysPause {
		k.mu.Unlock()
		return nil, nil
	}
	k.tried = now
	k.mu.Unlock()

	ctx, cancel := context.WithTimeout(context.Background(), keysWait)
	defer cancel()
	fresh, err := k.fetch(ctx)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.failed = err
	if err == nil {
		k.held, k.fetched = fresh, now
	}
	return nil, nil
}

// try fetches whatever is held, and keeps nothing.
func (k *keys) try(ctx context.Context) (date time.Time, err error) {
	ctx, cancel := context.WithTimeout(ctx, keysWait)
	defer cancel()
	_, err = k.fetch(ctx)
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.date, err
}

func (k *keys) fetch(ctx context.Context) (map[string]key, error) {
	var metadata struct {
		Issuer string `json:"issuer"`
		Keys   string `json:"jwks_uri"`
	}
	if err := k.get(ctx, k.url, &metadata); err != nil {
		return nil, fmt.Errorf("fetching the OpenID metadata: %w", err)
	}
	if metadata.Issuer != k.issuer {
		return nil, errors.New("fetching the OpenID metadata: it is of another issuer, set teams.cloud.issuer to the cloud's own")
	}
	if !fetchable(metadata.Keys) {
		return nil, errors.New("fetching the OpenID metadata: it names no https address for the keys")
	}
	var set keySet
	if err := k.get(ctx, metadata.Keys, &set); err != nil {
		return nil, fmt.Errorf("fetching the signing keys: %w", err)
	}
	fresh := set.usable()
	if len(fresh) == 0 {
		return nil, errors.New("fetching the signing keys: there is none that can be used")
	}
	return fresh, nil
}
