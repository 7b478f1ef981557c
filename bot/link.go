package bot

import (
	"context"
	"time"
)

// Link says that two accounts in different identity stores are one person's,
// as that person has proved by passing a type enrolled on both (helpdesk.md,
// settled 6). It stands beside the stores' own link attribute.
type Link struct {
	A, B AccountID // in the order of String
	At   time.Time
}

// Links keeps what people have linked by themselves.
type Links interface {
	// Linked gives the accounts that the account is linked to.
	Linked(ctx context.Context, id AccountID) ([]AccountID, error)
	// Link writes a link with its history records, one for each account;
	// Conflict where either is linked to another account of the same store.
	Link(ctx context.Context, a, b AccountID, records ...Record) error
	// Unlink removes it; NotFound where there is none.
	Unlink(ctx context.Context, a, b AccountID, records ...Record) error
}
