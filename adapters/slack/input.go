package slack

import (
	"strconv"

	slackgo "github.com/slack-go/slack"

	"latchkey/adapters/chat"
	"latchkey/flows"
)

// again reports whether the page has named the field before. Only the first
// input of a field is shown: what is typed into two could not be told apart.
func (r *renderer) again(field string) bool {
	before := r.fields[field]
	r.fields[field] = true
	return before
}

// input is something to type. Its block id stays the same over updates, so
// that Slack keeps what was typed, until Fresh changes.
func (r *renderer) input(in flows.Input) {
	if !r.modal || !r.submit || in.Field == "" || r.again(in.Field) {
		return // a message takes no inputs, and nothing could send this one
	}
	most := in.Max
	if most <= 0 {
		most = 256
	}
	most = min(most, maxTyped)
	element := slackgo.NewPlainTextInputBlockElement(nil, valueID).WithMaxLength(most).WithMultiline(in.Lines)
	if s := clean(in.Placeholder, 150); !blank(s) {
		element.Placeholder = plain(s)
	}
	if s := bounded(scrub(in.Initial), most); !blank(s) {
		element.InitialValue = s
	}
	mark := ""
	if in.Fresh != "" {
		mark = chat.Fingerprint(in.Fresh)
	}
	block := slackgo.NewInputBlock(fieldBlock(inputMark, in.Field, mark),
		plain(or(clean(in.Label, maxHeader), "Text")), nil, element).WithOptional(in.Optional)
	if s := clean(in.Hint, 500); !blank(s) {
		block.Hint = plain(s)
	}
	r.add(block)
}

// menu is a choice of one. Its block id changes with what can be chosen, and
// with what is: the page says what stands there first.
func (r *renderer) menu(m flows.Menu) {
	if !r.modal || !r.submit || m.Field == "" || r.again(m.Field) {
		return
	}
	var all []*slackgo.OptionBlockObject
	var first *slackgo.OptionBlockObject
	for _, o := range m.Options[:min(len(m.Options), maxMenu)] {
		if o.Row < 0 || o.Row > maxRow {
			continue
		}
		option := slackgo.NewOptionBlockObject(strconv.Itoa(o.Row), plain(or(clean(o.Label, maxOption), "–")), nil)
		all = append(all, option)
		if o.Checked && first == nil {
			first = option
		}
	}
	if len(all) == 0 {
		return
	}
	element := slackgo.NewOptionsSelectBlockElement(slackgo.OptTypeStatic, nil, valueID, all...)
	element.InitialOption = first
	label := plain(or(clean(m.Label, maxHeader), "Choose"))
	r.add(slackgo.NewInputBlock(fieldBlock(menuMark, m.Field, chat.Fingerprint(m.Options)), label, nil, element))
}

// choices are check boxes. Their block id changes with what can be chosen:
// what was ticked of an older list must not stay ticked.
func (r *renderer) choices(c flows.Choices) {
	boxes, ticked := options(c.Options)
	switch {
	case len(boxes) == 0:
		return
	case !r.modal || !r.submit || c.Field == "" || r.again(c.Field):
		r.facts(choiceFacts(c))
		return
	}
	element := slackgo.NewCheckboxGroupsBlockElement(valueID, boxes...)
	element.InitialOptions = ticked
	id := fieldBlock(choicesMark, c.Field, chat.Fingerprint(c.Options))
	r.add(slackgo.NewInputBlock(id, plain(or(clean(c.Label, maxHeader), "Choose")), nil, element))
	if len(c.Options) > maxOptions {
		r.add(slackgo.NewContextBlock("", plain("Only the first "+strconv.Itoa(len(boxes))+" are shown.")))
	}
}

func options(all []flows.Option) (boxes, ticked []*slackgo.OptionBlockObject) {
	seen := map[int]bool{}
	for _, o := range all {
		if seen[o.Row] || o.Row < 0 || o.Row > maxRow || len(boxes) == maxOptions {
			continue
		}
		seen[o.Row] = true
		box := slackgo.NewOptionBlockObject(strconv.Itoa(o.Row), plain(or(clean(o.Label, maxOption), "–")), nil)
		if s := clean(o.Detail, maxOption); !blank(s) {
			box.Description = plain(s)
		}
		boxes = append(boxes, box)
		if o.Checked {
			ticked = append(ticked, box)
		}
	}
	return boxes, ticked
}

// choiceFacts says what could be chosen, where nothing can be.
func choiceFacts(c flows.Choices) []flows.Fact {
	var facts []flows.Fact
	for _, o := range c.Options[:min(len(c.Options), maxOptions)] {
		facts = append(facts, flows.Fact{Label: o.Label, Value: flows.Say(o.Detail)})
	}
	return facts
}
