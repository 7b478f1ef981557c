package teams

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/adapters/playground/adaptivecard"
)

// judge refuses what the Connector would refuse in an activity; status 0 is
// accepted. The caller holds mu.
func (t *Tenant) judge(room *room, a map[string]any) reply {
	files, _ := a["attachments"].([]any)
	if len(adaptivecard.Cards(a)) > 0 {
		if err := t.dump.write("activity", a); err != nil {
			t.problems = append(t.problems, err.Error())
		}
	}
	if n := adaptivecard.Size(a); n >= adaptivecard.MaxBytes {
		out := t.bad("activity", fmt.Sprintf("%d bytes: a message must stay below %d", n, adaptivecard.MaxBytes))
		out.status, out.code = http.StatusRequestEntityTooLarge, "MessageSizeTooBig"
		out.body = refuse(0, out.code, "Message size too large.").body
		return out
	}
	switch kind := str(a["type"]); {
	case kind == "typing":
		return reply{}
	case kind != "message":
		return t.bad("activity", fmt.Sprintf("a bot sends messages, not the type %q", kind))
	case str(a["text"]) == "" && len(files) == 0:
		return t.bad("activity", "neither text nor attachments")
	case len(files) > 1:
		return t.bad("activity", "the playground shows one card a message")
	}
	if wrong := t.misaddressed(room, a); wrong != "" {
		return t.bad("activity", wrong)
	}
	for _, file := range files {
		if member(file, "contentType") != adaptivecard.ContentType {
			return t.bad("activity", "the playground shows Adaptive Cards alone as attachments")
		}
	}
	for _, found := range adaptivecard.Cards(a) {
		if problems := adaptivecard.Check(found.Card); len(problems) > 0 {
			return t.bad("activity", fmt.Sprintf("Teams refuses the card: %v", problems))
		}
	}
	return reply{}
}

// misaddressed looks at the members that say from whom, where and when.
func (t *Tenant) misaddressed(room *room, a map[string]any) string {
	for _, key := range []string{"timestamp", "localTimestamp", "expiration"} {
		if v, stands := a[key]; stands && v != nil {
			if at, err := time.Parse(time.RFC3339, str(v)); err != nil || at.Year() < 2000 {
				return fmt.Sprintf("%s is no time of today: %v", key, v)
			}
		}
	}
	if from := str(member(a["from"], "id")); from != "" && from != t.botID() {
		return "from.id is not this bot"
	}
	if id := str(member(a["conversation"], "id")); id != "" && room.direct == "" && !strings.HasPrefix(id, room.ID) || id != "" && room.direct != "" && id != room.ID {
		return "conversation.id is not that of the address"
	}
	if format := str(a["textFormat"]); !slices.Contains([]string{"", "plain", "markdown", "xml"}, format) {
		return fmt.Sprintf("textFormat %q is not known", format)
	}
	if v := a["channelData"]; v != nil {
		if _, ok := v.(map[string]any); !ok {
			return "channelData must be an object"
		}
	}
	entities, _ := a["entities"].([]any)
	for _, e := range entities {
		if member(e, "type") == "mention" && !strings.Contains(str(a["text"]), str(member(e, "text"))) {
			return "a mention's text does not stand in the message"
		}
	}
	return ""
}

// pace refuses a write that comes too soon after the others in its
// conversation (learn.microsoft.com, "Optimize your bot with rate limiting").
// The caller holds mu.
func (t *Tenant) pace(room string) reply {
	now := t.opts.Now()
	recent := slices.DeleteFunc(t.writes[room], func(at time.Time) bool { return now.Sub(at) >= 30*time.Second })
	within := 0
	for _, at := range recent {
		if now.Sub(at) < time.Second {
			within++
		}
	}
	wait := time.Duration(0)
	switch {
	case within >= t.opts.PerSecond:
		wait = time.Second
	case len(recent) >= t.opts.PerHalfMinute:
		wait = 30*time.Second - now.Sub(recent[0])
	}
	if wait > 0 {
		t.writes[room] = recent
		out := refuse(http.StatusTooManyRequests, "TooManyRequests", "The rate limit of the conversation is reached.")
		out.header.Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
		return out
	}
	t.writes[room] = append(recent, now)
	return reply{}
}
