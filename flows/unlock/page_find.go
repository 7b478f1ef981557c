package unlock

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/bot"
	"latchkey/flows"
)

// Field names of the pages' inputs.
const (
	fieldWho        = "who"
	fieldStore      = "store"
	fieldEnrollment = "enrollment"
	fieldCode       = "code"
	fieldAccounts   = "accounts"
	fieldReason     = "reason"
	fieldTicket     = "ticket"
)

const (
	maxReason = 500
	maxTicket = 100
)

func say(id string, tone flows.Tone, parts ...any) flows.Block {
	return flows.Block{Text: &flows.Text{ID: id, Tone: tone, Said: flows.Say(parts...)}}
}

func title(history bool) string {
	if history {
		return "History"
	}
	return "Unlock account"
}

func (t *turn) pageQuery(typed string, why flows.Words) flows.Page {
	l := t.b.Looked
	l.Text = typed
	return pageQuery(t.b.ForHistory, l, t.h.Agent.Role.ActsOn, why)
}

// pageQuery asks who it is. why, where set, says what was wrong with the last answer.
func pageQuery(history bool, l looked, stores []string, why flows.Words) flows.Page {
	p := flows.Page{ID: "query", Title: title(history), Close: "Cancel"}
	if why != nil {
		p.Blocks = append(p.Blocks, say("query.why", flows.Warning, why))
	}
	return searchForm(p, l, stores)
}

// searchForm adds what a search is made with.
func searchForm(p flows.Page, l looked, stores []string) flows.Page {
	p.Submit = &flows.Button{Kind: flows.Search, Label: "Search"}
	p.Blocks = append(p.Blocks, flows.Block{Input: &flows.Input{
		Field: fieldWho, Label: "Who is it?", Max: 256, Initial: clip(l.Text, 256), Placeholder: "mei, Mei Lin, mei@example.com",
		Hint: "Part of a first, last, display or login name, or of a mail address.",
	}})
	p.Blocks = append(p.Blocks, l.menus(stores)...)
	return p
}

func nobody(l looked, f searchFound) flows.Words {
	w := flows.Say("Nobody was found ", l.words(), ". Try another part of the name. For help, type /unlock help.")
	switch {
	case f.Cut && l.Locked:
		w = flows.Say("Nobody was found who is locked now within your reach, but there are so many locks that not all were looked at. Search for the person instead.")
	case f.Cut:
		w = flows.Say("Nobody was found ", l.words(), ", but so many have a name like this that not all were looked at. Type more of the name.")
	case l.Locked:
		w = flows.Say("Nobody within your reach is locked now. You can search for a person instead.")
		if words := l.words(); words != "" {
			w = flows.Say("Nobody within your reach is locked now, of those searched ", words, ". You can search for a person instead.")
		}
	}
	if len(f.Unread) > 0 {
		w = flows.Say(w, " ", unread(f.Unread))
	}
	return w
}

func unread(stores []string) string {
	return "Not answering now, so not searched: " + flows.Join(stores) + "."
}

func (t *turn) pagePick(f searchFound) flows.Page {
	var remind []flows.Button
	if !t.b.ForHistory {
		remind = remindButtons(t.h.Agent.Role, t.b.Looked)
	}
	return pagePick(t.b.ForHistory, t.b.Looked, t.h.Agent.Role.ActsOn, f, t.n, remind...)
}

// pagePick lists the hits of one page of a search, n at most. remind, where
// set, leads to reminders for all of them.
func pagePick(history bool, l looked, stores []string, f searchFound, n int, remind ...flows.Button) flows.Page {
	p := flows.Page{ID: "pick", Title: "Which person?", Close: "Cancel"}
	if l.Locked {
		p.ID, p.Title = "locked", "Locked now"
	}
	last := f.offset + len(f.Hits)
	p.Blocks = append(p.Blocks, say("pick.count", flows.Note, counted(l, f, last)))
	if len(f.Unread) > 0 {
		p.Blocks = append(p.Blocks, say("pick.unread", flows.Warning, unread(f.Unread)))
	}
	for i, h := range f.Hits {
		row := flows.Row{Title: bot.Line(name(h.Account)), Detail: hitPlace(h), More: hitState(h)}
		if !h.Protected {
			row.Button = &flows.Button{Kind: flows.Pick, Row: i, Label: "Choose", Name: clip("Choose "+name(h.Account)+" in "+h.Account.ID.Store, 75)}
		}
		p.Blocks = append(p.Blocks, flows.Block{Row: &row})
	}
	if turns := append(pageTurns(f, last, n), remind...); len(turns) > 0 {
		p.Blocks = append(p.Blocks, flows.Block{Buttons: turns})
	}
	if l.Locked {
		return p
	}
	return searchForm(flows.Page{ID: p.ID, Title: p.Title, Close: p.Close, Blocks: append(p.Blocks, flows.Block{Divider: true})}, l, stores)
}

func counted(l looked, f searchFound, last int) string {
	of, what := fmt.Sprint(f.Total), " found"
	if f.Cut {
		of = "more than " + of
	}
	if l.Locked {
		what = " locked now within your reach"
	}
	s := fmt.Sprintf("%d to %d of %s%s", f.offset+1, last, of, what)
	if words := l.words(); words != "" {
		s += " " + words
	}
	if f.Cut {
		return s + ". Type more of the name to find fewer."
	}
	return s + "."
}

func pageTurns(f searchFound, last, n int) []flows.Button {
	var turns []flows.Button
	if f.offset > 0 {
		turns = append(turns, flows.Button{Kind: flows.Previous, Label: "Previous", Name: "The people before these"})
	}
	if last < f.Total && last+n <= bot.MostHits {
		turns = append(turns, flows.Button{Kind: flows.More, Label: "More", Name: "More people found"})
	}
	return turns
}

// Why the agent is to look twice.
const (
	severalPeople = "More than one person could be meant. Let the caller name the department or the manager, and compare: do not read them out."
	surelyAuthor  = "This is whom the directory has for the author of the message. Make sure that it is he who asks: let the caller name the department or the manager, and compare."
	perhapsAuthor = "This person may be another than the author of the message: the name there is what the author calls himself. Let the caller name the department or the manager, and compare: do not read them out."
)

// pagePerson lets the agent look twice: of several people the wrong one must
// not be sent a code, and an author is only whom the chat says he is.
func pagePerson(f personFound, why string) flows.Page {
	a := f.Account
	facts := []flows.Fact{{Label: "User", Value: flows.Say(name(a))}, {Label: "Identity store", Value: storesOf(a, f.Linked)}}
	add := func(label, value string) {
		if value == "" {
			value = "not known"
		}
		facts = append(facts, flows.Fact{Label: label, Value: flows.Say(value)})
	}
	add("Department", a.Department)
	add("Manager", f.Manager)
	if a.Title != "" {
		add("Title", a.Title)
	}
	facts = append(facts, flows.Fact{Label: "Lock status", Value: lockWords(a)})
	p := flows.Page{ID: "person", Title: "Right person?", Close: "Cancel", Blocks: []flows.Block{
		say("person.why", flows.Plain, why), {Facts: facts}}}
	if len(f.Unread) > 0 {
		p.Blocks = append(p.Blocks, say("person.unread", flows.Warning, unread(f.Unread)))
	}
	p.Blocks = append(p.Blocks, flows.Block{Buttons: []flows.Button{
		{Kind: flows.Confirm, Label: "Yes, this person", Name: clip("Go on with "+name(a), 75), Style: flows.StylePrimary},
		{Kind: flows.Back, Label: "Back", Name: "Back to the search"},
	}})
	return p
}

func storesOf(a bot.Account, linked []bot.Account) flows.Words {
	names := []string{a.ID.Store}
	for _, l := range linked {
		names = append(names, l.ID.Store)
	}
	return flows.Say(flows.Join(names))
}

func name(a bot.Account) string {
	if strings.EqualFold(a.DisplayName, a.Login) || a.Login == "" {
		return a.DisplayName
	}
	return a.DisplayName + " (" + a.Login + ")"
}

// hitPlace says where the account is.
func hitPlace(h bot.Hit) flows.Words {
	w := storesOf(h.Account, h.Linked)
	for _, more := range []string{h.Account.Domain, h.Account.Department} {
		if more != "" {
			w = flows.Say(w, " · ", more)
		}
	}
	return w
}

// hitState says, a line each, whether it is locked, how its password is, and
// what the person is enrolled with.
func hitState(h bot.Hit) []flows.Words {
	lock := sentence(lockWords(h.Account))
	if h.Account.Lock.State != bot.Unlocked {
		lock[0].Bold = true
	}
	for _, l := range h.Linked {
		lock = flows.Say(lock, "; in ", l.ID.Store, " ", lockWords(l))
	}
	if !h.Account.Lock.LastBadPassword.IsZero() {
		lock = flows.Say(lock, " · last bad password ", h.Account.Lock.LastBadPassword)
	}
	enrolled := flows.Say("Not enrolled")
	if len(h.Types) > 0 {
		enrolled = flows.Say("Enrolled with ", flows.TypeNames(h.Types))
	}
	lines := []flows.Words{lock, sentence(passwordWords(h.Account.Password)), enrolled}
	if h.Protected {
		lines = append(lines, flows.Say("Protected: your role cannot work on it from chat"))
	}
	return lines
}

// sentence begins the words with a capital letter.
func sentence(w flows.Words) flows.Words {
	w = slices.Clone(w)
	if len(w) > 0 {
		w[0].Text = capital(w[0].Text)
	}
	return w
}

func lockWords(a bot.Account) flows.Words {
	switch a.Lock.State {
	case bot.Locked:
		w := flows.Say("locked")
		if !a.Lock.Since.IsZero() {
			w = flows.Say(w, " since ", a.Lock.Since)
		}
		if !a.Lock.Until.IsZero() {
			return flows.Say(w, ", until ", a.Lock.Until)
		}
		return w
	case bot.LockedByAdministrator:
		return flows.Say("locked by an administrator")
	}
	if a.Disabled {
		return flows.Say("disabled, not locked")
	}
	return flows.Say("not locked")
}

func passwordWords(p bot.Password) flows.Words {
	w := flows.Say("password ")
	switch {
	case p.MustChange:
		w = flows.Say(w, "must be changed at next sign-in")
	case p.Expired && !p.Expires.IsZero():
		w = flows.Say(w, "expired ", p.Expires)
	case p.Expired:
		w = flows.Say(w, "expired")
	case p.Expires.IsZero():
		w = flows.Say(w, "never expires")
	default:
		w = flows.Say(w, "expires ", p.Expires)
	}
	return flows.Say(w, ", last set ", orNever(p.LastSet))
}

func orNever(t time.Time) any {
	if t.IsZero() {
		return "never"
	}
	return t
}

// clip shortens a text to so many runes.
func clip(s string, n int) string {
	r := []rune(bot.Line(s))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n-1]) + "…"
}
