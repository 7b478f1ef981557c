package replicas_test

import (
	"fmt"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/servers"

	"pgregory.net/rapid"
)

// tries is how many guesses of a challenge may be judged.
const tries = 5

// One right code, sent to three replicas at once and among wrong ones, passes
// once: always where fewer than five wrong ones come with it.
func TestARightCodePassesOnce(t *testing.T) {
	f := newFleet(t, servers.SharedPostgres(t).NewSchema(t), onRedis(servers.SharedRedis(t)))
	rapid.Check(t, func(rt *rapid.T) {
		s := f.scene()
		kind := rapid.SampledFrom([]bot.Type{bot.Email, bot.Mobile, bot.Authenticator}).Draw(rt, "type")
		e, err := s.Enroll(t.Context(), s.Mei, kind)
		must(rt, err)
		c := s.work(s.Dana)
		opened, err := s.open(t.Context(), rapid.IntRange(0, many-1).Draw(rt, "opened at"), c, kind)
		must(rt, err)
		wrongs := 0
		right := s.Right(e)
		guesses := []guess{{rapid.IntRange(0, many-1).Draw(rt, "first at"), c, opened.Challenge, kind, right}}
		for at := range rapid.IntRange(2, 9).Draw(rt, "guesses") {
			g := guess{at % many, c, opened.Challenge, kind, right}
			if rapid.Bool().Draw(rt, "wrong") {
				g.value = s.Wrong(e)
				wrongs++
			}
			guesses = append(guesses, g)
		}
		o := count(s.together(t.Context(), rapid.Permutation(guesses).Draw(rt, "order")))
		if len(o.failed) > 0 {
			rt.Fatalf("failed: %v", o.failed)
		}
		n := o.passed[opened.Challenge]
		if n > 1 || n == 0 && wrongs < tries {
			rt.Fatalf("it passed %d times, among %d wrong ones", n, wrongs)
		}
		if most := s.judged.most(); most > tries {
			rt.Fatalf("%d guesses were judged", most)
		}
		if has, err := s.evidence(t.Context(), c.Session); err != nil || has != n {
			rt.Fatalf("%d pieces of evidence after %d passes, %v", has, n, err)
		}
	})
}

// The codes of three steps of one app, in two cases of two agents and at three
// replicas at once: each step passes once in all of them together.
func TestAStepPassesOnce(t *testing.T) {
	f := newFleet(t, servers.SharedPostgres(t).NewSchema(t), onRedis(servers.SharedRedis(t)))
	rapid.Check(t, func(rt *rapid.T) {
		s := f.scene()
		e, err := s.Enroll(t.Context(), s.Mei, bot.Authenticator)
		must(rt, err)
		cases := []bot.Case{s.work(s.Dana), s.work(s.Finn)}
		var challenges []string
		for i, c := range cases {
			opened, err := s.open(t.Context(), i, c, bot.Authenticator)
			must(rt, err)
			challenges = append(challenges, opened.Challenge)
		}
		var guesses []guess
		for range rapid.IntRange(3, 12).Draw(rt, "guesses") {
			which, step := rapid.IntRange(0, 1).Draw(rt, "case"), rapid.IntRange(-1, 1).Draw(rt, "step")
			value := s.RightAt(e, s.Clock.Now().Add(time.Duration(step)*30*time.Second))
			guesses = append(guesses, guess{rapid.IntRange(0, many-1).Draw(rt, "replica"), cases[which], challenges[which], bot.Authenticator, value})
		}
		o := count(s.together(t.Context(), guesses))
		if len(o.failed) > 0 {
			rt.Fatalf("failed: %v", o.failed)
		}
		sum := 0
		for value, n := range o.values {
			if n > 1 {
				rt.Fatalf("the code %s passed %d times", value, n)
			}
			sum += n
		}
		for challenge, n := range o.passed {
			if n > 1 {
				rt.Fatalf("challenge %s was passed %d times", challenge, n)
			}
		}
		has := 0
		for _, c := range cases {
			n, err := s.evidence(t.Context(), c.Session)
			must(rt, err)
			has += n
		}
		if has != sum || sum == 0 || s.judged.all() > 2*tries {
			rt.Fatalf("%d codes passed, %d pieces of evidence, %d guesses judged", sum, has, s.judged.all())
		}
	})
}

func must(rt *rapid.T, err error) {
	if err != nil {
		rt.Fatal(fmt.Sprintf("%v", err))
	}
}
