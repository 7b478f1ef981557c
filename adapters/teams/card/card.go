package card

import (
	"encoding/json"
	"slices"
	"strings"

	"latchkey/flows"
)

// ContentType names an Adaptive Card, as an attachment and as an answer.
const ContentType = "application/vnd.microsoft.card.adaptive"

// Card is an Adaptive Card of version 1.5, below 28 KB as JSON whatever the
// page. Encode it with encoding/json.
type Card struct {
	Type         string    `json:"type"`
	Schema       string    `json:"$schema"`
	Version      string    `json:"version"`
	FallbackText string    `json:"fallbackText"`
	Body         []element `json:"body"`
	Actions      []action  `json:"actions,omitempty"` // of a dialog: what sends its form
	Refresh      *refresh  `json:"refresh,omitempty"`

	encoded []byte // as JSON, since its length had to be known
}

// MarshalJSON gives the card as it was measured.
func (c Card) MarshalJSON() ([]byte, error) {
	if c.encoded != nil {
		return c.encoded, nil
	}
	return json.Marshal(unmeasured(c))
}

// unmeasured is a card whose members are encoded.
type unmeasured Card

// refresh lets the client of each person named ask for his own view of a card.
type refresh struct {
	Action  action   `json:"action"`
	UserIDs []string `json:"userIds"` // empty: nobody asks any more
}

// Dialog renders a page as what stands in a dialog, below Title: all of its
// buttons are Action.Submit, and none but the page's Submit asks for what must
// be filled in. What closes it is the dialog's own cross, of which a bot never
// hears.
func Dialog(p flows.Page) Card { return (&renderer{dialog: true}).card(p) }

// Corrected is a dialog that was sent and comes back: it holds what was typed
// and ticked, and under each field what is wrong with it.
func Corrected(p flows.Page, sent flows.Event, amiss map[string]string) Card {
	return (&renderer{dialog: true, sent: &sent, amiss: amiss}).card(p)
}

// Followed is the dialog that comes after a form: what was typed and chosen
// stands in the inputs that both have, unless the page says that it must go
// (Input.Fresh). sent is the data of the form.
func Followed(p flows.Page, sent json.RawMessage) Card {
	kept := map[string]string{}
	if !fillable(p) {
		return (&renderer{dialog: true}).card(p)
	}
	if values, err := members(sent); err == nil {
		for id, value := range values {
			if s, err := text(value); err == nil && s != "" {
				kept[id] = s
			}
		}
	}
	return (&renderer{dialog: true, kept: kept}).card(p)
}

// fillable tells whether a page has anything to fill in.
func fillable(p flows.Page) bool {
	return slices.ContainsFunc(p.Blocks, func(b flows.Block) bool { return b.Input != nil || b.Choices != nil || b.Menu != nil })
}

// Opener renders a page as a message whose buttons open what a command was
// typed for; who is what was typed after it.
func Opener(p flows.Page, who string) Card {
	return (&renderer{who: name(who, maxWho)}).card(p)
}

// Message renders a page as a message. It takes no inputs: what is typed
// belongs into a dialog.
func Message(p flows.Page) Card { return (&renderer{}).card(p) }

// Base renders a page as the message that everybody sees, without buttons. The
// clients of the viewers (MRIs; those after the 60th are left out, which
// decides nothing: they read the base card) ask for their own view, in the name
// of the page's token. After the decision there are none.
func Base(p flows.Page, viewers []string) Card {
	ask := []string{}
	for _, v := range viewers {
		if len(ask) < maxViewers && len(v) > 0 && len(v) <= maxViewer {
			ask = append(ask, v)
		}
	}
	return (&renderer{bare: true, viewers: ask}).card(p)
}

// Title is what stands above a dialog, and names a message; at most 60 runes.
func Title(p flows.Page) string { return or(name(p.Title, 60), "Latchkey") }

// newCard is a card without a body.
func (r *renderer) newCard(p flows.Page) Card {
	c := Card{
		Type: "AdaptiveCard", Schema: "http://adaptivecards.io/schemas/adaptive-card.json", Version: "1.5",
		FallbackText: inert(strings.ReplaceAll(cut(Summary(p), maxFallback), "\n", " ")), Body: []element{},
	}
	if r.bare {
		act := act{kind: flows.Look}.id()
		c.Refresh = &refresh{UserIDs: r.viewers,
			Action: action{Type: executes, Title: "Refresh", Verb: act, Data: &data{Act: act, Token: tokenOf(p)}}}
	}
	return c
}
