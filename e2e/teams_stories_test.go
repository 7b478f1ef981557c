package e2e

import "testing"

// The stories that are played in Slack, word for word in Teams: what differs
// between the chats is in seat alone. Missing are those that are of Slack's own
// (signatures, Socket Mode, its shortcuts and payloads; the attacks on Teams are
// in stories of their own) and those of several replicas.
func TestStoriesInTeams(t *testing.T) {
	t.Parallel()
	for name, story := range map[string]func(*testing.T){
		"a restricted agent":                   TestRestrictedAgentUnlocksBothLinkedAccounts,
		"an unrestricted agent":                TestUnrestrictedAgentSkips,
		"a user without any":                   TestUnenrolledUser,
		"a double click":                       TestDoubleClickUnlocksOnce,
		"a closed dialog":                      TestClosedDialogGoesOn,
		"refusals":                             TestSaidInPlainWords,
		"wrong codes":                          TestWrongCodesLockAuthenticationOut,
		"wrong codes under all names":          TestWrongCodesAreCountedWhateverTheUserIsCalled,
		"wrong codes are counted":              TestGuessesAreCounted,
		"asked in the chat":                    TestUserIsAskedInTheChat,
		"by text message":                      TestUserIsVerifiedByTextMessage,
		"enrolling":                            TestUserEnrolls,
		"unenrolling":                          TestUnenrolledByAnAgent,
		"reminders":                            TestManyAreReminded,
		"reminders wait":                       TestRemindersWaitForTheMailServer,
		"home":                                 TestHomeThroughACase,
		"home of others":                       TestHomeOfOthers,
		"who is locked":                        TestLocked,
		"a search":                             TestSearchIsNarrowedDown,
		"pages of hits":                        TestPagesOfHits,
		"a message's menu":                     TestMessageShortcutOnAPerson,
		"as the user with a reason":            TestAsUserWithReason,
		"more is asked":                        TestMoreIsAskedThanTheUserHas,
		"containers":                           TestContainersAndReach,
		"a disabled agent":                     TestAgentDisabledBeforeTheClick,
		"another policy":                       TestPolicyChangesBeforeTheClick,
		"too many unlocks":                     TestTooManyUnlocks,
		"a trusted enrollment":                 TestTrustedEnrollment,
		"a directory is away":                  TestDirectoryAway,
		"Redis is away":                        TestRedisAway,
		"the mail server is away":              TestMailServerAway,
		"the database is away":                 TestDatabaseAway,
		"killed before the modify":             TestKilledBeforeTheModifyArrives,
		"killed with a write out":              TestKilledBeforeTheAnswerArrives,
		"an answer that never comes":           TestAnswerNeverComes,
		"the directory changes":                TestDirectoryChangesBeforeTheClick,
		"the lock changes":                     TestLockChangesBeforeTheModify,
		"evidence goes stale":                  TestEvidenceGoesStale,
		"hostile attributes":                   TestHostileAttributes,
		"an enrollment that is not trusted":    TestUntrustedEnrollmentUnlocksLinkedAccount,
		"an agent behind a duplicate":          TestAgentUnlocksHimselfBehindADuplicate,
		"a lockout through a linked account":   TestRoleLockoutThroughLinkedAccount,
		"locked again":                         TestLockedAgainNeedsNewProof,
		"outside the service account's rights": TestOutsideTheServiceAccountsRights,
	} {
		t.Run(name, story)
	}
}
