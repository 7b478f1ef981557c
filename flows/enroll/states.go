package enroll

import (
	"slices"

	"latchkey/flows"
)

// The states, named for what the conversation waits for.
const (
	AwaitingChoice  flows.State = "AwaitingChoice"  // page Your enrollments: what to change
	AwaitingAccount flows.State = "AwaitingAccount" // which account in another store to link or unlink
	AwaitingProof   flows.State = "AwaitingProof"   // that it is he; of a link, on both sides
	AwaitingAddress flows.State = "AwaitingAddress" // the new mail address or number
	AwaitingCode    flows.State = "AwaitingCode"    // that went to it
	AwaitingApp     flows.State = "AwaitingApp"     // the code that the new authenticator shows
	AwaitingAnswers flows.State = "AwaitingAnswers" // questions, and their answers
	Cancelled       flows.State = "Cancelled"
)

// What effects find.
const (
	ownRead    flows.EventKind = "own_read"
	prepared   flows.EventKind = "prepared"
	opened     flows.EventKind = "opened"
	judged     flows.EventKind = "judged"
	sent       flows.EventKind = "sent"
	linkOpened flows.EventKind = "link_opened" // to the seed
	finished   flows.EventKind = "finished"    // what is new was judged, and enrolled where it was right
	changed    flows.EventKind = "changed"
	othersRead flows.EventKind = "others_read"
	otherSide  flows.EventKind = "other_side" // how the other account is proved to be his
)

// table holds every arrow; the dispatcher refuses any other.
func table() flows.Table {
	return slices.Concat(choiceArrows(), proofArrows(), newArrows(), endings())
}

func choiceArrows() flows.Table {
	return flows.Table{
		{From: "", On: flows.BeginEnroll, To: AwaitingChoice},
		{From: AwaitingChoice, On: ownRead, To: AwaitingChoice},
		{From: AwaitingChoice, On: flows.Add, To: AwaitingChoice},
		{From: AwaitingChoice, On: flows.Change, To: AwaitingChoice},
		{From: AwaitingChoice, On: flows.Remove, To: AwaitingChoice},
		{From: AwaitingChoice, On: prepared, To: AwaitingProof},
		{From: AwaitingChoice, On: flows.Propose, To: AwaitingChoice},
		{From: AwaitingChoice, On: othersRead, To: AwaitingAccount},
		{From: AwaitingAccount, On: flows.Link, To: AwaitingAccount},
		{From: AwaitingAccount, On: flows.Unlink, To: AwaitingAccount},
		{From: AwaitingAccount, On: prepared, To: AwaitingProof},
	}
}

func proofArrows() flows.Table {
	return flows.Table{
		{From: AwaitingProof, On: flows.SendCode, To: AwaitingProof},
		{From: AwaitingProof, On: flows.ChooseType, To: AwaitingProof},
		{From: AwaitingProof, On: opened, To: AwaitingProof},
		{From: AwaitingProof, On: flows.Verify, To: AwaitingProof},
		{From: AwaitingProof, On: judged, To: AwaitingProof},
		{From: AwaitingProof, On: flows.Back, To: AwaitingProof}, // to the other ways
		{From: AwaitingProof, On: judged, To: AwaitingAddress},
		{From: AwaitingProof, On: linkOpened, To: AwaitingApp},
		{From: AwaitingProof, On: linkOpened, To: AwaitingProof}, // a limit forbids it
		{From: AwaitingProof, On: ownRead, To: AwaitingAnswers},
		{From: AwaitingProof, On: otherSide, To: AwaitingProof},
		{From: AwaitingProof, On: changed, To: AwaitingChoice}, // removed, linked or unlinked
	}
}

func newArrows() flows.Table {
	return flows.Table{
		{From: AwaitingAddress, On: flows.SetAddress, To: AwaitingAddress},
		{From: AwaitingAddress, On: sent, To: AwaitingAddress}, // a limit forbids it
		{From: AwaitingAddress, On: sent, To: AwaitingCode},
		{From: AwaitingCode, On: flows.Verify, To: AwaitingCode},
		{From: AwaitingCode, On: flows.SendCode, To: AwaitingCode},
		{From: AwaitingCode, On: sent, To: AwaitingCode},
		{From: AwaitingCode, On: finished, To: AwaitingCode},
		{From: AwaitingCode, On: finished, To: AwaitingChoice},
		{From: AwaitingCode, On: flows.Back, To: AwaitingAddress},
		{From: AwaitingApp, On: flows.Verify, To: AwaitingApp},
		{From: AwaitingApp, On: flows.Renew, To: AwaitingApp},
		{From: AwaitingApp, On: linkOpened, To: AwaitingApp},
		{From: AwaitingApp, On: finished, To: AwaitingApp},
		{From: AwaitingApp, On: finished, To: AwaitingChoice},
		{From: AwaitingAnswers, On: flows.SetAnswers, To: AwaitingAnswers},
		{From: AwaitingAnswers, On: changed, To: AwaitingChoice},
	}
}

// endings are what every state has: a failure is said where it stands, the way
// back leads to the overview, and a dialog that is closed is over.
func endings() flows.Table {
	var out flows.Table
	for _, s := range []flows.State{AwaitingChoice, AwaitingAccount, AwaitingProof, AwaitingAddress, AwaitingCode, AwaitingApp, AwaitingAnswers} {
		out = append(out,
			flows.Transition{From: s, On: flows.Failed, To: s},
			flows.Transition{From: s, On: flows.Overview, To: AwaitingChoice},
			flows.Transition{From: s, On: flows.Cancel, To: Cancelled},
			flows.Transition{From: s, On: flows.Closed, To: Cancelled})
	}
	return out
}
