package slack

import (
	"context"
	"net/http"

	"go.uber.org/zap"

	"latchkey/adapters/chat"
	"latchkey/bot"
	"latchkey/flows"
)

// The callback ids of the shortcuts, as the app's manifest names them.
const (
	ShortcutAccount = "unlock_account" // global
	ShortcutPerson  = "unlock_person"  // on a message: its author is filled in
)

// What is wrong with a message's author, to who used the shortcut on it.
const (
	textNoAuthor  = "This message was written by an app, so it has no author who could be unlocked."
	textStranger  = "The author of this message belongs to another workspace, so Latchkey knows no account of his."
	textNotMember = "The author of this message is no member of this workspace any more, or only a guest, so Latchkey knows no account of his. Use /unlock and a name."
)

// shortcut opens the form, or the author of a message
// (docs.slack.dev/interactivity/implementing-shortcuts).
func (a *Adapter) shortcut(r request, p payload) answer {
	ev := flows.Event{ID: "slack:" + p.key(), Kind: flows.Begin, Workspace: p.Team.ID}
	switch {
	case p.TriggerID == "":
		return refused(http.StatusBadRequest, textGarbled)
	case p.Type == "shortcut" && p.CallbackID == ShortcutAccount:
	case p.Type == "message_action" && p.CallbackID == ShortcutPerson:
		ev.Kind, ev.Text = flows.BeginAuthor, p.Message.User
	default:
		a.log.Info("slack shortcut that is not Latchkey's, ignored", zap.String("callback", trim(p.CallbackID, 80)))
		return answered(nil)
	}
	if no := a.hold(r, p); no != nil {
		return *no
	}
	if ev.Kind == flows.BeginAuthor && (p.Message.BotID != "" || !personID.MatchString(p.Message.User)) {
		return a.apologise(p, textNoAuthor)
	}
	booked := a.work.Book()
	if booked == nil {
		return a.apologise(p, chat.TextBusy)
	}
	t := turn{from: p.sender(), event: ev, trigger: p.TriggerID, reply: a.hooks.to(p.ResponseURL), again: "Use the shortcut again."}
	return answer{status: http.StatusOK, booked: booked, job: func(ctx context.Context) { a.begin(ctx, t) }}
}

// author fills in whom a Slack user is, to be looked for in the directory: his
// confirmed mail address, or else the name that he has given himself.
func (a *Adapter) author(ctx context.Context, ev *flows.Event, user string) error {
	const op = "look up author"
	m, err := a.people.Member(ctx, user, false)
	if bot.KindOf(err) == bot.NotFound {
		return bot.Ef(bot.Denied, op, textStranger)
	}
	if err != nil {
		return err
	}
	switch m.refusal(a.cfg) {
	case "", textMail: // without a confirmed address he has a name all the same
	case textForeign, textNobody:
		return bot.Ef(bot.Denied, op, textStranger)
	case textBot:
		return bot.Ef(bot.Denied, op, textNoAuthor)
	default:
		return bot.Ef(bot.Denied, op, textNotMember)
	}
	ev.Author = bot.Chatter{Platform: "slack", Tenant: a.cfg.Workspace, User: m.ID}
	if a.cfg.enterprise() {
		ev.Author.User = m.EnterpriseUser
	}
	if ev.Text, ev.Confirmed = m.Mail, m.Mail != ""; !ev.Confirmed {
		ev.Text = m.Name
	}
	return nil
}
