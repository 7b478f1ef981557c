package playground_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"latchkey/adapters/playground"
	"latchkey/adapters/playground/blockkit"
)

// Everything that the bot says with blocks, and every answer that steers a
// modal, lies in the folder in the shape that the outside checker understands.
func TestDumpHoldsWhatTheBotSays(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "by", "it")
	for range 2 { // two workspaces share the folder and do not overwrite each other
		tellEverything(t, dir)
	}
	kinds := map[blockkit.Kind]int{}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	must(t, err)
	for _, file := range files {
		data, err := os.ReadFile(file)
		must(t, err)
		if strings.Contains(string(data), "xoxb-") {
			t.Errorf("%s holds a token", file)
		}
		v, err := blockkit.Decode(data)
		must(t, err)
		kind, err := blockkit.KindOf(v)
		must(t, err)
		kinds[kind]++
		if problems := blockkit.Check(kind, v); len(problems) > 0 {
			t.Errorf("%s: %v", filepath.Base(file), problems)
		}
	}
	for kind, n := range map[blockkit.Kind]int{
		blockkit.PostMessage: 2, blockkit.PostEphemeral: 2, blockkit.UpdateMessage: 2, blockkit.Response: 4,
		blockkit.ViewsOpen: 2, blockkit.ViewsUpdate: 2, blockkit.ViewsPublish: 2, blockkit.Submission: 2, blockkit.Options: 2,
	} {
		if kinds[kind] != n {
			t.Errorf("%d payloads of %s, want %d", kinds[kind], kind, n)
		}
	}
	outsideCheck(t, dir)
}

// tellEverything makes a small bot say each kind of thing once.
func tellEverything(t *testing.T, dir string) {
	b := start(t, func(o *playground.Options) { o.DumpDir = dir })
	found := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, nil, "x")
	form := modalWith("Form", "text", slack.NewInputBlock("b", plain("Account"), nil, found))
	form.Submit = plain("Send")
	b.options = func(w http.ResponseWriter, _ slack.InteractionCallback) {
		answer(w, map[string]any{"options": []any{slack.NewOptionBlockObject("m", plain("Mei"), nil)}})
	}
	v, _ := b.opened(t, b.ws.As("U_DANA"), form)
	_, err := b.client.UpdateView(form, "", "", v.ID())
	must(t, err)
	must(t, v.Select("Account", "Mei"))
	b.onInteraction(func(w http.ResponseWriter, _ slack.InteractionCallback) {
		answer(w, slack.NewClearViewSubmissionResponse())
	})
	must(t, v.Submit())

	blocks := slack.MsgOptionBlocks(slack.NewSectionBlock(plain("a"), nil, nil))
	_, ts, err := b.client.PostMessage("C_AUDIT", slack.MsgOptionText("a", false), blocks, slack.MsgOptionDisableLinkUnfurl())
	must(t, err)
	_, _, _, err = b.client.UpdateMessage("C_AUDIT", ts, slack.MsgOptionText("b", false), blocks)
	must(t, err)
	_, err = b.client.PostEphemeral("C_AUDIT", "U_DANA", slack.MsgOptionText("a", false), blocks)
	must(t, err)
	home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewDividerBlock()}}}
	_, err = b.client.PublishView("U_DANA", home, "")
	must(t, err)
	b.onCommand(func(w http.ResponseWriter, cmd slack.SlashCommand) {
		respond(t, cmd.ResponseURL, map[string]any{"text": "later"})
		answer(w, map[string]any{"text": "now"})
	})
	must(t, b.ws.As("U_DANA").Say("/unlock"))
	if trouble := b.ws.Problems(); len(trouble) > 0 {
		t.Errorf("problems: %q", trouble)
	}
}

// outsideCheck runs blockkit-check where CHECKS names its folder and it is
// installed there; the whole test run does it over all that the stories dump.
func outsideCheck(t *testing.T, dir string) {
	checks := os.Getenv("CHECKS")
	script := filepath.Join(checks, "blockkit-check", "check.mjs")
	if _, err := os.Stat(filepath.Join(checks, "blockkit-check", "node_modules")); checks == "" || err != nil {
		t.Log("blockkit-check is not installed below CHECKS: the dump was judged by our own tables alone")
		return
	}
	if out, err := exec.Command("node", script, dir).CombinedOutput(); err != nil {
		t.Errorf("blockkit-check: %v\n%s", err, out)
	}
}

// What Slack refuses is dumped too, so that the outside checker sees it.
func TestDumpHoldsRefusedPayloads(t *testing.T) {
	dir := t.TempDir()
	b := start(t, func(o *playground.Options) { o.DumpDir = dir })
	if got := call(t, b.ws, "chat.postMessage", asJSON, `{"channel":"C_AUDIT","text":"a","blocks":[{"type":"banner"}]}`); got.Error != "invalid_blocks" {
		t.Errorf("a bad block: %q", got.Error)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "0001-*-chat.postMessage.json")); len(files) != 1 {
		t.Errorf("dumped: %q", files)
	}
	if taken := b.ws.TakeProblems(); len(taken) != 1 || len(b.ws.Problems()) != 0 {
		t.Errorf("problems taken: %q, left: %q", taken, b.ws.Problems())
	}
	must(t, os.RemoveAll(dir))
	_ = call(t, b.ws, "chat.postMessage", asForm, "channel=C_AUDIT&text=a")
	if all := b.ws.Problems(); !strings.Contains(strings.Join(all, " "), "dumping chat.postMessage") {
		t.Errorf("a folder that has gone is not noticed: %q", all)
	}
}
