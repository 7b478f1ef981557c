package activity

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// A key that stands twice is read by one reader as the first value, by another
// as the last: refused, wherever it stands. Keys are taken as they are written.
func TestKeysThatStandTwice(t *testing.T) {
	for name, c := range map[string]struct {
		from, to string
		refused  bool
	}{
		"none":                    {`"name"`, `"name"`, false},
		"at the top":              {`"type"`, `"type":"message","type"`, true},
		"in an account":           {`"aadObjectId"`, `"aadObjectId":"x","aadObjectId"`, true},
		"in what nobody reads":    {`"type"`, `"unread":{"a":{"x":1},"a":2},"type"`, true},
		"in a list there":         {`"type"`, `"unread":[{"a":1,"b":"a","a":null}],"type"`, true},
		"escaped":                 {`"type"`, `"typ\u0065":"message","type"`, true},
		"the same in two objects": {`"type"`, `"unread":[{"a":1},{"a":1}],"type"`, false},
		"in another case, unread": {`"type"`, `"TYPE":"message","type"`, false},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := json.Marshal(invoke(TaskFetch, fields{}))
			if err != nil {
				t.Fatal(err)
			}
			body := strings.Replace(string(data), c.from, c.to, 1)
			r, err := Read([]byte(body))
			switch {
			case c.refused && (!errors.Is(err, ErrMalformed) || !strings.Contains(err.Error(), "stands twice")):
				t.Errorf("%s: %v", body, err)
			case !c.refused && (err != nil || r.Type != "invoke"):
				t.Errorf("type %q, %v", r.Type, err)
			}
		})
	}
}

// What is said of a body that cannot be read holds nothing of it.
func TestRefusalsQuoteNothing(t *testing.T) {
	for _, body := range []string{`{"type":"canary"`, `{"type":17,"text":"canary"}`, `{"canary":1,"canary":2}`, `{"type":"canary"} canary`, "{\"text\":\"canary\xff\"}"} {
		if _, err := Read([]byte(body)); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", body, err)
		}
	}
}
