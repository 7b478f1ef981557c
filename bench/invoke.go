package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"latchkey/adapters/playground/teams"
)

// goalInvoke is the share of the bare server's requests a second that an invoke
// of Teams shall reach. The token is verified once and remembered; what is left
// is JSON in, the gate, and a card out. It becomes a bound when it is reached.
const goalInvoke = 0.6

// invokes measures a signed invoke to its answer: the token, the activity, the
// gate against replays, and the dialog with a page. It is one that has come
// before, so that no work follows; the work is timed with Slack's command.
func invokes(s *stand, t *town, product *child, client *redis.Client, into *results) {
	t.teams.SetBotURL("http://" + product.at)
	s.ok(t.teams.Install(agentInTeams))
	open, err := t.teams.InvokeRequest(agentInTeams, "", "task/fetch", map[string]any{"data": map[string]any{"act": "latchkey:begin::0"}})
	s.ok(err)
	again := posted(open)
	_, err = again.fireFor(product.at, 500*time.Millisecond) // it is warm, and the invoke was there before
	s.ok(err)
	first, err := again.fireFor(product.at, 500*time.Millisecond)
	s.ok(err)
	at := freeAddress(s)
	own, err := os.Executable()
	s.ok(err)
	plain := launch(s, at, "http://"+at+"/readyz", own, bareWord, at, t.redis.Addr, t.redis.Password, strconv.Itoa(first.size), "1")
	_, err = again.fireFor(at, 500*time.Millisecond)
	s.ok(err)
	latchkey, bare := &side{child: product, request: again}, &side{child: plain, request: again}
	inTurns(s, client, latchkey, bare)
	rate := ratio(latchkey.rates, bare.rates)
	into.add(table{
		title: "An invoke of Teams",
		about: fmt.Sprintf("From a signed `task/fetch` to the whole answer with its card, by %d connections: token, activity, gate against replays, page, card. "+
			"The invoke has come before, so that nothing is carried out. Bare is `net/http` with as many round trips to Redis and an answer of the same length. The goal is a ratio of %.1f or more.", connections, goalInvoke),
		head: sideHead,
		rows: [][]string{latchkey.row("latchkey serve"), bare.row("bare"), {"ratio", times(rate), times(ratio(latchkey.p50, bare.p50)), times(ratio(latchkey.p99, bare.p99)), times(ratio(latchkey.cpu, bare.cpu)), ""}},
	})
}

// posted gives the bytes of a request of Teams.
func posted(r teams.Request) request {
	return func(host string) []byte {
		var out bytes.Buffer
		fmt.Fprintf(&out, "POST /api/messages HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n", host, len(r.Body))
		_ = r.Header.Write(&out) // into memory
		out.WriteString("\r\n")
		out.Write(r.Body)
		return out.Bytes()
	}
}
