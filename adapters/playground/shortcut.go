package playground

import (
	"errors"
	"fmt"
	"strings"
)

// Shortcut is one entry of the app's manifest under features.shortcuts
// (docs.slack.dev/interactivity/implementing-shortcuts).
type Shortcut struct {
	CallbackID string `json:"id"`      // at most 255 characters
	Name       string `json:"name"`    // what people read, at most 24 characters
	About      string `json:"about"`   // at most 150 characters
	Message    bool   `json:"message"` // in the menu of a message; else global
}

// DefaultShortcuts are those of the product's manifest.
func DefaultShortcuts() []Shortcut {
	return []Shortcut{
		{CallbackID: "unlock_account", Name: "Unlock an account", About: "Find somebody who cannot sign in and unlock the account"},
		{CallbackID: "unlock_person", Name: "Unlock this person", About: "Unlock the account of whoever wrote this message", Message: true},
	}
}

// checkShortcuts refuses what Slack's manifest refuses.
func checkShortcuts(all []Shortcut) error {
	var faults []error
	seen := map[string]bool{}
	for _, s := range all {
		switch {
		case s.CallbackID == "" || len(s.CallbackID) > 255 || seen[s.CallbackID]:
			faults = append(faults, fmt.Errorf("shortcut %q: the callback id is empty, too long or used twice", s.CallbackID))
		case s.Name == "" || len([]rune(s.Name)) > 24 || len([]rune(s.About)) > 150:
			faults = append(faults, fmt.Errorf("shortcut %q: the name has 1 to 24 characters, the description at most 150", s.CallbackID))
		}
		seen[s.CallbackID] = true
	}
	return errors.Join(faults...)
}

// Shortcuts lists the app's shortcuts as a menu offers them: those of a
// message, or the global ones.
func (w *Workspace) Shortcuts(message bool) []Shortcut {
	var out []Shortcut
	for _, s := range w.opts.Shortcuts {
		if s.Message == message {
			out = append(out, s)
		}
	}
	return out
}

// shortcut finds a shortcut by its name in the menu or its callback id.
func (w *Workspace) shortcut(name string, message bool) (Shortcut, error) {
	var there []string
	for _, s := range w.Shortcuts(message) {
		if s.Name == name || s.CallbackID == name {
			return s, nil
		}
		there = append(there, fmt.Sprintf("%q", s.Name))
	}
	return Shortcut{}, fmt.Errorf("the menu has no shortcut %q: there are %s", name, strings.Join(append(there, "no others"), ", "))
}

// Shortcut picks a global shortcut of the app, by its name in the menu or its
// callback id.
func (p *Person) Shortcut(name string) error {
	req, err := p.ShortcutRequest(name)
	if err != nil {
		return err
	}
	return p.ws.act(req)
}

// ShortcutRequest is what picking a global shortcut sends, not sent yet. It has
// neither a channel nor a response_url
// (docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload).
func (p *Person) ShortcutRequest(name string) (Request, error) {
	w := p.ws
	w.mu.Lock()
	s, err := w.shortcut(name, false)
	if err = errors.Join(err, w.offered(p.id)); err != nil {
		w.mu.Unlock()
		return Request{}, fmt.Errorf("%s picks a shortcut: %w", p.id, err)
	}
	payload := w.shortcutPayload("shortcut", p.id, s)
	w.mu.Unlock()
	req, err := w.interaction(interactionsPath, payload, p.id)
	req.settle = w.settleAction
	return req, err
}

// Shortcut picks a shortcut from the message's menu, by its name there or its
// callback id.
func (m *Message) Shortcut(name string) error {
	req, err := m.ShortcutRequest(name)
	if err != nil {
		return err
	}
	return m.who.ws.act(req)
}

// ShortcutRequest is what picking a shortcut from the message's menu sends, not
// sent yet: the whole message, where it stands, and a response_url that serves
// where the bot was never invited, too.
func (m *Message) ShortcutRequest(name string) (Request, error) {
	w, p := m.who.ws, m.who
	w.mu.Lock()
	s, err := w.shortcut(name, true)
	if err = errors.Join(err, w.offered(p.id), m.m.live(), m.m.menu()); err != nil {
		w.mu.Unlock()
		return Request{}, fmt.Errorf("%s picks a shortcut of a message: %w", p.id, err)
	}
	payload := w.shortcutPayload("message_action", p.id, s)
	payload["message"], payload["message_ts"] = w.messageJSON(m.m), m.m.ts
	payload["channel"] = m.m.room.outward()
	// The message is not the bot's to replace: the hook answers beside it.
	payload["response_url"] = w.newHook("actions", p.id, m.m.room, nil)
	w.mu.Unlock()
	req, err := w.interaction(interactionsPath, payload, p.id)
	req.settle = w.settleAction
	return req, err
}

// shortcutPayload is what both kinds share. Unlike clicks they do not name the
// app. The caller holds mu.
func (w *Workspace) shortcutPayload(kind, user string, s Shortcut) map[string]any {
	payload := w.envelope(kind, user)
	delete(payload, "api_app_id")
	payload["callback_id"], payload["action_ts"] = s.CallbackID, w.stamp()
	payload["trigger_id"] = w.newTrigger(user, nil)
	return payload
}

// menu tells why a message offers no shortcuts, or nil.
func (m *message) menu() error {
	if m.only != "" {
		return errors.New("what only one person sees has no shortcuts in its menu")
	}
	return nil
}
