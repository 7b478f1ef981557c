package playground

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"latchkey/adapters/playground/blockkit"
)

// maxBody bounds what one call may carry, in bytes.
const maxBody = 1 << 20

// arguments are what a call brings, decoded alike from a form and from JSON.
type arguments struct {
	values map[string]any
	token  string // from the form; the header's token is read elsewhere
	json   bool
}

// readArguments decodes the body of a call. The error text is Slack's code.
func readArguments(r *http.Request) (arguments, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return arguments{}, fmt.Errorf("reading the body: %w", err)
	}
	if len(body) > maxBody {
		return arguments{}, errors.New("request_too_large")
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil && len(body) > 0 {
		return arguments{}, errors.New("missing_post_type")
	}
	switch {
	case kind == "application/json" && len(body) > 0:
		v, err := blockkit.Decode(body)
		o, ok := v.(map[string]any)
		if err != nil || !ok {
			return arguments{}, errors.New("json_not_object")
		}
		delete(o, "token")
		return arguments{values: o, json: true}, nil
	case kind == "application/x-www-form-urlencoded" || len(body) == 0:
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return arguments{}, errors.New("invalid_form_data")
		}
		return formArguments(form)
	}
	return arguments{}, errors.New("invalid_post_type")
}

// formArguments turns the strings of a form into what JSON would have brought.
func formArguments(form url.Values) (arguments, error) {
	a := arguments{values: map[string]any{}, token: form.Get("token")}
	for key, all := range form {
		if len(all) != 1 {
			return arguments{}, errors.New("invalid_form_data")
		}
		value := all[0]
		switch key {
		case "token":
			continue
		case "blocks", "view", "metadata", "attachments":
			v, err := blockkit.Decode([]byte(value))
			if err != nil {
				return arguments{}, fmt.Errorf("invalid_%s_format", key)
			}
			a.values[key] = v
		case "mrkdwn", "unfurl_links", "unfurl_media", "reply_broadcast", "return_im", "include_locale", "link_names":
			switch value {
			case "true", "1":
				a.values[key] = true
			case "false", "0":
				a.values[key] = false
			default:
				a.values[key] = value
			}
		default:
			a.values[key] = value
		}
	}
	return a, nil
}

// bearer reads the token of a call: the header first, then the form.
func (a arguments) bearer(r *http.Request) string {
	if h := r.Header.Get("Authorization"); h != "" {
		token, _ := strings.CutPrefix(h, "Bearer ")
		return token
	}
	return a.token
}

func (a arguments) str(key string) string { return str(a.values[key]) }
