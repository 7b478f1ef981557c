package slack

import (
	"encoding/json"
	"net/http"

	"go.uber.org/zap"

	"latchkey/adapters/chat"
)

// envelope is what the Events API sends (docs.slack.dev/apis/events-api).
type envelope struct {
	Type       string `json:"type"`
	Challenge  string `json:"challenge"`
	EventID    string `json:"event_id"`
	Team       string `json:"team_id"`
	Enterprise string `json:"enterprise_id"`
	Shared     bool   `json:"is_ext_shared_channel"`
	Event      struct {
		Type string `json:"type"`
		User string `json:"user"`
		Tab  string `json:"tab"`
	} `json:"event"`
}

// event answers the Events API. An event that is not used is acknowledged too,
// or Slack would send it again and at last switch the address off.
func (a *Adapter) event(r request) answer {
	var e envelope
	if err := json.Unmarshal(r.body, &e); err != nil || e.Type == "" {
		return refused(http.StatusBadRequest, textGarbled)
	}
	key := "event:" + e.EventID
	if e.EventID == "" {
		key = "event:" + r.signature
	}
	seen := a.first(r.Context(), r.signature, key, eventLife)
	switch {
	case seen == replayed:
		return refused(http.StatusUnauthorized, textUnsigned)
	case e.Type == "url_verification": // an echo, whatever Redis says
		return answered(map[string]string{"challenge": e.Challenge})
	case seen == unknown:
		return refused(http.StatusServiceUnavailable, chat.TextAway) // Slack sends it again
	case seen == isNew && e.Event.Type == "app_home_opened":
		return a.homeOpened(e)
	case seen == isNew:
		a.log.Debug("slack event that is not used", zap.String("kind", trim(e.Event.Type, 40)))
	}
	return answered(nil)
}

// noOptions is an empty list: no page has a menu that loads its options.
type noOptions struct {
	Options []string `json:"options"`
}

func (a *Adapter) options(r request) answer {
	p, err := readPayload(r.body)
	if err != nil {
		return refused(http.StatusBadRequest, textGarbled)
	}
	if a.first(r.Context(), r.signature, "options:"+r.signature, replayLife) == replayed {
		return refused(http.StatusUnauthorized, textUnsigned)
	}
	a.log.Debug("slack asks for options that no page has", zap.String("user", p.User.ID))
	return answered(noOptions{Options: []string{}})
}
