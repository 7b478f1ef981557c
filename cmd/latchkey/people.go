package main

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
)

// binding is what the commands of `people` are told.
type binding struct {
	subject
	chat, id string
}

func (p *program) peopleCommand() *cobra.Command {
	var b binding
	bind := p.command("bind", "Bind a chat person to a directory account, for good", func(ctx context.Context) error { return p.bind(ctx, b) })
	unbind := p.command("unbind", "Undo a binding", func(ctx context.Context) error { return p.unbind(ctx, b) })
	list := p.command("list", "List bindings, all or those of an account", func(ctx context.Context) error { return p.listBindings(ctx, b) })
	for _, c := range []*cobra.Command{bind, unbind} {
		c.Flags().StringVar(&b.chat, "chat", "", "`CHAT`: slack or teams")
		c.Flags().StringVar(&b.id, "id", "", "the person's `ID` there: a Slack member id, or the object id of a Teams user")
		need(c, "chat", "id")
	}
	for _, c := range []*cobra.Command{bind, list} {
		b.flags(c)
	}
	return p.group(&cobra.Command{Use: "people", Short: "Bind chat persons to directory accounts"}, need(bind, "store", "user"), unbind, list)
}

var objectID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

var slackUser = regexp.MustCompile(`^[UW][A-Z0-9]{2,30}$`)

// chatter names the chat person of --chat and --id. The workspace is the
// configuration's: there is no other.
func (b binding) chatter(cfg *config.Config) (bot.Chatter, error) {
	switch {
	case b.chat == "teams" && cfg.Teams == nil:
		return bot.Chatter{}, bot.Ef(bot.Invalid, "bind", "The configuration has no section teams.")
	case b.chat == "teams":
		return bot.Chatter{Platform: "teams", Tenant: strings.ToLower(cfg.Teams.TenantID), User: strings.ToLower(b.id)}, nil
	case cfg.Slack == nil:
		return bot.Chatter{}, bot.Ef(bot.Invalid, "bind", "The configuration has no section slack.")
	}
	return bot.Chatter{Platform: "slack", Tenant: cfg.Slack.Workspace, User: b.id}, nil
}

func (b binding) validate() error {
	switch {
	case b.chat != "slack" && b.chat != "teams":
		return usage("--chat %q is none of slack, teams", b.chat)
	case b.chat == "slack" && !slackUser.MatchString(b.id):
		return usage("--id %q is not a Slack member id such as U0123456789 (in a person's profile: Copy member ID)", b.id)
	}
	if b.chat == "teams" && !objectID.MatchString(strings.ToLower(b.id)) {
		return usage("--id %q is not the object id of a user (a GUID, in the Entra admin center: Users, Object ID)", b.id)
	}
	return nil
}

type bindingAnswer struct {
	Chat    string    `json:"chat"`
	Tenant  string    `json:"tenant"`
	ID      string    `json:"id"`
	Account person    `json:"account"`
	By      string    `json:"by,omitempty"`
	At      time.Time `json:"at,omitzero"`
}

func (p *program) bind(ctx context.Context, b binding) error {
	if err := b.validate(); err != nil {
		return err
	}
	return p.onLedger(ctx, b.subject, func(o opened) error {
		chat, err := b.chatter(o.cfg)
		if err != nil {
			return err
		}
		verb := "Bound "
		if has, err := o.ledger.Bound(ctx, chat); err == nil && has == o.account.ID {
			verb = "Nothing was changed; bound already: "
		}
		r := p.recordOn(o.account, bot.ActionBind)
		r.Target.Chat = chat.String()
		r.Detail = chat.String() + ", by an administrator"
		err = o.ledger.Bind(ctx, chat, o.account.ID, r)
		if bot.KindOf(err) == bot.Conflict {
			return p.bindingConflict(ctx, o, chat, err)
		}
		if err != nil {
			return err
		}
		return p.answer(bindingAnswer{Chat: chat.Platform, Tenant: chat.Tenant, ID: chat.User, Account: personOf(o.account)},
			verb+chat.User+" of Slack to "+personOf(o.account).String()+".")
	})
}

// bindingConflict says which of the two is bound, and to whom.
func (p *program) bindingConflict(ctx context.Context, o opened, chat bot.Chatter, cause error) error {
	n := p.names(o.cfg)
	defer n.close()
	text, id := "One of the two is bound to somebody else.", chat.User
	if has, err := o.ledger.Bound(ctx, chat); err == nil {
		text = chat.User + " of Slack is bound to " + n.of(ctx, has).String() + "."
	} else if list, err := o.ledger.Bindings(ctx, o.account.ID); err == nil && len(list) > 0 {
		id = list[0].Chat.User
		text = personOf(o.account).String() + " is bound to " + id + " of Slack."
	}
	return &bot.Error{Kind: bot.Conflict, Op: "bind", Err: cause,
		Text: text + " To change it, first: latchkey people unbind --chat " + chat.Platform + " --id " + id}
}

func (p *program) unbind(ctx context.Context, b binding) error {
	if err := b.validate(); err != nil {
		return err
	}
	return p.onLedger(ctx, subject{}, func(o opened) error {
		chat, err := b.chatter(o.cfg)
		if err != nil {
			return err
		}
		missing := bot.Ef(bot.NotFound, "unbind", "%s of Slack is not bound. See latchkey people list.", chat.User)
		id, err := o.ledger.Bound(ctx, chat)
		if bot.KindOf(err) == bot.NotFound {
			return missing
		}
		if err != nil {
			return err
		}
		r := p.record(bot.ActionUnbind)
		r.Target, r.Store = bot.Party{Kind: bot.ActorEndUser, Account: id, Chat: chat.String()}, id.Store
		r.Detail = chat.String() + ", by an administrator"
		err = o.ledger.Unbind(ctx, chat, r)
		if bot.KindOf(err) == bot.NotFound {
			return missing
		}
		if err != nil {
			return err
		}
		n := p.names(o.cfg)
		defer n.close()
		who := n.of(ctx, id)
		return p.answer(bindingAnswer{Chat: chat.Platform, Tenant: chat.Tenant, ID: chat.User, Account: who},
			"Unbound "+chat.User+" of Slack from "+who.String()+".")
	})
}

func (p *program) listBindings(ctx context.Context, b binding) error {
	if (b.store == "") != (b.user == "") {
		return usage("latchkey people list takes --store and --user together, or neither")
	}
	return p.onRecord(ctx, b.subject, func(o opened) error {
		list, err := o.ledger.Bindings(ctx, o.account.ID)
		if err != nil {
			return err
		}
		n := p.names(o.cfg)
		defer n.close()
		out, rows := []bindingAnswer{}, [][]string{}
		for _, one := range list {
			who := n.of(ctx, one.Account)
			out = append(out, bindingAnswer{Chat: one.Chat.Platform, Tenant: one.Chat.Tenant, ID: one.Chat.User,
				Account: who, By: one.By, At: one.At.UTC()})
			login := who.Login
			switch {
			case who.Gone:
				login = "(gone)"
			case login == "":
				login = "(not known)"
			}
			rows = append(rows, []string{one.Chat.Platform, one.Chat.Tenant, one.Chat.User, who.Store, login, who.Name, who.GUID, one.By, one.At.UTC().Format(time.DateTime)})
		}
		text := "Nobody is bound."
		if len(rows) > 0 {
			text = table([]string{"CHAT", "TENANT", "ID", "STORE", "LOGIN", "NAME", "ACCOUNT", "BY", "SINCE (UTC)"}, rows)
		}
		return p.answer(out, text)
	})
}
