package main

import (
	"context"
	"crypto/tls"
	"database/sql"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"latchkey/bot"
	"latchkey/bot/bottest"
	"latchkey/servers"
	"latchkey/store/directory"
	"latchkey/store/ledger"
)

const (
	store       = "lab"
	searchPairs = 61
	hitsOfPage  = 10
	// mostSearch is what a first page may cost, by what its LDAP and SQL cost.
	mostSearch = 1.2
	// sampleFor is how long one sample goes on: a search of a millisecond is
	// made many times.
	sampleFor = 20 * time.Millisecond
)

// searches measures the first page of a search by the desk against the same
// LDAP and the same SQL.
func searches(s *stand, t *town, into *results) {
	file := filepath.Join(t.dir, "search.db")
	l, err := ledger.Open(context.Background(), ledger.Config{URL: "sqlite://" + file, Now: time.Now, NewID: bottest.NewIDs().New})
	s.ok(err)
	s.Cleanup(func() { _ = l.Close() })
	say("%d enrollments", enroll(s, t, l))
	desk, agent := openDesk(s, t, l, t.slapd.URL)
	watcher := record(s, t.slapd)
	watched, _ := openDesk(s, t, l, "ldaps://"+watcher.address)
	b := openBare(s, t, file)
	out := table{
		title: fmt.Sprintf("Search among %d people", crowd.People),
		about: fmt.Sprintf("The first page of ten by `bot.Desk.Find`, with enrollments in SQLite, on connections that are open. Bare is the same LDAP searches by go-ldap, "+
			"as a recorder saw them, and the same SQL by `database/sql`, both with deadlines, without looking at what came. Median of %d pairs.", searchPairs),
		head: []string{"", "hits", "LDAP searches", "latchkey", "bare", "ratio"},
	}
	for _, q := range []struct {
		name string
		bot.Search
	}{
		{"a rare name: `p012345`", bot.Search{Text: "p012345"}}, {"a common name: `anna`", bot.Search{Text: "anna"}},
		{"one letter: `a`", bot.Search{Text: "a"}}, {"`locked`", bot.Search{Locked: true}},
	} {
		q.Limit = hitsOfPage
		find := func(d *bot.Desk) bot.Found {
			f, err := d.Find(context.Background(), agent, q.Search)
			s.ok(err)
			return f
		}
		find(watched) // it is connected
		watcher.take(s)
		found := find(watched)
		same := watcher.take(s)
		ours, bare := compare(s, func() { find(desk) }, func() { s.ok(b.repeat(same, found)) })
		hits := fmt.Sprint(found.Total)
		if found.Cut {
			hits += " or more"
		}
		r := ratio(ours, bare)
		out.rows = append(out.rows, []string{q.name, hits, fmt.Sprint(len(same)), milli(time.Duration(median(ours))), milli(time.Duration(median(bare))), times(r)})
		into.atMost("first page of a search, ratio to bare: "+q.name, r, mostSearch)
	}
	into.add(out)
}

// compare samples both in turns; each sample begins with no garbage.
func compare(s *stand, ours, bare func()) (ourTimes, bareTimes []float64) {
	sample := func(do func()) float64 {
		runtime.GC()
		n, began := 0, time.Now()
		for n == 0 || time.Since(began) < sampleFor {
			do()
			n++
		}
		return float64(time.Since(began)) / float64(n)
	}
	for range 3 {
		ours()
		bare()
	}
	for i := range searchPairs {
		if i%2 == 0 {
			ourTimes, bareTimes = append(ourTimes, sample(ours)), append(bareTimes, sample(bare))
		} else {
			bareTimes, ourTimes = append(bareTimes, sample(bare)), append(ourTimes, sample(ours))
		}
	}
	return ourTimes, bareTimes
}

// enroll enrolls every second person, one in ten with two types.
func enroll(s *stand, t *town, l *ledger.Ledger) int {
	conn := t.dial(s, t.slapd.Admin)
	defer conn.Close()
	request := ldap.NewSearchRequest(t.slapd.People, ldap.ScopeSingleLevel, ldap.NeverDerefAliases, 0, 0, false, "(uid=*)", []string{"entryUUID"}, nil)
	everybody, err := conn.SearchWithPaging(request, 5000)
	s.ok(err)
	if len(everybody.Entries) != crowd.People {
		s.Fatalf("slapd has %d people instead of %d", len(everybody.Entries), crowd.People)
	}
	ids := bottest.NewIDs()
	n, err := l.EnrollAll(context.Background(), func(yield func(ledger.Enrolling, error) bool) {
		for i, e := range everybody.Entries {
			id := bot.AccountID{Store: store, GUID: strings.ToLower(e.GetAttributeValue("entryUUID"))}
			for j, kind := range []bot.Type{bot.Authenticator, bot.Email} {
				if i%2 != 0 || j == 1 && i%10 != 0 {
					continue
				}
				one := ledger.Enrolling{Enrollment: bot.Enrollment{ID: ids.New(), Account: id, Type: kind, ByAdministrator: true},
					Record: bot.Record{ID: ids.New(), At: time.Now().UTC().Truncate(time.Microsecond), Action: bot.ActionEnroll, Status: bot.StatusSuccess, Store: store}}
				if !yield(one, nil) {
					return
				}
			}
		}
	})
	s.ok(err)
	return n
}

func (t *town) dial(s *stand, as servers.Account) *ldap.Conn {
	conn, err := ldap.DialURL(t.slapd.URL, ldap.DialWithTLSConfig(&tls.Config{RootCAs: t.slapd.Pool()}))
	s.ok(err)
	s.ok(conn.Bind(as.DN, as.Password))
	return conn
}

// openDesk makes a desk over the directory at url, and its agent.
func openDesk(s *stand, t *town, l *ledger.Ledger, url string) (*bot.Desk, bot.AgentFacts) {
	d, err := directory.Open(directory.Config{Name: store, Kind: directory.OpenLDAP, URLs: []string{url}, Base: t.slapd.Base, CA: t.slapd.CA,
		BindDN: t.slapd.Unlocker.DN, BindPassword: t.slapd.Unlocker.Password, LinkAttribute: "employeeNumber", DefaultPolicy: t.slapd.DefaultPolicy}, nil)
	s.ok(err)
	s.Cleanup(d.Close)
	base, err := directory.Canonical(t.slapd.Base)
	s.ok(err)
	group, err := directory.Canonical(t.group)
	s.ok(err)
	protected, err := directory.Canonical("cn=protected," + t.slapd.Groups)
	s.ok(err)
	policy := &bot.Policy{Version: "1", Limits: bot.DefaultLimits(), Stores: []bot.StorePolicy{{Name: store, Base: base, Types: bot.Types(), Links: true,
		// So that a list of the locked reads groups, as it does where one protects.
		ProtectedGroups: []bot.DN{protected}}},
		Roles: []bot.Role{{Name: "helpdesk", Store: store, ActsOn: []string{store}, Priority: 10, MemberGroups: []bot.DN{group},
			Permissions: bot.Permissions(), Helpdesk: bot.HelpdeskPolicy{Mode: bot.UnrestrictedMode}}}}
	desk := &bot.Desk{Policy: policy, Directories: map[string]bot.Directory{store: d}, Records: l, People: l, Journal: l, Now: time.Now, NewID: bottest.NewIDs().New}
	account, err := d.Lookup(context.Background(), bot.FieldLogin, t.agent.Login)
	s.ok(err)
	agent, err := desk.Agent(context.Background(), account.ID)
	s.ok(err)
	return desk, agent
}

// bare does what the desk does by the libraries alone.
type bare struct {
	ldap *ldap.Conn
	sql  *sql.DB
}

func openBare(s *stand, t *town, file string) *bare {
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro&_busy_timeout=5000")
	s.ok(err)
	conn := t.dial(s, t.slapd.Unlocker)
	conn.SetTimeout(5 * time.Second)
	s.Cleanup(func() { _, _ = db.Close(), conn.Close() })
	return &bare{conn, db}
}

func (b *bare) repeat(searches []*ldap.SearchRequest, found bot.Found) error {
	if err := repeat(b.ldap, searches); err != nil {
		return err
	}
	var args []any
	var places []string
	for _, h := range found.Hits {
		args, places = append(args, h.Account.ID.Store, h.Account.ID.GUID), append(places, "(?, ?)")
	}
	return b.query(`SELECT id, store, guid, type, address, seed, since, by_administrator FROM enrollments WHERE (store, guid) IN (VALUES `+
		strings.Join(places, ", ")+`) ORDER BY since, id`, 8, args...)
}

// query reads in a transaction and with a deadline, as nobody would serve people without.
func (b *bare) query(text string, columns int, args ...any) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	tx, err := b.sql.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to take back
	rows, err := tx.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		values := make([]any, columns)
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return tx.Commit()
}
