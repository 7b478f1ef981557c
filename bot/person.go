package bot

import (
	"cmp"
	"context"
	"slices"
	"strings"
)

// PeopleRule says how a chat person who is not bound yet becomes bound, once.
type PeopleRule struct {
	Platform string   // "slack", "teams"
	Store    string   // where the accounts are
	Match    Field    // FieldMail, FieldUPN; "": administrators bind
	Domains  []string // of the mail address, lower case; empty: any
}

// Identify gives the account of a chat person. The first time, where a rule
// allows it, he is matched by the name that the chat vouches for, with exactly
// one account, and bound to its immutable id. The reason AgentUnbound means
// that he is nobody here.
func (d *Desk) Identify(ctx context.Context, chat Chatter, mail, upn, workspace string) (AccountID, Reason, error) {
	id, err := d.People.Bound(ctx, chat)
	if KindOf(err) != NotFound {
		return id, "", err
	}
	i := slices.IndexFunc(d.Rules, func(r PeopleRule) bool { return r.Platform == chat.Platform })
	if i < 0 {
		return AccountID{}, AgentUnbound, nil
	}
	rule := d.Rules[i]
	value := mail
	if rule.Match == FieldUPN {
		value = upn
	}
	if rule.Match == "" || value == "" || !rule.accepts(value) {
		return AccountID{}, AgentUnbound, nil
	}
	dir, err := d.directory(rule.Store)
	if err != nil {
		return AccountID{}, "", err
	}
	account, err := dir.Lookup(ctx, rule.Match, value)
	switch KindOf(err) {
	case "":
	case NotFound, Conflict, Invalid:
		return AccountID{}, AgentUnbound, nil
	default:
		return AccountID{}, "", err
	}
	how := "email"
	if rule.Match == FieldUPN {
		how = "upn"
	}
	return d.bind(ctx, chat, account, how, workspace)
}

func (d *Desk) bind(ctx context.Context, chat Chatter, a Account, how, workspace string) (AccountID, Reason, error) {
	self := PartyOf(a, ActorSystem)
	self.Chat = chat.String()
	id := d.NewID()
	r := Record{ID: id, Operation: id, At: d.Now(), Action: ActionBind, Status: StatusSuccess,
		Detail: "matched by " + how, Actor: self, Client: Client(chat.Platform), Workspace: workspace}
	r.about(a)
	err := d.People.Bind(ctx, chat, a.ID, r)
	if KindOf(err) == Conflict { // the account belongs to another chat person already, or a second click won
		bound, err := d.People.Bound(ctx, chat)
		if KindOf(err) == NotFound {
			return AccountID{}, AgentUnbound, nil
		}
		return bound, "", err
	}
	return a.ID, "", err
}

func (r PeopleRule) accepts(value string) bool {
	at := strings.LastIndexByte(value, '@')
	if at < 1 {
		return false
	}
	return len(r.Domains) == 0 || slices.Contains(r.Domains, strings.ToLower(value[at+1:]))
}

// byName orders people as a list shows them.
func byName(a, b Account) int {
	return cmp.Or(
		cmp.Compare(strings.ToLower(a.DisplayName), strings.ToLower(b.DisplayName)),
		cmp.Compare(strings.ToLower(a.Login), strings.ToLower(b.Login)),
		cmp.Compare(a.ID.Store, b.ID.Store))
}
