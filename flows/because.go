package flows

import "latchkey/bot"

// Because gives a refusal as the end of a sentence that began with 'because'.
func Because(why bot.Reason) string {
	if s, ok := becauses()[why]; ok {
		return s
	}
	return string(why)
}

func becauses() map[bot.Reason]string {
	return map[bot.Reason]string{
		bot.AgentUnbound:      "the chat person is bound to no directory account",
		bot.AgentGone:         "the agent's account is no longer in the directory",
		bot.AgentDisabled:     "the agent's own account is disabled or has expired",
		bot.AgentLocked:       "the agent's own account is locked",
		bot.NoRole:            "the agent has no security role",
		bot.NoPermission:      "the agent's role lacks the permission Unlock Any Account",
		bot.NoViewHistory:     "the agent's role lacks the permission View History",
		bot.OwnAccount:        "nobody unlocks himself through the helpdesk dialog",
		bot.OtherStore:        "the agent's role does not act on this identity store",
		bot.OutsideReach:      "the user is outside the containers of the agent's role",
		bot.ProtectedTarget:   "the account is protected",
		bot.NotEnrolled:       "the user is not enrolled",
		bot.MissingEnrollment: "policy asks for more than the user is enrolled with",
		bot.NoUserPolicy:      "no role of the user says how he authenticates",
		bot.NotVerified:       "what policy asks for was not passed, or no longer counts",
		bot.NotLocked:         "the account is not locked",
		bot.TargetDisabled:    "the account is disabled",
		bot.TargetExpired:     "the account has expired",
		bot.LockedByAdmin:     "an administrator has locked the account",
		bot.TooManyUnlocks:    "the account was unlocked too often within a day",
		bot.UnlockUnderWay:    "an earlier unlock of the account has no known outcome yet",
		bot.TargetGone:        "the account is no longer in the directory",
		bot.GrantExpired:      "page Unlock was open for too long",
		bot.GrantUsed:         "the account was already unlocked in this case",
		bot.PolicyChanged:     "the configuration has changed meanwhile",
		bot.ReasonMissing:     "no reason was given",
		bot.AuthenticationOff: "authentication of the user is locked out for a while",
		bot.TooManyWrong:      "too many wrong values were entered for the user within a day",
		bot.TargetStopped:     "very many wrong values in a row were entered for the user",
		bot.FleetLimit:        "too many wrong values were entered for all users together",
		bot.Frozen:            "the user has said that it was not he who asked",
		bot.NoEnroll:          "the role lacks the permission to enroll in chat",
		bot.NoUnenroll:        "the agent's role lacks the permission Unenroll",
		bot.NoRemind:          "the agent's role lacks the permission to remind",
		bot.NoSelfService:     "the role lacks the permission Unlock My Account",
		bot.ChallengeOver:     "the code had run out or was tried too often",
	}
}
