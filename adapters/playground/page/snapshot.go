package page

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"

	"latchkey/adapters/playground"
	"latchkey/adapters/playground/mail"
	"latchkey/adapters/playground/sms"
)

// message and modal are what the tab draws; their fields are those of Slack.
type message struct {
	TS     string            `json:"ts"`
	By     playground.Author `json:"by"`
	Text   string            `json:"text"`
	Blocks []any             `json:"blocks"`
	Only   bool              `json:"only"` // only visible to you
	Edited bool              `json:"edited"`
	Thread string            `json:"thread"`
}

type modal struct {
	ID      string                               `json:"id"`
	Hash    string                               `json:"hash"`
	Title   string                               `json:"title"`
	Submit  string                               `json:"submit"`
	Close   string                               `json:"close"`
	Blocks  []any                                `json:"blocks"`
	Entered map[string]map[string]map[string]any `json:"entered"`
	Faults  map[string]string                    `json:"faults"`
}

type room struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Topic  string   `json:"topic"`
	Direct bool     `json:"direct"`
	Order  []string `json:"order"` // the messages' ids, oldest first
}

// snapshot gives everything that a tab of who sits before it shows now, in
// parts; and in how long it changes by itself.
func (p *Page) snapshot(who seats) (map[string]json.RawMessage, time.Duration, error) {
	person, caller := who.person, who.caller
	parts := map[string]any{
		"world": p.about(), "names": p.names(), "problems": p.trouble(),
		"person": person.key(), "caller": caller.key(), "chat": person.chat, "ownchat": caller.chat,
	}
	switch person.chat {
	case chatSlack:
		p.slackParts(parts, p.world.Slack.As(person.ID))
	case chatTeams:
		p.teamsParts(parts, person)
	}
	switch {
	case caller.key() == person.key():
	case caller.chat == chatSlack:
		p.ownParts(parts, p.world.Slack.As(caller.ID))
	case caller.chat == chatTeams:
		p.ownTeams(parts, caller)
	}
	next := p.callerParts(parts, caller.Person)
	p.mu.Lock()
	parts["signins"], parts["tour"] = p.signIns, p.tour.done
	out := make(map[string]json.RawMessage, len(parts))
	for key, value := range parts {
		data, err := json.Marshal(value)
		if err != nil {
			p.mu.Unlock()
			return nil, 0, fmt.Errorf("encoding %s: %w", key, err)
		}
		out[key] = data
	}
	p.mu.Unlock()
	return out, next, nil
}

// about is what stays the same for the whole run.
func (p *Page) about() map[string]any {
	w := p.world
	_, scans := w.Phones.(Scanner)
	type member struct {
		Person
		Chats []string `json:"chats"`
	}
	people := []member{}
	for _, one := range w.People {
		people = append(people, member{one, w.chats(one)})
	}
	return map[string]any{
		"teams": p.aboutTeams(), "people": people, "stores": w.Stores, "commands": w.Commands, "shortcuts": append(w.Slack.Shortcuts(false), w.Slack.Shortcuts(true)...), "tour": w.Tour, "notes": w.Notes, "gateway": w.Gateway,
		"has": map[string]bool{"mail": w.Mail != nil, "phone": w.Phones != nil, "scan": scans, "texts": w.Texts != nil, "directory": w.Directory != nil, "clock": w.Clock != nil, "faults": w.Faults != nil},
	}
}

// aboutTeams is what the composer and the menus offer in Teams; nil without it.
func (p *Page) aboutTeams() any {
	if p.world.Teams == nil {
		return nil
	}
	entries := []playground.Shortcut{}
	for _, title := range p.world.Teams.Menu() {
		entries = append(entries, playground.Shortcut{CallbackID: title, Name: title, Message: true})
	}
	return map[string]any{"commands": p.world.Lines, "shortcuts": entries}
}

// names gives what people and rooms are called, by id.
func (p *Page) names() map[string]string {
	all := p.world.Slack.Names()
	if p.world.Teams != nil {
		maps.Copy(all, p.world.Teams.Names())
	}
	return all
}

// slackParts puts in what a person sees in Slack, and looks at it for the tour.
func (p *Page) slackParts(parts map[string]any, who *playground.Person) {
	p.mu.Lock()
	p.tour.saw(who)
	p.mu.Unlock()
	rooms := []room{p.directParts(parts, who)}
	for _, c := range who.Channels() {
		rooms = append(rooms, p.roomParts(parts, who.In(c.ID).Room(), room{ID: c.ID, Name: c.Name, Topic: c.Topic}))
	}
	parts["rooms"] = rooms
	parts["modals"] = stacked(who)
	if v := who.Published(); v != nil {
		parts["home"] = drawn(v)
	}
}

// ownParts puts in the caller's own Slack: what the bot writes to her, and her
// dialogs.
func (p *Page) ownParts(parts map[string]any, who *playground.Person) {
	parts["own-room"], parts["own-modals"] = p.directParts(parts, who), stacked(who)
}

func (p *Page) directParts(parts map[string]any, who *playground.Person) room {
	return p.roomParts(parts, who.DM(), room{ID: "D" + who.ID(), Name: "Latchkey", Direct: true})
}

func stacked(who *playground.Person) []modal {
	modals := []modal{}
	for _, v := range who.Modals() {
		modals = append(modals, drawn(v))
	}
	return modals
}

func (p *Page) roomParts(parts map[string]any, in *playground.Room, r room) room {
	r.Order = []string{}
	for _, m := range in.Messages() {
		r.Order = append(r.Order, m.TS())
		parts["message "+r.ID+" "+m.TS()] = message{
			TS: m.TS(), By: m.Author(), Text: m.Source(), Blocks: m.Blocks(), Only: m.Ephemeral(), Edited: m.Edited(), Thread: m.Thread(),
		}
	}
	return r
}

func drawn(v *playground.View) modal {
	return modal{
		ID: v.ID(), Hash: v.Hash(), Title: v.Title(), Submit: v.SubmitLabel(), Close: v.CloseLabel(),
		Blocks: v.Blocks(), Entered: v.Entered(), Faults: v.Faults(),
	}
}

// callerParts puts in the caller's world, and gives in how long a code changes.
func (p *Page) callerParts(parts map[string]any, caller Person) time.Duration {
	w, next := p.world, beat
	if w.Mail != nil {
		parts["mail"] = letters(w.Mail.Mailbox(caller.Email))
	}
	if w.Texts != nil {
		parts["texts"] = append([]sms.Message{}, w.Texts.Messages(caller.Mobile)...) // never null: a tab takes that as gone
	}
	if w.Faults != nil {
		parts["faults"] = w.Faults.Faults()
	}
	now := time.Now()
	if w.Clock != nil {
		now = w.Clock.Now()
		parts["clock"] = map[string]int64{"ahead": int64(time.Until(now).Round(time.Second) / time.Second)}
	}
	if w.Phones != nil {
		lines := []map[string]any{}
		for _, c := range w.Phones.Codes(caller) {
			next = min(next, max(c.Until.Sub(now), 50*time.Millisecond))
			lines = append(lines, map[string]any{"label": c.Label, "code": c.Code, "until": c.Until.UnixMilli(), "period": c.Period.Milliseconds()})
		}
		parts["codes"] = lines
	}
	return next
}

// letters dates mails as mail programs do: by the sender's clock.
func letters(all []mail.Message) []mail.Message {
	out := make([]mail.Message, 0, len(all))
	for _, m := range all {
		if at, err := m.Header.Date(); err == nil {
			m.At = at
		}
		out = append(out, m)
	}
	return out
}
