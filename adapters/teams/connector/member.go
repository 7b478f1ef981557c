package connector

import (
	"cmp"
	"context"
	"errors"
	"net/http"

	"latchkey/bot"
)

// Member is somebody in a conversation, as its roster shows him.
type Member struct {
	ID     string // MRI
	Object string // Entra object id; "" for the anonymous
	Name   string
	Mail   string
	UPN    string // user principal name
	Role   string // user, guest, anonymous, …
	Tenant string
}

// Member looks a person (MRI or object id) up in a conversation. NotFound: he is
// not in it, or the bot is not.
func (c *Client) Member(ctx context.Context, at Place, person string) (Member, error) {
	const op = "look up member"
	var m struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Mail     string `json:"email"`
		UPN      string `json:"userPrincipalName"`
		Role     string `json:"userRole"`
		Tenant   string `json:"tenantId"`
		ObjectID string `json:"objectId"` // both spellings occur
		AadID    string `json:"aadObjectId"`
	}
	err := c.do(ctx, call{op: op, method: http.MethodGet, service: at.Service,
		path: []string{at.Conversation, "members", person}, into: &m})
	if err != nil {
		return Member{}, err
	}
	if m.ID == "" {
		return Member{}, bot.E(bot.Unavailable, op, errors.New("the answer names nobody"))
	}
	return Member{ID: m.ID, Object: cmp.Or(m.AadID, m.ObjectID), Name: m.Name, Mail: m.Mail, UPN: m.UPN, Role: m.Role, Tenant: m.Tenant}, nil
}
