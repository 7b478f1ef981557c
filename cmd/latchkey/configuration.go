package main

import (
	"context"

	"github.com/spf13/cobra"

	"latchkey/cmd/latchkey/config"
)

// configCommand prints what describes the configuration. Neither of its
// commands reads one.
func (p *program) configCommand() *cobra.Command {
	return p.group(&cobra.Command{Use: "config", Short: "Print the configuration's schema, or an example of it"},
		p.command("schema", "Print the JSON schema, by which editors complete and mark", func(context.Context) error {
			text, err := config.Schema()
			if err == nil {
				_, err = p.out.Write(text)
			}
			return err
		}),
		p.command("example", "Print an example with every key, its comment and its default", func(context.Context) error {
			text := string(config.Example())
			return p.answer(map[string]string{"example": text}, text)
		}),
	)
}
