package unlock

import (
	"strings"
	"testing"

	"latchkey/bot"
	"latchkey/flows"
)

// TestEveryReasonHasWords: no refusal reaches a person as an identifier.
func TestEveryReasonHasWords(t *testing.T) {
	for _, why := range []bot.Reason{bot.AgentUnbound, bot.AgentGone, bot.AgentDisabled, bot.AgentLocked, bot.NoRole, bot.NoPermission, bot.NoViewHistory,
		bot.OwnAccount, bot.OtherStore, bot.OutsideReach, bot.ProtectedTarget, bot.NotEnrolled, bot.MissingEnrollment, bot.NoUserPolicy, bot.NotVerified,
		bot.NotLocked, bot.TargetDisabled, bot.TargetExpired, bot.LockedByAdmin, bot.TooManyUnlocks, bot.UnlockUnderWay, bot.TargetGone,
		bot.GrantExpired, bot.GrantUsed, bot.PolicyChanged, bot.ReasonMissing, bot.AuthenticationOff, bot.TooManyWrong, bot.TargetStopped,
		bot.FleetLimit, bot.ChallengeOver} {
		if flows.Because(why) == string(why) {
			t.Errorf("%s has no sentence", why)
		}
		for _, p := range []flows.Page{PageRefused(why), pageRefusedCase(caseOf(meiLin(), bot.Decision{Refused: why}))} {
			if f := faults(p); len(f) > 0 {
				t.Errorf("%s: %v", why, f)
			}
			if strings.Contains(said(p), string(why)) && strings.Contains(string(why), "_") {
				t.Errorf("%s stands on a page: %s", why, said(p))
			}
		}
	}
}
