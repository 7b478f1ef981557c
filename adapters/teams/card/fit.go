package card

import (
	"encoding/json"
	"fmt"

	"latchkey/flows"
)

// maxBytes bounds a card as JSON. Teams takes messages below 28 KB, with all
// that stands around the card.
const maxBytes = 25 << 10

// limits bound the words of a card, in runes: of a block, of a label, of what
// stands in an input first.
type limits struct{ said, label, typed int }

// tighter is tried from the first on until a card fits.
func tighter() []limits {
	return []limits{{maxSaid, maxTitle, maxTyped}, {1200, 150, maxTyped}, {400, 75, 1200}, {150, 40, 400}}
}

// card gives the page within Teams' size: first long words are cut shorter,
// then lists.
func (r *renderer) card(p flows.Page) Card {
	var c Card
	var parts []part
	for _, within := range tighter() {
		c = r.newCard(p)
		parts = r.body(p, within)
		c.Actions = r.footer(p)
		if whole := c.with(parts); len(whole.encoded) <= maxBytes {
			return whole
		}
	}
	return c.with(shorten(parts, maxBytes-size(c)))
}

// with gives the card with a body, encoded.
func (c Card) with(parts []part) Card {
	for _, part := range parts {
		c.Body = append(c.Body, part.element)
	}
	c.encoded, _ = json.Marshal(unmeasured(c)) // nothing here has a value without a JSON form
	return c
}

// roomForMore is what the line takes that says how much is left out.
const roomForMore = 250

// shorten leaves out what does not fit, from the end on, and says there how
// much it is; buttons and inputs go last.
func shorten(parts []part, room int) []part {
	for _, vital := range []bool{false, true} {
		if sizes(parts) <= room {
			return parts
		}
		room := room - roomForMore
		left, out, at := sizes(parts), map[int]bool{}, len(parts)
		for i := len(parts) - 1; i >= 0 && left > room; i-- {
			if vital || !parts[i].vital {
				out[i], at = true, i
				left -= size(parts[i].element)
			}
		}
		if left > room && !vital {
			continue
		}
		var kept []part
		for i, p := range parts {
			if i == at {
				kept = append(kept, part{element: small(more(len(out)))})
			}
			if !out[i] {
				kept = append(kept, p)
			}
		}
		return kept
	}
	return parts
}

func more(n int) string {
	if n == 1 {
		return "There is 1 more entry that does not fit here."
	}
	return fmt.Sprintf("There are %d more entries that do not fit here.", n)
}

func sizes(parts []part) int {
	sum := 0
	for _, p := range parts {
		sum += size(p.element)
	}
	return sum
}

// size is what a value takes as JSON and a comma, in the longest way in which
// it is written: with <, > and & escaped.
func size(v any) int {
	data, err := json.Marshal(v)
	if err != nil {
		return maxBytes // cannot be: nothing here has a value without a JSON form
	}
	return len(data) + 1
}
