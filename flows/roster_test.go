package flows_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/flows"
	"latchkey/servers"
)

// TestRosterOfSomebodyElse: whoever may write Redis puts a list of cases there.
// It leads to nobody else's case, and the next case is listed all the same.
func TestRosterOfSomebodyElse(t *testing.T) {
	for name, forge := range map[string]func(d *desk, id, finns string, version int64) []byte{
		"bare":    func(_ *desk, _, finns string, _ int64) []byte { return listOf(finns) },
		"nothing": func(*desk, string, string, int64) []byte { return nil },
		"Finn's own": func(d *desk, _, finns string, v int64) []byte {
			return d.sealed("cases:"+d.w.Finn.String(), v, listOf(finns))
		},
		"with our keys":    func(d *desk, id, finns string, v int64) []byte { return d.sealed(id, v, listOf(finns, finns, id, "")) },
		"no list":          func(d *desk, id, _ string, v int64) []byte { return d.sealed(id, v, []byte(`{"a":1}`)) },
		"an older version": func(d *desk, id, finns string, v int64) []byte { return d.sealed(id, v-1, listOf(finns)) },
	} {
		d := openDesk(t, servers.SharedRedis(t))
		finns, err := d.send("", flows.Event{Kind: flows.Begin, Text: "mei", Actor: d.w.FinnChat})
		if err != nil {
			t.Fatal(err)
		}
		d.begin("unlock")
		id := "cases:" + d.w.Dana.String()
		_, version := d.bytes(id)
		forged := forge(d, id, sessionOf(finns.Token), version+1)
		if err := d.sessions.Save(t.Context(), id, version, forged, d.w.Clock.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, tokens := d.home(d.w.DanaChat); len(tokens) != 0 {
			t.Errorf("%s: %d cases stand on Dana's page", name, len(tokens))
		}
		d.must("", flows.Event{Kind: flows.Begin, Text: "omar"}, "unlock")
		if _, tokens := d.home(d.w.DanaChat); len(tokens) != 1 {
			t.Errorf("%s: %d cases after the next one", name, len(tokens))
		}
	}
}

// TestDamagedRosterOrCase: what cannot be read in Redis costs its line, and
// not the page with all other cases.
func TestDamagedRosterOrCase(t *testing.T) {
	d := openDesk(t, servers.SharedRedis(t))
	first := sessionOf(d.begin("unlock").Token)
	d.must("", flows.Event{Kind: flows.Begin, Text: "omar"}, "unlock")
	for damaged, want := range map[string]int{first: 1, "cases:" + d.w.Dana.String(): 0} {
		d.d.Sessions = &spoilt{d.sessions, damaged}
		if _, tokens := d.home(d.w.DanaChat); len(tokens) != want {
			t.Errorf("%s is damaged: %d cases, want %d", damaged, len(tokens), want)
		}
	}
}

func listOf(ids ...string) []byte {
	data, err := json.Marshal(ids)
	if err != nil {
		panic(err) // texts alone
	}
	return data
}

// spoilt are sessions of which one cannot be read.
type spoilt struct {
	flows.Sessions
	id string
}

func (s *spoilt) Load(ctx context.Context, id string) ([]byte, int64, error) {
	if id == s.id {
		return nil, 0, bot.Ef(bot.Internal, "load session record", "the record is damaged")
	}
	return s.Sessions.Load(ctx, id)
}
