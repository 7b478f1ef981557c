// Command latchkey is the chat-ops bot with which a helpdesk unlocks locked-out
// directory accounts, and the administrator's tool beside it.
//
// It owns the command line: it reads the configuration, opens the parts and
// hands them to each other. What a part does is in its own package. Every
// command takes --config and --json, and exits with 0 when done, 1 when refused
// or failed, 2 when it was called wrongly.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/mattn/go-isatty"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := &program{
		out: os.Stdout, err: os.Stderr, now: time.Now,
		terminal: isatty.IsTerminal(os.Stdout.Fd()),
	}
	code := p.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
