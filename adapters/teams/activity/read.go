package activity

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/infracloudio/msbotbuilder-go/schema"
)

// MaxBody bounds an activity, in bytes. Teams' own stay far below.
const MaxBody = 256 << 10

// The kinds of what is not served. No text holds anything of the activity.
var (
	ErrTooLarge  = errors.New("the activity is larger than 256 KiB")
	ErrMalformed = errors.New("the activity cannot be read")
	ErrUnserved  = errors.New("the activity is of a kind that is not served") // sound, and nothing to do
	ErrForbidden = errors.New("the activity is from somebody who is not served")
)

// StatusOf gives the HTTP status for an error of this package. An activity
// that nobody asked for is taken and forgotten, so that it is not sent again.
func StatusOf(err error) int {
	switch {
	case err == nil, errors.Is(err, ErrUnserved):
		return http.StatusOK
	case errors.Is(err, ErrTooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, ErrForbidden):
		return http.StatusForbidden
	}
	return http.StatusBadRequest
}

// Received is an activity that was read and checked.
type Received struct {
	Activity
	Person   Person    // who sent it
	Mentions []Mention // of others and of the bot, in order
	Said     string    // the text without the mention of the bot; see said

	ConversationTenant string // conversation.tenantId
	ChannelTenant      string // channelData.tenant.id
}

// ReadFrom reads an activity from a request's body and no more than MaxBody of
// it; see Read. length is how many bytes are announced, below 0 for not known:
// that much room is made at first, and nothing else depends on it.
func ReadFrom(body io.Reader, length int64) (Received, error) {
	var data bytes.Buffer
	if length > 0 {
		data.Grow(int(min(length, MaxBody)) + bytes.MinRead)
	}
	if _, err := data.ReadFrom(io.LimitReader(body, MaxBody+1)); err != nil {
		return Received{}, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	return Read(data.Bytes())
}

// Read decodes one activity and refuses what the rest cannot rely on. Errors:
// ErrTooLarge, ErrMalformed, ErrUnserved, ErrForbidden.
func Read(body []byte) (Received, error) {
	if len(body) > MaxBody {
		return Received{}, ErrTooLarge
	}
	if !object(body) {
		return Received{}, malformed("it is no JSON object")
	}
	var r Received
	if err := json.Unmarshal(body, &r.Activity); err != nil {
		return Received{}, malformed(wrong(err))
	}
	var data struct {
		Tenant struct {
			ID string `json:"id"`
		} `json:"tenant"`
	}
	if !object(r.ChannelData) || json.Unmarshal(r.ChannelData, &data) != nil {
		return Received{}, malformed("channelData is no object")
	}
	r.ChannelTenant = data.Tenant.ID
	if err := r.check(); err != nil {
		return Received{}, err
	}
	r.ConversationTenant = r.Conversation.TenantID
	if err := r.served(); err != nil {
		return Received{}, err
	}
	if err := r.identify(); err != nil {
		return Received{}, err
	}
	return r, r.hear()
}

// check looks at what every activity of Teams has.
func (r *Received) check() error {
	switch {
	case !identifier(r.ID):
		return malformed("it has no usable id")
	case !identifier(r.ChannelID), !identifier(r.ServiceURL):
		return malformed("it does not say which channel and service it is from")
	case r.From == nil || r.Recipient == nil || r.Conversation == nil:
		return malformed("from, recipient or conversation is missing")
	case !identifier(r.Conversation.ID), !identifier(r.Recipient.ID):
		return malformed("conversation or recipient has no usable id")
	case !identifier(r.ChannelTenant) || !identifier(r.Conversation.TenantID):
		return malformed("conversation.tenantId or channelData.tenant.id is missing")
	case r.ReplyToID != "" && !identifier(r.ReplyToID):
		return malformed("replyToId is no usable id")
	}
	for _, t := range []bool{r.Timestamp != nil && r.Timestamp.Year() < 2000, r.LocalTimestamp != nil && r.LocalTimestamp.Year() < 2000} {
		if t {
			return malformed("its time is unset")
		}
	}
	switch r.Conversation.ConversationType {
	case Personal, GroupChat, Channel:
		return nil
	}
	return malformed("the conversation is neither personal, nor a group chat, nor a channel")
}

// served says whether there is anything to do with an activity of this kind.
func (r *Received) served() error {
	switch r.Type {
	case schema.Message, schema.ConversationUpdate:
		return nil
	case schema.InstallationUpdate:
		switch r.Action {
		case "add", "remove", "add-upgrade", "remove-upgrade":
			return nil
		}
		return malformed("an installation is neither added nor removed")
	case schema.Invoke:
		switch r.Name {
		case CardAction, TaskFetch, TaskSubmit, ExtendFetch, ExtendSubmit:
			if !object(r.Value) {
				return malformed("the value of an invoke is no object")
			}
			return nil
		case "":
			return malformed("an invoke has no name")
		}
	case "":
		return malformed("it has no type")
	}
	return ErrUnserved
}

// wrong says why JSON was not taken. The decoder is that of encoding/json/v2: it
// takes keys as they are written, and no key twice in an object, nor what is not
// UTF-8, nor anything after the end. Its own words hold parts of the activity.
func wrong(err error) string {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return "a key stands twice in an object"
	case errors.As(err, &syntax):
		return "it is no JSON object in UTF-8"
	}
	return "a field has the wrong type"
}

func malformed(why string) error { return fmt.Errorf("%w: %s", ErrMalformed, why) }

// object reports whether JSON begins as an object: null and the rest decode
// into a struct without an error, or as nothing.
func object(data []byte) bool {
	data = bytes.TrimLeft(data, " \t\r\n")
	return len(data) > 0 && data[0] == '{'
}

// identifier reports whether a text can be a key, a log field and, escaped, a
// part of a path.
func identifier(s string) bool {
	if s == "" || len(s) > 1024 {
		return false
	}
	for _, c := range s {
		if c <= ' ' || c == 0x7f || c >= 0x80 {
			return false
		}
	}
	return true
}
