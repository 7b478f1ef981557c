package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"go.uber.org/zap"

	"latchkey/adapters/courier/sms"
	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
	"latchkey/store/vault"
)

// issuer is what an authenticator app shows above the account.
const issuer = "Latchkey"

// enrolling is what the commands of `enroll` are told.
type enrolling struct {
	subject
	kind, to string
}

func (p *program) enrollCommand() *cobra.Command {
	var e enrolling
	add := p.command("add", "Enroll an account with an authentication type; it counts at once", func(ctx context.Context) error { return p.enroll(ctx, e) })
	add.Flags().StringVar(&e.to, "to", "", "mail `ADDRESS` for type email, number for type mobile; the directory's own without it")
	list := p.command("list", "List what an account is enrolled with", func(ctx context.Context) error { return p.listEnrollments(ctx, e) })
	remove := p.command("remove", "Remove a type from an account, or all without --type", func(ctx context.Context) error { return p.unenroll(ctx, e) })
	for _, c := range []*cobra.Command{add, list, remove} {
		e.flags(c)
		need(c, "store", "user")
	}
	for _, c := range []*cobra.Command{add, remove} {
		c.Flags().StringVar(&e.kind, "type", "", "authentication `TYPE`: authenticator, email, mobile")
	}
	return p.group(&cobra.Command{Use: "enroll", Short: "Enroll people with authentication types"}, need(add, "type"), list, remove, p.importCommand())
}

func typeNamed(word string) (bot.Type, error) {
	if t := bot.Type(word); t.Valid() {
		return t, nil
	}
	words := make([]string, len(bot.Types()))
	for i, t := range bot.Types() {
		words[i] = string(t)
	}
	return "", usage("--type %q is none of %s", word, strings.Join(words, ", "))
}

// theirOwn says why nobody else enrolls people with a type; "" where an
// administrator may.
func theirOwn(t bot.Type) string {
	switch t {
	case bot.SecurityQuestions:
		return "people answer their questions themselves, with /unlock enroll"
	case bot.Chat:
		return "people have it once they are bound to their place in the chat (latchkey people bind)"
	}
	return ""
}

// enroll adds an enrollment made by an administrator.
func (p *program) enroll(ctx context.Context, e enrolling) error {
	t, err := typeNamed(e.kind)
	if err != nil {
		return err
	}
	if e.to != "" && !t.Sent() {
		return usage("--to goes with --type email or mobile")
	}
	if why := theirOwn(t); why != "" {
		return bot.Ef(bot.Invalid, "enroll", "An administrator cannot enroll anybody with %s: %s. Use authenticator, email or mobile.", t.Name(), why)
	}
	cfg, err := p.load()
	if err != nil {
		return err
	}
	if err := used(cfg, e.store, t); err != nil {
		return err
	}
	a, err := p.account(ctx, cfg, e.subject)
	if err != nil {
		return err
	}
	made := bot.Enrollment{ID: newID(), Account: a.ID, Type: t, ByAdministrator: true}
	switch t {
	case bot.Email:
		return p.enrollEmail(ctx, cfg, a, made, e.to)
	case bot.Mobile:
		return p.enrollMobile(ctx, cfg, a, made, e.to)
	}
	return p.enrollAuthenticator(ctx, cfg, a, made)
}

// used refuses a type that the store does not use.
func used(cfg *config.Config, store string, t bot.Type) error {
	s, err := storeNamed(cfg, store)
	if err != nil || slices.Contains(s.AuthenticationTypes, t) {
		return err
	}
	return bot.Ef(bot.Invalid, "enroll", "Identity store %s does not use %s. Add %s to its authentication_types first.", store, t.Name(), t)
}

func (p *program) enrollEmail(ctx context.Context, cfg *config.Config, a bot.Account, made bot.Enrollment, to string) error {
	made.Address = to
	if to == "" {
		made.Address = a.Mail
	}
	if made.Address == "" {
		return bot.Ef(bot.Invalid, "enroll", "%s has no mail address in the directory. Name one with --to.", personOf(a))
	}
	if !mailAddress(made.Address) {
		return bot.Ef(bot.Invalid, "enroll", "%q is not a mail address such as mei@example.com.", made.Address)
	}
	if err := p.keep(ctx, cfg, a, made); err != nil {
		return err
	}
	return p.answer(enrolledAnswer{personOf(a), made.ID, made.Type, made.Address, ""},
		fmt.Sprintf("Enrolled %s with e-mail at %s. It counts at once.", personOf(a), made.Address))
}

// enrollMobile tells the number as it was understood: a country may have been
// added to it. NIST SP 800-63B-4 (section 3.2.9) wants the user told what is
// restricted about it.
func (p *program) enrollMobile(ctx context.Context, cfg *config.Config, a bot.Account, made bot.Enrollment, to string) error {
	where := ""
	if to == "" {
		to, where = a.Mobile, " in the directory"
	}
	if to == "" {
		return bot.Ef(bot.Invalid, "enroll", "%s has no mobile number in the directory. Name one with --to.", personOf(a))
	}
	var err error
	if made.Address, err = sms.Number(to, cfg.Region()); err != nil {
		return &bot.Error{Kind: bot.Invalid, Op: "enroll", Err: err, Text: fmt.Sprintf("The mobile number of %s%s cannot be used. %s", personOf(a), where, bot.TextOf(err))}
	}
	if err := p.keep(ctx, cfg, a, made); err != nil {
		return err
	}
	return p.answer(enrolledAnswer{personOf(a), made.ID, made.Type, made.Address, ""},
		fmt.Sprintf("Enrolled %s with mobile at %s. It counts at once. A text message can be read by whoever takes over the number: tell the user so, and offer a safer type, such as authenticator.", personOf(a), made.Address))
}

// enrollAuthenticator prints the seed once, after it was kept: what is shown
// and not kept would be a code that never works.
func (p *program) enrollAuthenticator(ctx context.Context, cfg *config.Config, a bot.Account, made bot.Enrollment) error {
	v, err := openVault(cfg, zap.NewNop())
	if err != nil {
		return err
	}
	seed := vault.NewSeed()
	if made.Seed, err = v.Seal(seed, "enrollments", made.ID, "seed"); err != nil {
		return err
	}
	uri := vault.KeyURI(issuer, a.Login+"@"+a.ID.Store, seed)
	if err := p.keep(ctx, cfg, a, made); err != nil {
		return err
	}
	text := uri
	if p.terminal {
		qr, err := vault.TerminalQR(uri)
		if err != nil {
			return err
		}
		text = qr + "\n" + uri + "\nEnrolled " + personOf(a).String() + " with authenticator. It counts at once. This is shown only now."
	}
	return p.answer(enrolledAnswer{personOf(a), made.ID, made.Type, "", uri}, text)
}

type enrolledAnswer struct {
	Person  person   `json:"person"`
	ID      string   `json:"id"`
	Type    bot.Type `json:"type"`
	Address string   `json:"address,omitempty"`
	URI     string   `json:"uri,omitempty"` // holds the seed
}

// keep seals the address, and writes the enrollment and its record.
func (p *program) keep(ctx context.Context, cfg *config.Config, a bot.Account, made bot.Enrollment) error {
	keys, err := openVault(cfg, zap.NewNop())
	if err != nil {
		return err
	}
	if made, err = keys.SealAddress(made); err != nil {
		return err
	}
	l, err := p.openLedger(ctx, cfg, zap.NewNop())
	if err != nil {
		return err
	}
	defer func() { _ = l.Close() }()
	r := p.recordOn(a, bot.ActionEnroll)
	r.Types, r.Detail = []bot.Type{made.Type}, "by an administrator: counts at once"
	err = l.Enroll(ctx, made, r)
	if bot.KindOf(err) == bot.Conflict {
		return &bot.Error{Kind: bot.Conflict, Op: "enroll", Err: err,
			Text: fmt.Sprintf("%s is enrolled with %s already. To replace it, first: latchkey enroll remove --store %s --user %s --type %s", personOf(a), made.Type.Name(), a.ID.Store, a.Login, made.Type)}
	}
	return err
}
