package chat

import (
	"context"
	"fmt"
	"runtime/debug"

	"go.uber.org/zap"

	"latchkey/bot"
	"latchkey/flows"
)

// Desk is the conversation behind the chat. The dispatcher of flows is one.
type Desk interface {
	// Handle carries out one event and gives the page to show. A page without
	// blocks shows nothing new.
	Handle(ctx context.Context, ev flows.Event) (flows.Page, error)
	// Amiss says what is wrong with a form before it is sent, by field.
	Amiss(ctx context.Context, ev flows.Event) map[string]string
	// Newer gives the page that stands where that of the token did, in the same
	// dialog; ok is false where it still does.
	Newer(ctx context.Context, who bot.Chatter, view, token string) (p flows.Page, ok bool)
	// Home is what stands on the home page of the event's actor.
	Home(ctx context.Context, ev flows.Event) (flows.Page, error)
	// Help is the answer to the command help.
	Help() flows.Page
	// Waiting is shown at once, before anything was looked up; it has no buttons.
	Waiting(kind flows.EventKind) flows.Page
}

// Guarded runs what may panic, and makes an error of that: one conversation
// that crashes takes no other with it.
func Guarded(log *zap.Logger, do func() (flows.Page, error)) (page flows.Page, err error) {
	defer func() {
		if p := recover(); p != nil {
			log.Error("the conversation crashed", zap.Any("panic", p), zap.ByteString("stack", debug.Stack()))
			err = bot.E(bot.Internal, "handle event", fmt.Errorf("panic: %v", p))
		}
	}()
	return do()
}
