package teams

import (
	"net/http"
	"strings"
)

// create opens the 1:1 chat with a person, or a new thread of a channel
// (learn.microsoft.com, "Send proactive messages").
func (t *Tenant) create(a map[string]any) reply {
	for _, named := range []any{a["tenantId"], member(member(a["channelData"], "tenant"), "id")} {
		if id := str(named); id != "" && id != t.opts.TenantID {
			return refuse(http.StatusForbidden, "Forbidden", "The tenant is another one.")
		}
	}
	if bot := str(member(a["bot"], "id")); bot != "" && bot != t.botID() {
		return t.bad("create", "bot.id is not this bot")
	}
	if channel := str(member(member(a["channelData"], "channel"), "id")); channel != "" {
		return t.createThread(channel, a)
	}
	people, _ := a["members"].([]any)
	if len(people) != 1 || a["isGroup"] == true {
		return t.bad("create", "a chat is opened with one person in members")
	}
	if str(a["tenantId"]) == "" && str(member(member(a["channelData"], "tenant"), "id")) == "" {
		return t.bad("create", "tenantId is missing")
	}
	user, known := t.userByID(str(member(people[0], "id")))
	if !known || user.Anonymous || user.TenantID != "" && user.TenantID != t.opts.TenantID {
		return refuse(http.StatusForbidden, "Forbidden", "The person cannot be reached.")
	}
	if user.Uninstalled {
		return refuse(http.StatusForbidden, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
	}
	room := t.personal(user.ID)
	if out := t.pace(room.ID); out.status != 0 {
		return out
	}
	if first, ok := a["activity"].(map[string]any); ok {
		if out := t.post(room, "", false, first); out.status >= 300 {
			return out
		}
	}
	return reply{status: http.StatusCreated, body: map[string]any{"id": room.ID, "serviceUrl": t.serviceURL()}}
}

func (t *Tenant) createThread(channel string, a map[string]any) reply {
	room, out := t.find(channel)
	if room == nil {
		return out
	}
	first, ok := a["activity"].(map[string]any)
	if !ok {
		return t.bad("create", "a thread begins with an activity")
	}
	if out := t.post(room, "", false, first); out.status >= 300 {
		return out
	}
	id := room.messages[len(room.messages)-1].id
	return reply{status: http.StatusCreated, body: map[string]any{"id": room.ID + ";messageid=" + id, "activityId": id}}
}

// bad is a refusal for which the bot alone is to blame. The caller holds mu.
func (t *Tenant) bad(op, text string) reply {
	t.problems = append(t.problems, op+": "+text)
	t.stir()
	return refuse(http.StatusBadRequest, "BadSyntax", text)
}

// find gives the conversation of an id that may name a thread. The caller holds mu.
func (t *Tenant) find(id string) (*room, reply) {
	base, _, _ := strings.Cut(id, ";messageid=")
	room, known := t.rooms[base]
	switch {
	case !known:
		return nil, refuse(http.StatusNotFound, "ConversationNotFound", "Conversation not found.")
	case room.WithoutBot || room.direct != "" && t.users[room.direct].Uninstalled:
		return nil, refuse(http.StatusForbidden, "BotNotInConversationRoster", "The bot is not part of the conversation roster.")
	}
	return room, reply{}
}

// send posts a message, below another one where answered names it.
func (t *Tenant) send(conversation, answered string, targeted bool, a map[string]any) reply {
	room, out := t.find(conversation)
	if room == nil {
		return out
	}
	if out := t.pace(room.ID); out.status != 0 {
		return out
	}
	_, thread, _ := strings.Cut(conversation, ";messageid=")
	if thread == "" && !room.Group && room.direct == "" {
		thread = answered
	}
	if answered != "" && room.message(answered) == nil {
		return refuse(http.StatusNotFound, "ActivityNotFoundInConversation", "The activity was not found in the conversation.")
	}
	return t.post(room, thread, targeted, a)
}

// post judges an activity and shows it.
func (t *Tenant) post(room *room, thread string, targeted bool, a map[string]any) reply {
	if out := t.judge(room, a); out.status != 0 {
		return out
	}
	if a["type"] == "typing" {
		return reply{status: http.StatusCreated, body: map[string]any{"id": t.activityID()}}
	}
	m := &message{room: room, id: t.activityID(), thread: thread}
	if targeted {
		user, known := t.userByID(str(member(a["recipient"], "id")))
		if room.direct != "" {
			return t.bad("send", "a targeted message stands in a channel or a group chat")
		}
		if !known || !room.has(user.ID) {
			return refuse(http.StatusNotFound, "MemberNotFoundInConversation", "The recipient is not a member of the conversation.")
		}
		m.only = user.ID
	}
	m.write(a)
	room.messages = append(room.messages, m)
	t.stir()
	return reply{status: http.StatusCreated, body: map[string]any{"id": m.id}}
}

// own finds a message of the bot's, to change or delete it.
func (t *Tenant) own(conversation, id string, targeted bool) (*message, reply) {
	room, out := t.find(conversation)
	if room == nil {
		return nil, out
	}
	if out := t.pace(room.ID); out.status != 0 {
		return nil, out
	}
	m := room.message(id)
	switch {
	case m == nil || targeted != (m.only != ""):
		return nil, refuse(http.StatusNotFound, "ActivityNotFoundInConversation", "The activity was not found in the conversation.")
	case m.by != "":
		return nil, refuse(http.StatusForbidden, "Forbidden", "The activity is somebody else's.")
	}
	return m, reply{}
}

func (t *Tenant) update(conversation, id string, targeted bool, a map[string]any) reply {
	m, out := t.own(conversation, id, targeted)
	if m == nil {
		return out
	}
	if out := t.judge(m.room, a); out.status != 0 {
		return out
	}
	if given := str(a["id"]); given != "" && given != id {
		return t.bad("update", "the activity's id is not that of the address")
	}
	m.write(a)
	m.edited = true
	t.stir()
	return reply{status: http.StatusOK, body: map[string]any{"id": m.id}}
}

func (t *Tenant) remove(conversation, id string, targeted bool) reply {
	m, out := t.own(conversation, id, targeted)
	if m == nil {
		return out
	}
	m.gone = true
	t.stir()
	return reply{status: http.StatusOK, body: map[string]any{}}
}
