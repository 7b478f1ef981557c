package replicas_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/servers"
)

// pair is a primary and the standby that takes its place.
type pair struct {
	primary, standby *servers.Postgres
	database         *servers.PostgresDatabase
	*fleet           // finds whichever of the two takes writes
}

func newPair(t *testing.T, follow func(*servers.Postgres, testing.TB) *servers.Postgres) *pair {
	t.Helper()
	p := &pair{primary: servers.StartPostgres(t, servers.PostgresSpec{})}
	p.database = p.primary.NewDatabase(t)
	p.standby = follow(p.primary, t)
	p.fleet = newFleet(t, p.database.OnEither(t, p.standby), onRedis(servers.SharedRedis(t)))
	return p
}

// The primary dies while eight cases are guessed at, and its synchronous
// standby is promoted: not one guess that was judged is forgotten, and nothing
// passes a second time. Each round ends somewhere else.
func TestThePrimaryDiesBetweenGuesses(t *testing.T) {
	for round, when := range []int{4, 11, 23} {
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			t.Parallel()
			p := newPair(t, (*servers.Postgres).SynchronousStandby)
			all := p.besieged(t)
			run(t, all, when, func() {
				p.primary.Kill(t)
				noticed(t, all)
				p.standby.Promote(t)
			})
			p.overcome(t, all)
		})
	}
}

// The primary hangs, its standby is promoted, and the old one comes back and
// thinks itself the primary: whom it still reaches is told that nothing was
// done, since no standby of it confirms a commit. Then somebody fences it.
func TestThePrimaryHangsAndComesBack(t *testing.T) {
	t.Parallel()
	p := newPair(t, (*servers.Postgres).SynchronousStandby)
	all := p.besieged(t)
	run(t, all, 23, func() {
		func() {
			p.primary.Pause(t)
			defer p.primary.Resume(t)
			noticed(t, all)
			p.standby.Promote(t)
		}()
		db := p.database.Open(t)
		within(t, func() bool {
			return number(t, db, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") > 0
		})
		p.primary.Kill(t)
	})
	p.overcome(t, all)
}

// overcome judges what is left after a promotion.
func (p *pair) overcome(t *testing.T, all []*siege) {
	t.Helper()
	p.nothingForgotten(t, all)
	sound(t, all)
	usedStaysUsed(t, all)
	for _, s := range all {
		s.goesOn(t)
	}
}

// besieged are cases of both kinds.
func (p *pair) besieged(t *testing.T) (all []*siege) {
	t.Helper()
	for _, kind := range []bot.Type{bot.Email, bot.Authenticator} {
		for range 4 {
			all = append(all, p.besiege(t, kind))
		}
	}
	return all
}

// nothingForgotten looks into the server that was promoted: it has each guess
// that was judged, no more than five of a challenge, and each code that passed.
func (p *pair) nothingForgotten(t *testing.T, all []*siege) {
	t.Helper()
	db := p.database.On(p.standby).Open(t)
	for i, s := range all {
		o := count(s.answers)
		tried := number(t, db, "SELECT count(*) FROM attempts WHERE challenge = $1", s.challenge)
		right := number(t, db, "SELECT count(*) FROM attempts WHERE challenge = $1 AND result = 'right'", s.challenge)
		proved := number(t, db, "SELECT count(*) FROM evidence WHERE challenge = $1", s.challenge)
		if judged := s.judged.most(); tried < judged || tried > tries {
			t.Errorf("case %d: %d guesses were judged, and %d are on record", i, judged, tried)
		}
		if right > 1 || right < o.passed[s.challenge] || proved != right {
			t.Errorf("case %d: %d codes passed, %d on record with %d pieces of evidence", i, o.passed[s.challenge], right, proved)
		}
	}
	for i, l := range p.ledgers {
		if result, err := l.Verify(t.Context()); err != nil || result.Fault != nil {
			t.Errorf("history, as replica %d reads it: %+v, %v", i, result.Fault, err)
		}
	}
}

// usedStaysUsed: whoever overheard a code of an app says it at once to another
// agent.
func usedStaysUsed(t *testing.T, all []*siege) {
	t.Helper()
	said := 0
	for _, s := range all {
		if s.enrollment.Type != bot.Authenticator || count(s.answers).passed[s.challenge] == 0 {
			continue
		}
		said++
		again := s.scene.work(s.Finn)
		opened, err := s.open(t.Context(), 1, again, bot.Authenticator)
		if err != nil {
			t.Fatal(err)
		}
		for at := range many {
			v, err := s.say(t.Context(), guess{at, again, opened.Challenge, bot.Authenticator, s.right})
			if err != nil || !v.Replayed {
				t.Errorf("a code that was used before the promotion: %+v, %v", v, err)
			}
		}
	}
	t.Logf("%d used codes were said again", said)
}

func number(t *testing.T, db *sql.DB, query string, args ...any) (n int) {
	t.Helper()
	if err := db.QueryRow(query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// While its standby is away, the primary answers no commit: not one guess is judged.
func TestNothingIsJudgedWhileTheStandbyIsAway(t *testing.T) {
	t.Parallel()
	p := newPair(t, (*servers.Postgres).SynchronousStandby)
	s := p.besiege(t, bot.Authenticator)
	p.standby.Unfollow(t)
	p.primary.FollowedBy(t, "")
	begun := time.Now()
	_, err := s.say(t.Context(), guess{0, s.work, s.challenge, bot.Authenticator, s.right})
	if !away(err) || time.Since(begun) > 10*time.Second || s.judged.all() != 0 {
		t.Errorf("%d guesses were judged, and after %v it says %v", s.judged.all(), time.Since(begun), err)
	}
}

// Why `check` warns of a standby that is not synchronous: what it has not
// heard of is forgotten by a promotion, five guesses and a used code.
func TestAStandbyThatNobodyWaitsForForgets(t *testing.T) {
	t.Parallel()
	p := newPair(t, (*servers.Postgres).Standby)
	s, used := p.besiege(t, bot.Authenticator), p.besiege(t, bot.Authenticator)
	if says := p.findings(t); !strings.Contains(says, "synchronous_standby_names is empty") {
		t.Errorf("check does not warn: %s", says)
	}
	within(t, func() bool {
		db := p.database.On(p.standby).Open(t)
		return number(t, db, "SELECT count(*) FROM challenges") == number(t, p.database.Open(t), "SELECT count(*) FROM challenges")
	})
	p.standby.Unfollow(t)
	p.primary.FollowedBy(t, "")
	guesses := func(n int) (judged int) {
		for range n {
			if _, err := s.say(t.Context(), guess{0, s.work, s.challenge, bot.Authenticator, s.Wrong(s.enrollment)}); err != nil {
				t.Fatal(err)
			}
		}
		return s.judged.all()
	}
	if n := guesses(7); n != tries {
		t.Fatalf("%d guesses of 7 were judged", n)
	}
	says := func() bool {
		v, err := used.say(t.Context(), guess{1, used.work, used.challenge, bot.Authenticator, used.right})
		if err != nil {
			t.Fatal(err)
		}
		return v.Passed
	}
	if !says() {
		t.Fatal("the right code does not pass")
	}
	p.primary.Kill(t)
	p.standby.Promote(t)
	if n := guesses(7); n == tries {
		t.Errorf("%d guesses were judged in all: this standby was synchronous", n)
	}
	if !says() {
		t.Error("the code was still used: this standby was synchronous")
	}
}

// What `check` says of standbys: nothing where one is waited for, and what to
// mend where none is.
func TestCheckSaysWhichStandbyForgets(t *testing.T) {
	t.Parallel()
	p := newPair(t, (*servers.Postgres).SynchronousStandby)
	if says := p.findings(t); strings.Contains(says, "synchronous") {
		t.Errorf("all is well, and check says %s", says)
	}
	for _, c := range []struct{ setting, value, says string }{
		{"synchronous_commit", "local", "synchronous_commit is local"},
		{"synchronous_commit", "remote_apply", ""},
		{"synchronous_standby_names", "", "synchronous_standby_names is empty"},
	} {
		p.primary.Configure(t, c.setting, c.value)
		within(t, func() bool { // a connection that is there already hears of it between two statements
			says := p.findings(t)
			return strings.Contains(says, "synchronous") == (c.says != "") && strings.Contains(says, c.says)
		})
	}
}

// Of two hosts in a URL that says no more, replicas take the one that takes
// writes, in whichever order they stand: also when another does since.
func TestOfTwoHostsTheOneIsTakenThatTakesWrites(t *testing.T) {
	t.Parallel()
	p := newPair(t, (*servers.Postgres).SynchronousStandby)
	said := p.database.OnEither(t, p.standby)
	short := *said
	for _, address := range []*string{&short.URL, &short.OwnerURL} {
		for _, change := range [][2]string{{"&target_session_attrs=read-write", ""}, {
			url.QueryEscape(p.primary.Host + "," + p.standby.Host), url.QueryEscape(p.standby.Host + "," + p.primary.Host)}} {
			changed := strings.Replace(*address, change[0], change[1], 1)
			if changed == *address {
				t.Fatalf("%s is not in %s", change[0], changed)
			}
			*address = changed
		}
	}
	short.URL = strings.Replace(short.URL, p.primary.Addr, p.standby.Addr, 1)
	short.OwnerURL = strings.Replace(short.OwnerURL, p.primary.Addr, p.standby.Addr, 1)
	f := newFleet(t, &short, onRedis(servers.SharedRedis(t)))
	s := f.besiege(t, bot.Authenticator)
	p.primary.Kill(t)
	p.standby.Promote(t)
	s.goesOn(t)
}

func (p *pair) findings(t *testing.T) string {
	t.Helper()
	return fmt.Sprint(p.ledgers[0].Findings(t.Context(), time.Now))
}

// within fails the test unless something becomes so soon.
func within(t *testing.T, so func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-ctx.Done():
			t.Fatal("it did not come to that")
		case <-tick.C:
		}
	}
}
