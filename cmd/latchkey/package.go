package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"

	"github.com/spf13/cobra"

	"latchkey/bot"
)

func (p *program) packageCommand() *cobra.Command {
	var out string
	slack := p.command("slack", "Write the manifest from which Slack makes the app", func(context.Context) error { return p.packageSlack(out) })
	slack.Flags().StringVar(&out, "out", "", "write to `FILE` instead of the output")
	teams := p.command("teams", "Write the package from which Teams installs the app", func(context.Context) error { return p.packageTeams(out) })
	teams.Flags().StringVar(&out, "out", "", "write to `FILE`, a zip")
	return p.group(&cobra.Command{Use: "package", Short: "Write what a chat installs Latchkey from"}, slack, need(teams, "out"))
}

// packageSlack writes the manifest that goes with the configuration.
func (p *program) packageSlack(out string) error {
	cfg, err := p.load()
	if err != nil {
		return err
	}
	m, err := slackManifest(cfg)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		return bot.E(bot.Internal, "write the manifest", err)
	}
	if out == "" {
		_, err := p.out.Write(text.Bytes())
		return err
	}
	if err := os.WriteFile(out, text.Bytes(), 0o644); err != nil { //nolint:gosec // it holds no secret, and a browser of another user may upload it
		return &bot.Error{Kind: bot.Unavailable, Op: "write the manifest", Err: err,
			Text: out + " cannot be written. Does its folder exist, and may this user write there?"}
	}
	return p.answer(map[string]string{"file": out}, "Wrote "+out+". On api.slack.com/apps choose 'Create New App', 'From a manifest', and paste it; for an app that is there, its page 'App Manifest'.")
}
