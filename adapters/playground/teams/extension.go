package teams

import (
	"context"
	"fmt"
	"strings"
)

// context names where the extension was opened.
func (d *dialog) context() string {
	if d.message != nil {
		return "message"
	}
	return "compose"
}

// command finds a command of the app's menu by its title.
func (t *Tenant) command(title, context string) (Command, error) {
	var there []string
	for _, c := range t.opts.Commands {
		for _, in := range c.Contexts {
			if in == context && c.Title == title {
				return c, nil
			}
		}
		there = append(there, fmt.Sprintf("%q in %q", c.Title, c.Contexts))
	}
	return Command{}, fmt.Errorf("the menu has no %q for %s: there are %s", title, context, strings.Join(append(there, "no others"), ", "))
}

// Shortcut opens an entry of the app's menu beside the box for writing.
func (p *Person) Shortcut(title string) error { return p.extend(title, nil) }

// Shortcut opens an entry of the message's menu: the message extension.
func (m *Message) Shortcut(title string) error {
	there := *m.who
	if m.m.room.direct == "" {
		there.channel = m.m.room.ID
	}
	return there.extend(title, m.m)
}

func (p *Person) extend(title string, m *message) error {
	req, err := p.extension(title, m)
	if err != nil {
		return fmt.Errorf("%s opens the menu: %w", p.id, err)
	}
	x, err := p.t.Deliver(context.Background(), req)
	if err == nil && x.Failure != "" {
		err = &AnswerError{Exchange: x}
	}
	return err
}

func (p *Person) extension(title string, m *message) (Request, error) {
	t := p.t
	t.mu.Lock()
	u, r, err := t.who(p.id, p.channel)
	d := &dialog{t: t, user: p.id, room: r, message: m}
	var c Command
	if err == nil {
		c, err = t.command(title, d.context())
	}
	if err != nil {
		t.mu.Unlock()
		return Request{}, err
	}
	d.command = c.ID
	a := t.invoke(u, r, m, "composeExtension/fetchTask")
	delete(a, "replyToId")
	value := map[string]any{"commandId": c.ID, "commandContext": d.context(), "context": map[string]any{"theme": "default"}}
	if m != nil {
		d.payload = t.payload(m)
		value["messagePayload"] = d.payload
	}
	a["value"] = value
	t.mu.Unlock()
	return t.request(p.id, a, func(x *Exchange) { t.settleTask(x, d) })
}

// payload is a message as an extension hands it to the bot. The caller holds mu.
func (t *Tenant) payload(m *message) map[string]any {
	from := map[string]any{"application": map[string]any{"id": t.opts.AppID, "displayName": t.opts.BotName, "applicationIdentityType": "bot"}}
	if u, known := t.users[m.by]; known {
		kind := map[bool]string{true: "anonymousGuest", false: "aadUser"}[u.Anonymous]
		from = map[string]any{"user": map[string]any{"id": u.ID, "displayName": u.Name, "userIdentityType": kind}}
	}
	out := map[string]any{"id": m.id, "replyToId": nil, "createdDateTime": t.opts.Now().UTC().Format("2006-01-02T15:04:05.000Z"),
		"messageType": "message", "importance": "normal", "locale": "en-us", "from": from, "mentions": []any{}, "reactions": []any{},
		"body": map[string]any{"contentType": "text", "content": m.text}, "attachments": []any{}}
	if m.thread != "" {
		out["replyToId"] = m.thread
	}
	return out
}
