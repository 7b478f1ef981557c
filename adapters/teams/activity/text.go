package activity

import (
	"html"
	"strings"
)

// Mention is somebody named with @ in a text. Bot: it is the recipient.
type Mention struct {
	ID, Name, ObjectID string
	Bot                bool
}

// hear fills in Mentions and Said. The bot's mention is how a line reaches it
// in a channel, and no part of what is said; anybody else's becomes the name.
func (r *Received) hear() error {
	var marks []string // and what each becomes, in pairs
	for _, e := range r.Entities {
		if e.Type != "mention" {
			continue
		}
		if e.Mentioned == nil || !identifier(e.Mentioned.ID) {
			return malformed("a mention names nobody")
		}
		m := Mention{ID: e.Mentioned.ID, Name: e.Mentioned.Name, ObjectID: e.Mentioned.AadObjectID, Bot: e.Mentioned.ID == r.Recipient.ID}
		r.Mentions = append(r.Mentions, m)
		if e.Text == "" {
			continue
		}
		if m.Bot {
			marks = append(marks, e.Text, " ")
		} else {
			marks = append(marks, e.Text, html.EscapeString(m.Name))
		}
	}
	said := r.Text
	if len(marks) > 0 { // in one pass: what a replacement puts in is not looked at again
		said = strings.NewReplacer(marks...).Replace(said)
	}
	r.Said = strings.TrimSpace(strings.ReplaceAll(html.UnescapeString(said), "\u00a0", " "))
	return nil
}
