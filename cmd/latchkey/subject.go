package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
)

// subject is whom a command is about: --store and --user.
type subject struct{ store, user string }

func (s *subject) flags(c *cobra.Command) {
	c.Flags().StringVar(&s.store, "store", "", "identity store `NAME`")
	c.Flags().StringVar(&s.user, "user", "", "`LOGIN` name of the account")
}

// account reads the one account of that login name.
func (p *program) account(ctx context.Context, cfg *config.Config, s subject) (bot.Account, error) {
	store, err := storeNamed(cfg, s.store)
	if err != nil {
		return bot.Account{}, err
	}
	d, err := p.openDirectory(store, zap.NewNop())
	if err != nil {
		return bot.Account{}, err
	}
	defer d.Close()
	a, err := d.Lookup(ctx, bot.FieldLogin, s.user)
	switch bot.KindOf(err) {
	case "":
		return a, nil
	case bot.NotFound:
		return bot.Account{}, &bot.Error{Kind: bot.NotFound, Op: "look up " + s.store, Err: err,
			Text: "No account in " + s.store + " below " + string(store.Base) + " has the login name " + s.user + "."}
	case bot.Conflict:
		return bot.Account{}, &bot.Error{Kind: bot.Conflict, Op: "look up " + s.store, Err: err,
			Text: "More than one account in " + s.store + " has the login name " + s.user + ". Give each its own first."}
	}
	return bot.Account{}, err
}

func storeNamed(cfg *config.Config, name string) (config.IdentityStore, error) {
	names := make([]string, len(cfg.Stores))
	for i, s := range cfg.Stores {
		if s.Name == name {
			return s, nil
		}
		names[i] = s.Name
	}
	return config.IdentityStore{}, bot.Ef(bot.NotFound, "find identity store",
		"There is no identity store %s. The configuration has %s.", name, strings.Join(names, ", "))
}

// person says an account in an answer.
type person struct {
	Store string `json:"store"`
	Login string `json:"login,omitempty"`
	Name  string `json:"name,omitempty"`
	GUID  string `json:"guid"`
	Gone  bool   `json:"gone,omitempty"` // no such account is in the directory any more
}

func personOf(a bot.Account) person {
	return person{Store: a.ID.Store, Login: a.Login, Name: a.DisplayName, GUID: a.ID.GUID}
}

func (s person) String() string {
	switch {
	case s.Gone:
		return "an account that is gone (" + s.GUID + " in " + s.Store + ")"
	case s.Login == "":
		return "account " + s.GUID + " in " + s.Store
	}
	return s.Name + " (" + s.Login + " in " + s.Store + ")"
}
