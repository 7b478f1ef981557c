package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"latchkey/store/vault"
)

func (p *program) keysCommand() *cobra.Command {
	return p.group(&cobra.Command{Use: "keys", Short: "Make, rotate and list the keys that seal and sign"},
		p.command("new", "Make the key file; never overwrites one", p.newKeys),
		p.command("rotate", "Add a new key for each purpose and make it the primary one", p.rotateKeys),
		p.command("list", "List the keys, without the keys themselves", p.listKeys),
	)
}

func (p *program) newKeys(context.Context) error {
	cfg, err := p.load()
	if err != nil {
		return err
	}
	if err := vault.New(cfg.Keys.File, p.now()); err != nil {
		return err
	}
	return p.answer(map[string]string{"file": cfg.Keys.File}, "Made "+cfg.Keys.File+belongsTo(cfg.Keys.File)+
		". Keep a copy in a safe place: without it every enrollment has to be made again.")
}

func (p *program) rotateKeys(context.Context) error {
	cfg, err := p.load()
	if err != nil {
		return err
	}
	if err := vault.Rotate(cfg.Keys.File, p.now()); err != nil {
		return err
	}
	return p.answer(map[string]string{"file": cfg.Keys.File}, "Rotated "+cfg.Keys.File+
		". A running latchkey reads it by itself; replace the copies of it, the safe one too.")
}

func (p *program) listKeys(context.Context) error {
	cfg, err := p.load()
	if err != nil {
		return err
	}
	keys, err := vault.List(cfg.Keys.File)
	if err != nil {
		return err
	}
	rows := make([][]string, len(keys))
	for i, k := range keys {
		state := "enabled"
		switch {
		case !k.Enabled:
			state = "disabled"
		case k.Primary:
			state = "primary"
		}
		rows[i] = []string{fmt.Sprint(k.ID), string(k.Purpose), k.Created.UTC().Format(time.DateTime), state}
	}
	return p.answer(keys, table([]string{"ID", "PURPOSE", "CREATED (UTC)", "STATE"}, rows))
}
