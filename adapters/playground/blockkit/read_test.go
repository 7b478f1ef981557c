package blockkit_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/adapters/playground/blockkit"
)

func TestMrkdwnReadsAsOnTheScreen(t *testing.T) {
	berlin := time.FixedZone("CET", 3600)
	r := blockkit.Reader{
		User:    func(id string) string { return "Dana" },
		Channel: func(id string) string { return "audit" },
		Zone:    berlin,
	}
	for in, want := range map[string]string{
		"plain":                           "plain",
		"*Account*: mei":                  "Account: mei",
		"*one* *two* _three_ ~four~":      "one two three four",
		"`mei.tan` and snake_case_name":   "mei.tan and snake_case_name",
		"2 * 3 * 4":                       "2 * 3 * 4",
		"a &lt;b&gt; &amp; c":             "a <b> & c",
		"&amp;lt;":                        "&lt;",
		"<@U1> in <#C1|old-name>":         "@Dana in #audit",
		"<https://example.invalid|there>": "there",
		"<https://example.invalid>":       "https://example.invalid",
		"<!here> listen":                  "@here listen",
		"<!date^1767225600^{date_short_pretty} at {time}|unknown>": "Jan 1, 2026 at 01:00",
		"<!date^soon^{date}|on New Year's Day>":                    "on New Year's Day",
	} {
		if got := r.Mrkdwn(in); got != want {
			t.Errorf("%q reads %q, want %q", in, got, want)
		}
	}
}

func TestLinesReadFromTopToBottom(t *testing.T) {
	v := decode(t, `{"blocks":[
		{"type":"header","text":{"type":"plain_text","text":"*Mei* &amp; co"}},
		{"type":"section","text":{"type":"mrkdwn","text":"*Locked* since noon"},"fields":[{"type":"plain_text","text":"Left"},{"type":"plain_text","text":"Right"}]},
		{"type":"context","elements":[{"type":"mrkdwn","text":"case 7"},{"type":"image","image_url":"u","alt_text":"a lock"}]},
		{"type":"input","label":{"type":"plain_text","text":"Code"},"hint":{"type":"plain_text","text":"six digits"},"element":{"type":"plain_text_input"}},
		{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Go"}},{"type":"checkboxes","options":[`+choice+`,`+other+`],"initial_options":[`+other+`]}]},
		{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"first *as it is*"}]}]},
			{"type":"rich_text_section","elements":[{"type":"user","user_id":"U1"},{"type":"text","text":" at "},{"type":"date","timestamp":0,"format":"{date_num}"}]}]},
		{"type":"table","rows":[[{"type":"raw_text","text":"Account"},{"type":"raw_text","text":"State"}],[{"type":"raw_text","text":"mei"},{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"open"}]}]}]]},
		{"type":"alert","text":{"type":"plain_text","text":"Careful"}},
		{"type":"image","image_url":"u","alt_text":"chart","title":{"type":"plain_text","text":"Unlocks"}}]}`)
	blocks := v.(map[string]any)["blocks"].([]any)
	want := strings.Split(`*Mei* &amp; co
Locked since noon
Left
Right
case 7 [image: a lock]
Code
six digits
[ ] One
[x] Two
• first *as it is*
@U1 at 1970-01-01
Account | State
mei | open
Careful
Unlocks
[image: chart]`, "\n")
	if diff := cmp.Diff(want, blockkit.Reader{}.Lines(blocks, nil)); diff != "" {
		t.Error(diff)
	}
}

func TestControlsNameWhatCanBeUsed(t *testing.T) {
	v := decode(t, `{"blocks":[
		{"type":"section","text":{"type":"mrkdwn","text":"*Who*"},"accessory":{"type":"users_select","action_id":"who"}},
		{"type":"actions","block_id":"row","elements":[
			{"type":"button","text":{"type":"plain_text","text":"Unlock"},"accessibility_label":"Unlock mei"},
			{"type":"static_select","placeholder":{"type":"plain_text","text":"Pick one"},"option_groups":[{"label":{"type":"plain_text","text":"g"},"options":[`+choice+`]}]}]},
		{"type":"input","label":{"type":"plain_text","text":"Code"},"element":{"type":"plain_text_input"}},
		{"type":"context","elements":[{"type":"mrkdwn","text":"nothing to press"},{"type":"image","image_url":"u","alt_text":"a"}]}]}`)
	n := 0
	blocks := blockkit.WithIDs(v.(map[string]any)["blocks"].([]any), func() string { n++; return "auto" + string(rune('0'+n)) })
	type row struct {
		Kind, Block, Action, Label, Spoken string
		Input, Required, Sends             bool
		Options                            int
	}
	var got []row
	for _, c := range (blockkit.Reader{}).Controls(blocks) {
		got = append(got, row{c.Kind, c.BlockID, c.ActionID, c.Label, c.Spoken, c.Input, c.Required, c.Sends, len(c.Options())})
	}
	want := []row{
		{"users_select", "auto1", "who", "Who", "", false, false, true, 0},
		{"button", "row", "auto2", "Unlock", "Unlock mei", false, false, true, 0},
		{"static_select", "row", "auto3", "Pick one", "", false, false, true, 1},
		{"plain_text_input", "auto4", "auto5", "Code", "", true, true, false, 0},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if first := v.(map[string]any)["blocks"].([]any)[0].(map[string]any); first["block_id"] != nil {
		t.Error("WithIDs changed the blocks that it was given")
	}
}
