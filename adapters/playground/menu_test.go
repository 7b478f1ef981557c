package playground_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"latchkey/adapters/playground"
)

func menuOption(value, text string) *slack.OptionBlockObject {
	return slack.NewOptionBlockObject(value, plain(text), nil)
}

// storeMenu is a menu of identity stores with the second one chosen at first.
func storeMenu(placeholder string) *slack.SelectBlockElement {
	m := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain(placeholder), "pick", menuOption("0", "corp"), menuOption("1", "lab"))
	m.InitialOption = menuOption("1", "lab")
	return m
}

// searchForm asks for a name and a store, and filters with a menu beside a text.
func searchForm() slack.ModalViewRequest {
	filter := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("Anybody"), "filter",
		menuOption("enrolled", "Enrolled"), menuOption("not", "Not enrolled"))
	optional := slack.NewInputBlock("dept", plain("Department"), nil,
		slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("Any"), "pick", menuOption("it", "IT")))
	optional.Optional = true
	view := modalWith("Find", "who",
		slack.NewInputBlock("store", plain("Store"), nil, storeMenu("Choose a store")), optional,
		slack.NewSectionBlock(plain("Shown are"), nil, slack.NewAccessory(filter), slack.SectionBlockOptionBlockID("shown")))
	view.Submit = plain("Find")
	return view
}

func TestMenusAreReadAndChosenFrom(t *testing.T) {
	b := start(t, nil)
	states := make(chan *slack.ViewState, 1)
	picked := make(chan *slack.BlockAction, 1)
	b.onInteraction(func(_ http.ResponseWriter, in slack.InteractionCallback) {
		if in.Type == slack.InteractionTypeViewSubmission {
			states <- in.View.State
			return
		}
		picked <- in.ActionCallback.BlockActions[0]
	})
	v, _ := b.opened(t, b.ws.As("U_DANA"), searchForm())
	choices, err := v.Choices("Store")
	if diff := cmp.Diff([]string{"corp", "lab"}, choices); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	for label, want := range map[string]string{"Store": "lab", "Department": "", "Anybody": "", "Shown are": ""} {
		if got, err := v.Chosen(label); err != nil || got != want {
			t.Errorf("%s shows %q (%v), want %q", label, got, err, want)
		}
	}
	must(t, v.Select("Store", "corp"))
	must(t, v.Select("Shown are", "Not enrolled")) // by the text that it stands beside
	if a := <-picked; a.ActionID != "filter" || a.BlockID != "shown" || a.SelectedOption.Value != "not" {
		t.Errorf("chosen: %+v", a)
	}
	must(t, v.Select("Anybody", "Enrolled")) // by its placeholder
	if a := <-picked; a.SelectedOption.Value != "enrolled" || a.SelectedOption.Text.Text != "Enrolled" {
		t.Errorf("chosen: %+v", a)
	}
	if got, _ := v.Chosen("Shown are"); got != "Enrolled" {
		t.Errorf("the filter shows %q", got)
	}
	must(t, v.Submit())
	state := <-states
	if got := state.Values["store"]["pick"].SelectedOption; got.Value != "0" || got.Text.Text != "corp" {
		t.Errorf("the store is %+v", got)
	}
	if got := state.Values["dept"]["pick"]; string(got.Type) != "static_select" || got.SelectedOption.Value != "" {
		t.Errorf("the department is %+v", got)
	}
	if got := state.Values["shown"]["filter"].SelectedOption.Value; got != "enrolled" {
		t.Errorf("the filter is %q", got)
	}
}

// What is chosen stays when the bot shows the same menu again, and goes with a
// new block id.
func TestChoicesOutliveAnUpdate(t *testing.T) {
	b := start(t, nil)
	b.onInteraction(func(http.ResponseWriter, slack.InteractionCallback) {})
	v, _ := b.opened(t, b.ws.As("U_DANA"), searchForm())
	id := v.ID()
	must(t, v.Select("Store", "corp"))
	_, err := b.client.UpdateView(searchForm(), "", "", id)
	must(t, err)
	if got, _ := v.Chosen("Store"); got != "corp" {
		t.Errorf("after an update the store is %q", got)
	}
	fresh := searchForm()
	fresh.Blocks.BlockSet[1] = slack.NewInputBlock("store2", plain("Store"), nil, storeMenu("Choose a store"))
	_, err = b.client.UpdateView(fresh, "", "", id)
	must(t, err)
	if got, _ := v.Chosen("Store"); got != "lab" {
		t.Errorf("with a new block id the store is %q", got)
	}
}

// The page picks by ids; what is not offered any more counts for nothing.
func TestMenusByTheirIds(t *testing.T) {
	b := start(t, nil)
	picked := make(chan *slack.BlockAction, 1)
	b.onInteraction(func(_ http.ResponseWriter, in slack.InteractionCallback) { picked <- in.ActionCallback.BlockActions[0] })
	v, _ := b.opened(t, b.ws.As("U_DANA"), searchForm())
	must(t, v.Put([]playground.Entry{{Block: "store", Action: "pick", Picked: []string{"0"}}, {Block: "shown", Action: "filter", Picked: []string{"not"}}}))
	if got, _ := v.Chosen("Store"); got != "corp" {
		t.Errorf("put: %q", got)
	}
	must(t, v.Put([]playground.Entry{{Block: "store", Action: "pick", Picked: []string{"7"}}}))
	if got, _ := v.Chosen("Store"); got != "" {
		t.Errorf("put what is not offered: %q", got)
	}
	if err := v.Submit(); err == nil || !strings.Contains(err.Error(), "Store: Please complete") {
		t.Errorf("submitted without a store: %v", err)
	}
	must(t, v.Pick("shown", "filter", "not"))
	if a := <-picked; a.SelectedOption.Value != "not" {
		t.Errorf("picked %+v", a)
	}
	for name, err := range map[string]error{
		"an option that is gone": v.Pick("shown", "filter", "gone"),
		"a menu that is gone":    v.Pick("shown", "gone", "not"),
		"a field of the form":    v.Pick("store", "pick", "0"),
	} {
		if err == nil {
			t.Errorf("%s: picked", name)
		}
	}
}
