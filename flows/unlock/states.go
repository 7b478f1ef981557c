package unlock

import (
	"slices"

	"latchkey/flows"
)

// The states, named for what the conversation waits for.
const (
	AwaitingQuery     flows.State = "AwaitingQuery"
	AwaitingPick      flows.State = "AwaitingPick"
	AwaitingProof     flows.State = "AwaitingProof"     // page Authenticate
	AwaitingConfirm   flows.State = "AwaitingConfirm"   // page Unlock
	ReadingHistory    flows.State = "ReadingHistory"    // of `/unlock history WHO`; from the pages, History is laid over them
	AwaitingReminders flows.State = "AwaitingReminders" // to everybody of a search
	AwaitingRemoval   flows.State = "AwaitingRemoval"   // page Unenroll
	Unlocking         flows.State = "Unlocking"
	Unknown           flows.State = "Unknown" // a write was not answered: the reconciler decides, the agent is told
	Done              flows.State = "Done"
	Cancelled         flows.State = "Cancelled"
	Refused           flows.State = "Refused"
)

// What effects find.
const (
	found            flows.EventKind = "found"
	introduced       flows.EventKind = "introduced" // who was picked was read
	caseRead         flows.EventKind = "case_read"
	opened           flows.EventKind = "opened"
	judged           flows.EventKind = "judged"
	offered          flows.EventKind = "offered"
	answered         flows.EventKind = "answers_judged" // of security questions
	cleared          flows.EventKind = "cleared"        // an authentication lockout
	lifted           flows.EventKind = "lifted"         // a freeze
	wrote            flows.EventKind = "wrote"
	recalled         flows.EventKind = "recalled" // history was read
	reminded         flows.EventKind = "reminded"
	crowdCounted     flows.EventKind = "crowd_counted" // or the reminders have begun
	remindersStopped flows.EventKind = "reminders_stopped"
	heldRead         flows.EventKind = "held_read"  // what the user is enrolled with
	unenrolled       flows.EventKind = "unenrolled" // or it says why not
)

// table holds every arrow; the dispatcher refuses any other.
func table() flows.Table {
	return slices.Concat(findArrows(), caseArrows(), removalArrows(), reminderArrows())
}

// findArrows lead to a person.
func findArrows() flows.Table {
	return flows.Table{
		{From: "", On: flows.Begin, To: AwaitingQuery},
		{From: "", On: flows.BeginHistory, To: AwaitingQuery},
		{From: "", On: flows.BeginLocked, To: AwaitingQuery},
		{From: "", On: flows.BeginAuthor, To: AwaitingQuery},
		{From: "", On: flows.BeginMe, To: AwaitingPick}, // it is known who it is
		{From: "", On: flows.Begin, To: Refused},
		{From: "", On: flows.BeginHistory, To: Refused},
		{From: "", On: flows.BeginLocked, To: Refused},
		{From: "", On: flows.BeginAuthor, To: Refused},

		{From: AwaitingQuery, On: flows.Search, To: AwaitingQuery},
		{From: AwaitingQuery, On: found, To: AwaitingQuery},
		{From: AwaitingQuery, On: flows.Failed, To: AwaitingQuery},
		{From: AwaitingQuery, On: found, To: AwaitingPick},
		{From: AwaitingQuery, On: flows.Cancel, To: Cancelled},
		{From: AwaitingQuery, On: flows.Closed, To: Cancelled},

		{From: AwaitingPick, On: flows.Search, To: AwaitingPick},
		{From: AwaitingPick, On: flows.Search, To: AwaitingQuery},
		{From: AwaitingPick, On: flows.More, To: AwaitingPick},
		{From: AwaitingPick, On: flows.Previous, To: AwaitingPick},
		{From: AwaitingPick, On: introduced, To: AwaitingPick},
		{From: AwaitingPick, On: flows.Confirm, To: AwaitingPick},
		{From: AwaitingPick, On: flows.Back, To: AwaitingPick},
		{From: AwaitingPick, On: flows.Back, To: AwaitingQuery},
		{From: AwaitingPick, On: found, To: AwaitingPick},
		{From: AwaitingPick, On: found, To: AwaitingQuery},
		{From: AwaitingPick, On: flows.Pick, To: AwaitingPick},
		{From: AwaitingPick, On: flows.Failed, To: AwaitingPick},
		{From: AwaitingPick, On: caseRead, To: AwaitingProof},
		{From: AwaitingPick, On: caseRead, To: AwaitingConfirm},
		{From: AwaitingPick, On: caseRead, To: Refused},
		{From: AwaitingPick, On: recalled, To: ReadingHistory},
		{From: AwaitingPick, On: recalled, To: Refused},
		{From: AwaitingPick, On: flows.Cancel, To: Cancelled},
		{From: AwaitingPick, On: flows.Closed, To: Cancelled},
	}
}

// caseArrows lead through the case of a person, to its end.
func caseArrows() flows.Table {
	return flows.Table{
		{From: AwaitingProof, On: flows.ChooseType, To: AwaitingProof},
		{From: AwaitingProof, On: flows.SendCode, To: AwaitingProof},
		{From: AwaitingProof, On: opened, To: AwaitingProof},
		{From: AwaitingProof, On: flows.Verify, To: AwaitingProof},
		{From: AwaitingProof, On: judged, To: AwaitingProof},
		{From: AwaitingProof, On: answered, To: AwaitingProof},
		{From: AwaitingProof, On: flows.UserAnswered, To: AwaitingProof},
		{From: AwaitingProof, On: flows.UserDenied, To: Refused},
		{From: AwaitingProof, On: flows.Clear, To: AwaitingProof},
		{From: AwaitingProof, On: cleared, To: AwaitingProof},
		{From: AwaitingProof, On: flows.Overview, To: AwaitingProof},
		{From: AwaitingProof, On: flows.Next, To: AwaitingProof},
		{From: AwaitingProof, On: flows.Skip, To: AwaitingProof},
		{From: AwaitingProof, On: caseRead, To: AwaitingProof},
		{From: AwaitingProof, On: flows.OpenHistory, To: AwaitingProof},
		{From: AwaitingProof, On: recalled, To: AwaitingProof},
		{From: AwaitingProof, On: flows.Back, To: AwaitingProof},
		{From: AwaitingProof, On: flows.Failed, To: AwaitingProof},
		{From: AwaitingProof, On: flows.Closed, To: AwaitingProof},
		{From: AwaitingProof, On: flows.Resume, To: AwaitingProof},
		{From: AwaitingProof, On: caseRead, To: AwaitingConfirm},
		{From: AwaitingProof, On: caseRead, To: Refused},
		{From: AwaitingProof, On: flows.Cancel, To: Cancelled},

		{From: AwaitingConfirm, On: flows.UserDenied, To: Refused},
		{From: AwaitingConfirm, On: offered, To: AwaitingConfirm},
		{From: AwaitingConfirm, On: caseRead, To: AwaitingConfirm},
		{From: AwaitingConfirm, On: flows.OpenHistory, To: AwaitingConfirm},
		{From: AwaitingConfirm, On: recalled, To: AwaitingConfirm},
		{From: AwaitingConfirm, On: flows.Back, To: AwaitingConfirm},
		{From: AwaitingConfirm, On: flows.Failed, To: AwaitingConfirm},
		{From: AwaitingConfirm, On: flows.Closed, To: AwaitingConfirm},
		{From: AwaitingConfirm, On: flows.Resume, To: AwaitingConfirm},
		{From: AwaitingConfirm, On: flows.Unlock, To: AwaitingConfirm}, // nothing ticked, reason missing
		{From: AwaitingConfirm, On: flows.Unlock, To: Unlocking},
		{From: AwaitingConfirm, On: caseRead, To: AwaitingProof}, // what was passed no longer counts
		{From: AwaitingConfirm, On: caseRead, To: Refused},
		{From: AwaitingConfirm, On: flows.Cancel, To: Cancelled},

		{From: Unlocking, On: wrote, To: Done},
		{From: Unlocking, On: wrote, To: Unknown},
		{From: Unlocking, On: wrote, To: AwaitingConfirm}, // nothing was written
		{From: Unlocking, On: flows.Failed, To: AwaitingConfirm},

		{From: ReadingHistory, On: flows.Cancel, To: Cancelled},
		{From: ReadingHistory, On: flows.Closed, To: Cancelled},
		{From: Refused, On: flows.Remind, To: Refused},
		{From: Refused, On: reminded, To: Refused},
		{From: Refused, On: flows.Lift, To: Refused},
		{From: Refused, On: lifted, To: Refused},
		{From: Refused, On: flows.Failed, To: Refused},
	}
}

// removalArrows lead to page Unenroll, and from it.
func removalArrows() flows.Table {
	t := flows.Table{
		{From: AwaitingRemoval, On: flows.Unenroll, To: AwaitingRemoval},
		{From: AwaitingRemoval, On: flows.Confirm, To: AwaitingRemoval},
		{From: AwaitingRemoval, On: unenrolled, To: Done},
		{From: AwaitingRemoval, On: unenrolled, To: Refused}, // it was allowed a moment ago
		{From: AwaitingRemoval, On: flows.Failed, To: AwaitingRemoval},
		{From: AwaitingRemoval, On: flows.Back, To: AwaitingRemoval},
		{From: AwaitingRemoval, On: caseRead, To: AwaitingProof},
		{From: AwaitingRemoval, On: caseRead, To: AwaitingConfirm},
		{From: AwaitingRemoval, On: caseRead, To: Refused},
		{From: AwaitingRemoval, On: flows.Cancel, To: Cancelled},
		{From: AwaitingRemoval, On: flows.Closed, To: Cancelled},
	}
	for _, from := range []flows.State{AwaitingProof, AwaitingConfirm, Refused} {
		t = append(t,
			flows.Transition{From: from, On: flows.OpenUnenroll, To: from},
			flows.Transition{From: from, On: heldRead, To: AwaitingRemoval},
			flows.Transition{From: from, On: heldRead, To: Refused}) // it was allowed a moment ago
	}
	return t
}

// reminderArrows lead from a search to reminders for everybody in it.
func reminderArrows() flows.Table {
	return flows.Table{
		{From: "", On: flows.BeginRemind, To: AwaitingReminders},
		{From: "", On: flows.BeginRemind, To: Refused},
		{From: "", On: flows.StopReminders, To: AwaitingReminders},
		{From: AwaitingPick, On: flows.RemindMany, To: AwaitingReminders},
		{From: AwaitingPick, On: flows.RemindMany, To: Refused},
		{From: AwaitingReminders, On: flows.CountCrowd, To: AwaitingReminders},
		{From: AwaitingReminders, On: crowdCounted, To: AwaitingReminders},
		{From: AwaitingReminders, On: crowdCounted, To: Done},
		{From: AwaitingReminders, On: flows.Confirm, To: AwaitingReminders},
		{From: AwaitingReminders, On: remindersStopped, To: Done},
		{From: AwaitingReminders, On: flows.Failed, To: AwaitingReminders},
		{From: AwaitingReminders, On: flows.Back, To: AwaitingReminders},
		{From: AwaitingReminders, On: found, To: AwaitingPick},
		{From: AwaitingReminders, On: found, To: AwaitingQuery},
		{From: AwaitingReminders, On: flows.Cancel, To: Cancelled},
		{From: AwaitingReminders, On: flows.Closed, To: Cancelled},
	}
}
