package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// The exit codes.
const (
	exitDone   = 0
	exitFailed = 1 // refused, or something went wrong
	exitUsage  = 2 // called wrongly: nothing was tried
)

// program is one run of the command line.
type program struct {
	out, err io.Writer
	terminal bool // out is a terminal
	now      func() time.Time

	config string // --config
	json   bool   // --json
	began  bool   // a command was understood and has begun
}

// errUsage marks an error as a mistake in calling.
var errUsage = errors.New("usage")

func usage(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errUsage, fmt.Sprintf(format, args...))
}

// run carries out one command line and gives the exit code.
func (p *program) run(ctx context.Context, args []string) int {
	root := p.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return exitDone
	case !p.began || errors.Is(err, errUsage):
		text := strings.TrimPrefix(err.Error(), errUsage.Error()+": ")
		p.fail(problem{Kind: "usage", Text: text + ". See latchkey --help."})
		return exitUsage
	}
	p.fail(problemOf(err))
	return exitFailed
}

func (p *program) root() *cobra.Command {
	root := p.group(&cobra.Command{
		Use:   "latchkey",
		Short: "Unlock directory accounts from chat, after proving who is asking",
	}, p.serveCommand(), p.demoCommand(), p.checkCommand(), p.keysCommand(), p.enrollCommand(), p.peopleCommand(),
		p.unblockCommand(), p.historyCommand(), p.versionCommand())
	root.PersistentFlags().StringVar(&p.config, "config", "/etc/latchkey/latchkey.yaml", "configuration `FILE`")
	root.PersistentFlags().BoolVar(&p.json, "json", false, "answer in JSON")
	root.SilenceErrors, root.SilenceUsage = true, true
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetOut(p.out)
	root.SetErr(p.err)
	return root
}

// group makes a command that only holds others: called by itself, or with a
// word that is none of them, it is a mistake in calling.
func (p *program) group(c *cobra.Command, commands ...*cobra.Command) *cobra.Command {
	c.AddCommand(commands...)
	c.Args = cobra.ArbitraryArgs
	c.RunE = func(_ *cobra.Command, args []string) error {
		names := make([]string, 0, len(commands))
		for _, sub := range commands {
			names = append(names, sub.Name())
		}
		list := strings.Join(names, ", ")
		if len(args) == 0 {
			return usage("%s needs one of these words: %s", c.CommandPath(), list)
		}
		return usage("%q is not a command of %s, which are %s", args[0], c.CommandPath(), list)
	}
	return c
}

// command makes a command that takes no arguments but flags.
func (p *program) command(use, short string, run func(ctx context.Context) error) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage("%s takes no %q: everything is said by flags", c.CommandPath(), args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error {
			p.began = true
			return run(c.Context())
		},
	}
}

// need marks flags without which a command is called wrongly.
func need(c *cobra.Command, flags ...string) *cobra.Command {
	for _, name := range flags {
		if err := c.MarkFlagRequired(name); err != nil {
			panic(err) // the flag is not one of the command's: a mistake in this program
		}
	}
	return c
}
