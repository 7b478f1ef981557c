package page

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// beat is how often a quiet stream says that it lives.
const beat = 15 * time.Second

// part is one piece of what a tab shows, by name; a nil value takes it away.
type part struct {
	Key   string          `json:"key"`
	Value json.RawMessage `json:"value"`
}

// stream sends a tab what it shows, and then every part that changes, as
// server-sent events (html.spec.whatwg.org, "server-sent events").
func (p *Page) stream(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(rw)
	query := r.URL.Query()
	if !p.current(query.Get("run")) {
		fmt.Fprintf(rw, "event: stale\ndata: %q\n\n", staleTab)
		return
	}
	who := p.seats(query)
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	arrived := p.arrivals(ctx, who.caller.Person)
	sent := map[string]json.RawMessage{}
	for {
		slack, own := p.world.Slack.Changed(), p.changes()
		var inTeams <-chan struct{}
		if p.world.Teams != nil {
			inTeams = p.world.Teams.Changed()
		}
		now, next, err := p.snapshot(who)
		if err != nil {
			return
		}
		if err := send(rw, out, sent, now); err != nil {
			return // the tab has gone
		}
		timer := time.NewTimer(min(beat, next))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-slack:
		case <-inTeams:
		case <-own:
		case <-arrived:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// seat is a person in one of her chats.
type seat struct {
	Person
	chat string
}

// seats are who sits before the page, and who is on the phone.
type seats struct{ person, caller seat }

// seats finds them. A tab that is new, or knows people of another world, gets
// the usual ones.
func (p *Page) seats(query url.Values) seats {
	who, known := p.world.person(query.Get("person"))
	if !known {
		who = p.world.People[0]
	}
	on, known := p.world.person(query.Get("caller"))
	if !known || !on.Caller {
		on = who
		if i := slices.IndexFunc(p.world.People, func(p Person) bool { return p.Caller }); i >= 0 {
			on = p.world.People[i]
		}
	}
	return seats{seat{who, p.world.chat(who, query.Get("chat"))}, seat{on, p.world.chat(on, query.Get("ownchat"))}}
}

// arrivals signals whenever the caller gets mail or a text message.
func (p *Page) arrivals(ctx context.Context, caller Person) <-chan struct{} {
	arrived := make(chan struct{}, 1)
	if w := p.world.Mail; w != nil && caller.Email != "" {
		go signal(arrived, len(w.Mailbox(caller.Email)), func(n int) (int, error) {
			all, err := w.Wait(ctx, caller.Email, n)
			return len(all), err
		})
	}
	if w := p.world.Texts; w != nil && caller.Mobile != "" {
		go signal(arrived, len(w.Messages(caller.Mobile)), func(n int) (int, error) {
			all, err := w.Wait(ctx, caller.Mobile, n)
			return len(all), err
		})
	}
	return arrived
}

// signal tells of each that comes after the first n, until wait fails.
func signal(arrived chan<- struct{}, n int, wait func(int) (int, error)) {
	for {
		all, err := wait(n + 1)
		if err != nil {
			return
		}
		n = all
		select {
		case arrived <- struct{}{}:
		default:
		}
	}
}

// send writes what differs from what was sent, as one event, and remembers it.
// Nothing new is a comment, which finds out whether the tab is there.
func send(rw http.ResponseWriter, out *http.ResponseController, sent, now map[string]json.RawMessage) error {
	var parts []part
	for _, key := range slices.Sorted(maps.Keys(now)) {
		if !bytes.Equal(sent[key], now[key]) {
			parts = append(parts, part{key, now[key]})
			sent[key] = now[key]
		}
	}
	for _, key := range slices.Sorted(maps.Keys(sent)) {
		if _, there := now[key]; !there {
			parts = append(parts, part{key, nil})
			delete(sent, key)
		}
	}
	line := []byte(": still here\n\n")
	if len(parts) > 0 {
		data, err := json.Marshal(parts)
		if err != nil {
			return fmt.Errorf("encoding the stream: %w", err)
		}
		line = fmt.Appendf(nil, "event: parts\ndata: %s\n\n", data)
	}
	if _, err := rw.Write(line); err != nil {
		return fmt.Errorf("writing the stream: %w", err)
	}
	return out.Flush()
}
