package session

import (
	"context"
	"time"

	"latchkey/bot"
)

// First reports whether the key is seen for the first time within life. After
// Unavailable the key may count as seen.
func (s *Store) First(ctx context.Context, key string, life time.Duration) (bool, error) {
	const op = "look for a repeat"
	if life <= 0 {
		return false, bot.Ef(bot.Internal, op, "a life of %v remembers nothing", life)
	}
	answer, err := s.run(ctx, op, s.scripts.first, s.key("seen", key), mark(), milliseconds(life))
	if err != nil {
		return false, err
	}
	return answer[0] == 1, nil
}

// Allow counts one more under the key and reports whether it is within limit
// for the window, which begins with the first that is counted. What is refused
// is not counted; retry is the time until the window ends. At the border of two
// windows up to twice the limit can pass within one window's length.
func (s *Store) Allow(ctx context.Context, key string, limit int, window time.Duration) (ok bool, retry time.Duration, err error) {
	const op = "count a request"
	if window <= 0 {
		return false, 0, bot.Ef(bot.Internal, op, "a window of %v counts nothing", window)
	}
	answer, err := s.run(ctx, op, s.scripts.allow, s.key("rate", key), limit, milliseconds(window))
	if err != nil {
		return false, 0, err
	}
	if answer[0] == 1 {
		return true, 0, nil
	}
	retry = time.Duration(answer[1]) * time.Millisecond
	if retry <= 0 { // a limit of 0 has no window
		retry = window
	}
	return false, retry, nil
}
