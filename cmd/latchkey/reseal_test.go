package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/zap"

	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/ledger"
	"latchkey/store/vault"
)

// member is what the nth of a crowd is enrolled with, in the open. Every fourth
// was enrolled by a version that sealed no addresses.
type member struct {
	id, address string
	seed        []byte
	question    string
	early       bool
}

func memberOf(n int) member {
	m := member{id: fmt.Sprintf("crowd-%06d", n)}
	switch n % 4 {
	case 0, 1:
		m.address, m.early = fmt.Sprintf("person-%06d@home.test", n), n%4 == 0
	case 2:
		m.seed = fmt.Appendf(nil, "seed of person %06d", n)
	case 3:
		m.question = fmt.Sprintf("Where was person %06d born?", n)
	}
	return m
}

func (m member) enrollment(v *vault.Vault, hash []byte) (bot.Enrollment, error) {
	e := bot.Enrollment{ID: m.id, Account: bot.AccountID{Store: "corp", GUID: "guid of " + m.id}, Type: bot.Email, Address: m.address}
	var err error
	switch {
	case m.early:
	case m.address != "":
		e, err = v.SealAddress(e)
	case m.seed != nil:
		e.Type = bot.Authenticator
		e.Seed, err = v.Seal(m.seed, "enrollments", e.ID, "seed")
	default:
		a := bot.Answer{ID: "answer of " + m.id, Hash: hash}
		a.Question, err = v.Seal([]byte(m.question), "answers", a.ID, "question")
		e.Type, e.Answers = bot.SecurityQuestions, []bot.Answer{a}
	}
	return e, err
}

// same reports whether an enrollment opens as what the member was enrolled with.
func (m member) same(v *vault.Vault, e bot.Enrollment) bool {
	address, err := v.Address(e)
	if err != nil || address != m.address {
		return false
	}
	if m.seed != nil {
		seed, err := v.Open(e.Seed, "enrollments", e.ID, "seed")
		return err == nil && bytes.Equal(seed, m.seed)
	}
	if m.question == "" {
		return len(e.Seed) == 0 && len(e.Answers) == 0
	}
	if len(e.Answers) != 1 {
		return false
	}
	question, err := v.Open(e.Answers[0].Question, "answers", e.Answers[0].ID, "question")
	right, failed := v.VerifyAnswer(context.Background(), e.Answers[0].Hash, "Rex")
	return err == nil && failed == nil && right && string(question) == m.question
}

// enrollCrowd enrolls so many.
func enrollCrowd(l *ledger.Ledger, v *vault.Vault, n int) error {
	hash, err := v.HashAnswer(context.Background(), "Rex")
	if err != nil {
		return err
	}
	_, err = l.EnrollAll(context.Background(), func(yield func(ledger.Enrolling, error) bool) {
		for i := range n {
			e, err := memberOf(i).enrollment(v, hash)
			r := bot.Record{ID: newID(), At: time.Now(), Action: bot.ActionEnroll, Status: bot.StatusSuccess, Types: []bot.Type{e.Type},
				Actor: bot.Party{Kind: bot.ActorAdministrator, Login: "test"}, Store: "corp", Client: bot.ClientCommandLine}
			r.Operation = r.ID
			if !yield(ledger.Enrolling{Enrollment: e, Record: r}, err) {
				return
			}
		}
	})
	return err
}

func openCheapVault(path string) (*vault.Vault, error) {
	return vault.Open(path, zap.NewNop(), vault.WithHashing(vault.Hashing{Memory: 64}))
}

// onDatabase opens the database and the keys of a script.
func onDatabase(ts *testscript.TestScript, do func(*ledger.Ledger, *vault.Vault)) {
	c := ledger.Config{URL: ts.Getenv("DATABASE_URL"), NewID: newID}
	if c.URL == "" {
		c.URL, c.Now = "sqlite://"+ts.Getenv("DATABASE"), time.Now
	}
	l, err := ledger.Open(context.Background(), c)
	ts.Check(err)
	defer func() { _ = l.Close() }()
	v, err := openCheapVault(ts.MkAbs("keys.json"))
	ts.Check(err)
	do(l, v)
}

// crowd enrolls so many, straight into the database.
func crowd(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	onDatabase(ts, func(l *ledger.Ledger, v *vault.Vault) { ts.Check(enrollCrowd(l, v, n)) })
}

// halfway waits until the first of so many is sealed with the primary key, and
// demands that the last is not.
func halfway(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	stale := func(l *ledger.Ledger, v *vault.Vault, n int) bool {
		page, err := l.SealedPage(context.Background(), fmt.Sprintf("crowd-%06d", n-1), 1)
		ts.Check(err)
		if n == 0 {
			page, err = l.SealedPage(context.Background(), "", 1)
			ts.Check(err)
		}
		_, changed, err := resealOne(v, page[0])
		ts.Check(err)
		return changed
	}
	onDatabase(ts, func(l *ledger.Ledger, v *vault.Vault) {
		for end := time.Now().Add(20 * time.Second); stale(l, v, 0); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				ts.Fatalf("nothing is sealed anew")
			}
		}
		if !stale(l, v, n-1) {
			ts.Fatalf("all is sealed anew already")
		}
	})
}

// sound demands that so many are enrolled with what they were enrolled with,
// all of it sealed with the primary key.
func sound(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	onDatabase(ts, func(l *ledger.Ledger, v *vault.Vault) {
		at := 0
		ts.Check(eachEnrollment(context.Background(), l, func(e bot.Enrollment) error {
			_, changed, err := resealOne(v, e)
			if m := memberOf(at); e.ID != m.id || !m.same(v, e) || changed || err != nil || e.Address != "" {
				return fmt.Errorf("enrollment %d is %s, to be sealed anew: %v, %v", at, e.ID, changed, err)
			}
			at++
			return nil
		}))
		if at != n {
			ts.Fatalf("%d are enrolled", at)
		}
	})
}

func TestResealBesideOthers(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		resealBesideOthers(t, ledger.Config{URL: "sqlite://" + filepath.Join(t.TempDir(), "latchkey.db"), Now: time.Now, NewID: newID})
	})
	t.Run("postgres", func(t *testing.T) {
		d := servers.SharedPostgres(t).NewDatabase(t)
		resealBesideOthers(t, ledger.Config{URL: d.OwnerURL, NewID: newID})
	})
}

// While keys are rotated and everything is sealed anew, by two at once, whoever
// reads opens each enrollment at each moment, and whoever enrolls and unenrolls
// beside it finds what he wrote.
func resealBesideOthers(t *testing.T, c ledger.Config) {
	const people, rounds = 120, 3
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "keys.json")
	must(t, vault.New(path, time.Now()))
	open := func() (*ledger.Ledger, *vault.Vault) {
		l, err := ledger.Open(ctx, c)
		must(t, err)
		t.Cleanup(func() { _ = l.Close() })
		v, err := openCheapVault(path)
		must(t, err)
		return l, v
	}
	l, v := open()
	must(t, enrollCrowd(l, v, people))
	must(t, waitingMails(l, v, people))
	stop := make(chan struct{})
	var others sync.WaitGroup
	others.Go(func() { readAlways(t, stop, l, v, people) })
	others.Go(func() { enrollAlways(t, stop, l, v) })
	var first, second sync.WaitGroup
	for range rounds {
		must(t, vault.Rotate(path, time.Now()))
		for _, one := range []*sync.WaitGroup{&first, &second} {
			one.Go(func() {
				l, v := open()
				if n, err := reseal(ctx, l, v); err != nil || n.Unopened > 0 {
					t.Errorf("resealed %+v, %v", n, err)
				}
			})
		}
		first.Wait()
		second.Wait()
	}
	close(stop)
	others.Wait()
	n, err := reseal(ctx, l, v)
	if err != nil || n.Enrollments < people || n.Unopened > 0 || n.Changed > 0 || n.Notices != people || n.NoticesUnopened > 0 {
		t.Errorf("at the end: %+v, %v", n, err)
	}
	h, err := held(ctx, l)
	if err != nil || len(h.seals) != 1 || len(h.peppers) != 1 {
		t.Errorf("at the end the database is sealed with %d keys, and its answers have %d peppers: %v", len(h.seals), len(h.peppers), err)
	}
	post := letters{}
	for range people {
		due, err := l.Due(ctx, time.Now(), 1, time.Minute)
		must(t, err)
		must(t, bot.Recipients{Vault: v, Mail: post}.Deliver(ctx, due[0].To, "changed", "text"))
	}
	if len(post) != people {
		t.Errorf("%d of %d waiting mails came", len(post), people)
	}
}

// letters are the mails that came to each address.
type letters map[string]int

func (l letters) Deliver(_ context.Context, to, _, _ string) error { l[to]++; return nil }

// waitingMails leaves so many notices to sealed recipients in the outbox.
func waitingMails(l *ledger.Ledger, v *vault.Vault, n int) error {
	r := bot.Record{ID: newID(), At: time.Now(), Action: bot.ActionEnroll, Status: bot.StatusSuccess, Types: []bot.Type{bot.Email},
		Actor: bot.Party{Kind: bot.ActorAdministrator, Login: "test"}, Store: "corp", Client: bot.ClientCommandLine}
	r.Operation = r.ID
	var notices []bot.Notice
	for i := range n {
		id := newID()
		to, err := bot.SealRecipient(v, id, fmt.Sprintf("person-%06d@home.test", i))
		if err != nil {
			return err
		}
		notices = append(notices, bot.Notice{ID: id, Kind: bot.NoticeTarget, To: to, Record: r})
	}
	return l.Append(context.Background(), r, notices...)
}

// waiting leaves so many notices in the outbox, straight in the database.
func waiting(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	onDatabase(ts, func(l *ledger.Ledger, v *vault.Vault) { ts.Check(waitingMails(l, v, n)) })
}

func readAlways(t *testing.T, stop chan struct{}, l *ledger.Ledger, v *vault.Vault, people int) {
	for n := 0; ; n = (n + 1) % people {
		select {
		case <-stop:
			return
		default:
		}
		m := memberOf(n)
		found, err := l.Enrollments(context.Background(), []bot.AccountID{{Store: "corp", GUID: "guid of " + m.id}})
		if err != nil || len(found) != 1 || !m.same(v, found[0]) {
			t.Errorf("%s is read as %d enrollments, or does not open: %v", m.id, len(found), err)
			return
		}
	}
}

func enrollAlways(t *testing.T, stop chan struct{}, l *ledger.Ledger, v *vault.Vault) {
	ctx, id := context.Background(), bot.AccountID{Store: "corp", GUID: "guid of the one who comes and goes"}
	record := func(a bot.Action) bot.Record {
		r := bot.Record{ID: newID(), At: time.Now(), Action: a, Status: bot.StatusSuccess, Store: "corp",
			Actor: bot.Party{Kind: bot.ActorAdministrator, Login: "test"}, Client: bot.ClientCommandLine}
		r.Operation = r.ID
		return r
	}
	for n := 0; ; n++ {
		select {
		case <-stop:
			return
		default:
		}
		m := member{id: fmt.Sprintf("comes-%d", n), seed: fmt.Appendf(nil, "seed %d", n)}
		e, err := m.enrollment(v, nil)
		e.Account = id
		if err == nil {
			err = l.Enroll(ctx, e, record(bot.ActionEnroll))
		}
		if err != nil {
			t.Error(err)
			return
		}
		found, err := l.Enrollments(ctx, []bot.AccountID{id})
		if err != nil || len(found) != 1 || !m.same(v, found[0]) {
			t.Errorf("%s is read as %d enrollments, or does not open: %v", m.id, len(found), err)
			return
		}
		if err := l.Unenroll(ctx, id, nil, record(bot.ActionUnenroll)); err != nil {
			t.Error(err)
			return
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
