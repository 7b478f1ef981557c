package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"latchkey/bot"
	"latchkey/store/vault"
)

func (p *program) keysCommand() *cobra.Command {
	var prepare, rows bool
	var r retiring
	rotate := p.command("rotate", "Make the prepared keys the primary ones, or add new ones and make them so", func(context.Context) error { return p.rotateKeys(prepare) })
	rotate.Flags().BoolVar(&prepare, "prepare", false, "only add the new keys, so that all copies of the file can have them before they seal")
	list := p.command("list", "List the keys, without the keys themselves", func(ctx context.Context) error { return p.listKeys(ctx, rows) })
	list.Flags().BoolVar(&rows, "rows", false, "count what each key is needed for in the database")
	retire := p.command("retire", "Disable the earlier keys that nothing is sealed or hashed with any more", func(ctx context.Context) error { return p.retireKeys(ctx, r) })
	retire.Flags().BoolVar(&r.now, "now", false, "do not wait for pages and buttons that earlier keys signed: people begin anew")
	retire.Flags().BoolVar(&r.remove, "remove", false, "remove the keys that are disabled, for good")
	retire.Flags().BoolVar(&r.undo, "undo", false, "enable the keys that are disabled again")
	return p.group(&cobra.Command{Use: "keys", Short: "Make, rotate, list and retire the keys that seal and sign"},
		p.command("new", "Make the key file; never overwrites one", p.newKeys),
		rotate,
		p.command("reseal", "Seal everything in the database with the primary key; may be ended and begun again at any time", p.resealKeys),
		retire, list,
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

func (p *program) rotateKeys(prepare bool) error {
	cfg, err := p.load()
	if err != nil {
		return err
	}
	if prepare {
		if err := vault.Prepare(cfg.Keys.File, p.now()); err != nil {
			return err
		}
		return p.answer(map[string]string{"file": cfg.Keys.File}, "Added new keys to "+cfg.Keys.File+
			"; nothing is sealed with them yet. Replace all copies of it, then run latchkey keys rotate and replace them once more.")
	}
	if err := vault.Rotate(cfg.Keys.File, p.now()); err != nil {
		return err
	}
	return p.answer(map[string]string{"file": cfg.Keys.File}, "Rotated "+cfg.Keys.File+
		". A running latchkey reads it by itself; replace the copies of it, the safe one too. Then latchkey keys reseal seals anew what is in the database, and an hour later latchkey keys retire disables the earlier keys.")
}

// listedKey is a key with what it is needed for, where that was asked.
type listedKey struct {
	vault.KeyInfo
	Rows *int `json:"rows,omitempty"`
}

func (p *program) listKeys(ctx context.Context, counted bool) error {
	cfg, err := p.load()
	if err != nil {
		return err
	}
	keys, err := vault.List(cfg.Keys.File)
	if err != nil {
		return err
	}
	heading := []string{"ID", "PURPOSE", "CREATED (UTC)", "STATE"}
	var h holding
	if counted {
		heading = append(heading, "ROWS")
		if err := p.onRecord(ctx, subject{}, func(o opened) error { h, err = held(ctx, o.ledger); return err }); err != nil {
			return err
		}
	}
	out, rows := make([]listedKey, len(keys)), make([][]string, len(keys))
	for i, k := range keys {
		out[i].KeyInfo = k
		rows[i] = []string{fmt.Sprint(k.ID), string(k.Purpose), k.Created.UTC().Format(time.DateTime), stateOf(k)}
		if counted {
			n := h.of(k)
			out[i].Rows = &n
			rows[i] = append(rows[i], fmt.Sprint(n))
		}
	}
	return p.answer(out, table(heading, rows))
}

// waitingKeys warns of a rotation that was begun and not gone on with.
func waitingKeys(file string) []bot.Finding {
	keys, err := vault.List(file)
	if err != nil || !slices.ContainsFunc(keys, func(k vault.KeyInfo) bool { return k.Waiting }) {
		return nil // one that cannot be read is told already
	}
	return []bot.Finding{{Part: "keys", Level: bot.LevelWarning, What: "new keys wait in " + file + ", and the earlier ones still seal",
		Mend: "once every copy of the file has the new ones, run latchkey keys rotate"}}
}

func stateOf(k vault.KeyInfo) string {
	switch {
	case !k.Enabled:
		return "disabled"
	case k.Primary:
		return "primary"
	case k.Waiting:
		return "waiting"
	}
	return "enabled"
}
