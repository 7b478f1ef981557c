package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"unicode"

	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
)

// answer writes what a command found: v with --json, else text.
func (p *program) answer(v any, text string) error {
	if p.json {
		e := json.NewEncoder(p.out)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(v)
	}
	_, err := fmt.Fprintln(p.out, strings.TrimRight(text, "\n"))
	return err
}

// table sets rows in columns under a heading.
func table(heading []string, rows [][]string) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{heading}, rows...) {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = plain(cell)
		}
		_, _ = fmt.Fprintln(w, strings.Join(cells, "\t"))
	}
	_ = w.Flush()
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// plain keeps what people and directories wrote from steering a terminal:
// control and format characters (escape sequences, right-to-left marks) go.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r != ' ' && !unicode.IsGraphic(r) {
			return '\uFFFD'
		}
		return r
	}, s)
}

// problem is why a command failed.
type problem struct {
	Kind   string        `json:"kind"`
	Text   string        `json:"text"`
	Cause  string        `json:"cause,omitempty"`
	Faults config.Faults `json:"faults,omitempty"` // of the configuration, or of a file to import
}

// faultyConfiguration stands for the faults where only they are told.
const faultyConfiguration = "The configuration has faults."

// problemOf tells an error to an administrator: the sentence for people, and
// the cause too where it is a part's trouble.
func problemOf(err error) problem {
	p := problem{Kind: string(bot.KindOf(err)), Text: bot.TextOf(err)}
	if errors.As(err, &p.Faults) {
		if p.Text == "" {
			p.Text = faultyConfiguration
		}
		return p
	}
	switch kind := bot.KindOf(err); {
	case p.Text == "":
		p.Text = err.Error()
	case kind == bot.Unavailable || kind == bot.Internal:
		p.Cause = causeOf(err)
	}
	return p
}

// causeOf gives what lies below our own errors: what a library or the system said.
func causeOf(err error) string {
	for {
		var e *bot.Error
		if !errors.As(err, &e) {
			return err.Error()
		}
		if e.Err == nil {
			return ""
		}
		err = e.Err
	}
}

// fail writes a problem to the error output.
func (p *program) fail(why problem) {
	if p.json {
		e := json.NewEncoder(p.err)
		e.SetEscapeHTML(false)
		_ = e.Encode(map[string]problem{"error": why})
		return
	}
	if len(why.Faults) > 0 {
		_, _ = fmt.Fprintln(p.err, plainLines(why.Faults.Error()))
		if why.Text != faultyConfiguration {
			_, _ = fmt.Fprintln(p.err, "latchkey: "+plain(why.Text))
		}
		return
	}
	_, _ = fmt.Fprintln(p.err, "latchkey: "+plain(why.Text))
	if why.Cause != "" {
		_, _ = fmt.Fprintln(p.err, "  cause: "+plain(why.Cause))
	}
}

func plainLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = plain(lines[i])
	}
	return strings.Join(lines, "\n")
}
