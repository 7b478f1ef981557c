package blockkit_test

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"latchkey/adapters/playground/blockkit"
)

// written expands <item*N>, the innermost first.
func written(t *testing.T, payload string) string {
	t.Helper()
	repeat := regexp.MustCompile(`<([^<>]*)\*(\d+)>`)
	for {
		at := repeat.FindStringSubmatchIndex(payload)
		if at == nil {
			return payload
		}
		item := payload[at[2]:at[3]]
		n, err := strconv.Atoi(payload[at[4]:at[5]])
		if err != nil {
			t.Fatal(err)
		}
		filled := strings.Repeat(item, n)
		if item != "x" {
			all := make([]string, n)
			for i := range all {
				all[i] = strings.ReplaceAll(item, "#", strconv.Itoa(i))
			}
			filled = strings.Join(all, ",")
		}
		payload = payload[:at[0]] + filled + payload[at[1]:]
	}
}

func decode(t *testing.T, payload string) any {
	t.Helper()
	v, err := blockkit.Decode([]byte(written(t, payload)))
	if err != nil {
		t.Fatalf("the test's own payload: %v", err)
	}
	return v
}

// Each refusal is found where it is and for its own reason; a payload that is
// refused for another reason would prove nothing.
func TestCheckRefusesWhatSlackRefuses(t *testing.T) {
	cases := refusals()
	if len(cases) < 45 {
		t.Fatalf("%d cases, at least 45 are wanted", len(cases))
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			problems := blockkit.Check(c.kind, decode(t, c.payload))
			if len(problems) == 0 {
				t.Fatal("accepted")
			}
			for _, p := range problems {
				if p.Pointer == c.pointer && strings.Contains(p.Text, c.words) {
					return
				}
			}
			t.Errorf("refused, but not at %q for %q: %v", c.pointer, c.words, problems)
		})
	}
	t.Run("samples of the outside checker", foreignSamples)
}

func TestCheckAcceptsWhatSlackAccepts(t *testing.T) {
	everything := `<` + section + `*40>,{"type":"divider"},{"type":"header","text":{"type":"plain_text","text":"<x*150>"}},` +
		`{"type":"section","fields":[<{"type":"mrkdwn","text":"<x*2000>"}*10>],"expand":true},` +
		`{"type":"context","elements":[{"type":"mrkdwn","text":"a","verbatim":true},{"type":"image","image_url":"https://example.invalid/a.png","alt_text":"a"}]},` +
		`{"type":"actions","elements":[{"type":"button","action_id":"a","text":{"type":"plain_text","text":"<x*75>"},"value":"<x*2000>","style":"danger","confirm":{` + dialog + `}},` +
		`{"type":"overflow","action_id":"o","options":[` + choice + `]},{"type":"static_select","action_id":"s","options":[` + choice + `,` + other + `],"initial_option":` + other + `}]},` +
		`{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a","style":{"bold":true}},{"type":"user","user_id":"U1"}]},` +
		`{"type":"rich_text_list","style":"ordered","indent":1,"border":0,"elements":[{"type":"rich_text_section","elements":[{"type":"link","url":"https://example.invalid"}]}]}]},` +
		`{"type":"image","slack_file":{"id":"F1"},"alt_text":"a"}`
	for _, c := range []struct {
		name    string
		kind    blockkit.Kind
		payload string
	}{
		{"message at its limits", blockkit.PostMessage, message(everything)},
		{"text alone", blockkit.PostMessage, `{"channel":"C1","text":"<x*40000>","thread_ts":"1.2","metadata":{"event_type":"t","event_payload":{"a":1}}}`},
		{"title of 24 letters beyond ASCII", blockkit.Modal, `{"type":"modal","title":{"type":"plain_text","text":"` + strings.Repeat("ü", 24) + `"},"blocks":[` + section + `]}`},
		{"every input", blockkit.Modal, modal(`{"type":"input","label":{"type":"plain_text","text":"a"},"hint":{"type":"plain_text","text":"h"},"optional":true,"dispatch_action":true,` +
			`"element":{"type":"plain_text_input","min_length":6,"max_length":6,"multiline":false}},` +
			`{"type":"input","label":{"type":"plain_text","text":"b"},"element":{"type":"number_input","is_decimal_allowed":true,"min_value":"-1.5","max_value":"10"}},` +
			`{"type":"input","label":{"type":"plain_text","text":"c"},"element":{"type":"multi_users_select","max_selected_items":2}},` +
			`{"type":"input","label":{"type":"plain_text","text":"d"},"element":{"type":"external_select","min_query_length":0}},` +
			`{"type":"input","label":{"type":"plain_text","text":"e"},"element":{"type":"datepicker","initial_date":"2026-12-31"}},` +
			`{"type":"input","label":{"type":"plain_text","text":"f"},"element":{"type":"checkboxes","options":[` + choice + `,` + other + `],"initial_options":[` + choice + `]}}`)},
		{"push", blockkit.ViewsOpen, `{"trigger_id":"1.2","view":` + modal(section) + `}`},
		{"update by hash", blockkit.ViewsUpdate, `{"view_id":"V1","hash":"1.a","view":` + modal(section) + `}`},
		{"home", blockkit.ViewsPublish, `{"user_id":"U1","view":{"type":"home","blocks":[` + section + `]}}`},
		{"deletion", blockkit.Response, `{"delete_original":true}`},
		{"groups of options", blockkit.Options, `{"option_groups":[{"label":{"type":"plain_text","text":"a"},"options":[` + choice + `]}]}`},
		{"nothing found", blockkit.Options, `{"options":[]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := decode(t, c.payload)
			if problems := blockkit.Check(c.kind, v); len(problems) > 0 {
				t.Errorf("refused: %v", problems)
			}
		})
	}
}

// Whatever the text is, its length in characters alone decides.
func TestCheckCountsCharacters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 200).Draw(t, "length")
		s := rapid.StringOfN(rapid.Rune(), n, n, -1).Draw(t, "text")
		header := map[string]any{"type": "header", "text": map[string]any{"type": "plain_text", "text": s}}
		problems := blockkit.Check(blockkit.PostMessage, map[string]any{"channel": "C1", "text": "a", "blocks": []any{header}})
		if refused := len(problems) > 0; refused != (n > 150) {
			t.Fatalf("%d characters: refused is %v: %v", n, refused, problems)
		}
	})
}

// Any member that is added to any object of an accepted payload is refused.
func TestCheckRefusesEveryUnknownField(t *testing.T) {
	payload := decode(t, message(`{"type":"section","block_id":"s","text":{"type":"plain_text","text":"a"},"accessory":{"type":"static_select","options":[`+choice+`],"placeholder":{"type":"plain_text","text":"p"}}},`+
		`{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Go"},"confirm":{`+dialog+`}}]},`+
		`{"type":"table","rows":[[{"type":"raw_text","text":"a"},{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a","style":{"bold":true}}]}]}]],"column_settings":[{"align":"left"}]}`))
	if problems := blockkit.Check(blockkit.PostMessage, payload); len(problems) > 0 {
		t.Fatalf("the payload of the test: %v", problems)
	}
	objects := 0
	var visit func(v any)
	visit = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, item := range v {
				visit(item)
			}
		case map[string]any:
			objects++
			for _, item := range v {
				visit(item)
			}
			v["colour"] = "red"
			if problems := blockkit.Check(blockkit.PostMessage, payload); len(problems) != 1 || !strings.HasSuffix(problems[0].Pointer, "/colour") {
				t.Errorf("a field added to %v: %v", v["type"], problems)
			}
			delete(v, "colour")
		}
	}
	visit(payload)
	if objects < 20 {
		t.Errorf("only %d objects were visited", objects)
	}
}

func TestKindOf(t *testing.T) {
	for payload, want := range map[string]blockkit.Kind{
		`{"channel":"C1","text":"a"}`:             blockkit.PostMessage,
		`{"channel":"C1","user":"U1","text":"a"}`: blockkit.PostEphemeral,
		`{"channel":"C1","ts":"1.2","text":"a"}`:  blockkit.UpdateMessage,
		`{"text":"a"}`:                            blockkit.Response,
		`{"type":"modal"}`:                        blockkit.Modal,
		`{"type":"home"}`:                         blockkit.Home,
		`{"trigger_id":"1","view":{}}`:            blockkit.ViewsOpen,
		`{"user_id":"1","view":{}}`:               blockkit.ViewsPublish,
		`{"view_id":"1","view":{}}`:               blockkit.ViewsUpdate,
		`{"response_action":"clear"}`:             blockkit.Submission,
		`{"options":[]}`:                          blockkit.Options,
		`{"option_groups":[]}`:                    blockkit.Options,
	} {
		if got, err := blockkit.KindOf(decode(t, payload)); err != nil || got != want {
			t.Errorf("%s: %q, want %q (%v)", payload, got, want, err)
		}
	}
	for _, payload := range []string{`null`, `[]`, `"a"`} {
		if _, err := blockkit.KindOf(decode(t, payload)); err == nil {
			t.Errorf("%s has a kind", payload)
		}
	}
}

func TestDecodeTakesOneValue(t *testing.T) {
	for _, bad := range []string{``, `{`, `{} {}`, `{"a":1}x`} {
		if _, err := blockkit.Decode([]byte(bad)); err == nil {
			t.Errorf("%q was decoded", bad)
		}
	}
}

// No payload, however wrong, may end the playground.
func FuzzPayload(f *testing.F) {
	for _, c := range refusals() {
		if len(c.payload) < 400 {
			f.Add([]byte(c.payload))
		}
	}
	f.Add([]byte(message(`{"type":"section","text":{"type":"mrkdwn","text":"*a* <!date^1^{date}|x> <@U1|b> <https://a|b>"}}`)))
	kinds := []blockkit.Kind{blockkit.PostMessage, blockkit.Modal, blockkit.Submission, blockkit.Options, blockkit.ViewsUpdate}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := blockkit.Decode(data)
		if err != nil {
			return
		}
		for _, kind := range kinds {
			blockkit.Check(kind, v)
		}
		o, _ := v.(map[string]any)
		blocks, _ := o["blocks"].([]any)
		n := 0
		filled := blockkit.WithIDs(blocks, func() string { n++; return strconv.Itoa(n) })
		blockkit.Reader{}.Lines(filled, nil)
		for _, c := range (blockkit.Reader{}).Controls(filled) {
			c.Options()
		}
		if _, err := json.Marshal(filled); err != nil {
			t.Errorf("filled blocks cannot be encoded: %v", err)
		}
	})
}
