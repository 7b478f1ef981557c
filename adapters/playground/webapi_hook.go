package playground

import (
	"net/http"

	"latchkey/adapters/playground/blockkit"
)

// callHook takes a body that the bot sends to a response URL.
func (w *Workspace) callHook(r *http.Request, name string, a arguments) reply {
	if !a.json {
		w.problem("%s: takes JSON, not a form", name)
		return reply{status: http.StatusBadRequest, code: "invalid_payload"}
	}
	w.keep(name, a.values)
	if out := verdict(name, blockkit.Check(blockkit.Response, a.values)); out.code != "" {
		w.problem("%s: %s %v", name, out.code, out.messages)
		out.status = http.StatusBadRequest
		return out
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	h, code := w.take(r.URL.Path)
	if code != "" {
		return reply{status: http.StatusNotFound, code: code}
	}
	w.respond(h.room, h.user, h.message, a.values)
	return reply{status: http.StatusOK, plain: "ok"}
}

// respond carries out a checked response body: it deletes or replaces the
// message that was clicked, or posts a new one. The caller holds mu.
func (w *Workspace) respond(r *room, user string, clicked *message, body map[string]any) {
	switch {
	case body["delete_original"] == true && clicked != nil:
		clicked.gone = true
		w.stir()
		return
	case body["replace_original"] == true && clicked != nil:
		if _, given := body["blocks"]; !given {
			clicked.blocks = nil
		}
		w.write(clicked, str(body["text"]), body["blocks"])
		clicked.edited = true
		w.stir()
		return
	case body["delete_original"] == true:
		return
	}
	m := &message{thread: str(body["thread_ts"]), metadata: body["metadata"]}
	if body["response_type"] != "in_channel" {
		m.only = user
	}
	w.write(m, str(body["text"]), body["blocks"])
	w.post(r, m)
}
