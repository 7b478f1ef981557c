package playground

import "strings"

// The methods about people and direct messages. All run with mu held.

func (w *Workspace) openConversation(a arguments) reply {
	if id := a.str("channel"); id != "" {
		r, known := w.rooms[id]
		if !known || r.direct == "" {
			return refuse("channel_not_found")
		}
		return ok(map[string]any{"channel": map[string]any{"id": r.ID}, "already_open": true, "no_op": true})
	}
	id := a.str("users")
	if id == "" {
		return refuse("users_list_not_supplied")
	}
	if strings.Contains(id, ",") {
		w.problems = append(w.problems, "conversations.open: the playground has no group messages, one user at a time")
		return refuse("not_enough_users")
	}
	u, known := w.users[id]
	switch {
	case !known:
		return refuse("user_not_found")
	case u.Deleted:
		return refuse("user_disabled")
	case u.IsBot:
		return refuse("cannot_dm_bot")
	}
	r, before := w.directRoom(id)
	channel := map[string]any{"id": r.ID}
	if a.values["return_im"] == true {
		channel = map[string]any{"id": r.ID, "is_im": true, "user": id, "created": w.opts.Now().Unix(), "is_open": true}
	}
	return ok(map[string]any{"channel": channel, "already_open": before, "no_op": before})
}

func (w *Workspace) usersInfo(a arguments) reply {
	id := a.str("user")
	if id == "" {
		return refuse("user_not_found")
	}
	u, known := w.users[id]
	if !known {
		return refuse("user_not_found")
	}
	return ok(map[string]any{"user": w.userJSON(u)})
}

// lookupByEmail finds active users only, as Slack does.
func (w *Workspace) lookupByEmail(a arguments) reply {
	mail := a.str("email")
	for _, u := range w.users {
		if mail != "" && strings.EqualFold(u.Email, mail) && !u.Deleted {
			return ok(map[string]any{"user": w.userJSON(u)})
		}
	}
	return refuse("users_not_found")
}
