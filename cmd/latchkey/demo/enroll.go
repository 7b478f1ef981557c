package demo

import (
	"context"
	"fmt"
	"slices"

	"latchkey/adapters/courier/sms"
	"latchkey/adapters/playground/cast"
	"latchkey/bot"
	"latchkey/cmd/latchkey/serve"
	"latchkey/store/vault"
)

// enrolled are who have enrolled by mail and authenticator. Tom Berg has not.
func enrolled() []string { return []string{"mlin", "oadams", "kadeyemi", "hwong", "mwright"} }

// withMobile are those of them who get codes by text message too.
func withMobile() []string { return []string{"mlin", "oadams", "hwong"} }

// Enroll makes the first enrollments, or finds those that a kept folder has,
// and puts each seed into its person's phone.
func (s *Stage) Enroll(ctx context.Context, parts serve.Parts, newID func() string) error {
	for _, login := range enrolled() {
		if err := s.enroll(ctx, parts, newID, login); err != nil {
			return fmt.Errorf("enroll %s: %w", login, err)
		}
	}
	return nil
}

func (s *Stage) enroll(ctx context.Context, parts serve.Parts, newID func() string, login string) error {
	account, err := parts.Directories["corp"].Lookup(ctx, bot.FieldLogin, login)
	if err != nil {
		return err
	}
	known, err := parts.Ledger.Enrollments(ctx, []bot.AccountID{account.ID})
	if err != nil {
		return err
	}
	has := map[bot.Type]bot.Enrollment{}
	for _, e := range known {
		has[e.Type] = e
	}
	person, _ := cast.Find(login)
	if _, ok := has[bot.Email]; !ok {
		if err := s.add(ctx, parts, newID, account, bot.Enrollment{ID: newID(), Type: bot.Email, Address: person.Mail}); err != nil {
			return err
		}
	}
	if _, ok := has[bot.Mobile]; !ok && slices.Contains(withMobile(), login) {
		number, err := sms.Number(person.Mobile, "")
		if err != nil {
			return err
		}
		if err := s.add(ctx, parts, newID, account, bot.Enrollment{ID: newID(), Type: bot.Mobile, Address: number}); err != nil {
			return err
		}
	}
	if e, ok := has[bot.Authenticator]; ok {
		seed, err := parts.Vault.Open(e.Seed, "enrollments", e.ID, "seed")
		s.phones.put(person.Mail, seed)
		return err
	}
	seed, id := vault.NewSeed(), newID()
	sealed, err := parts.Vault.Seal(seed, "enrollments", id, "seed")
	if err != nil {
		return err
	}
	s.phones.put(person.Mail, seed)
	return s.add(ctx, parts, newID, account, bot.Enrollment{ID: id, Type: bot.Authenticator, Seed: sealed})
}

func (s *Stage) add(ctx context.Context, parts serve.Parts, newID func() string, a bot.Account, e bot.Enrollment) error {
	e.Account, e.Since, e.ByAdministrator = a.ID, s.Clock.Now(), true
	if e.Address != "" {
		contact, err := parts.Vault.Seal([]byte(e.Address), "enrollments", e.ID, "contact")
		if err != nil {
			return err
		}
		e.Contact, e.Address = contact, ""
	}
	id := newID()
	return parts.Ledger.Enroll(ctx, e, bot.Record{ID: id, Operation: id, At: e.Since, Action: bot.ActionEnroll,
		Status: bot.StatusSuccess, Types: []bot.Type{e.Type}, Actor: bot.Party{Kind: bot.ActorAdministrator, Login: "demo", Name: "of the demo"},
		Target: bot.PartyOf(a, bot.ActorEndUser), Store: a.ID.Store, Client: bot.ClientCommandLine})
}
