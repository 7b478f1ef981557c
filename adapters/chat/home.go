package chat

import (
	"time"

	"latchkey/flows"
)

// HomeLife is for how long after it was opened a home page is kept up to date
// by each thing that its owner does.
const HomeLife = time.Hour

// ChangesHome tells whether an event may have changed what stands on the home
// page of its actor; ends, whether it may have ended a case.
func ChangesHome(kind flows.EventKind) (changes, ends bool) {
	switch kind {
	case flows.Unlock, flows.Cancel, flows.Closed:
		return true, true
	case flows.Begin, flows.BeginLocked, flows.BeginAuthor, flows.Search, flows.Pick, flows.Confirm, flows.Next, flows.Skip,
		flows.Verify, flows.SetAnswers, flows.Remove, flows.Link, flows.Unlink, flows.NotMe:
		return true, false
	}
	return false, false
}
