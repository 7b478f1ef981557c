package replicas_test

import (
	"crypto/rand"
	"testing"

	"latchkey/bot"
	"latchkey/bot/bottest"
	"latchkey/servers"
	"latchkey/store/ledger"
	"latchkey/store/session"

	"go.uber.org/zap"
)

func TestMain(m *testing.M) {
	session.LogLibrary(zap.NewNop()) // the failures that the tests make are not news
	servers.Main(m)
}

// many is how many replicas there are.
const many = 3

// fleet is what the replicas have of their servers: each its own connections.
type fleet struct {
	clock    *bottest.Clock
	ledgers  [many]*ledger.Ledger
	memories [many]*session.Store
}

// newFleet makes the tables and connects the replicas.
func newFleet(t *testing.T, database *servers.PostgresDatabase, memory session.Config) *fleet {
	t.Helper()
	f := &fleet{clock: bottest.NewClock()}
	c := ledger.Config{URL: database.URL, OwnerURL: database.OwnerURL, Now: f.clock.Now, NewID: rand.Text}
	if _, _, err := ledger.Migrate(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	memory.Prefix += rand.Text() + ":"
	for i := range many {
		l, err := ledger.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		m, err := session.New(memory)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = m.Close() // its server may be gone
			_ = l.Close()
		})
		f.ledgers[i], f.memories[i] = l, m
	}
	return f
}

// onRedis is how an administrator should set up a single server.
func onRedis(server *servers.Redis) session.Config {
	return session.Config{Addresses: []string{server.Addr}, Username: server.Username, Password: server.UserPassword, Prefix: server.Prefix}
}

// replica is the core of one program.
type replica struct {
	desk     *bot.Desk
	verifier *bot.Verifier
	unlocker *bot.Unlocker
}

// scene is a helpdesk whose work the replicas share. Its people and sessions
// are its own, so that many can be played at one fleet.
type scene struct {
	*bottest.World
	*fleet
	replicas [many]replica
	judged   *judged
}

func (f *fleet) scene() *scene {
	w := bottest.NewWorld(f.ledgers[0], f.clock)
	s := &scene{World: w, fleet: f, judged: &judged{of: map[string]int{}}}
	// No limit but that of the challenge is reached.
	w.Policy.Limits.WrongPerDay, w.Policy.Limits.WrongInARow, w.Policy.Limits.CodesPerHour = 1000, 1000, 1000
	w.Users.Authentication.Lockout = bot.Lockout{}
	for i, l := range f.ledgers {
		desk, verifier := w.Desk(), w.Verifier()
		desk.Records, desk.People, desk.Journal = l, l, l
		verifier.Records, verifier.Journal, verifier.Codes, verifier.Vault = l, l, f.memories[i], s.judged
		s.replicas[i] = replica{desk, verifier, &bot.Unlocker{Desk: desk, Records: l, Journal: l}}
	}
	return s
}

// work is a case on Mei, of Dana or of Finn, in a session of its own.
func (s *scene) work(agent bot.AccountID) bot.Case {
	c := s.Case(s.IDs.New())
	if agent == s.Finn {
		c.Agent, c.Chat = s.Finn, s.FinnChat
	}
	return c
}
