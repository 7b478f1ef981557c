package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"latchkey/store/vault"
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

	hashing vault.Option // what the hashes of answers cost; nil: what they cost in earnest
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
		p.fail(problem{Kind: "usage", Text: calledWrongly(err) + ". See latchkey --help."})
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
		p.unblockCommand(), p.historyCommand(), p.migrateCommand(), p.packageCommand(), p.configCommand(), p.versionCommand())
	root.PersistentFlags().StringVar(&p.config, "config", "/etc/latchkey/latchkey.yaml", "configuration `FILE`")
	root.PersistentFlags().BoolVar(&p.json, "json", false, "answer in JSON")
	root.Version = version
	root.SetVersionTemplate(versionText() + "\n")
	root.SetHelpCommand(helpCommand(root))
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
			return missingFlags(c)
		},
		RunE: func(c *cobra.Command, _ []string) error {
			p.began = true
			return run(c.Context())
		},
	}
}

// missingFlags names the flags that need asks for and the command line lacks.
func missingFlags(c *cobra.Command) error {
	err := c.ValidateRequiredFlags()
	if err == nil {
		return nil
	}
	parts := strings.Split(err.Error(), `"`) // required flag(s) "store", "user" not set
	var missing []string
	for i := 1; i < len(parts); i += 2 {
		missing = append(missing, "--"+parts[i])
	}
	return usage("%s needs %s too", c.CommandPath(), strings.Join(missing, " and "))
}

// calledWrongly says in plain words what the command line's library says.
func calledWrongly(err error) string {
	text := err.Error()
	if ours, ok := strings.CutPrefix(text, errUsage.Error()+": "); ok {
		return ours
	}
	if flag, ok := strings.CutPrefix(text, "unknown flag: "); ok {
		return flag + " is no flag of this command"
	}
	if flag, ok := strings.CutPrefix(text, "unknown shorthand flag: "); ok {
		return "a single dash begins no flag here (" + flag + "): write two"
	}
	if flag, ok := strings.CutPrefix(text, "flag needs an argument: "); ok {
		return flag + " needs a value after it"
	}
	if rest, ok := strings.CutPrefix(text, "invalid argument "); ok {
		value, flag, _ := strings.Cut(rest, " for ")
		flag, _, _ = strings.Cut(flag, " flag")
		return strings.Trim(flag, `"`) + " does not take " + value
	}
	return text
}

// helpCommand shows the help of a command, and refuses a word that is none.
func helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{Use: "help [command]", Short: "Show the help of a command", RunE: func(_ *cobra.Command, args []string) error {
		c, rest, err := root.Find(args)
		if err != nil || len(rest) > 0 {
			return usage("%q is not a command of latchkey", strings.Join(args, " "))
		}
		return c.Help()
	}}
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
