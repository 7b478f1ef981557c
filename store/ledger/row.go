package ledger

import (
	"strings"

	"latchkey/bot"
)

// party is bot.Party as the ledger stores it.
type party struct {
	Kind  string `json:"kind,omitempty"`
	Store string `json:"store,omitempty"`
	GUID  string `json:"guid,omitempty"`
	Login string `json:"login,omitempty"`
	Name  string `json:"name,omitempty"`
	Chat  string `json:"chat,omitempty"`
}

func partyOf(p bot.Party) party {
	return party{Kind: text(string(p.Kind)), Store: text(p.Account.Store), GUID: text(p.Account.GUID),
		Login: text(p.Login), Name: text(p.Name), Chat: text(p.Chat)}
}

func (p party) party() bot.Party {
	return bot.Party{Kind: bot.ActorKind(p.Kind), Account: bot.AccountID{Store: p.Store, GUID: p.GUID},
		Login: p.Login, Name: p.Name, Chat: p.Chat}
}

// row is a history record as the ledger stores it, in the table and, as JSON,
// in the outbox: renaming a field of bot.Record changes neither.
type row struct {
	Seq       int64  `json:"seq"`
	ID        string `json:"id"`
	Operation string `json:"operation,omitempty"`
	Session   string `json:"session,omitempty"`
	At        int64  `json:"at"`
	Action    string `json:"action,omitempty"`
	Status    string `json:"status,omitempty"`
	Why       string `json:"why,omitempty"`
	Detail    string `json:"detail,omitempty"`
	Types     string `json:"types,omitempty"`
	Actor     party  `json:"actor"`
	Target    party  `json:"target"`
	Store     string `json:"store,omitempty"`
	Client    string `json:"client,omitempty"`
	Helpdesk  int64  `json:"helpdesk,omitempty"`
	Workspace string `json:"workspace,omitempty"`
	Address   string `json:"address,omitempty"`
	Mode      string `json:"mode,omitempty"`
	Reason    string `json:"reason,omitempty"`
	Ticket    string `json:"ticket,omitempty"`
}

func rowOf(r bot.Record) row {
	return row{
		Seq: r.Seq, ID: text(r.ID), Operation: text(r.Operation), Session: text(r.Session), At: micros(r.At),
		Action: text(string(r.Action)), Status: text(string(r.Status)), Why: text(string(r.Why)), Detail: text(r.Detail),
		Types: joinTypes(r.Types), Actor: partyOf(r.Actor), Target: partyOf(r.Target), Store: text(r.Store),
		Client: text(string(r.Client)), Helpdesk: int64(number(r.Helpdesk)), Workspace: text(r.Workspace),
		Address: text(r.Address), Mode: text(string(r.Mode)), Reason: text(r.Reason), Ticket: text(r.Ticket),
	}
}

func (w row) record() bot.Record {
	return bot.Record{
		Seq: w.Seq, ID: w.ID, Operation: w.Operation, Session: w.Session, At: fromMicros(w.At),
		Action: bot.Action(w.Action), Status: bot.Status(w.Status), Why: bot.Reason(w.Why), Detail: w.Detail,
		Types: splitTypes(w.Types), Actor: w.Actor.party(), Target: w.Target.party(), Store: w.Store,
		Client: bot.Client(w.Client), Helpdesk: w.Helpdesk == 1, Workspace: w.Workspace,
		Address: w.Address, Mode: bot.Mode(w.Mode), Reason: w.Reason, Ticket: w.Ticket,
	}
}

// text is what every database takes as text: valid UTF-8 without NUL. A name
// in a directory can be anything, and history records it all the same.
func text(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

func joinTypes(types []bot.Type) string {
	words := make([]string, len(types))
	for i, t := range types {
		words[i] = text(string(t))
	}
	return strings.Join(words, ",")
}

func splitTypes(s string) []bot.Type {
	if s == "" {
		return nil
	}
	var types []bot.Type
	for word := range strings.SplitSeq(s, ",") {
		types = append(types, bot.Type(word))
	}
	return types
}
