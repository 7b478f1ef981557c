package session

import (
	"context"
	"time"
)

// PutSeed keeps the sealed seed of an authenticator that is being enrolled.
func (s *Store) PutSeed(ctx context.Context, id string, sealed []byte, life time.Duration) error {
	return s.put(ctx, "keep seed", s.key("seed", id), sealed, milliseconds(life))
}

// Seed gives it; NotFound when it has run out or was lost.
func (s *Store) Seed(ctx context.Context, id string) ([]byte, error) {
	return s.get(ctx, "read seed", s.key("seed", id))
}

// DropSeed forgets the seed; there need not be one.
func (s *Store) DropSeed(ctx context.Context, id string) error {
	return s.put(ctx, "drop seed", s.key("seed", id), nil, 0)
}
