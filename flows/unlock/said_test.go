package unlock

import (
	"strings"

	"latchkey/flows"
)

// said gives every word that a person can read on a page, a line a part.
func said(p flows.Page) string {
	var out []string
	add := func(s ...string) { out = append(out, s...) }
	button := func(b *flows.Button) {
		if b != nil {
			add(b.Label, b.Name)
		}
	}
	add(p.Title, p.Close)
	button(p.Submit)
	for _, b := range p.Blocks {
		if b.Text != nil {
			add(b.Text.Said.Plain())
		}
		for _, f := range b.Facts {
			add(f.Label, f.Value.Plain())
		}
		for i := range b.Buttons {
			button(&b.Buttons[i])
		}
		if b.Row != nil {
			add(b.Row.Title)
			for _, w := range b.Row.Lines() {
				add(w.Plain())
			}
			button(b.Row.Button)
		}
		if b.Input != nil {
			add(b.Input.Label, b.Input.Hint, b.Input.Placeholder, b.Input.Initial)
		}
		if b.Wait != nil {
			add(b.Wait.Until)
		}
		if b.Menu != nil {
			add(b.Menu.Label)
			for _, o := range b.Menu.Options {
				add(o.Label)
			}
		}
		if b.Choices != nil {
			add(b.Choices.Label)
			for _, o := range b.Choices.Options {
				add(o.Label, o.Detail)
			}
		}
	}
	return strings.Join(out, "\n")
}
