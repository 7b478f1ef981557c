package replicas_test

import (
	"context"
	"sync"

	"latchkey/bot"
)

// guess is one value, typed at one replica.
type guess struct {
	at        int // the replica
	work      bot.Case
	challenge string
	kind      bot.Type
	value     string
}

// open opens a challenge at a replica.
func (s *scene) open(ctx context.Context, at int, c bot.Case, kind bot.Type) (bot.Opened, error) {
	f, err := s.replicas[at].desk.Facts(ctx, c)
	if err != nil {
		return bot.Opened{}, err
	}
	return s.replicas[at].verifier.Open(ctx, f, kind, false)
}

// say has a replica judge a value, as the dispatcher does: from facts of its own.
func (s *scene) say(ctx context.Context, g guess) (bot.Verdict, error) {
	r := s.replicas[g.at]
	f, err := r.desk.Facts(ctx, g.work)
	if err != nil {
		return bot.Verdict{}, err
	}
	return r.verifier.Verify(ctx, f, g.challenge, g.kind, g.value)
}

// answer is what became of a guess.
type answer struct {
	guess
	bot.Verdict
	err error
}

// together makes all guesses at the same moment.
func (s *scene) together(ctx context.Context, guesses []guess) []answer {
	answers := make([]answer, len(guesses))
	var all sync.WaitGroup
	start := make(chan struct{})
	for i, g := range guesses {
		all.Go(func() {
			<-start
			v, err := s.say(ctx, g)
			answers[i] = answer{g, v, err}
		})
	}
	close(start)
	all.Wait()
	return answers
}

// outcome counts answers.
type outcome struct {
	passed map[string]int // by challenge
	values map[string]int // that passed, by value
	failed []error
}

func count(answers []answer) outcome {
	o := outcome{passed: map[string]int{}, values: map[string]int{}}
	for _, a := range answers {
		if a.Passed {
			o.passed[a.challenge]++
			o.values[a.value]++
		}
		if a.err != nil {
			o.failed = append(o.failed, a.err)
		}
	}
	return o
}

// evidence is how many pieces a session has on record.
func (s *scene) evidence(ctx context.Context, session string) (int, error) {
	all, err := s.ledgers[0].Evidence(ctx, session)
	return len(all), err
}
