package demo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/alicebob/miniredis/v2"

	"latchkey/bot"
	"latchkey/cmd/latchkey/serve"
)

// startRedis starts the embedded Redis, whose keys expire by the demo's clock.
func startRedis(clock *Clock, before []kept) (*miniredis.Miniredis, error) {
	m := miniredis.NewMiniRedis()
	m.ClockTTL(true)
	for _, k := range before {
		k.put(m, clock.Now())
	}
	if err := m.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("start the embedded Redis: %w", err)
	}
	clock.Follow(m.FastForward)
	return m, nil
}

// kept is one key of Redis as it is written down: a text or a hash.
type kept struct {
	Key     []byte            `json:"key"`
	Text    []byte            `json:"text,omitempty"`
	Hash    map[string][]byte `json:"hash,omitempty"`
	Expires time.Time         `json:"expires,omitzero"` // by the demo's clock; zero: never
}

// put sets the key again, unless its time has run out meanwhile.
func (k kept) put(m *miniredis.Miniredis, now time.Time) {
	left := k.Expires.Sub(now)
	if !k.Expires.IsZero() && left <= 0 {
		return
	}
	key := string(k.Key)
	if k.Hash == nil {
		_ = m.Set(key, string(k.Text)) // fails where the key has another type; there is none
	}
	for field, value := range k.Hash {
		m.HSet(key, field, string(value))
	}
	if !k.Expires.IsZero() {
		m.SetTTL(key, left)
	}
}

// takeRedis writes down all keys.
func takeRedis(m *miniredis.Miniredis, now func() time.Time) ([]kept, error) {
	var out []kept
	for _, key := range m.Keys() {
		k := kept{Key: []byte(key)}
		if ttl := m.TTL(key); ttl > 0 {
			k.Expires = now().Add(ttl).Truncate(time.Second).UTC() // rather too soon than too late
		}
		var err error
		switch kind := m.Type(key); kind {
		case "":
			continue // it has expired meanwhile
		case "string":
			var text string
			text, err = m.Get(key)
			k.Text = []byte(text)
		case "hash":
			k.Hash, err = hash(m, key)
		default:
			return nil, fmt.Errorf("the embedded Redis has a %s, which cannot be kept", kind)
		}
		if errors.Is(err, miniredis.ErrKeyNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read the embedded Redis: %w", err)
		}
		out = append(out, k)
	}
	return out, nil
}

// hash reads a hash until two readings agree: fields are read one by one, and
// a record's version must not be kept with the data of another.
func hash(m *miniredis.Miniredis, key string) (map[string][]byte, error) {
	read := func() (map[string]string, error) {
		fields, err := m.HKeys(key)
		out := map[string]string{}
		for _, f := range fields {
			out[f] = m.HGet(key, f)
		}
		return out, err
	}
	before, err := read()
	for err == nil {
		var now map[string]string
		if now, err = read(); err == nil && maps.Equal(before, now) {
			out := map[string][]byte{}
			for f, v := range now {
				out[f] = []byte(v)
			}
			return out, nil
		}
		before = now
	}
	return nil, err
}

// Roomy is a session store on the embedded Redis, which has no memory limit
// and cannot be asked for one.
type Roomy struct{ serve.Session }

// Evicts asks the embedded Redis something that it can answer.
func (r Roomy) Evicts(ctx context.Context) (bool, error) {
	_, err := r.Pointed(ctx, "demo")
	if bot.KindOf(err) == bot.NotFound {
		return false, nil
	}
	return false, err
}
