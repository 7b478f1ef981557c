package blockkit

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Reader says how one person sees what a payload only names: people and
// channels by their names, dates in her time zone. The zero Reader shows ids
// and UTC.
type Reader struct {
	User    func(id string) string
	Channel func(id string) string
	Zone    *time.Location
}

func (r Reader) user(id string) string {
	if r.User != nil {
		return "@" + r.User(id)
	}
	return "@" + id
}

func (r Reader) channel(id string) string {
	if r.Channel != nil {
		return "#" + r.Channel(id)
	}
	return "#" + id
}

func (r Reader) zone() *time.Location {
	if r.Zone != nil {
		return r.Zone
	}
	return time.UTC
}

var (
	angled = regexp.MustCompile(`<[^<>\n]+>`)
	marked = []*regexp.Regexp{pair(`*`), pair(`_`), pair(`~`), pair("`")}
)

// pair matches a word or phrase between two marks, where Slack would take the
// marks as such: not inside a word, not beside a space.
func pair(mark string) *regexp.Regexp {
	m := regexp.QuoteMeta(mark)
	inner := `[^\s` + m + `](?:[^` + m + `\n]*[^\s` + m + `])?`
	return regexp.MustCompile(`(^|[\s(\[:,.;—–-])` + m + `(` + inner + `)` + m + `($|[\s)\]:,.;!?—–-])`)
}

// Mrkdwn reads Slack's markup: mentions, links and dates become what the
// screen shows, the marks of bold and code vanish, entities are undone
// (docs.slack.dev/messaging/formatting-message-text).
func (r Reader) Mrkdwn(s string) string {
	s = angled.ReplaceAllStringFunc(s, func(m string) string { return r.angle(m[1 : len(m)-1]) })
	for _, mark := range marked {
		// Twice, since two marked words share the space between them.
		s = mark.ReplaceAllString(mark.ReplaceAllString(s, "$1$2$3"), "$1$2$3")
	}
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

func (r Reader) angle(in string) string {
	body, label, labelled := strings.Cut(in, "|")
	switch {
	case strings.HasPrefix(body, "@"):
		return r.user(body[1:])
	case strings.HasPrefix(body, "#"):
		return r.channel(body[1:])
	case strings.HasPrefix(body, "!date^"):
		parts := strings.Split(body, "^")
		if len(parts) >= 3 {
			if at, err := strconv.ParseInt(parts[1], 10, 64); err == nil {
				return r.Date(at, parts[2])
			}
		}
		return label
	case strings.HasPrefix(body, "!"):
		return "@" + body[1:]
	case labelled:
		return label
	}
	return body
}

// Date fills Slack's date tokens in the reader's time zone. The "pretty" forms
// show the date, never "today", so that what is read does not depend on the day.
func (r Reader) Date(unix int64, format string) string {
	t := time.Unix(unix, 0).In(r.zone())
	day := t.Format("January 2, 2006")
	short := t.Format("Jan 2, 2006")
	return strings.NewReplacer(
		"{date_num}", t.Format("2006-01-02"), "{date_slash}", t.Format("02/01/2006"),
		"{date_long_full}", day, "{date_long_pretty}", t.Format("Monday, January 2, 2006"), "{date_long}", t.Format("Monday, January 2, 2006"),
		"{date_short_pretty}", short, "{date_short}", short,
		"{date_pretty}", t.Format("January 2"), "{date}", t.Format("January 2"),
		"{time_secs}", t.Format("15:04:05"), "{time}", t.Format("15:04"),
		"{ago}", short+" "+t.Format("15:04"),
	).Replace(format)
}
