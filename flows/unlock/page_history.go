package unlock

import (
	"latchkey/bot"
	"latchkey/flows"
)

// pageHistory shows what was done to and by the user, newest first. back: it
// was opened on a page, and leads back there.
func pageHistory(f historyFound, back bool) flows.Page {
	p := flows.Page{ID: "history", Title: "History", Close: "Close", Keeps: back}
	switch {
	case f.refused != "":
		p.Blocks = append(p.Blocks, say("history.refused", flows.Bad, refusals()[f.refused]))
	case len(f.records) == 0:
		p.Blocks = append(p.Blocks, say("history.none", flows.Plain, "Nothing is recorded about ", f.name, " in ", f.store, " yet."))
	default:
		p.Blocks = append(p.Blocks, say("history.head", flows.Heading, clip("Done to and by "+f.name, 150)))
		for _, r := range f.records {
			p.Blocks = append(p.Blocks, say("history.record", flows.Plain, flows.Sentence(r)))
		}
		if len(f.records) == historyShown {
			p.Blocks = append(p.Blocks, say("history.more", flows.Note, "These are the last 10. Administrators see all with latchkey history list."))
		}
	}
	if back {
		p.Blocks = append(p.Blocks, flows.Block{Buttons: []flows.Button{{Kind: flows.Back, Label: "Back"}}})
	}
	return p
}

// sorry gives what a person may read of an error.
func sorry(err error) string {
	if s := bot.TextOf(err); s != "" {
		return s
	}
	switch bot.KindOf(err) {
	case bot.Unavailable:
		return "a part that is needed does not answer; nothing was changed"
	case bot.Throttled:
		return "too much was asked for within a short time; wait a little"
	}
	return "something went wrong; nothing was changed"
}

// failure is the sentence above a page when an effect could not be done.
func failure(err error, doing flows.EventKind) flows.Block {
	text, then := bot.TextOf(err), " Nothing was changed. Try again in a moment."
	throttled := bot.KindOf(err) == bot.Throttled
	switch kind := bot.KindOf(err); {
	case doing == flows.SendCode && (kind == bot.Invalid || kind == bot.NotFound):
		then = " No code was sent: use another type."
	case doing == flows.SendCode:
		then = " If the code still arrives, it does not count: send a new one in a minute, or use another type."
	}
	switch {
	case text == "" && throttled:
		text = "That was done too often within a short time."
	case text == "":
		text = "Something that is needed does not answer now."
	}
	if throttled {
		then = " Nothing was changed."
	}
	return say("failed", flows.Bad, text, then)
}
