package replicas_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"latchkey/bot"
)

// siege is one case whose challenge is guessed at by three replicas, until it
// is over or there is nothing left to say.
type siege struct {
	*scene
	work       bot.Case
	enrollment bot.Enrollment
	challenge  string
	right      string
	late       int // after how many guesses each replica says the right value

	mu      sync.Mutex
	answers []answer
}

func (f *fleet) besiege(t *testing.T, kind bot.Type) *siege {
	t.Helper()
	s := &siege{scene: f.scene(), late: rand.IntN(4)}
	s.work = s.scene.work(s.Dana)
	var err error
	if s.enrollment, err = s.Enroll(t.Context(), s.Mei, kind); err != nil {
		t.Fatal(err)
	}
	opened, err := s.open(t.Context(), rand.IntN(many), s.work, kind)
	if err != nil {
		t.Fatal(err)
	}
	s.challenge, s.right = opened.Challenge, s.Right(s.enrollment)
	return s
}

// patience is how long a replica goes on with what is not answered.
const patience = 30 * time.Second

// guess says so many values at one replica, the right one among them. A guess
// that was not answered is one; the next is made when its turn comes.
func (s *siege) guess(ctx context.Context, at int, each func()) {
	deadline := time.Now().Add(patience)
	for n, asked := 0, 0; n < 8 && time.Now().Before(deadline); asked++ {
		g := guess{at, s.work, s.challenge, s.enrollment.Type, s.Wrong(s.enrollment)}
		if n == s.late+at {
			g.value = s.right
		}
		v, err := s.say(ctx, g)
		s.mu.Lock()
		s.answers = append(s.answers, answer{g, v, err})
		s.mu.Unlock()
		if err == nil {
			n++
		}
		each()
	}
}

// run has all cases guessed at by all replicas at once, and hits when so many
// guesses were judged in all of them together.
func run(t *testing.T, all []*siege, when int, hit func()) {
	t.Helper()
	var wait sync.WaitGroup
	now, over := make(chan struct{}), make(chan struct{})
	reached := sync.OnceFunc(func() { close(now) })
	for _, s := range all {
		for at := range many {
			wait.Go(func() {
				s.guess(t.Context(), at, func() {
					sum := 0
					for _, s := range all {
						sum += s.judged.all()
					}
					if sum >= when {
						reached()
					}
				})
			})
		}
	}
	go func() { wait.Wait(); close(over) }()
	select {
	case <-now:
		hit()
	case <-over:
		t.Errorf("%d guesses were not reached", when)
	}
	<-over
}

// noticed waits until a guess was not answered.
func noticed(t *testing.T, all []*siege) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		for _, s := range all {
			if len(count(s.so()).failed) > 0 {
				return
			}
		}
	}
	t.Errorf("every guess was answered for %v", patience)
}

// so is what was answered so far.
func (s *siege) so() []answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.answers)
}

// lift judges what is left of each, and shows that the work goes on.
func lift(t *testing.T, all []*siege) {
	t.Helper()
	sound(t, all)
	for _, s := range all {
		s.goesOn(t)
	}
}

// sound: five guesses of each case were judged at most, nothing passed twice,
// and whoever was not answered was told so.
func sound(t *testing.T, all []*siege) {
	t.Helper()
	sum, failed, passed := 0, 0, 0
	for _, s := range all {
		o := count(s.answers)
		s.unbroken(t.Context(), t, s.work, o)
		for _, err := range o.failed {
			if !away(err) {
				t.Errorf("a guess was answered with %v", err)
			}
		}
		sum, failed, passed = sum+s.judged.all(), failed+len(o.failed), passed+o.passed[s.challenge]
	}
	t.Logf("%d cases: %d guesses judged, %d codes passed, %d guesses not answered", len(all), sum, passed, failed)
	if sum < len(all) || failed == 0 {
		t.Error("nothing was hit: this test shows nothing")
	}
}

// goesOn: the next code is the right one, and is right once.
func (s *siege) goesOn(t *testing.T) {
	t.Helper()
	s.Clock.Move(time.Minute) // apps show another code
	next := s.scene.work(s.Finn)
	opened, err := s.open(t.Context(), 0, next, s.enrollment.Type)
	if err != nil {
		t.Errorf("a new challenge: %v", err)
		return
	}
	value := s.Right(s.enrollment)
	var guesses []guess
	for at := range many {
		guesses = append(guesses, guess{at, next, opened.Challenge, s.enrollment.Type, value})
	}
	if o := count(s.together(t.Context(), guesses)); o.passed[opened.Challenge] != 1 || len(o.failed) > 0 {
		t.Errorf("the next code passed %d times, %v", o.passed[opened.Challenge], o.failed)
	}
}
