// Package conformance is the suite that every database under store/ledger
// passes: each sentence of the ports in package bot that a ledger implements,
// and what is promised beyond them, as a test. It knows no database; the
// backend's own test file hands it a factory.
package conformance

import (
	"crypto/rand"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"latchkey/bot"
	"latchkey/store/ledger"
)

// Factory opens an empty ledger with the clock and ids of c, and closes it
// when the test ends. The suite sets everything of c but the URL.
type Factory func(t *testing.T, c ledger.Config) *ledger.Ledger

// Run runs the suite.
func Run(t *testing.T, open Factory) {
	for name, test := range map[string]func(*testing.T, *stage){
		"challenge/newest alone is valid":              newestChallengeAlone,
		"challenge/types and sessions apart":           challengesApart,
		"challenge/codes an hour":                      codesAnHour,
		"challenge/questions apart":                    questionsApart,
		"challenge/pushes an hour, apart from codes":   pushesAnHour,
		"challenge/sent in a session":                  sentInASession,
		"challenge/incomplete":                         incompleteChallenge,
		"attempt/unknown or foreign challenge":         foreignChallenge,
		"attempt/numbered up to the tries":             numberedTries,
		"attempt/expired":                              expiredChallenge,
		"attempt/passed challenge is over":             passedChallenge,
		"attempt/missing limits":                       missingLimits,
		"attempt/wrong a day":                          wrongADay,
		"attempt/wrong in a row stops":                 wrongInARow,
		"attempt/five of each question":                questionTries,
		"attempt/fleet":                                fleetLimit,
		"attempt/unsettled counts as wrong":            unsettledCounts,
		"settle/once":                                  settleOnce,
		"settle/right gives evidence and history":      rightGivesEvidence,
		"settle/wrong gives no evidence":               wrongGivesNone,
		"settle/steps only upwards":                    stepsUpwards,
		"settle/one right value a challenge":           oneRightValue,
		"settle/evidence of each question":             questionEvidence,
		"settle/another question":                      questionContradictions,
		"settle/contradictions":                        contradictions,
		"settle/all or nothing":                        settleAllOrNothing,
		"lockout/begins, ends, begins anew":            lockoutBegins,
		"lockout/by tries that were never settled":     lockoutByUnsettled,
		"lockout/a right value begins the count anew":  rightBeginsAnew,
		"lockout/a clearing begins the count anew":     clearedBegins,
		"lockout/cleared":                              cleared,
		"lockout/ended":                                lockoutEnded,
		"grant/all or none":                            offersAllOrNone,
		"grant/read back":                              offeredReadBack,
		"intent/committed with its record":             intendCommits,
		"intent/grant used":                            grantUsed,
		"intent/tried again after not applied":         triedAgain,
		"intent/once a session":                        onceASession,
		"intent/one open an account":                   oneOpenIntent,
		"intent/one a lock":                            oneALock,
		"intent/grant expired":                         grantExpired,
		"intent/frozen":                                frozenIntent,
		"intent/unlocks a day":                         unlocksADay,
		"intent/grant on record is another":            otherGrant,
		"outcome/once":                                 settleUnlockOnce,
		"outcome/history and notices with it":          outcomeWritesAll,
		"outcome/open intents":                         openIntents,
		"outcome/which results count":                  resultsThatCount,
		"history/read back":                            historyReadBack,
		"history/newest first, by pages":               historyPages,
		"history/filters":                              historyFilters,
		"history/text is literal":                      historyLiteral,
		"history/verified":                             historyVerified,
		"outbox/leased":                                outboxLeased,
		"outbox/later and done":                        outboxLater,
		"outbox/remembered":                            outboxRemembered,
		"outbox/recipients resealed":                   outboxResealed,
		"outbox/reseal misused":                        outboxResealMisused,
		"enrollment/kept, one a type":                  enrollmentKept,
		"enrollment/removed":                           enrollmentRemoved,
		"enrollment/answers kept":                      answersKept,
		"enrollment/answers incomplete":                answersIncomplete,
		"enrollment/contact sealed":                    contactSealed,
		"enrollment/replaced":                          enrollmentReplaced,
		"enrollment/what was asked of it is over":      replacedIsOver,
		"enrollment/sealed pages":                      sealedPages,
		"enrollment/resealed":                          resealed,
		"enrollment/resealed, but not what is another": resealStale,
		"enrollment/reseal misused":                    resealMisused,
		"freeze/holds":                                 freezeHolds,
		"freeze/incomplete":                            freezeIncomplete,
		"freeze/so many a week":                        freezesAWeek,
		"freeze/lifted":                                freezeLifted,
		"link/kept":                                    linksKept,
		"link/one account a store":                     linkConflicts,
		"change/with history and notice":               ownChanges,
		"change/one a proof":                           oneChangeAProof,
		"reminders/paced, one by one":                  remindersPaced,
		"reminders/forgotten":                          remindersForgotten,
		"reminders/put off":                            remindersPutOff,
		"reminders/lately by another":                  remindersLately,
		"reminders/reported":                           remindersReported,
		"reminders/misused":                            remindersMisused,
		"reminders/given to one":                       remindersTogether,
		"property/nobody is reminded twice":            propertyReminders,
		"people/bound":                                 peopleBound,
		"people/one to one":                            peopleOneToOne,
		"references/kept, the newest alone":            referencesKept,
		"references/misused":                           referencesMisused,
		"together/tries of a challenge":                triesTogether,
		"together/one winner of a grant":               oneWinner,
		"together/one open intent":                     oneOpenTogether,
		"together/freezes and unlocks":                 freezesTogether,
		"together/one link":                            linksTogether,
		"together/history stays whole":                 historyTogether,
		"together/notices go to one":                   noticesTogether,
		"property/at most five tries, no step twice":   propertyTries,
		"property/no more is sent than may be":         propertySends,
		"property/one open intent, one use of a grant": propertyIntents,
	} {
		t.Run(name, func(t *testing.T) {
			clock := NewClock()
			test(t, &stage{Ledger: open(t, ledger.Config{Now: clock.Now, NewID: rand.Text}), clock: clock})
		})
	}
}

// stage is an empty ledger and its clock.
type stage struct {
	*ledger.Ledger
	clock *Clock
}

// Clock is a clock that stands until it is moved. It is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock gives a clock that stands at a fixed time, at a whole microsecond.
func NewClock() *Clock {
	return &Clock{now: time.Date(2026, 11, 23, 9, 30, 0, 123456000, time.UTC)}
}

// Now is the time at which it stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Pass moves it on.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// must fails the test on an error.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// kind fails the test unless the error is of the kind.
func kind(t *testing.T, err error, want bot.Kind) {
	t.Helper()
	if got := bot.KindOf(err); got != want {
		t.Fatalf("the error is of kind %q, not %q: %v", got, want, err)
	}
}

// same fails the test when the two differ; nil and empty lists are the same.
func same(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("want -, got +:\n%s", diff)
	}
}
