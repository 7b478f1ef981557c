package teams

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"latchkey/adapters/playground/adaptivecard"
)

// maxBody bounds what is read of any body.
const maxBody = 4 << 20

// reply is the answer to a call.
type reply struct {
	status int
	header http.Header
	code   string // the error's, for the log
	body   any    // JSON; nil answers the status alone
}

// refuse answers as the Connector does.
func refuse(status int, code, text string) reply {
	return reply{status: status, header: http.Header{}, code: code,
		body: map[string]any{"error": map[string]any{"code": code, "message": text}}}
}

// Handler serves login, keys and Connector.
func (t *Tenant) Handler() http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		raw := strings.Split(strings.Trim(r.URL.EscapedPath(), "/"), "/")
		parts := make([]string, len(raw))
		for i, part := range raw {
			parts[i], _ = url.PathUnescape(part) // EscapedPath is always well formed
		}
		path := strings.Join(raw, "/")
		switch {
		case len(parts) == 4 && strings.HasSuffix(path, "/oauth2/v2.0/token"):
			t.serve(rw, r, "token", func(map[string]any) reply { return t.token(r, parts[0]) })
		case path == "v1/.well-known/openidconfiguration":
			t.serve(rw, r, "metadata", func(map[string]any) reply { return t.metadata() })
		case path == "v1/.well-known/keys":
			t.serve(rw, r, "keys", func(map[string]any) reply { return t.published() })
		default:
			op, run := t.route(r, parts)
			t.serve(rw, r, op, func(activity map[string]any) reply { return t.connector(r, activity, run) })
		}
	})
}

// operation is one call of the Connector; it runs with mu held.
type operation func(activity map[string]any) reply

// route finds the operation of /amer/v3/conversations/…, or of another region.
func (t *Tenant) route(r *http.Request, parts []string) (string, operation) {
	if len(parts) < 3 || parts[0] != "amer" && parts[0] != "emea" || parts[1] != "v3" || parts[2] != "conversations" {
		return "unknown", nil
	}
	parts = parts[3:]
	at := func(i int) string {
		if i < len(parts) {
			return parts[i]
		}
		return ""
	}
	targeted := r.URL.Query().Get("isTargetedActivity") == "true"
	switch shape := fmt.Sprintf("%s %d %s", r.Method, len(parts), at(1)); shape {
	case "POST 0 ":
		return "create", t.create
	case "POST 2 activities", "POST 3 activities":
		return "send", func(a map[string]any) reply { return t.send(at(0), at(2), targeted, a) }
	case "PUT 3 activities":
		return "update", func(a map[string]any) reply { return t.update(at(0), at(2), targeted, a) }
	case "DELETE 3 activities":
		return "delete", func(map[string]any) reply { return t.remove(at(0), at(2), targeted) }
	case "GET 2 members", "GET 2 pagedmembers":
		return "members", func(map[string]any) reply { return t.members(at(0), at(1) == "pagedmembers") }
	case "GET 3 members":
		return "member", func(map[string]any) reply { return t.member(at(0), at(2)) }
	}
	return "unknown", nil
}

// connector checks token, address and body before an operation runs.
func (t *Tenant) connector(r *http.Request, activity map[string]any, run operation) reply {
	switch {
	case !t.bearer(r):
		return refuse(http.StatusUnauthorized, "Unauthorized", "Authorization has been denied for this request.")
	case run == nil:
		t.problem("%s %s: the Connector has no such address; is every id escaped?", r.Method, r.URL.EscapedPath())
		return refuse(http.StatusNotFound, "NotFound", "No such address.")
	case strings.Contains(r.URL.EscapedPath(), ";"):
		t.problem("%s %s: an id stands there unescaped", r.Method, r.URL.EscapedPath())
		return refuse(http.StatusBadRequest, "BadArgument", "An id is not escaped.")
	}
	writes := r.Method == http.MethodPost || r.Method == http.MethodPut
	if writes && activity == nil {
		t.problem("%s %s: the body is not one JSON object with Content-Type application/json", r.Method, r.URL.Path)
		return refuse(http.StatusBadRequest, "BadSyntax", "The body is not a JSON object.")
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return run(activity)
}

// serve runs one call with its faults, and logs it.
func (t *Tenant) serve(rw http.ResponseWriter, r *http.Request, op string, run func(activity map[string]any) reply) {
	call := Call{Op: op, Path: r.URL.EscapedPath(), At: t.opts.Now()}
	began := time.Now()
	defer func() { call.Took = time.Since(began); t.logCall(call) }()
	var activity map[string]any
	if op != "token" {
		activity = readActivity(r)
		call.Activity = activity
	}
	f, failing := t.nextFault(op)
	call.Fault = failing
	var out reply
	if failing && !f.Lose && f.Delay == 0 {
		out = t.play(f, r)
	} else {
		out = run(activity)
	}
	if failing && f.Lose {
		panic(http.ErrAbortHandler)
	}
	if f.Delay > 0 {
		t.pause(r, f.Delay)
	}
	call.Status, call.Error = out.status, out.code
	maps.Copy(rw.Header(), out.header)
	if out.body != nil {
		rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	}
	rw.WriteHeader(out.status)
	if out.body != nil {
		_ = json.NewEncoder(rw).Encode(out.body) // a caller that has gone is not our trouble
	}
}

func readActivity(r *http.Request) map[string]any {
	if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); kind != "application/json" {
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return nil
	}
	v, err := adaptivecard.Decode(data)
	o, ok := v.(map[string]any)
	if err != nil || !ok {
		return nil
	}
	return o
}
