package teams

import (
	"fmt"
	"strings"
	"time"
)

// activity is what every activity of a person has. The caller holds mu.
func (t *Tenant) activity(kind string, u User, r *room, thread string) map[string]any {
	now := t.opts.Now()
	conversation := map[string]any{"id": r.ID, "conversationType": r.kind(), "tenantId": t.opts.TenantID}
	channelData := map[string]any{"tenant": map[string]any{"id": t.tenantOf(u)}}
	switch r.kind() {
	case "personal":
		conversation["tenantId"] = t.tenantOf(u)
	case "groupChat":
		conversation["isGroup"] = true
	case "channel":
		conversation["isGroup"] = true
		channelData["team"] = map[string]any{"id": "19:team@thread.tacv2"}
		channelData["channel"] = map[string]any{"id": r.ID}
		channelData["teamsChannelId"] = r.ID
		if thread != "" {
			conversation["id"] = r.ID + ";messageid=" + thread
		}
	}
	from := map[string]any{"id": t.mri(u.ID), "name": u.Name}
	if !u.Anonymous {
		from["aadObjectId"] = u.ID
	}
	return map[string]any{
		"type": kind, "id": "f:" + t.activityID(), "channelId": "msteams", "serviceUrl": t.serviceURL(),
		"timestamp": now.UTC().Format("2006-01-02T15:04:05.000Z"), "localTimestamp": now.In(u.zone()).Format(time.RFC3339),
		"localTimezone": u.zone().String(), "locale": u.locale(), "from": from, "conversation": conversation,
		"recipient": map[string]any{"id": t.botID(), "name": t.opts.BotName}, "channelData": channelData,
		"entities": []any{map[string]any{"type": "clientInfo", "locale": u.locale(), "country": "US", "platform": "Web", "timezone": u.zone().String()}},
	}
}

// said is the activity of a line that somebody wrote; outside a 1:1 chat the
// bot hears it because it is mentioned. The caller holds mu.
func (t *Tenant) said(u User, r *room, m *message, mention bool) map[string]any {
	a := t.activity("message", u, r, m.root())
	a["id"], a["text"], a["textFormat"] = m.id, m.text, "plain"
	if mention {
		at := "<at>" + t.opts.BotName + "</at>"
		a["text"] = at + " " + m.text
		entities, _ := a["entities"].([]any)
		a["entities"] = append(entities, map[string]any{"type": "mention", "text": at,
			"mentioned": map[string]any{"id": t.botID(), "name": t.opts.BotName}})
	}
	return a
}

// root is the message under which a thread stands.
func (m *message) root() string {
	if m.thread != "" {
		return m.thread
	}
	return m.id
}

// who gives the person and the conversation of an act. The caller holds mu.
func (t *Tenant) who(user, conversation string) (User, *room, error) {
	u, known := t.users[user]
	if !known {
		return u, nil, fmt.Errorf("nobody in the tenant has the id %q", user)
	}
	base, _, _ := strings.Cut(conversation, ";messageid=")
	if base == "" {
		return u, t.personal(user), nil
	}
	r, there := t.rooms[base]
	if !there || !r.has(user) {
		return u, nil, fmt.Errorf("%s is in no conversation %q", user, conversation)
	}
	return u, r, nil
}

// ActivityRequest gives the signed activity of a person in a conversation, ""
// for her 1:1 chat, as change leaves it: for stories that craft their own.
func (t *Tenant) ActivityRequest(user, conversation, kind string, change func(activity map[string]any)) (Request, error) {
	t.mu.Lock()
	u, r, err := t.who(user, conversation)
	if err != nil {
		t.mu.Unlock()
		return Request{}, fmt.Errorf("making an activity: %w", err)
	}
	_, thread, _ := strings.Cut(conversation, ";messageid=")
	a := t.activity(kind, u, r, thread)
	t.mu.Unlock()
	if change != nil {
		change(a)
	}
	return t.request(user, a, nil)
}

// InvokeRequest gives a signed invoke with any value, whoever could send it.
func (t *Tenant) InvokeRequest(user, conversation, name string, value any) (Request, error) {
	return t.ActivityRequest(user, conversation, "invoke", func(a map[string]any) { a["name"], a["value"] = name, value })
}

// Install installs the app for a person and tells the bot, as Teams does.
func (t *Tenant) Install(user string) error { return t.installed(user, false) }

// Uninstall takes the app away from a person; the bot hears of it and can
// reach her no more.
func (t *Tenant) Uninstall(user string) error { return t.installed(user, true) }

func (t *Tenant) installed(user string, gone bool) error {
	t.mu.Lock()
	u, r, err := t.who(user, "")
	if err != nil {
		t.mu.Unlock()
		return err
	}
	u.Uninstalled = gone
	t.users[user] = u
	install := t.activity("installationUpdate", u, r, "")
	install["action"] = map[bool]string{false: "add", true: "remove"}[gone]
	roster := t.activity("conversationUpdate", u, r, "")
	roster[map[bool]string{false: "membersAdded", true: "membersRemoved"}[gone]] = []any{map[string]any{"id": t.botID()}}
	t.stir()
	t.mu.Unlock()
	for _, a := range []map[string]any{roster, install} {
		req, err := t.request(user, a, func(*Exchange) {})
		if err == nil {
			err = t.act(req)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Announce installs the app for everybody who has it, as a setup policy does.
func (t *Tenant) Announce() error {
	t.mu.Lock()
	var all []string
	for _, u := range t.users {
		if !u.Uninstalled && !u.Anonymous && u.TenantID == "" {
			all = append(all, u.ID)
		}
	}
	t.mu.Unlock()
	for _, user := range all {
		if err := t.Install(user); err != nil {
			return err
		}
	}
	return nil
}
