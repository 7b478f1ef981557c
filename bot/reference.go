package bot

import (
	"context"
	"time"
)

// Reference is how a person is reached in a chat whose direct messages have no
// address of their own (Teams: a conversation reference).
type Reference struct {
	Who          Chatter
	Service      string // base address of the service that serves the person
	Conversation string // id of the 1:1 chat; "" until one was opened
	Key          string // the chat's own id of the person (Teams: MRI)
	At           time.Time
}

// References keeps how people are reached. It decides nothing.
type References interface {
	// KeepReference writes a reference in place of an older one.
	KeepReference(ctx context.Context, r Reference) error
	// Reference gives a person's; NotFound where there is none.
	Reference(ctx context.Context, who Chatter) (Reference, error)
	// ForgetReference removes a reference that is not newer than before.
	ForgetReference(ctx context.Context, who Chatter, before time.Time) error
}
