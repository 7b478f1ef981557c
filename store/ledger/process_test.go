package ledger_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/ledger"
)

// play is the second process of a test. It prints a line for each thing done.
func play(role string) int {
	ctx := context.Background()
	c := ledger.Config{URL: os.Getenv("LEDGER_URL"), OwnerURL: os.Getenv("LEDGER_OWNER_URL"), NewID: rand.Text}
	if strings.HasPrefix(c.URL, "sqlite:") {
		c.Now = time.Now
	}
	l, err := ledger.Open(ctx, c)
	if err != nil {
		fmt.Println("error", bot.KindOf(err), err)
		return 1
	}
	defer l.Close() //nolint:errcheck // the process ends
	argument := os.Getenv("LEDGER_ARGUMENT")
	switch role {
	case "open":
		err = l.Append(ctx, record())
		fmt.Println("opened")
	case "write":
		for err == nil {
			if err = unlockOnce(ctx, l); err == nil {
				fmt.Println("unlocked")
			}
		}
	case "intend":
		err = intendAll(ctx, l, strings.Fields(argument))
	case "try":
		err = tryAll(ctx, l, strings.Fields(argument))
	case "fill":
		err = fillUp(ctx, l)
	}
	if err != nil {
		fmt.Println("error", bot.KindOf(err), err)
		return 1
	}
	return 0
}

// start starts a second process and gives what it prints, line by line.
func start(t *testing.T, role string, at place, argument string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	p := exec.CommandContext(t.Context(), os.Args[0])
	p.Env = append(os.Environ(), "LEDGER_ROLE="+role, "LEDGER_URL="+at.URL, "LEDGER_OWNER_URL="+at.OwnerURL, "LEDGER_ARGUMENT="+argument)
	p.Stderr = os.Stderr
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	return p, bufio.NewScanner(out)
}

// lines runs n processes of a role to their end and counts what they print.
func lines(t *testing.T, n int, role string, at place, argument string) map[string]int {
	t.Helper()
	var mu sync.Mutex
	var all sync.WaitGroup
	printed := map[string]int{}
	for range n {
		p, out := start(t, role, at, argument)
		all.Go(func() {
			for out.Scan() {
				mu.Lock()
				printed[out.Text()]++
				mu.Unlock()
			}
			_ = p.Wait() // what it printed tells how it went
		})
	}
	all.Wait()
	return printed
}

func intendAll(ctx context.Context, l *ledger.Ledger, grants []string) error {
	for _, g := range grants {
		o, err := l.Offered(ctx, g)
		if err != nil {
			return err
		}
		r := record()
		why, err := l.Intend(ctx, bot.Intent{ID: rand.Text(), Offer: o, At: time.Now()}, r, 0)
		if err != nil {
			return err
		}
		fmt.Printf("%s %q\n", g, why)
	}
	return nil
}

// tryAll gives the right code of one step at every challenge, over and over.
func tryAll(ctx context.Context, l *ledger.Ledger, challenges []string) error {
	for _, id := range challenges {
		c, a := tried(bot.AccountID{Store: "corp", GUID: "mei"})
		c.ID, c.Session, a.Challenge, a.Session = id, "s"+id, id, "s"+id
		for {
			begun, err := l.BeginAttempt(ctx, a, wide)
			if err != nil {
				return err
			}
			if begun.Refused != "" {
				break
			}
			settled, err := l.SettleAttempt(ctx, settlement(c, begun.Attempt, 7))
			if err != nil {
				return err
			}
			fmt.Printf("%s %t\n", id, settled.Right)
		}
	}
	return nil
}

func TestProcessesShareOneDatabase(t *testing.T) { onBoth(t, shareOne) }

func shareOne(t *testing.T, at place) {
	if at.driver == "sqlite" {
		at.Now = time.Now
	}
	l := at.open(t)
	want := map[string]int{}
	var grants []string
	for range 20 {
		id := bot.AccountID{Store: "corp", GUID: rand.Text()}
		o := bot.Offer{ID: rand.Text(), Session: "s", Agent: bot.AccountID{Store: "corp", GUID: "dana"}, Target: id, Account: id,
			Expires: time.Now().Add(time.Hour)}
		if err := l.Offer(t.Context(), []bot.Offer{o}); err != nil {
			t.Fatal(err)
		}
		grants = append(grants, o.ID)
		want[o.ID+` ""`], want[o.ID+` "grant_used"`] = 1, 2
	}
	got := lines(t, 3, "intend", at, strings.Join(grants, " "))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("three processes, each grant once: want -, got +:\n%s", diff)
	}
	var challenges []string
	for range 10 {
		ch, _ := tried(bot.AccountID{Store: "corp", GUID: "mei"})
		ch.Session = "s" + ch.ID
		if err := l.OpenChallenge(t.Context(), ch, bot.SendLimits{}); err != nil {
			t.Fatal(err)
		}
		challenges = append(challenges, ch.ID)
	}
	got = lines(t, 3, "try", at, strings.Join(challenges, " "))
	passed := 0
	for _, id := range challenges {
		passed += got[id+" true"]
		if n := got[id+" true"] + got[id+" false"]; n > 5 || n < 1 {
			t.Errorf("%d values of one challenge were judged", n)
		}
	}
	if passed != 1 {
		t.Errorf("one step was accepted %d times: %v", passed, got)
	}
	if result, err := l.Verify(t.Context()); err != nil || result.Fault != nil {
		t.Errorf("%+v, %v", result, err)
	}
}

func TestProcessesOpenANewDatabaseTogether(t *testing.T) {
	fresh(t, func(t *testing.T, at place) {
		if diff := cmp.Diff(map[string]int{"opened": 6}, lines(t, 6, "open", at, "")); diff != "" {
			t.Fatal(diff)
		}
		if result, err := at.open(t).Verify(t.Context()); err != nil || result.Rows != 6 || result.Fault != nil {
			t.Fatalf("%+v, %v", result, err)
		}
	})
}

// fresh runs a test on a file that is not there and on a database without tables,
// whose owner serves it himself.
func fresh(t *testing.T, test func(t *testing.T, at place)) {
	t.Run("sqlite", func(t *testing.T) {
		servers.Used(t, "sqlite")
		test(t, inFile(filepath.Join(t.TempDir(), "latchkey.db")))
	})
	t.Run("postgres", func(t *testing.T) {
		d := servers.SharedPostgres(t).NewDatabase(t)
		test(t, place{Config: ledger.Config{URL: d.OwnerURL, NewID: rand.Text}, driver: "pgx", owner: d.AdminURL})
	})
}

func TestANewDatabaseIsOpenedManyTimesAtOnce(t *testing.T) {
	for _, round := range []string{"once", "again", "and again"} {
		t.Run(round, func(t *testing.T) { fresh(t, openTogether) })
	}
}

func openTogether(t *testing.T, at place) {
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			l, err := ledger.Open(t.Context(), at.Config)
			if err != nil {
				t.Error(err)
				return
			}
			if err := l.Append(t.Context(), record()); err != nil {
				t.Error(err)
			}
			if err := l.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if result, err := at.open(t).Verify(t.Context()); err != nil || result.Rows != 8 || result.Fault != nil {
		t.Fatalf("%+v, %v", result, err)
	}
}
