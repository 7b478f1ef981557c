package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"latchkey/adapters/slack"
	"latchkey/adapters/teams"
	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
	"latchkey/store/directory"
	"latchkey/store/ledger"
	"latchkey/store/session"
	"latchkey/store/vault"
)

func (p *program) checkCommand() *cobra.Command {
	return p.command("check", "Try every part, and say what is wrong and how to mend it", p.check)
}

// attempt tries one part.
type attempt func(ctx context.Context) []bot.Finding

// check tries all parts side by side and tells what was found in a fixed order.
func (p *program) check(ctx context.Context) error {
	cfg, err := p.load()
	if err != nil {
		return err
	}
	session.LogLibrary(zap.NewNop())
	parts := []attempt{configured(cfg), p.tryKeys(cfg), p.tryLedger(cfg), p.trySession(cfg), certificate(cfg, p.now)}
	for _, s := range cfg.Stores {
		parts = append(parts, p.tryDirectory(cfg, s))
	}
	parts = append(parts, p.trySlack(cfg, (*slack.Adapter).Check), p.tryTeams(cfg, (*teams.Adapter).Check), p.tryMail(cfg), tryTexts(cfg), p.clock(cfg))
	return p.tell(tryAll(ctx, parts))
}

// tryAll tries parts side by side, and gives what was found in their order.
func tryAll(ctx context.Context, parts []attempt) []bot.Finding {
	found := make([][]bot.Finding, len(parts))
	var all sync.WaitGroup
	for i, try := range parts {
		all.Go(func() { found[i] = try(ctx) })
	}
	all.Wait()
	findings := []bot.Finding{}
	for _, f := range found {
		findings = append(findings, f...)
	}
	return findings
}

func (p *program) tell(findings []bot.Finding) error {
	lines := make([]string, 0, len(findings))
	for _, f := range findings {
		line := fmt.Sprintf("%-8s %s: %s", f.Level, f.Part, strings.TrimSpace(f.What))
		if last := line[len(line)-1:]; !strings.ContainsAny(last, ".?!:") {
			line += "."
		}
		if f.Mend != "" {
			line += " " + sentence(f.Mend)
		}
		lines = append(lines, plain(line))
	}
	if err := p.answer(findings, strings.Join(lines, "\n")); err != nil {
		return err
	}
	if bot.Worst(findings) == bot.LevelFault {
		return bot.Ef(bot.Invalid, "check", "Something has to be mended before Latchkey can serve: see the lines that begin with fault.")
	}
	return nil
}

// sentence gives what a part says the look of a sentence, however it wrote it.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return s
	}
	first, size := utf8.DecodeRuneInString(s)
	s = string(unicode.ToUpper(first)) + s[size:]
	if strings.ContainsAny(s[len(s)-1:], ".?!:") {
		return s
	}
	return s + "."
}

// configured tells what the configuration itself gives to think about.
func configured(cfg *config.Config) attempt {
	return func(context.Context) []bot.Finding {
		stop, warn := config.NotYet(cfg)
		out := []bot.Finding{}
		for _, f := range stop {
			out = append(out, remark(f, bot.LevelFault))
		}
		for _, f := range append(warn, config.Doubts(cfg)...) {
			out = append(out, remark(f, bot.LevelWarning))
		}
		if bot.Worst(out) != bot.LevelFault {
			out = append([]bot.Finding{{Part: "configuration", Level: bot.LevelOK, What: cfg.File() + " can be read"}}, out...)
		}
		return out
	}
}

func remark(f config.Fault, level bot.Level) bot.Finding {
	return bot.Finding{Part: "configuration", Level: level, What: fmt.Sprintf("line %d: %s %s", f.Line, f.Key, f.What), Mend: f.Mend}
}

// broken is the finding of a part that could not be opened.
func broken(part string, err error, mend string) []bot.Finding {
	what := problemOf(err)
	if what.Cause != "" {
		what.Text += " (" + what.Cause + ")"
	}
	return []bot.Finding{{Part: part, Level: bot.LevelFault, What: what.Text, Mend: mend}}
}

func (p *program) tryKeys(cfg *config.Config) attempt {
	return func(context.Context) []bot.Finding {
		v, err := openVault(cfg, zap.NewNop())
		if err != nil {
			return broken("keys", err, "")
		}
		sealed, err := v.Seal([]byte("x"), "check", "1", "probe")
		if err == nil {
			_, err = v.Open(sealed, "check", "1", "probe")
		}
		if err != nil {
			return broken("keys", err, "Put the last good copy of the key file in its place")
		}
		return append([]bot.Finding{{Part: "keys", Level: bot.LevelOK, What: cfg.Keys.File + " seals and opens"}}, waitingKeys(cfg.Keys.File)...)
	}
}

func (p *program) tryLedger(cfg *config.Config) attempt {
	return func(ctx context.Context) []bot.Finding {
		what := " can be read and written"
		if inFile(cfg) && absent(cfg.Database.URL.Path) {
			what = " was not there and has been made now; it can be read and written"
		}
		l, err := p.openLedger(ctx, cfg, zap.NewNop())
		if err != nil {
			return broken("database", err, "")
		}
		defer func() { _ = l.Close() }()
		if err := l.Check(ctx); err != nil {
			return broken("database", err, "")
		}
		found := []bot.Finding{{Part: "database", Level: bot.LevelOK, What: cfg.Database.URL.String() + what}}
		found = append(found, l.Findings(ctx, p.now)...)
		if v, err := openVault(cfg, zap.NewNop()); err == nil { // told with the keys where it cannot
			found = append(found, tryFit(ctx, cfg, l, v)...)
		}
		found = append(found, looseFile(cfg)...)
		if inFile(cfg) {
			found = append(found, twoOwners(cfg.Keys.File, cfg.Database.URL.Path)...)
		}
		return found
	}
}

// tryFit finds a key file that does not go with the database.
func tryFit(ctx context.Context, cfg *config.Config, l *ledger.Ledger, v *vault.Vault) []bot.Finding {
	some, all, err := keysFit(ctx, l, v)
	switch {
	case err != nil:
		return broken("database", err, "")
	case !all:
		return broken("keys", strangeKeys(cfg.Keys.File, some), "")
	}
	return nil
}

func (p *program) trySession(cfg *config.Config) attempt {
	return func(ctx context.Context) []bot.Finding {
		s, err := p.openSession(cfg)
		if err != nil {
			return broken("redis", err, "")
		}
		defer func() { _ = s.Close() }()
		return append(s.Check(ctx), live(ctx, s)...)
	}
}

func (p *program) tryDirectory(cfg *config.Config, s config.IdentityStore) attempt {
	return func(ctx context.Context) []bot.Finding {
		if s.Kind == config.DS389 {
			return nil // told with the configuration
		}
		d, err := p.openDirectory(s, zap.NewNop())
		if err != nil {
			return broken("directory "+s.Name, err, "")
		}
		defer d.Close()
		containers, names, err := config.Reach(cfg, s.Name, directory.Canonical)
		if err != nil {
			return broken("directory "+s.Name, err, "")
		}
		return d.Check(ctx, directory.Plan{Containers: containers, Names: names})
	}
}

func (p *program) tryMail(cfg *config.Config) attempt {
	return func(ctx context.Context) []bot.Finding {
		c, err := p.openCourier(cfg)
		switch {
		case err != nil:
			return broken("mail", err, "")
		case c == nil:
			return nil
		}
		return c.Check(ctx)
	}
}

// tryTexts sends nothing: a message costs, and rings on somebody's phone.
func tryTexts(cfg *config.Config) attempt {
	return func(ctx context.Context) []bot.Finding {
		c, err := openTexts(cfg)
		switch {
		case err != nil:
			return broken("sms", err, "")
		case c == nil:
			return nil
		}
		return c.Check(ctx)
	}
}

func (p *program) trySlack(cfg *config.Config, check func(*slack.Adapter, context.Context) []bot.Finding) attempt {
	return func(ctx context.Context) []bot.Finding {
		if cfg.Slack == nil {
			return nil // told with the configuration
		}
		a, err := slack.New(*slackConfig(cfg), nil, nil, zap.NewNop(), p.now)
		if err != nil {
			return broken("slack", err, "")
		}
		return check(a, ctx)
	}
}

func (p *program) tryTeams(cfg *config.Config, check func(*teams.Adapter, context.Context) []bot.Finding) attempt {
	return func(ctx context.Context) []bot.Finding {
		c, err := p.teamsConfig(cfg)
		if err == nil && c == nil {
			return nil
		}
		var a *teams.Adapter
		if err == nil {
			a, err = teams.New(*c, nil, nil, nil, zap.NewNop(), p.now)
		}
		if err != nil {
			return broken("teams", err, "")
		}
		return check(a, ctx)
	}
}
