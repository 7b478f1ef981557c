package bot

import (
	"context"
	"time"
)

// Freeze forbids unlocking a person's accounts for a while, in every mode and
// by himself, too (helpdesk.md, settled 8).
type Freeze struct {
	ID       string
	Accounts []AccountID // all of the person's
	At       time.Time
	Until    time.Time
}

// Freezes keeps who must not be unlocked.
type Freezes interface {
	// Freeze writes one with its history record and notices, and reports
	// whether it holds: where the person has had so many freezes within the
	// last seven days already, nothing is frozen, and the record's Detail says
	// so. Records and notices are written in any case.
	Freeze(ctx context.Context, f Freeze, perWeek int, r Record, notices ...Notice) (held bool, err error)
	// Frozen gives until when any of the accounts is frozen; zero: none is.
	Frozen(ctx context.Context, ids []AccountID, now time.Time) (until time.Time, err error)
	// Lift ends every freeze of the accounts, with a record; NotFound where there is none.
	Lift(ctx context.Context, ids []AccountID, r Record, notices ...Notice) error
}
