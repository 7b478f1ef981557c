package adaptivecard

import (
	"html"
	"regexp"
	"strconv"
	"strings"
	"time"
)

func step(at string, n int) string { return at + "/" + strconv.Itoa(n) }

var (
	moment = regexp.MustCompile(`\{\{(DATE|TIME)\(([^,()]+)(?:, ?(COMPACT|SHORT|LONG))?\)\}\}`)
	// marks is the Markdown that a text block draws: links, strong and
	// emphasised words, and characters that a backslash makes plain.
	marks = regexp.MustCompile(`\\([\\*_\[\]()#+\-.!~` + "`" + `|<>])|\[([^\]\[]*)\]\(([^()\s]*)\)|\*\*|(^|\s)_([^_\n]+)_`)
)

// Text reads the text of a text block or a fact: without its marks, with
// dates in the reader's zone.
func (r Reader) Text(s string) string {
	zone := r.Zone
	if zone == nil {
		zone = time.UTC
	}
	s = moment.ReplaceAllStringFunc(s, func(found string) string {
		m := moment.FindStringSubmatch(found)
		at, err := time.Parse(time.RFC3339, strings.TrimSpace(m[2]))
		if err != nil {
			return found // as the client does
		}
		return at.In(zone).Format(layout(m[1], m[3]))
	})
	s = marks.ReplaceAllStringFunc(s, func(found string) string {
		m := marks.FindStringSubmatch(found)
		return m[1] + m[2] + m[4] + m[5]
	})
	return html.UnescapeString(s)
}

func layout(kind, length string) string {
	switch {
	case kind == "TIME":
		return "15:04"
	case length == "LONG":
		return "Monday, January 2, 2006"
	case length == "SHORT":
		return "Mon, Jan 2, 2006"
	}
	return "1/2/2006"
}

// runs reads a rich text: no Markdown is drawn there.
func (r Reader) runs(o map[string]any) string {
	var out strings.Builder
	for _, run := range items(o["inlines"]) {
		out.WriteString(str(run))
		out.WriteString(str(member(run, "text")))
	}
	return out.String()
}

// Incomplete tells what the client says under an input instead of sending the
// form; "" when the input is in order.
func (i Input) Incomplete() string {
	say := orElse(i.Element["errorMessage"], "the value of "+i.Label+" is not valid")
	if i.Value == "" || i.Kind == "Input.Toggle" && i.Value == orElse(i.Element["valueOff"], "false") {
		if i.Element["isRequired"] == true {
			return say
		}
		return ""
	}
	switch i.Kind {
	case "Input.Text":
		if pattern, err := regexp.Compile(str(i.Element["regex"])); err == nil && !pattern.MatchString(i.Value) {
			return say
		}
	case "Input.Number":
		n, err := strconv.ParseFloat(i.Value, 64)
		if err != nil || outside(n, i.Element) {
			return say
		}
	case "Input.Date", "Input.Time":
		low, high := str(i.Element["min"]), str(i.Element["max"])
		form := map[string]*regexp.Regexp{"Input.Date": day, "Input.Time": clock}[i.Kind]
		if !form.MatchString(i.Value) || i.Value < low || high != "" && i.Value > high {
			return say
		}
	}
	return ""
}

func outside(n float64, o map[string]any) bool {
	bound := func(key string) (float64, bool) {
		number, ok := o[key].(interface{ Float64() (float64, error) })
		if !ok {
			return 0, false
		}
		f, err := number.Float64()
		return f, err == nil
	}
	low, isLow := bound("min")
	high, isHigh := bound("max")
	return isLow && n < low || isHigh && n > high
}
