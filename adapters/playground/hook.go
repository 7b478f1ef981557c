package playground

import (
	"fmt"
	"time"
)

// Limits of a response_url
// (docs.slack.dev/interactivity/handling-user-interaction, "message responses").
const (
	hookUses = 5
	hookLife = 30 * time.Minute
)

// hook is a response_url: the right to answer one command or click.
type hook struct {
	kind    string // commands or actions
	user    string
	room    *room
	at      time.Time
	used    int
	message *message // the message that was clicked, or nil
}

// newHook hands out a response URL. The caller holds mu.
func (w *Workspace) newHook(kind, user string, in *room, m *message) string {
	path := fmt.Sprintf("/%s/%s/%d/%s", kind, w.opts.TeamID, w.next(), w.secret(12))
	w.hooks[path] = &hook{kind: kind, user: user, room: in, at: w.opts.Now(), message: m}
	return w.base + path
}

// take uses the hook once, or names Slack's error. The caller holds mu.
func (w *Workspace) take(path string) (*hook, string) {
	h, ok := w.hooks[path]
	switch {
	case !ok:
		return nil, "invalid_url"
	case w.opts.Now().Sub(h.at) > hookLife:
		return nil, "expired_url"
	case h.used >= hookUses:
		return nil, "used_url"
	}
	h.used++
	return h, ""
}
