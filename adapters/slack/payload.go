package slack

import (
	"bytes"
	"encoding/json"
)

// payload is an interaction, with the parts that are used and no others, so
// that an element which Slack invents tomorrow breaks nothing
// (docs.slack.dev/reference/interaction-payloads).
type payload struct {
	Type        string `json:"type"`
	CallbackID  string `json:"callback_id"` // of a shortcut
	TriggerID   string `json:"trigger_id"`
	ResponseURL string `json:"response_url"`
	Team        struct {
		ID           string `json:"id"`
		EnterpriseID string `json:"enterprise_id"`
	} `json:"team"`
	Enterprise struct {
		ID string `json:"id"`
	} `json:"enterprise"`
	User struct {
		ID     string `json:"id"`
		TeamID string `json:"team_id"`
	} `json:"user"`
	Shared  bool `json:"is_ext_shared_channel"`
	Channel struct {
		Shared    bool `json:"is_ext_shared"`
		SharedToo bool `json:"is_ext_shared_channel"`
	} `json:"channel"`
	Message struct { // that a message shortcut was used on
		User  string `json:"user"`
		BotID string `json:"bot_id"`
	} `json:"message"`
	View    view    `json:"view"`
	Actions []press `json:"actions"`
}

// view is the dialog that was submitted, closed or clicked in.
type view struct {
	ID         string `json:"id"`
	Type       string `json:"type"` // modal or home
	Hash       string `json:"hash"`
	CallbackID string `json:"callback_id"`
	Token      string `json:"private_metadata"`
	Blocks     []struct {
		ID       string `json:"block_id"`
		Type     string `json:"type"`
		Optional bool   `json:"optional"`
	} `json:"blocks"`
	State struct {
		Values map[string]map[string]value `json:"values"`
	} `json:"state"`
}

// press is one element that was used.
type press struct {
	ActionID string `json:"action_id"`
	Value    string `json:"value"`
}

// value is what an element holds.
type value struct {
	Typed  string `json:"value"` // null reads as ""
	Ticked []struct {
		Value string `json:"value"`
	} `json:"selected_options"`
	Chosen struct {
		Value string `json:"value"`
	} `json:"selected_option"` // null reads as none
}

// readPayload reads the one field of an interaction's form.
func readPayload(body []byte) (payload, error) {
	form, err := readForm(body)
	if err != nil {
		return payload{}, err
	}
	data := []byte(form.Get("payload"))
	if len(bytes.TrimSpace(data)) == 0 {
		return payload{}, errForm
	}
	var p payload
	if err := json.Unmarshal(data, &p); err != nil {
		return payload{}, errForm
	}
	if p.Type == "" || !personID.MatchString(p.User.ID) {
		return payload{}, errForm
	}
	return p, nil
}

// onHome reports whether the click came from the App Home, which is a view and
// no dialog.
func (p payload) onHome() bool { return p.View.Type == "home" }

// inDialog reports whether it came from a dialog.
func (p payload) inDialog() bool { return p.View.ID != "" && !p.onHome() }

func (p payload) sender() sender {
	s := sender{
		User: p.User.ID, Home: p.User.TeamID, Team: p.Team.ID, Enterprise: p.Enterprise.ID,
		Shared: p.Shared || p.Channel.Shared || p.Channel.SharedToo,
	}
	if s.Enterprise == "" {
		s.Enterprise = p.Team.EnterpriseID
	}
	return s
}

// key is the same for each delivery of one click. The team is not in it: on a
// Grid one click can come in the name of two.
func (p payload) key() string {
	switch p.Type {
	case "view_submission":
		return "view:" + p.View.ID + ":" + p.View.Hash
	case "view_closed":
		return "closed:" + p.View.ID + ":" + p.View.Hash
	}
	return "trigger:" + p.TriggerID
}
