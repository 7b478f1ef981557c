package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	ackPairs = 8
	ackFor   = 1500 * time.Millisecond // of each half of a pair
)

// The bounds of the acknowledgement. What is not bare is HMAC, parsing, two
// scripts where a bare SET would do, the allow-lists and a line of words: about
// as much again as HTTP and Redis take. Three times leaves room for a busy
// machine, and none for a page drawn, a third round trip or a directory asked
// before the answer.
const (
	mostProcessor = 3.0
	mostTime      = 3.0
	mostP99       = 100.0 // ms, with 32 under way on two cores; Slack gives up after 3 s
)

// side is one of those that are compared.
type side struct {
	*child
	request
	rates, p50, p99, cpu, trips []float64
}

// acknowledgement measures whole processes: `latchkey serve` against a server
// that makes as many round trips to Redis and nothing else.
func acknowledgement(s *stand, t *town, program string, into *results) {
	listen, admin := freeAddress(s), freeAddress(s)
	config := t.configuration(s, listen, admin)
	if out, err := exec.Command(program, "keys", "new", "--config", config).CombinedOutput(); err != nil {
		s.Fatalf("keys new: %v\n%s", err, out)
	}
	product := launch(s, listen, "http://"+admin+"/readyz", program, "serve", "--config", config)
	t.slack.SetBotURL("http://" + listen)
	command, err := t.slack.CommandRequest(agentInSlack, "", "/unlock help")
	s.ok(err)
	form, err := url.ParseQuery(string(command.Body))
	s.ok(err)
	help := shot{secret: t.slack.SigningSecret(), form: form}
	// A command that is not the bot's passes every check and makes no work.
	short := help.with("/other", "")
	_, err = request(help.bytes).fireFor(listen, 500*time.Millisecond) // it is warm
	s.ok(err)
	first, err := request(short.bytes).fireFor(listen, 500*time.Millisecond)
	s.ok(err)
	bareAt := freeAddress(s)
	own, err := os.Executable()
	s.ok(err)
	bare := launch(s, bareAt, "http://"+bareAt+"/readyz", own, bareWord, bareAt, t.redis.Addr, t.redis.Password, strconv.Itoa(first.size), "2")
	_, err = request(short.bytes).fireFor(bareAt, 500*time.Millisecond)
	s.ok(err)

	client := redis.NewClient(&redis.Options{Addr: t.redis.Addr, Password: t.redis.Password})
	defer client.Close()
	latchkey, helped, plain := &side{child: product, request: short.bytes}, &side{child: product, request: help.bytes}, &side{child: bare, request: short.bytes}
	inTurns(s, client, latchkey, plain, helped)
	tellAcknowledgement(latchkey, helped, plain, into)
	worker(s, t, into)
	afterSlack := product.memory(s)
	invokes(s, t, product, client, into)
	into.add(table{title: "Memory", about: "The largest resident set of `latchkey serve` (VmHWM) after the measurements above it.", head: []string{"", "MB"},
		rows: [][]string{{"after Slack", mega(afterSlack)}, {"after Slack and Teams", mega(product.memory(s))}}})
}

// inTurns measures a product, what is bare, and others, one after the other.
func inTurns(s *stand, client *redis.Client, product, bare *side, others ...*side) {
	for i := range ackPairs {
		order := append([]*side{product, bare}, others...)
		if i%2 == 1 {
			slices.Reverse(order)
		}
		for _, one := range order {
			one.measure(s, client)
		}
	}
	if trips := median(product.trips) / median(bare.trips); trips < 0.95 || trips > 1.05 {
		s.Errorf("the two are not to be compared: %.2f and %.2f round trips to Redis a request", median(product.trips), median(bare.trips))
	}
}

func (one *side) measure(s *stand, client *redis.Client) {
	reads, used := redisReads(s, client), one.processor(s)
	v, err := one.fireFor(one.at, ackFor)
	s.ok(err)
	n := float64(v.requests)
	one.rates = append(one.rates, n/v.whole.Seconds())
	one.p50 = append(one.p50, float64(at(v.took, 0.5)))
	one.p99 = append(one.p99, float64(at(v.took, 0.99)))
	one.cpu = append(one.cpu, float64(one.processor(s)-used)/n)
	one.trips = append(one.trips, float64(redisReads(s, client)-reads)/n)
}

var sideHead = []string{"", "requests/s", "p50", "p99", "processor a request", "Redis round trips"}

// row is a line of the table whose head is sideHead.
func (one *side) row(name string) []string {
	return []string{name, fmt.Sprintf("%.0f", median(one.rates)), milli(time.Duration(median(one.p50))), milli(time.Duration(median(one.p99))),
		micro(time.Duration(median(one.cpu))), fmt.Sprintf("%.2f", median(one.trips))}
}

// redisReads is how often Redis has read from a client: once a round trip,
// since nobody sends two commands at once.
func redisReads(s *stand, client *redis.Client) int64 {
	text, err := client.Info(context.Background(), "stats").Result()
	s.ok(err)
	for line := range strings.Lines(text) {
		if value, found := strings.CutPrefix(line, "total_reads_processed:"); found {
			n, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
			s.ok(err)
			return n
		}
	}
	s.Fatal("Redis does not tell how often it has read")
	return 0
}

// ratio is the median of what the pairs gave.
func ratio(a, b []float64) float64 {
	var all []float64
	for i := range a {
		all = append(all, a[i]/b[i])
	}
	return median(all)
}

func tellAcknowledgement(latchkey, helped, bare *side, into *results) {
	cpu, p50, p99 := ratio(latchkey.cpu, bare.cpu), ratio(latchkey.p50, bare.p50), ratio(latchkey.p99, bare.p99)
	into.add(table{
		title: "Acknowledgement",
		about: fmt.Sprintf("From a signed slash command to the whole answer, by %d connections: signature, replay cache, allow-lists and the command's words. "+
			"It is a command that is not the bot's, so that no work follows; what does follow is timed below. Of the session nothing is read before the answer. "+
			"Bare is `net/http` with as many round trips to Redis and an answer of the same length. %d turns of %.1f s each; "+
			"the load, the servers and Redis share the machine.", connections, ackPairs, ackFor.Seconds()),
		head: sideHead,
		rows: [][]string{latchkey.row("latchkey serve"), bare.row("bare"),
			{"ratio", times(ratio(latchkey.rates, bare.rates)), times(p50), times(p99), times(cpu), ""}, helped.row("latchkey serve, `/unlock help` with its page")},
	})
	into.atMost("acknowledgement: processor time, ratio to bare", cpu, mostProcessor)
	into.atMost("acknowledgement: p50, ratio to bare", p50, mostTime)
	into.atMost("acknowledgement: p99 in ms", median(latchkey.p99)/float64(time.Millisecond), mostP99)
}

// worker measures what follows the acknowledgement: who the agent is and what
// he may, asked anew of the directory, the search, and the page on its way to
// Slack.
func worker(s *stand, t *town, into *results) {
	const turns = 40
	var acks, works []time.Duration
	for i := range turns {
		login := fmt.Sprintf("p%06d", i*2311)
		calls, began := len(t.slack.Calls()), time.Now()
		if err := t.slack.As(agentInSlack).Say("/unlock " + login); err != nil {
			s.Fatalf("/unlock %s: %v", login, err)
		}
		acked := time.Now()
		shown := func() bool {
			for _, c := range t.slack.Calls()[calls:] {
				if strings.HasPrefix(c.Method, "views.") && strings.Contains(fmt.Sprint(c.Args), login) {
					works = append(works, c.At.Sub(acked))
					return true
				}
			}
			return false
		}
		if !t.slack.Eventually(shown) {
			s.Fatalf("/unlock %s showed nobody: %v", login, t.slack.Problems())
		}
		acks = append(acks, acked.Sub(began))
	}
	into.add(table{
		title: "Authorisation, after the acknowledgement",
		about: fmt.Sprintf("One at a time, %d times: `/unlock LOGIN` by an agent. Until the page: the agent's account, groups and role are read from the directory, the person is found among %d, and Slack is called.", turns, crowd.People),
		head:  []string{"", "p50", "p99"},
		rows:  [][]string{{"until the answer", milli(at(acks, 0.5)), milli(at(acks, 0.99))}, {"from the answer to the page", milli(at(works, 0.5)), milli(at(works, 0.99))}},
	})
}
