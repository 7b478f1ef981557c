package page

import (
	"strconv"

	"latchkey/adapters/playground"
	"latchkey/adapters/playground/teams"
)

// teamsMessage and teamsDialog are what the tab draws of Teams.
type teamsMessage struct {
	Chat   string            `json:"chat"`
	TS     string            `json:"ts"`
	By     playground.Author `json:"by"`
	Text   string            `json:"text"`
	Card   any               `json:"card"`
	Only   bool              `json:"only"` // for this person alone
	Edited bool              `json:"edited"`
	Thread string            `json:"thread"`
	Note   string            `json:"note"` // what the client shows beside the card
}

type teamsDialog struct {
	Chat  string `json:"chat"`
	ID    string `json:"id"`
	Title string `json:"title"`
	Said  string `json:"said"` // instead of a card
	Card  any    `json:"card"`
	Hash  string `json:"hash"` // another one for each card that was shown
}

// teamsParts puts in what a person sees in Teams, and looks at it for the tour.
func (p *Page) teamsParts(parts map[string]any, s seat) {
	who := p.world.Teams.As(s.Teams)
	if v, open := who.Dialog(); open {
		p.mu.Lock()
		p.tour.read(s.Person.ID, v.Text())
		p.mu.Unlock()
	}
	rooms := []room{}
	for _, place := range who.Places() {
		rooms = append(rooms, p.teamsRoom(parts, who, place))
	}
	parts["rooms"], parts["modals"] = rooms, teamsDialogs(who)
}

// ownTeams puts in the caller's own Teams.
func (p *Page) ownTeams(parts map[string]any, s seat) {
	who := p.world.Teams.As(s.Teams)
	for _, place := range who.Places() {
		if place.Direct {
			parts["own-room"] = p.teamsRoom(parts, who, place)
		}
	}
	parts["own-modals"] = teamsDialogs(who)
}

func teamsDialogs(who *teams.Person) []teamsDialog {
	v, open := who.Dialog()
	if !open {
		return []teamsDialog{}
	}
	return []teamsDialog{{Chat: chatTeams, ID: v.ID(), Title: v.Title(), Said: v.Said(), Card: v.Card(), Hash: strconv.Itoa(v.Version())}}
}

func (p *Page) teamsRoom(parts map[string]any, who *teams.Person, at teams.Place) room {
	r := room{ID: at.ID, Name: at.Name, Direct: at.Direct, Order: []string{}}
	names := p.world.Teams.Names()
	for _, m := range who.At(at.ID).Room().Messages() {
		by := playground.Author{ID: m.By(), Name: names[m.By()]}
		if m.By() == "" {
			by = playground.Author{Name: p.world.Teams.BotName(), App: true}
		}
		r.Order = append(r.Order, m.ID())
		parts["message "+at.ID+" "+m.ID()] = teamsMessage{Chat: chatTeams, TS: m.ID(), By: by, Text: m.Source(), Card: m.Card(),
			Only: m.Ephemeral(), Edited: m.Edited(), Thread: m.Thread(), Note: m.Note()}
	}
	return r
}
