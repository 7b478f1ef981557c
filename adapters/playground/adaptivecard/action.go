package adaptivecard

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// maxActions is how many buttons the renderer draws side by side.
const maxActions = 5

// maxUserIDs is how many people may have a view of their own
// (learn.microsoft.com, "User Specific Views").
const maxUserIDs = 60

// cardRule judges a card; the outer one has a version, one inside a button
// takes the version of the card around it.
func cardRule(outer bool) rule {
	return func(r *report, at string, v any) {
		s := shape{must: fields{"body": elements}, may: fields{
			"version": version, "actions": actions, "selectAction": selectAction, "fallbackText": text, "speak": text,
			"minHeight": inPixels, "rtl": flag, "verticalContentAlignment": vertical, "$schema": text}}
		if outer {
			s.must = s.must.with(fields{"version": version})
			s.may = s.may.with(fields{"refresh": kind("Refresh", shape{
				must: fields{"action": typed("Action.Execute", action)}, may: fields{"userIds": list(0, maxUserIDs, filled)}}),
				"msteams": kind("", shape{may: fields{"width": oneOf("Full"), "entities": list(0, anyNumber, object)}})})
		}
		if member(v, "type") != "AdaptiveCard" {
			r.add(under(at, "type"), "must be AdaptiveCard")
			return
		}
		kind("AdaptiveCard", s)(r, at, v)
	}
}

var versions = regexp.MustCompile(`^1\.([0-9]+)$`)

// version judges the version: Teams draws up to 1.5, and Action.Execute, which
// every card here has or may get, came with 1.4.
func version(r *report, at string, v any) {
	m := versions.FindStringSubmatch(str(v))
	if m == nil {
		r.add(at, "must be a version such as 1.5")
		return
	}
	if minor, err := strconv.Atoi(m[1]); err != nil || minor > 5 {
		r.add(at, "Teams takes versions up to 1.5")
	} else if minor < 4 {
		r.add(at, "Action.Execute needs version 1.4 at least")
	}
}

// actions judges a row of buttons.
func actions(r *report, at string, v any) { list(1, maxActions, action)(r, at, v) }

func action(r *report, at string, v any) {
	oneOfType("an action", actionShape)(r, at, v)
}

// selectAction judges what a tap on an element does; no card can open there.
func selectAction(r *report, at string, v any) {
	oneOfType("an action", func(name string) (shape, bool) {
		s, ok := actionShape(name)
		delete(s.must, "title")
		s.may["title"] = text
		return s, ok && name != "Action.ShowCard"
	})(r, at, v)
}

func actionShape(name string) (shape, bool) {
	must := fields{"title": filled}
	may := fields{"iconUrl": picture, "id": filled, "style": oneOf("default", "positive", "destructive"), "tooltip": text,
		"isEnabled": flag, "mode": oneOf("primary", "secondary"), "requires": requires, "fallback": fallback(action)}
	inputs := fields{"data": object, "associatedInputs": oneOf("auto", "none")}
	switch name {
	case "Action.Execute":
		return shape{must: must.with(fields{"verb": filled}), may: may.with(inputs)}, true
	case "Action.Submit":
		return shape{must: must, may: may.with(inputs), also: []func(r *report, at string, o map[string]any){teamsData}}, true
	case "Action.OpenUrl":
		return shape{must: must.with(fields{"url": link}), may: may}, true
	case "Action.ShowCard":
		return shape{must: must.with(fields{"card": func(r *report, at string, v any) { cardRule(false)(r, at, v) }}), may: may,
			also: []func(r *report, at string, o map[string]any){noCardInCard}}, true
	case "Action.ToggleVisibility":
		target := func(r *report, at string, v any) {
			if str(v) == "" {
				kind("TargetElement", shape{must: fields{"elementId": filled}, may: fields{"isVisible": flag}})(r, at, v)
			}
		}
		return shape{must: must.with(fields{"targetElements": list(1, anyNumber, target)}), may: may}, true
	}
	return shape{may: may}, false
}

// noCardInCard: a button inside a card that a button opened opens no further
// one; the renderer does not draw it.
func noCardInCard(r *report, at string, o map[string]any) {
	for _, a := range rows(member(o["card"], "actions"), member(o["card"], "body")) {
		if a["type"] == "Action.ShowCard" {
			r.add(under(at, "card"), "an Action.ShowCard may not stand inside another")
		}
	}
}

// rows lists the actions of a card, those of action sets in its body too.
func rows(list, body any) []map[string]any {
	var out []map[string]any
	for _, a := range items(list) {
		if o, ok := a.(map[string]any); ok {
			out = append(out, o)
		}
	}
	for _, e := range items(body) {
		o, _ := e.(map[string]any)
		switch o["type"] {
		case "ActionSet":
			out = append(out, rows(o["actions"], nil)...)
		case "Container", "Column":
			out = append(out, rows(nil, o["items"])...)
		case "ColumnSet":
			for _, c := range items(o["columns"]) {
				out = append(out, rows(nil, member(c, "items"))...)
			}
		}
	}
	return out
}

// teamsData judges the part of a button's data that Teams itself reads.
func teamsData(r *report, at string, o map[string]any) {
	ms, stands := member(o["data"], "msteams").(map[string]any)
	if !stands {
		return
	}
	if kind := str(ms["type"]); !slices.Contains([]string{"task/fetch", "messageBack", "imBack", "signin", "invoke"}, kind) {
		r.add(at+"/data/msteams/type", "%q is not a type that Teams knows, such as task/fetch", clip(kind))
	}
}

// acrossCard holds the rules that no single element can break: ids used twice,
// in fallbacks too, and targets that are not there.
func acrossCard(r *report, card any) {
	ids := map[string]bool{}
	var targets [][2]string
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case []any:
			for i, item := range v {
				walk(at+"/"+strconv.Itoa(i), item)
			}
		case map[string]any:
			if id := str(v["id"]); id != "" && str(v["type"]) != "" {
				if ids[id] {
					r.add(under(at, "id"), "the id %q is used twice", clip(id))
				}
				ids[id] = true
			}
			for i, t := range items(v["targetElements"]) {
				id := str(t)
				if id == "" {
					id = str(member(t, "elementId"))
				}
				targets = append(targets, [2]string{at + "/targetElements/" + strconv.Itoa(i), id})
			}
			for _, key := range slices.Sorted(maps.Keys(v)) {
				if key != "data" && key != "msteams" {
					walk(under(at, key), v[key])
				}
			}
			longLine(r, at, v)
		}
	}
	walk("", card)
	for _, t := range targets {
		if !ids[t[1]] {
			r.add(t[0], "no element has the id %q", clip(t[1]))
		}
	}
}

// longLine: without wrap a long line is cut off at the card's edge.
func longLine(r *report, at string, o map[string]any) {
	if o["type"] == "TextBlock" && o["wrap"] != true && len([]rune(strings.TrimSpace(str(o["text"])))) > 40 {
		r.add(at, "a text of more than 40 characters needs wrap")
	}
}
