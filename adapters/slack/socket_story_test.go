package slack

import (
	"strings"
	"testing"
)

const socketStories = "TestTheStoriesOverSocketMode"

// overSocket reports whether a story is told over Socket Mode: the same
// stories are, and know nothing of it.
func overSocket(t *testing.T) bool {
	return strings.HasPrefix(t.Name(), socketStories+"/") || strings.HasPrefix(t.Name(), "TestSocket")
}

// What is said, seen and clicked is the same whichever way it comes.
func TestTheStoriesOverSocketMode(t *testing.T) {
	for name, story := range map[string]func(*testing.T){
		"an agent unlocks":              TestAnAgentUnlocksInADialog,
		"help":                          TestHelpIsAnsweredAtOnceAndForMeOnly,
		"acknowledged first":            TestAcknowledgedBeforeTheWork,
		"the result comes last":         TestTheResultIsNeverOverwrittenByChecking,
		"a slow click":                  TestASlowClickIsShownToBeTaken,
		"a dialog is closed":            TestAClosedDialogKeepsTheCase,
		"a card goes on":                TestContinueOnACardOpensADialog,
		"an older answer":               TestAnOlderAnswerDoesNotOverwriteANewer,
		"spaces":                        TestSpacesAreNoInput,
		"one form, four times":          TestOneFormSentFourTimes,
		"a form on another replica":     TestAFormThatAnotherReplicaHasTaken,
		"who is refused":                TestWhoIsRefused,
		"an outsider's click":           TestAnOutsiderPressesAButton,
		"a click the page does not own": TestAClickThatThePageDoesNotOffer,
		"somebody else's card":          TestSomebodyElsePressesACard,
		"without Redis":                 TestWithoutTheGateNothingIsDone,
		"a click without Redis":         TestAClickWithoutTheGateIsToldOverTheDialog,
		"no room":                       TestWhenThereIsNoRoomThePersonIsTold,
		"a form without room":           TestAFormForWhichThereWasNoRoom,
		"Home":                          TestHome,
		"Home of strangers":             TestHomeOfStrangers,
		"Home without Redis":            TestHomeAway,
		"a global shortcut":             TestGlobalShortcutOpensTheForm,
		"a message shortcut":            TestMessageShortcut,
		"an expired trigger":            TestAnExpiredTriggerIsExplained,
		"nothing secret in the log":     TestTheLogHoldsNothingSecret,
	} {
		t.Run(name, story)
	}
}
