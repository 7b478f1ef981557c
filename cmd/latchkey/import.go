package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
	"latchkey/store/ledger"
	"latchkey/store/vault"
)

func (p *program) importCommand() *cobra.Command {
	var dry bool
	c := &cobra.Command{
		Use: "import FILE.csv", Short: "Enroll everybody of a CSV file (header store,user,type,value), or nobody",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("%s takes one file, after the word import", c.CommandPath())
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			p.began = true
			return p.importFile(c.Context(), args[0], dry)
		},
	}
	c.Flags().BoolVar(&dry, "dry-run", false, "check everything, and enroll nobody")
	return c
}

// importing is one run of `latchkey enroll import`.
type importing struct {
	p      *program
	cfg    *config.Config
	file   string
	rows   []importRow
	faults config.Faults // the column stands as the key
}

// importRow is one line of the file.
type importRow struct {
	line    int
	store   string // "" where the line was found at fault before
	user    string
	kind    bot.Type
	address string
	seed    []byte // in the open, in memory alone
	guid    string // with login and name, once the directory was asked
	login   string
	name    string
}

func (i *importing) fault(line int, column, what, mend string) {
	i.faults = append(i.faults, config.Fault{File: i.file, Line: line, Key: column, What: what, Mend: mend})
}

// importFile checks every row before it writes the first, so that all faults
// are told at once, and writes all in one transaction.
func (p *program) importFile(ctx context.Context, file string, dry bool) error {
	cfg, err := p.load()
	if err != nil {
		return err
	}
	i := &importing{p: p, cfg: cfg, file: file}
	loose, err := i.read()
	if err != nil {
		return err
	}
	warnings := i.warnings(loose)
	if !p.json {
		for _, w := range warnings {
			_, _ = fmt.Fprintln(p.err, "latchkey: warning: "+plain(w))
		}
	}
	if err := i.check(ctx); err != nil {
		return err
	}
	keys, err := openVault(cfg, zap.NewNop())
	if err != nil {
		return err
	}
	done := importAnswer{DryRun: dry, Rows: len(i.rows), Types: i.counts(), Warnings: warnings}
	if dry {
		return p.answer(done, fmt.Sprintf("Every row is sound, and nobody was enrolled: %s. Without --dry-run, all of them are.", done))
	}
	if done.Imported, err = i.write(ctx, keys); err != nil {
		return err
	}
	return p.answer(done, fmt.Sprintf("Imported %s. They count at once.", done))
}

type importAnswer struct {
	DryRun   bool             `json:"dry_run"`
	Rows     int              `json:"rows"`
	Imported int              `json:"imported"`
	Types    map[bot.Type]int `json:"types"`
	Warnings []string         `json:"warnings,omitempty"`
}

// String counts what there is: "3 rows: 1 authenticator, 2 e-mail".
func (a importAnswer) String() string {
	var parts []string
	for _, t := range bot.Types() {
		if n := a.Types[t]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, t.Name()))
		}
	}
	rows := "rows"
	if a.Rows == 1 {
		rows = "row"
	}
	return fmt.Sprintf("%d %s: %s", a.Rows, rows, strings.Join(parts, ", "))
}

func (i *importing) counts() map[bot.Type]int {
	out := make(map[bot.Type]int)
	for _, r := range i.rows {
		out[r.kind]++
	}
	return out
}

func (i *importing) holds(t bot.Type) bool {
	return slices.ContainsFunc(i.rows, func(r importRow) bool { return r.kind == t })
}

// warnings are what does not hinder the import. loose: others than the owner
// have a right to the file.
func (i *importing) warnings(loose bool) []string {
	var out []string
	if loose && i.holds(bot.Authenticator) {
		out = append(out, i.file+" holds seeds of authenticators, and others than its owner have a right to it. Run chmod 600 on it now, and remove it after the import: who has read a seed can give its codes.")
	}
	short := 0
	for _, r := range i.rows {
		if r.kind == bot.Authenticator && len(r.seed) > 0 && len(r.seed) < recommendedSeed {
			short++
		}
	}
	if short > 0 {
		out = append(out, fmt.Sprintf("Seeds that are shorter than the %d bytes that RFC 4226 asks for: %d. They work; new ones are better.", recommendedSeed, short))
	}
	return out
}

// check finds what is wrong with the rows themselves, in the directories and
// in the database.
func (i *importing) check(ctx context.Context) error {
	i.sameSeeds()
	away := i.findAccounts(ctx)
	if away == nil {
		i.sameAccounts()
		away = i.enrolledAlready(ctx)
	}
	if len(i.faults) == 0 {
		return away
	}
	slices.SortStableFunc(i.faults, func(a, b config.Fault) int { return a.Line - b.Line })
	text := fmt.Sprintf("Nothing was imported: %s has %d faults.", i.file, len(i.faults))
	if len(i.faults) == 1 {
		text = fmt.Sprintf("Nothing was imported: %s has a fault in line %d.", i.file, i.faults[0].Line)
	}
	if away != nil {
		text += " Not all was checked: " + problemOf(away).Text
	}
	return &bot.Error{Kind: bot.Invalid, Op: "import enrollments", Text: text, Err: i.faults}
}

// write enrolls all, with the records that `enroll add` writes.
func (i *importing) write(ctx context.Context, keys *vault.Vault) (int, error) {
	l, err := i.p.openLedger(ctx, i.cfg, zap.NewNop())
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }()
	written := i.p.record(bot.ActionEnroll)
	written.Detail = "by an administrator, from a file: counts at once"
	n, err := l.EnrollAll(ctx, func(yield func(ledger.Enrolling, error) bool) {
		for _, r := range i.rows {
			if one, err := r.enrolling(written, keys); !yield(one, err) || err != nil {
				return
			}
		}
	})
	if bot.KindOf(err) == bot.Conflict {
		return 0, &bot.Error{Kind: bot.Conflict, Op: "import enrollments", Err: err,
			Text: "Nothing was imported: somebody of the file was enrolled in this moment, by other means. Run the import again, and it names the line."}
	}
	return n, err
}

func (r importRow) enrolling(written bot.Record, keys *vault.Vault) (ledger.Enrolling, error) {
	id := bot.AccountID{Store: r.store, GUID: r.guid}
	made := bot.Enrollment{ID: newID(), Account: id, Type: r.kind, Address: r.address, ByAdministrator: true}
	made, err := keys.SealAddress(made)
	if err == nil && r.kind == bot.Authenticator {
		made.Seed, err = keys.Seal(r.seed, "enrollments", made.ID, "seed")
	}
	if err != nil {
		return ledger.Enrolling{}, err
	}
	written.ID = newID()
	written.Operation, written.Types, written.Store = written.ID, []bot.Type{r.kind}, r.store
	written.Target = bot.PartyOf(bot.Account{ID: id, Login: r.login, DisplayName: r.name}, bot.ActorEndUser)
	return ledger.Enrolling{Enrollment: made, Record: written}, nil
}
