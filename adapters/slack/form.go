package slack

import (
	"errors"
	"net/url"
	"unicode/utf8"
)

var errForm = errors.New("the form is not what Slack sends")

// readForm parses a form strictly: a field that stands twice is refused, since
// one reader would take the first and another the last, and so is text that is
// not UTF-8.
func readForm(body []byte) (url.Values, error) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, errForm
	}
	for key, all := range form {
		if len(all) != 1 || !utf8.ValidString(key) || !utf8.ValidString(all[0]) {
			return nil, errForm
		}
	}
	return form, nil
}
