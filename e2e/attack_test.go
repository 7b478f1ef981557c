package e2e

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"latchkey/adapters/playground"
)

// bent is a request of a Slack client that does as it likes: the payload is
// changed and signed anew, as if Slack had sent it.
func (s *stage) bent(r playground.Request, change func(payload map[string]any)) playground.Request {
	s.t.Helper()
	r = r.Clone()
	form, err := url.ParseQuery(string(r.Body))
	s.ok(err)
	var p map[string]any
	s.ok(json.Unmarshal([]byte(form.Get("payload")), &p))
	change(p)
	data, err := json.Marshal(p)
	s.ok(err)
	form.Set("payload", string(data))
	r.Body = []byte(form.Encode())
	s.slack.Sign(&r)
	return r
}

// press turns any click into one on a button that the page need not have.
func (s *stage) press(page *playground.View, shown, id string, more ...func(map[string]any)) playground.Request {
	s.t.Helper()
	r, err := page.ClickRequest(shown)
	s.ok(err)
	return s.bent(r, func(p map[string]any) {
		p["actions"].([]any)[0].(map[string]any)["action_id"] = id
		for _, m := range more {
			m(p)
		}
	})
}

// send sends a request and gives the status.
func (s *stage) send(r playground.Request) int {
	s.t.Helper()
	x, err := s.slack.Send(s.t.Context(), r)
	s.ok(err)
	return x.Status
}

// ledger opens the program's database beside it.
func (s *stage) ledger() *sql.DB {
	s.t.Helper()
	if s.db != nil {
		return s.db
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(s.dir, "latchkey.db")+"?_pragma=busy_timeout(5000)")
	s.ok(err)
	s.t.Cleanup(func() { _ = db.Close() })
	s.db = db
	return db
}

// count is the one number that a query gives.
func (s *stage) count(query string, args ...any) (n int) {
	s.t.Helper()
	s.ok(s.ledger().QueryRow(query, args...).Scan(&n))
	return n
}

// until waits until so many rows have a time that is still to come.
func (s *stage) until(query string, want int) {
	s.t.Helper()
	if !eventually(20*time.Second, func() bool { return s.count(query, time.Now().UnixMicro()) == want }) {
		s.t.Fatalf("not %d in time: %s", want, query)
	}
}

// memory opens the program's Redis beside it.
func (s *stage) memory() *redis.Client {
	c := redis.NewClient(&redis.Options{Addr: s.redis.Addr, Password: s.redis.Password})
	s.t.Cleanup(func() { _ = c.Close() })
	return c
}

// record finds the one session record in Redis.
func (s *stage) record(c *redis.Client) (key string, data map[string]any) {
	s.t.Helper()
	keys, err := c.Keys(context.Background(), "*:session:*").Result()
	s.ok(err)
	keys = slices.DeleteFunc(keys, func(key string) bool { return strings.Contains(key, ":{cases:") }) // the list of them
	if len(keys) != 1 {
		s.t.Fatalf("there are %d session records, not 1", len(keys))
	}
	return keys[0], s.recordAt(c, keys[0])
}

func (s *stage) recordAt(c *redis.Client, key string) (data map[string]any) {
	s.t.Helper()
	text, err := c.HGet(context.Background(), key, "data").Result()
	s.ok(err)
	s.ok(json.Unmarshal([]byte(text[strings.IndexByte(text, '{'):]), &data))
	return data
}

// forge puts a record in the place of the one in Redis, at the same version.
func (s *stage) forge(c *redis.Client, key string, data map[string]any) {
	s.t.Helper()
	text, err := json.Marshal(data)
	s.ok(err)
	old, err := c.HGet(context.Background(), key, "data").Result()
	s.ok(err)
	s.ok(c.HSet(context.Background(), key, "data", old[:strings.IndexByte(old, '{')]+string(text)).Err())
}

// proved passes both types of Mei on page Authenticate and goes to page Unlock.
func (s *stage) proved(agent, user person, mails int) dialog {
	s.t.Helper()
	s.pass(agent, user, "e-mail", mails)
	s.pass(agent, user, "authenticator", 1)
	page, err := s.as(agent).Modal("All that policy asks for is passed")
	s.ok(err)
	s.ok(page.Submit())
	page, err = s.as(agent).Modal("Accounts to unlock")
	s.ok(err)
	return page
}

// restricted is Dana, who has to authenticate, and Mei, who is locked and enrolled.
func restricted(t *testing.T, change ...func(string) string) (s *stage, dana, mei person) {
	t.Helper()
	s = newStage(t)
	dana, mei = s.agent("Dana", "restricted"), s.user("Mei", "Lin", "")
	s.prepare(change...)
	s.enroll("corp", mei, "email", "authenticator")
	s.start()
	s.samba.Lock(t, mei.dn)
	return s, dana, mei
}

func textHas(text, words string) bool { return strings.Contains(text, words) }
