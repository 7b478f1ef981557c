package unlock

import (
	"fmt"
	"strings"
	"time"

	"latchkey/bot"
	"latchkey/flows"
)

// Field names of the pages' inputs.
const (
	fieldWho      = "who"
	fieldCode     = "code"
	fieldAccounts = "accounts"
	fieldReason   = "reason"
	fieldTicket   = "ticket"
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

// pageQuery asks who it is. why, where set, says what was wrong with the last answer.
func pageQuery(history bool, text string, why flows.Words) flows.Page {
	p := flows.Page{ID: "query", Title: title(history), Close: "Cancel",
		Submit: &flows.Button{Kind: flows.Search, Label: "Search"}}
	if why != nil {
		p.Blocks = append(p.Blocks, say("query.why", flows.Warning, why))
	}
	p.Blocks = append(p.Blocks, flows.Block{Input: &flows.Input{
		Field: fieldWho, Label: "Who is it?", Max: 256, Initial: clip(text, 256), Placeholder: "mei, Mei Lin, mei@example.com",
		Hint: "Part of a first, last, display or login name, or of a mail address.",
	}})
	return p
}

func nobody(query string, f searchFound) flows.Words {
	w := flows.Say("Nobody was found for “", clip(query, 80), "”. Try another part of the name. For help, type /unlock help.")
	if len(f.Unread) > 0 {
		w = flows.Say(w, " ", unread(f.Unread))
	}
	return w
}

func unread(stores []string) string {
	return "Not answering now, so not searched: " + flows.Join(stores) + "."
}

// pagePick lists the hits of one page of a search.
func pagePick(history bool, query string, f searchFound, n int) flows.Page {
	p := flows.Page{ID: "pick", Title: "Which person?", Close: "Cancel"}
	first, last := f.offset+1, f.offset+len(f.Hits)
	count := fmt.Sprintf("%d to %d of %d found for “%s”.", first, last, f.Total, clip(query, 80))
	if f.Cut {
		count = fmt.Sprintf("%d to %d of more than %d found for “%s”. Type more of the name to find fewer.", first, last, f.Total, clip(query, 80))
	}
	p.Blocks = append(p.Blocks, say("pick.count", flows.Note, count))
	if len(f.Unread) > 0 {
		p.Blocks = append(p.Blocks, say("pick.unread", flows.Warning, unread(f.Unread)))
	}
	verb := "Choose"
	for i, h := range f.Hits {
		p.Blocks = append(p.Blocks, flows.Block{Row: &flows.Row{
			Title: bot.Line(name(h.Account)), Detail: hitDetail(h),
			Button: &flows.Button{Kind: flows.Pick, Row: i, Label: verb, Name: clip(verb+" "+name(h.Account)+" in "+h.Account.ID.Store, 75)},
		}})
	}
	if last < f.Total && last < 100 {
		p.Blocks = append(p.Blocks, flows.Block{Buttons: []flows.Button{{Kind: flows.More, Label: "More", Name: "More people found"}}})
	}
	return p
}

func name(a bot.Account) string {
	if strings.EqualFold(a.DisplayName, a.Login) || a.Login == "" {
		return a.DisplayName
	}
	return a.DisplayName + " (" + a.Login + ")"
}

func hitDetail(h bot.Hit) flows.Words {
	a := h.Account
	w := flows.Say(a.ID.Store)
	if a.Domain != "" {
		w = flows.Say(w, " · ", a.Domain)
	}
	if a.Department != "" {
		w = flows.Say(w, " · ", a.Department)
	}
	w = flows.Say(w, " · ", lockWords(a), " · ", passwordWords(a.Password), " · ")
	if len(h.Types) == 0 {
		return flows.Say(w, "not enrolled")
	}
	return flows.Say(w, "enrolled with ", flows.TypeNames(h.Types))
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
