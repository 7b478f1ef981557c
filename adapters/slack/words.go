package slack

import (
	"strings"
	"time"
	"unicode/utf8"

	slackgo "github.com/slack-go/slack"

	"latchkey/flows"
)

// maxSaid bounds the words of one block, in runes; Slack takes 3000.
const maxSaid = 2900

// How a time is written: in the reader's zone where Slack can, else in UTC.
const (
	dateFormat = "{date_short_pretty} at {time}"
	utcFormat  = "2006-01-02 15:04 UTC"
)

// sign stands before a text that is meant in a certain way. What is meant, the
// words behind it say.
func sign(t flows.Tone) string {
	switch t {
	case flows.Good:
		return "✅ "
	case flows.Warning:
		return "⚠️ "
	case flows.Bad:
		return "❌ "
	}
	return ""
}

// plainWords gives words for where Slack takes no times: plain_text, and the
// text that screen readers and notifications read.
func plainWords(w flows.Words, most int) string {
	var s strings.Builder
	for _, span := range w {
		left := most - utf8.RuneCountInString(s.String())
		if span.At.IsZero() {
			s.WriteString(cleanLines(span.Text, left))
		} else {
			s.WriteString(bounded(span.At.UTC().Format(utcFormat), left))
		}
	}
	return strings.TrimSpace(s.String())
}

// richWords gives words as elements of rich text, where nothing is markup, of
// at most most runes together.
func richWords(w flows.Words, most int) []slackgo.RichTextSectionElement {
	var out []slackgo.RichTextSectionElement
	for _, span := range w {
		var style *slackgo.RichTextSectionTextStyle
		if span.Bold {
			style = &slackgo.RichTextSectionTextStyle{Bold: true}
		}
		text := cleanLines(span.Text, most)
		if !span.At.IsZero() {
			text = bounded(span.At.UTC().Format(utcFormat), most)
		}
		if text == "" {
			continue
		}
		most -= utf8.RuneCountInString(text)
		if span.At.IsZero() || !tellable(span.At) {
			out = append(out, slackgo.NewRichTextSectionTextElement(text, style))
			continue
		}
		date := slackgo.NewRichTextSectionDateElement(span.At.Unix(), dateFormat, nil, &text)
		date.Style = style
		out = append(out, date)
	}
	return out
}

// tellable reports whether Slack can write the time: directories know times
// before 1970 and after 9999.
func tellable(t time.Time) bool { return t.Unix() > 0 && t.Year() <= 9999 }

func hasTime(w flows.Words) bool {
	for _, span := range w {
		if !span.At.IsZero() {
			return true
		}
	}
	return false
}

// unread reports whether a reader would see nothing of the words.
func unread(w flows.Words) bool { return blank(plainWords(w, maxSaid)) }

// rich makes a rich text block.
func rich(elements []slackgo.RichTextSectionElement) *slackgo.RichTextBlock {
	return slackgo.NewRichTextBlock("", slackgo.NewRichTextSection(elements...))
}
