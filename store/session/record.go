package session

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"latchkey/bot"

	"github.com/redis/go-redis/v9"
)

// Create keeps a new record as version 1 until ends. Conflict if the id is
// taken, Expired if ends has passed.
func (s *Store) Create(ctx context.Context, id string, data []byte, ends time.Time) error {
	const op = "create session record"
	life := s.left(ends)
	if life == 0 {
		return bot.E(bot.Expired, op, nil)
	}
	answer, err := s.run(ctx, op, s.scripts.create, s.key("session", id), data, life, mark())
	if err != nil {
		return err
	}
	if answer[0] != 1 {
		return bot.E(bot.Conflict, op, nil)
	}
	return nil
}

// Load gives a record and its version; NotFound when it has ended.
func (s *Store) Load(ctx context.Context, id string) (data []byte, version int64, err error) {
	const op = "load session record"
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	fields, err := s.redis().HMGet(ctx, s.key("session", id), "version", "data").Result()
	if err != nil {
		return nil, 0, s.failure(op, err)
	}
	if len(fields) != 2 || fields[0] == nil {
		return nil, 0, bot.E(bot.NotFound, op, nil)
	}
	number, _ := fields[0].(string)
	text, ok := fields[1].(string)
	if version, err = strconv.ParseInt(number, 10, 64); err != nil || !ok {
		return nil, 0, bot.E(bot.Internal, op, errors.Join(errors.New("the record is damaged"), err))
	}
	return []byte(text), version, nil
}

// Save replaces version by version+1 and its end, or ends the record if ends
// has passed. Conflict when version is not the current one, NotFound when the
// record has ended.
func (s *Store) Save(ctx context.Context, id string, version int64, data []byte, ends time.Time) error {
	const op = "save session record"
	answer, err := s.run(ctx, op, s.scripts.save, s.key("session", id), version, version+1, data, s.left(ends), mark())
	switch {
	case err != nil:
		return err
	case answer[0] == -1:
		return bot.E(bot.NotFound, op, nil)
	case answer[0] == 0:
		return bot.E(bot.Conflict, op, fmt.Errorf("version %d is not the current one", version))
	}
	return nil
}

// Point remembers until ends that key leads to the record; a later one of the
// same key takes its place.
func (s *Store) Point(ctx context.Context, key, id string, ends time.Time) error {
	return s.put(ctx, "point to session record", s.key("pointer", key), id, s.left(ends))
}

// Pointed gives the record that key leads to; NotFound when nothing says so any more.
func (s *Store) Pointed(ctx context.Context, key string) (id string, err error) {
	text, err := s.get(ctx, "find session record", s.key("pointer", key))
	return string(text), err
}

// PutCode keeps the keyed hash of a challenge's code for its life.
func (s *Store) PutCode(ctx context.Context, challenge string, mac []byte, life time.Duration) error {
	return s.put(ctx, "keep code", s.key("code", challenge), mac, milliseconds(life))
}

// Code gives the keyed hash; NotFound when it has run out or was lost.
func (s *Store) Code(ctx context.Context, challenge string) ([]byte, error) {
	return s.get(ctx, "read code", s.key("code", challenge))
}

// DropCode forgets the code; there need not be one.
func (s *Store) DropCode(ctx context.Context, challenge string) error {
	return s.put(ctx, "drop code", s.key("code", challenge), nil, 0)
}

// put keeps a value for so many milliseconds; 0 removes it.
func (s *Store) put(ctx context.Context, op, key string, value any, life int64) error {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	var err error
	if life == 0 {
		err = s.redis().Del(ctx, key).Err()
	} else {
		err = s.redis().Set(ctx, key, value, time.Duration(life)*time.Millisecond).Err()
	}
	if err != nil {
		return s.failure(op, err)
	}
	return nil
}

func (s *Store) get(ctx context.Context, op, key string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	value, err := s.redis().Get(ctx, key).Bytes()
	if err == redis.Nil { //nolint:errorlint // a Sentinel that does not know the master answers it too, wrapped
		return nil, bot.E(bot.NotFound, op, nil)
	}
	if err != nil {
		return nil, s.failure(op, err)
	}
	return value, nil
}
