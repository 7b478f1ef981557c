package e2e

import (
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"latchkey/servers"
)

// replicas are two of the program, a and b, on one PostgreSQL and one Redis
// with Sentinels, behind a router.
type replicas struct {
	*stage
	a, b     *bot
	router   *router
	postgres *servers.Postgres
	database *servers.PostgresDatabase
	group    *servers.RedisGroup
}

// newReplicas sets the scene; nothing of the program runs yet. A nil server is
// the shared one, which the story must do no harm.
func newReplicas(t *testing.T, postgres *servers.Postgres, group *servers.RedisGroup) *replicas {
	t.Helper()
	if postgres == nil {
		postgres = servers.SharedPostgres(t)
	}
	if group == nil {
		group = servers.SharedRedisSentinel(t)
	}
	return &replicas{stage: newStage(t), postgres: postgres, database: postgres.NewDatabase(t), group: group, router: newRouter(t)}
}

// make does all that has to be done before the replicas can serve: both
// configurations, the tables by the owner, the keys.
func (r *replicas) make(change ...func(string) string) {
	r.t.Helper()
	r.db, r.stage.postgres = r.database.Open(r.t), r.database.AdminURL
	r.prepare(append([]func(string) string{r.shared}, change...)...)
	r.a = r.bot
	r.b = r.newBot("latchkey-b.yaml")
	text, err := os.ReadFile(r.a.config)
	r.ok(err)
	own := strings.NewReplacer(r.a.listen, r.b.listen, r.a.admin, r.b.admin).Replace(string(text))
	r.ok(os.WriteFile(r.b.config, []byte(own), 0o600))
	must(r.t, "migrate", "--config", r.a.config)
	r.slack.SetBotURL(r.router.URL)
	r.router.send(r.a, r.b)
	r.t.Cleanup(func() {
		if r.t.Failed() {
			r.t.Logf("--- latchkey A wrote:\n%s\n--- latchkey B wrote:\n%s", r.a.log(), r.b.log())
		}
	})
}

// shared puts what the replicas have in common into the configuration.
func (r *replicas) shared(yaml string) string {
	var out strings.Builder
	for line := range strings.Lines(yaml) {
		switch {
		case strings.HasPrefix(line, "redis:"):
			addresses := make([]string, len(r.group.Addresses))
			for i, a := range r.group.Addresses {
				addresses[i] = strconv.Quote(a)
			}
			line = fmt.Sprintf("redis: { addresses: [%s], master: %s, username: %s, password: %q, tls: true, ca_file: %q, prefix: %q }\n",
				strings.Join(addresses, ", "), r.group.Master, r.group.Username, r.group.UserPassword, r.group.CAFile, r.group.Prefix+servers.Unique("e2e")+":")
		case strings.HasPrefix(line, "database:"):
			line = fmt.Sprintf("database: { url: %q, owner_url: %q }\n", r.database.URL, r.database.OwnerURL)
		}
		out.WriteString(line)
	}
	return out.String()
}

// startBoth starts the replicas; they are stopped at the story's end.
func (r *replicas) startBoth() {
	r.t.Helper()
	for _, b := range []*bot{r.a, r.b} {
		b.start()
		r.t.Cleanup(b.stop)
	}
}

// tally is what there is of one user's unlock, wherever it is kept.
type tally struct {
	Intents, Asked, Unlocked, NotUnlocked int // in the database
	Audit, Mails                          int // messages and mails that tell of the unlock
}

var once = tally{Intents: 1, Asked: 1, Unlocked: 1, Audit: 1, Mails: 1}

// tallied counts once nothing is left to be told.
func (r *replicas) tallied(p person, store string) tally {
	r.t.Helper()
	// What a replica had taken to tell when it was stopped is nobody's for a minute.
	if !eventually(90*time.Second, func() bool {
		return r.count(`SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM intents WHERE result IS NULL)`) == 0
	}) {
		r.t.Error("something is left to be told after 90 s")
	}
	said := fmt.Sprintf("unlocked %s in %s", p.name, store)
	records := func(status string) int {
		return r.count(`SELECT count(*) FROM history WHERE action = 'unlock_account' AND target_login = $1 AND status = $2`, p.login, status)
	}
	n := tally{
		Intents: r.count(`SELECT count(*) FROM intents i WHERE EXISTS (SELECT 1 FROM history h WHERE h.target_login = $1 AND h.target_store = i.store AND h.target_guid = i.guid)`, p.login),
		Asked:   records("asked"), Unlocked: records("success"), NotUnlocked: records("failure"),
	}
	for _, m := range r.slack.Channel(audit).Messages() {
		if strings.Contains(m.Text(), said) {
			n.Audit++
		}
	}
	eventually(10*time.Second, func() bool { // the mail server has taken it, and is on its way to the inbox
		n.Mails = 0
		for _, m := range r.mail.Inbox(r.t, p.mail) {
			if strings.Contains(m, p.login+" in "+store) {
				n.Mails++
			}
		}
		return n.Mails >= n.Unlocked
	})
	return n
}

// wrote counts the writes of lab's log that took a person's lock away. What was
// refused is none: `check`, which each start runs, tries its right with a value
// that nobody has.
func (s *stage) wrote(p person) (n int) {
	s.t.Helper()
	for _, w := range s.slapd.Writes(s.t, p.dn) {
		if w.Result == "0" && strings.Contains(strings.Join(w.Changes, " "), "pwdAccountLockedTime:-") {
			n++
		}
	}
	return n
}

// changes is by how much one unlock raises what written gives: it takes the
// value away that was seen and adds another, and the directory counts both.
const changes = 2

// written is how often corp has changed a person's lock, by the directory's own
// count of it (replPropertyMetaData: MS-DRSR 5.163, an entry an attribute).
func (r *replicas) written(p person) int {
	r.t.Helper()
	const header, entry, lockoutTime = 16, 48, 0x90296
	data := []byte(r.samba.Value(r.t, p.dn, "replPropertyMetaData"))
	for at := header; at+entry <= len(data); at += entry {
		if binary.LittleEndian.Uint32(data[at:]) == lockoutTime {
			return int(binary.LittleEndian.Uint32(data[at+4:]))
		}
	}
	r.t.Fatalf("corp does not count the writes of the lock of %s", p.name)
	return 0
}

// verified has the chain of history verified by the program.
func (r *replicas) verified() {
	r.t.Helper()
	must(r.t, "history", "verify", "--config", r.a.config)
}

// insist does something until the page says it, as an agent does who is told
// to try again: each page that is no success must say so. Once it has, the next
// try waits until a replica says that it is ready. It gives the number of tries
// and the time from the first to the success.
func (r *replicas) insist(screen seat, act func() error, words ...string) (tries int, took time.Duration) {
	r.t.Helper()
	begun := time.Now()
	has := func(v dialog) bool {
		return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(v.Text(), w) })
	}
	for time.Since(begun) < 40*time.Second {
		tries++
		r.ok(act())
		page, err := screen.Within(15*time.Second).ModalWhere("success, or what to do", func(v dialog) bool { return has(v) || tellsToTry(v) })
		r.ok(err)
		if has(page) {
			return tries, time.Since(begun)
		}
		r.t.Logf("after %s the page says: %s", time.Since(begun).Round(10*time.Millisecond), strings.ReplaceAll(page.Text(), "\n", " "))
		if !eventually(30*time.Second, func() bool { return r.a.ready() && r.b.ready() }) {
			r.t.Fatal("the replicas are not ready again")
		}
		r.backIntoTheCase(screen, page)
	}
	r.fail(fmt.Errorf("no page says %q after %d tries", words, tries))
	return tries, 0
}

func tellsToTry(v dialog) bool {
	return strings.Contains(v.Text(), "ry again") || strings.Contains(v.Text(), "egin again")
}

// backIntoTheCase leaves a page that said what went wrong, by the way it offers.
func (r *replicas) backIntoTheCase(screen seat, page dialog) {
	r.t.Helper()
	switch {
	case slices.Contains(page.Buttons(), "Back to the case"):
		r.ok(page.Click("Back to the case"))
		_, err := screen.Within(15*time.Second).ModalWhere("the case", func(v dialog) bool { return !tellsToTry(v) })
		r.ok(err)
	case len(screen.Open()) > 1: // it lies over the dialog
		r.ok(page.Close())
	}
}

// clickOn presses a button of the page that stands there now.
func clickOn(screen seat, label string) error {
	page, err := screen.Within(time.Second).Modal()
	if err != nil {
		return err
	}
	return page.Click(label)
}
