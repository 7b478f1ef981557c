package demo

import (
	"context"

	"latchkey/bot"
	"latchkey/cmd/latchkey/serve"
	"latchkey/store/vault"
)

// CheapAnswers is what the hash of an answer costs in the demo: next to
// nothing, so that it stays small. In earnest it costs 46 MiB each.
func CheapAnswers() vault.Hashing { return vault.Hashing{Memory: 64, Passes: 1} }

// known are whose helpdesk can ask security questions, with the answers that
// stand on the page.
func known() map[string][][2]string {
	return map[string][][2]string{
		"mlin": {{"What was the name of your first school?", "Marigold"}, {"In which town did your parents meet?", "Lisbon"}},
	}
}

// Know makes what people have enrolled with beside Enroll's: security questions,
// and the chat of those who are on it.
func (s *Stage) Know(ctx context.Context, parts serve.Parts, newID func() string) error {
	for login, pairs := range known() {
		account, err := parts.Directories["corp"].Lookup(ctx, bot.FieldLogin, login)
		if err != nil {
			return err
		}
		if err := s.questions(ctx, parts, newID, account, pairs); err != nil {
			return err
		}
	}
	for _, p := range s.people() {
		chat := bot.Chatter{Platform: "slack", Tenant: "T0PLAY", User: p.ID}
		if p.ID == "" {
			chat = bot.Chatter{Platform: "teams", Tenant: teamsTenant, User: p.Teams}
		}
		if p.Logins["corp"] == "" || p.Agent {
			continue
		}
		if err := s.bind(ctx, parts, newID, chat, p.Logins["corp"]); err != nil {
			return err
		}
	}
	return nil
}

func (s *Stage) questions(ctx context.Context, parts serve.Parts, newID func() string, a bot.Account, pairs [][2]string) error {
	known, err := parts.Ledger.Enrollments(ctx, []bot.AccountID{a.ID})
	if err != nil {
		return err
	}
	for _, e := range known {
		if e.Type == bot.SecurityQuestions {
			return nil
		}
	}
	e := bot.Enrollment{ID: newID(), Type: bot.SecurityQuestions}
	for _, pair := range pairs {
		answer := bot.Answer{ID: newID()}
		if answer.Question, err = parts.Vault.Seal([]byte(pair[0]), "answers", answer.ID, "question"); err != nil {
			return err
		}
		if answer.Hash, err = parts.Vault.HashAnswer(ctx, pair[1]); err != nil {
			return err
		}
		e.Answers = append(e.Answers, answer)
	}
	return s.add(ctx, parts, newID, a, e)
}

// bind binds a chat person, as `latchkey people bind` does, unless he is already.
func (s *Stage) bind(ctx context.Context, parts serve.Parts, newID func() string, chat bot.Chatter, login string) error {
	if _, err := parts.Ledger.Bound(ctx, chat); bot.KindOf(err) != bot.NotFound {
		return err
	}
	account, err := parts.Directories["corp"].Lookup(ctx, bot.FieldLogin, login)
	if err != nil {
		return err
	}
	id := newID()
	r := bot.Record{ID: id, Operation: id, At: s.Clock.Now(), Action: bot.ActionBind, Status: bot.StatusSuccess,
		Actor:  bot.Party{Kind: bot.ActorAdministrator, Login: "demo", Name: "of the demo"},
		Target: bot.PartyOf(account, bot.ActorEndUser), Store: account.ID.Store, Client: bot.ClientCommandLine}
	return parts.Ledger.Bind(ctx, chat, account.ID, r)
}
