package flows

import (
	"context"
	"time"

	"latchkey/bot"
)

// Sessions keeps session records as bytes, each until it ends. It can only
// deny: losing a record ends the case, and lets nobody in. So does changing
// one: the dispatcher seals what it stores.
type Sessions interface {
	// Create keeps a new record as version 1; Conflict if the id is taken.
	Create(ctx context.Context, id string, data []byte, ends time.Time) error
	// Load gives a record and its version; NotFound when it has ended.
	Load(ctx context.Context, id string) (data []byte, version int64, err error)
	// Save replaces version by version+1; Conflict when it is not the current
	// one, NotFound when the record has ended.
	Save(ctx context.Context, id string, version int64, data []byte, ends time.Time) error
	// Point remembers that key leads to the record, until ends; Pointed finds it (NotFound).
	Point(ctx context.Context, key, id string, ends time.Time) error
	Pointed(ctx context.Context, key string) (id string, err error)
}

// Gate counts what arrives. It can only deny: with Redis away it answers
// Unavailable, never 'yes'.
type Gate interface {
	// First reports whether the key is seen for the first time within life.
	First(ctx context.Context, key string, life time.Duration) (bool, error)
	// Allow counts one more under the key and reports whether it is within
	// limit for the window; if not, retry says when the next one is.
	Allow(ctx context.Context, key string, limit int, window time.Duration) (ok bool, retry time.Duration, err error)
}

// Messenger is a chat to which the bot speaks by itself.
type Messenger interface {
	// Audit posts a page as a message in the audit channel.
	Audit(ctx context.Context, p Page) error
	// Direct posts a page as a direct message; NotFound when the person is not on the chat.
	Direct(ctx context.Context, to bot.Chatter, p Page) error
	// Card posts a page as a direct message that can be changed later, or
	// changes the one that ref names. The new ref is the adapter's own.
	Card(ctx context.Context, to bot.Chatter, ref string, p Page) (newRef string, err error)
	// Show puts a page into the dialog that view names (Event.View); a dialog
	// that was closed is no error.
	Show(ctx context.Context, to bot.Chatter, view string, p Page) error
}
