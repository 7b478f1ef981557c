package session

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"latchkey/bot"
)

// instanceLife is how long an instance counts as live after it said so last.
const instanceLife = 15 * time.Second

// Instance is one process that serves.
type Instance struct {
	ID       string    `json:"id"`
	Host     string    `json:"host"`     // the name of its machine
	Database string    `json:"database"` // where its record is, for people: no password
	Started  time.Time `json:"started"`
	// Place is the same for instances that may serve side by side, and another
	// for one that would keep a record of its own. For people, too.
	Place string `json:"place"`
}

// Registration is an instance's entry among those that serve through one Redis
// under one prefix.
type Registration struct {
	store    *Store
	instance Instance
}

// Register prepares an entry; Beat makes it.
func (s *Store) Register(i Instance) *Registration { return &Registration{store: s, instance: i} }

// The three keys share a hash tag, so that one script reaches them on a Cluster.
const registry = "instances"

func (s *Store) instanceKey(id string) string { return s.key("instance", registry) + ":" + id }

func (r *Registration) run(ctx context.Context, op string, beat bool, args ...any) ([]int64, error) {
	s := r.store
	script := s.scripts.leave
	if beat {
		script = s.scripts.beat
	}
	keys := []string{s.key("serves", registry), s.key("instances", registry), s.instanceKey(r.instance.ID)}
	return s.runOn(ctx, op, script, keys, append([]any{r.instance.Place, r.instance.ID}, args...)...)
}

// Beat says that the instance lives, for 15 s. by is "" when it may serve.
// Otherwise another place serves, and left is the time until that ends unless
// an instance there beats again; this one is not registered. Of two that begin
// at once the first has it; when Redis loses its data, the next to beat.
func (r *Registration) Beat(ctx context.Context) (by string, left time.Duration, err error) {
	const op = "register the instance"
	text, err := json.Marshal(r.instance)
	if err != nil {
		return "", 0, bot.E(bot.Internal, op, err)
	}
	answer, err := r.run(ctx, op, true, text, instanceLife.Milliseconds())
	if err != nil || answer[0] == 1 {
		return "", 0, err
	}
	place, err := r.store.get(ctx, op, r.store.key("serves", registry))
	if bot.KindOf(err) == bot.NotFound { // it has ended since
		return r.Beat(ctx)
	}
	return string(place), time.Duration(answer[1]) * time.Millisecond, err
}

// Leave takes the entry back, so that the next instance need not wait for its end.
func (r *Registration) Leave(ctx context.Context) error {
	if _, err := r.store.Instances(ctx); err != nil { // forgets those that are gone
		return err
	}
	_, err := r.run(ctx, "take the instance's entry back", false)
	return err
}

// Instances gives those that live, the oldest first.
func (s *Store) Instances(ctx context.Context) ([]Instance, error) {
	const op = "list instances"
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	index := s.key("instances", registry)
	ids, err := s.redis().SMembers(ctx, index).Result()
	if err != nil {
		return nil, s.failure(op, err)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	keys := make([]string, len(ids))
	for i, id := range ids {
		keys[i] = s.instanceKey(id)
	}
	texts, err := s.redis().MGet(ctx, keys...).Result()
	if err != nil {
		return nil, s.failure(op, err)
	}
	var out []Instance
	for i, t := range texts {
		text, there := t.(string)
		var found Instance
		if !there || json.Unmarshal([]byte(text), &found) != nil {
			if err := s.redis().SRem(ctx, index, ids[i]).Err(); err != nil {
				return nil, s.failure(op, err)
			}
			continue
		}
		out = append(out, found)
	}
	slices.SortFunc(out, func(a, b Instance) int {
		return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(a.ID, b.ID))
	})
	return out, nil
}
