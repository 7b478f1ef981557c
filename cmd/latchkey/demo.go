package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
	"latchkey/cmd/latchkey/demo"
	"latchkey/cmd/latchkey/serve"
	"latchkey/store/directory"
	"latchkey/store/session"
	"latchkey/store/vault"
)

func (p *program) demoCommand() *cobra.Command {
	var opts demo.Options
	var print bool
	c := p.command("demo", "Try everything in the browser, with nothing else installed", func(ctx context.Context) error {
		if print {
			_, err := fmt.Fprint(p.out, demo.PrintedConfiguration())
			return err
		}
		return p.demo(ctx, opts)
	})
	c.Flags().StringVar(&opts.Listen, "listen", "127.0.0.1:8080", "`ADDRESS` of the page, on loopback")
	c.Flags().StringVar(&opts.Keep, "keep", "", "`FOLDER` that keeps the state; a temporary one without it")
	c.Flags().BoolVar(&print, "print-config", false, "print the configuration of the bot in it, and end")
	return c
}

// demo sets the stage and serves the bot on it, until Ctrl-C.
func (p *program) demo(ctx context.Context, opts demo.Options) (err error) {
	stage, err := demo.Set(opts)
	if err != nil {
		return &bot.Error{Kind: bot.Invalid, Op: "set up the demo", Text: err.Error() + "."}
	}
	defer func() {
		if kept := stage.Close(); kept != nil && err == nil {
			err = &bot.Error{Kind: bot.Unavailable, Op: "keep the demo's state", Text: kept.Error() + "."}
		}
	}()
	p.now = stage.Clock.Now
	text, folder := stage.Configuration()
	in := config.System(directory.Canonical)
	in.Getenv = demo.Getenv
	cfg, err := config.Parse(filepath.Join(folder, "latchkey.yaml"), []byte(text), in)
	if err != nil {
		return err
	}
	if _, err := os.Stat(cfg.Keys.File); errors.Is(err, fs.ErrNotExist) {
		if err := vault.New(cfg.Keys.File, p.now()); err != nil {
			return err
		}
	}
	log, err := logFile(filepath.Join(folder, "latchkey.log"))
	if err != nil {
		return err
	}
	session.LogLibrary(log)
	p.hashing = vault.WithHashing(demo.CheapAnswers())
	parts, err := p.parts(ctx, cfg, log)
	if err != nil {
		return ofFolder(opts, err)
	}
	defer parts.close()
	parts.Session = demo.Roomy{Session: parts.Session}
	parts.Instance = nil // nobody else reaches this Redis
	if err := stage.Enroll(ctx, parts.Parts, newID); err != nil {
		return err
	}
	if err := stage.Know(ctx, parts.Parts, newID); err != nil {
		return err
	}
	parts.Ready = func() {
		if err := stage.Install(); err != nil {
			log.Error("nobody in Teams has the bot", zap.Error(err))
		}
		stage.Keep(func(err error) { log.Error("state is not kept", zap.Error(err)) })
		_, _ = fmt.Fprintf(p.out, "Latchkey's demo is at %s — open it in a browser. Ctrl-C ends it.\n", stage.URL)
	}
	return serve.Run(ctx, parts.Parts)
}

// ofFolder says of what is wrong with kept keys and records where they are.
func ofFolder(opts demo.Options, err error) error {
	if text := bot.TextOf(err); opts.Keep != "" && text != "" {
		return &bot.Error{Kind: bot.KindOf(err), Op: "open what was kept", Text: "--keep " + opts.Keep + ": " + text}
	}
	return err
}

// logFile writes the log beside the state, so that the terminal stays legible.
func logFile(path string) (*zap.Logger, error) {
	c := zap.NewProductionConfig()
	c.OutputPaths, c.ErrorOutputPaths = []string{path}, []string{"stderr"}
	log, err := c.Build()
	if err != nil {
		return nil, bot.E(bot.Unavailable, "open the log", err)
	}
	return log, nil
}
