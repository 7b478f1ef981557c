package card

import (
	"strings"
	"time"
	"unicode/utf8"

	"latchkey/flows"
)

// utcFormat is how a time is written where Teams writes none.
const utcFormat = "2006-01-02 15:04 UTC"

// span is a part of words, bounded and clean: plain text, or markup of a time.
type span struct {
	text string
	time bool
	bold bool
}

// spans gives words of at most most runes together; a time counts as written.
func spans(w flows.Words, most int) []span {
	var out []span
	for _, s := range w {
		part := span{text: line(s.Text, most), bold: s.Bold}
		count := part.text
		if !s.At.IsZero() {
			count = cut(s.At.UTC().Format(utcFormat), most)
			part.text, part.time = count, tellable(s.At) && most >= len(utcFormat)
			if part.time {
				part.text = moment(s.At)
			}
		}
		if part.text != "" {
			most -= utf8.RuneCountInString(count)
			out = append(out, part)
		}
	}
	return out
}

// moment is a time that the client writes in the reader's zone.
func moment(t time.Time) string {
	at := t.UTC().Format("2006-01-02T15:04:05Z")
	return "{{DATE(" + at + ", SHORT)}} at {{TIME(" + at + ")}}"
}

// tellable reports whether clients can write the time: directories know times
// before 1970 and after 9999.
func tellable(t time.Time) bool { return t.Unix() > 0 && t.Year() <= 9999 }

// spoken gives words for where no times are written: summaries.
func spoken(w flows.Words, most int) string {
	var out strings.Builder
	for _, s := range w {
		left := most - utf8.RuneCountInString(out.String())
		if s.At.IsZero() {
			out.WriteString(line(s.Text, left))
		} else {
			out.WriteString(cut(s.At.UTC().Format(utcFormat), left))
		}
	}
	return strings.TrimSpace(out.String())
}

// unread reports whether a reader would see nothing of the words.
func unread(w flows.Words) bool { return blank(spoken(w, maxSaid)) }

// runs gives words as runs of text, in which nothing is markup.
func runs(w flows.Words, most int, as textRun) []textRun {
	var out []textRun
	for _, s := range spans(w, most) {
		run := as
		run.Type, run.Text = "TextRun", s.text
		if !s.time {
			run.Text = plain(s.text)
		}
		if s.bold {
			run.Weight = "bolder"
		}
		out = append(out, run)
	}
	return out
}

// marked gives words for where Markdown is read.
func marked(w flows.Words, most int) string {
	var out strings.Builder
	for _, s := range spans(w, most) {
		if s.time {
			out.WriteString(s.text)
		} else {
			out.WriteString(markdown(s.text))
		}
	}
	return begin(strings.TrimSpace(out.String()))
}

func paragraph(runs []textRun) *richText { return &richText{Type: "RichTextBlock", Inlines: runs} }

// small is a paragraph of small print.
func small(s string) *richText {
	return paragraph([]textRun{{Type: "TextRun", Text: plain(s), Size: "small", Subtle: true}})
}
