package playground

import (
	"crypto/subtle"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"latchkey/adapters/playground/blockkit"
)

// method is one method of the Web API. It runs with mu held.
type method struct {
	scope string        // "" needs none
	kind  blockkit.Kind // judges the arguments; "" when they carry no Block Kit
	args  []string      // the arguments that are known, for methods without kind
	json  bool          // takes a JSON body too
	serve func(a arguments) reply
}

// methods lists what the app may call. What is not here is unknown_method.
func (w *Workspace) methods() map[string]method {
	return map[string]method{
		"auth.test":           {json: true, serve: w.authTest},
		"chat.postMessage":    {scope: "chat:write", kind: blockkit.PostMessage, json: true, serve: w.postMessage},
		"chat.postEphemeral":  {scope: "chat:write", kind: blockkit.PostEphemeral, json: true, serve: w.postEphemeral},
		"chat.update":         {scope: "chat:write", kind: blockkit.UpdateMessage, json: true, serve: w.updateMessage},
		"chat.delete":         {scope: "chat:write", args: []string{"channel", "ts"}, json: true, serve: w.deleteMessage},
		"conversations.open":  {scope: "im:write", args: []string{"users", "channel", "return_im"}, json: true, serve: w.openConversation},
		"users.info":          {scope: "users:read", args: []string{"user", "include_locale"}, serve: w.usersInfo},
		"users.lookupByEmail": {scope: "users:read.email", args: []string{"email"}, serve: w.lookupByEmail},
		"views.open":          {kind: blockkit.ViewsOpen, json: true, serve: w.viewsOpen},
		"views.push":          {kind: blockkit.ViewsOpen, json: true, serve: w.viewsPush},
		"views.update":        {kind: blockkit.ViewsUpdate, json: true, serve: w.viewsUpdate},
		"views.publish":       {kind: blockkit.ViewsPublish, json: true, serve: w.viewsPublish},
	}
}

// reply is the answer to a call.
type reply struct {
	status   int
	header   http.Header
	code     string // Slack's error; "-" means {"ok":false} alone
	messages []string
	body     map[string]any // what an answer with ok carries beside it
	bare     bool           // no JSON at all, the status alone
	plain    string         // text instead of JSON: response URLs
}

func ok(body map[string]any) reply { return reply{status: http.StatusOK, body: body} }

func refuse(code string, messages ...string) reply {
	return reply{status: http.StatusOK, code: code, messages: messages}
}

// Handler serves the Web API under /api/ and the response URLs. The playground's
// page for the browser will stand beside them, at /.
func (w *Workspace) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/{method}", func(rw http.ResponseWriter, r *http.Request) {
		w.serve(rw, r, r.PathValue("method"), w.callMethod)
	})
	answer := func(rw http.ResponseWriter, r *http.Request) { w.serve(rw, r, "response_url", w.callHook) }
	mux.HandleFunc("GET /link/", w.link)
	mux.HandleFunc("POST /commands/{team}/{number}/{secret}", answer)
	mux.HandleFunc("POST /actions/{team}/{number}/{secret}", answer)
	return mux
}

// serve runs one call with its faults, and logs it.
func (w *Workspace) serve(rw http.ResponseWriter, r *http.Request, name string, run func(r *http.Request, name string, a arguments) reply) {
	call := Call{Method: name, At: w.opts.Now()}
	began := time.Now()
	defer func() { call.Took = time.Since(began); w.logCall(call) }()

	a, err := readArguments(r)
	call.Args = a.values
	out := reply{}
	f, failing := w.nextFault(name)
	call.Fault = failing
	switch {
	case failing && !f.Lose:
		out = w.play(f, r)
	case err != nil:
		out = refuse(err.Error())
		w.problem("%s: %v", name, err)
	default:
		out = run(r, name, a)
	}
	call.Error = out.code
	if failing && f.Lose {
		panic(http.ErrAbortHandler)
	}
	call.Status = out.status
	out.write(rw)
}

func (out reply) write(rw http.ResponseWriter) {
	maps.Copy(rw.Header(), out.header)
	switch {
	case out.bare:
		rw.WriteHeader(out.status)
		return
	case out.plain != "":
		rw.Header().Set("Content-Type", "text/plain; charset=utf-8")
		rw.WriteHeader(out.status)
		_, _ = rw.Write([]byte(out.plain))
		return
	}
	body := map[string]any{"ok": out.code == ""}
	maps.Copy(body, out.body)
	if out.code != "" && out.code != "-" {
		body["error"] = out.code
	}
	if len(out.messages) > 0 {
		body["response_metadata"] = map[string]any{"messages": out.messages}
	}
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	rw.WriteHeader(out.status)
	_ = json.NewEncoder(rw).Encode(body) // a caller that has gone is not our trouble
}

// callMethod checks the token. Whatever is answered to a good one says in a
// header what it may do (docs.slack.dev/authentication/installing-with-oauth).
func (w *Workspace) callMethod(r *http.Request, name string, a arguments) reply {
	token := a.bearer(r)
	switch {
	case token == "":
		return refuse("not_authed")
	case name == "apps.connections.open":
		return w.openConnection(token)
	case token == w.opts.AppToken:
		return refuse("not_allowed_token_type")
	case subtle.ConstantTimeCompare([]byte(token), []byte(w.opts.Token)) != 1:
		return refuse("invalid_auth")
	}
	out := w.permitted(name, a)
	if out.header == nil {
		out.header = http.Header{}
	}
	out.header.Set("X-OAuth-Scopes", strings.Join(w.opts.Scopes, ","))
	return out
}

// permitted checks method, scope and payload in Slack's order.
func (w *Workspace) permitted(name string, a arguments) reply {
	m, known := w.api[name]
	switch {
	case !known:
		w.problem("%s: the playground knows no such method", name)
		return refuse("unknown_method")
	case a.json && !m.json:
		w.problem("%s: takes a form, not JSON", name)
		return refuse("invalid_arguments", "[ERROR] this method takes a form, not JSON")
	case m.scope != "" && !w.scoped(m.scope):
		out := refuse("missing_scope")
		out.body = map[string]any{"needed": m.scope, "provided": strings.Join(w.opts.Scopes, ",")}
		return out
	}
	if m.kind != "" {
		w.keep(name, a.values)
	}
	if out := w.judge(name, m, a); out.code != "" {
		w.problem("%s: %s %v", name, out.code, out.messages)
		return out
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return m.serve(a)
}

// judge refuses arguments that Slack would refuse, with Slack's code for them.
func (w *Workspace) judge(name string, m method, a arguments) reply {
	if m.kind == "" {
		for key := range a.values {
			if m.args != nil && !slices.Contains(m.args, key) {
				return refuse("invalid_arguments", "[ERROR] no such argument: "+key)
			}
		}
		return reply{}
	}
	if strings.HasPrefix(name, "views.") && blockkit.Size(a.values["view"]) > blockkit.MaxViewBytes {
		return refuse("view_too_large")
	}
	return verdict(name, blockkit.Check(m.kind, a.values))
}

// verdict picks Slack's error code for what Check found.
func verdict(name string, problems []blockkit.Problem) reply {
	if len(problems) == 0 {
		return reply{}
	}
	code := "invalid_arguments"
	if !strings.HasPrefix(name, "views.") {
		switch first := problems[0]; {
		case strings.HasPrefix(first.Pointer, "/blocks"):
			code = "invalid_blocks"
		case first.Text == "missing required field: text", first.Pointer == "/text" && strings.Contains(first.Text, "at least"):
			code = "no_text"
		case first.Pointer == "/text" && strings.Contains(first.Text, "at most"):
			code = "msg_too_long"
		}
	}
	return refuse(code, blockkit.Messages(problems)...)
}
