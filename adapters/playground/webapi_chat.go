package playground

import (
	"net/http"
	"strconv"
	"time"
)

// The chat methods (docs.slack.dev/reference/methods). All run with mu held
// and on arguments that judge has accepted.

func (w *Workspace) authTest(arguments) reply {
	return ok(map[string]any{
		"url": w.base + "/", "team": w.opts.TeamDomain, "user": w.users[w.opts.BotUserID].Name,
		"team_id": w.opts.TeamID, "user_id": w.opts.BotUserID, "bot_id": w.opts.BotID,
		"enterprise_id": w.opts.EnterpriseID, "is_enterprise_install": false,
	})
}

func (w *Workspace) postMessage(a arguments) reply {
	r, code := w.roomFor(a.str("channel"))
	if code != "" {
		return refuse(code)
	}
	if out, limited := w.tooSoon(r); limited {
		return out
	}
	m := &message{thread: a.str("thread_ts"), metadata: a.values["metadata"]}
	if m.thread != "" && r.find(m.thread) == nil {
		return refuse("thread_not_found")
	}
	w.write(m, a.str("text"), a.values["blocks"])
	w.post(r, m)
	return ok(map[string]any{"channel": r.ID, "ts": m.ts, "message": w.messageJSON(m)})
}

// tooSoon holds the app to one message in MessageEvery and channel.
func (w *Workspace) tooSoon(r *room) (reply, bool) {
	if w.opts.MessageEvery <= 0 {
		return reply{}, false
	}
	now := w.opts.Now()
	if last, posted := w.postedAt[r.ID]; posted && now.Sub(last) < w.opts.MessageEvery {
		wait := w.opts.MessageEvery - now.Sub(last)
		out := reply{status: http.StatusTooManyRequests, code: "ratelimited", header: http.Header{}}
		out.header.Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
		return out, true
	}
	w.postedAt[r.ID] = now
	return reply{}, false
}

func (w *Workspace) postEphemeral(a arguments) reply {
	r, code := w.roomFor(a.str("channel"))
	if code != "" {
		return refuse(code)
	}
	if u, known := w.users[a.str("user")]; !known || u.Deleted || !r.has(u.ID) {
		return refuse("user_not_in_channel")
	}
	m := &message{only: a.str("user"), thread: a.str("thread_ts")}
	w.write(m, a.str("text"), a.values["blocks"])
	w.post(r, m)
	return ok(map[string]any{"message_ts": m.ts})
}

func (w *Workspace) updateMessage(a arguments) reply {
	m, code := w.ownMessage(a, "cant_update_message")
	if code != "" {
		return refuse(code)
	}
	w.write(m, a.str("text"), a.values["blocks"])
	m.edited = true
	if metadata, given := a.values["metadata"]; given {
		m.metadata = metadata
	}
	w.stir()
	return ok(map[string]any{"channel": m.room.ID, "ts": m.ts, "text": m.text, "message": w.messageJSON(m)})
}

func (w *Workspace) deleteMessage(a arguments) reply {
	m, code := w.ownMessage(a, "cant_delete_message")
	if code != "" {
		return refuse(code)
	}
	m.gone = true
	w.stir()
	return ok(map[string]any{"channel": m.room.ID, "ts": m.ts})
}

// ownMessage finds the message that a call names. An ephemeral one cannot be
// changed by the Web API: Slack has forgotten it. What somebody else wrote is
// answered with foreign.
func (w *Workspace) ownMessage(a arguments, foreign string) (*message, string) {
	r, known := w.rooms[a.str("channel")]
	if !known {
		return nil, "channel_not_found"
	}
	m := r.find(a.str("ts"))
	if m == nil || m.only != "" {
		return nil, "message_not_found"
	}
	if m.by != (author{}) {
		return nil, foreign
	}
	return m, ""
}
