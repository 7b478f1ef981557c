package activity

import (
	"encoding/json"
	"time"

	"github.com/infracloudio/msbotbuilder-go/schema"
)

// Activity is schema.Activity with the fields that are wrong there shadowed.
// It is read by Read, and may be sent: what is unset is left out.
type Activity struct {
	schema.Activity

	Timestamp      *time.Time `json:"timestamp,omitempty"`
	LocalTimestamp *time.Time `json:"localTimestamp,omitempty"`
	Expiration     *time.Time `json:"expiration,omitempty"`

	From           *Account   `json:"from,omitempty"`
	Recipient      *Account   `json:"recipient,omitempty"`
	MembersAdded   []Account  `json:"membersAdded,omitempty"`
	MembersRemoved []Account  `json:"membersRemoved,omitempty"`
	Entities       []Entity   `json:"entities,omitempty"`
	Reference      *Reference `json:"relatesTo,omitempty"`

	Conversation *schema.ConversationAccount `json:"conversation,omitempty"`

	// As they came: any JSON is legal.
	Value            json.RawMessage `json:"value,omitempty"`
	ChannelData      json.RawMessage `json:"channelData,omitempty"`
	SuggestedActions json.RawMessage `json:"suggestedActions,omitempty"`
	SemanticAction   json.RawMessage `json:"semanticAction,omitempty"`
}

// Reference is a conversation reference as it came.
type Reference = schema.ConversationReference

// Account is somebody in a conversation. Role is the Bot Framework's word,
// UserRole that of Teams; either may be missing.
type Account struct {
	ID          string `json:"id,omitempty"` // MRI: 29:… for people, 28:… for bots
	Name        string `json:"name,omitempty"`
	AadObjectID string `json:"aadObjectId,omitempty"`
	Role        string `json:"role,omitempty"`
	UserRole    string `json:"userRole,omitempty"`
	UPN         string `json:"userPrincipalName,omitempty"`
	TenantID    string `json:"tenantId,omitempty"`
}

// Entity is something that the text refers to: a mention, or what the client
// says of itself (clientInfo), where Timezone is an IANA name.
type Entity struct {
	Type      string   `json:"type,omitempty"`
	Text      string   `json:"text,omitempty"`
	Mentioned *Account `json:"mentioned,omitempty"`
	Locale    string   `json:"locale,omitempty"`
	Timezone  string   `json:"timezone,omitempty"`
}

// The places of a conversation.
const (
	Personal  = "personal"
	GroupChat = "groupChat"
	Channel   = "channel"
)

// The invokes that are served.
const (
	CardAction   = "adaptiveCard/action"
	TaskFetch    = "task/fetch"
	TaskSubmit   = "task/submit"
	ExtendFetch  = "composeExtension/fetchTask"
	ExtendSubmit = "composeExtension/submitAction"
)
