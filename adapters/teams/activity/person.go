package activity

import (
	"fmt"
	"regexp"
	"strings"
)

// objectID is the id of a person in Entra ID: a GUID.
var objectID = regexp.MustCompile(`^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$`)

// Person is who sent an activity, known by tenant and object id. Name is for
// showing, never for finding anybody.
type Person struct {
	Tenant   string
	ObjectID string // in lower case
	MRI      string // 29:…, valid for this bot alone
	Name     string
}

// identify refuses who cannot be served by what the activity says of him. It
// says nothing of guests when it is silent: the roster is asked too.
func (r *Received) identify() error {
	if !strings.EqualFold(r.ConversationTenant, r.ChannelTenant) {
		return forbidden("the conversation and the sender are of two tenants")
	}
	if tenant := r.From.TenantID; tenant != "" && !strings.EqualFold(tenant, r.ConversationTenant) {
		return forbidden("the sender is of another tenant")
	}
	if err := r.From.refusal(); err != nil {
		return err
	}
	r.Person = Person{Tenant: strings.ToLower(r.ConversationTenant), ObjectID: strings.ToLower(r.From.AadObjectID), MRI: r.From.ID, Name: r.From.Name}
	return nil
}

// refusal says why an account is not one of a member, or nil.
func (a Account) refusal() error {
	for _, role := range []string{a.Role, a.UserRole} {
		if role != "" && !strings.EqualFold(role, "user") {
			return forbidden("the sender is a guest, anonymous or a bot")
		}
	}
	for _, name := range []string{a.Name, a.UPN, a.ID} {
		if strings.Contains(strings.ToUpper(name), "#EXT#") {
			return forbidden("the sender is a guest")
		}
	}
	switch {
	case a.AadObjectID == "":
		return forbidden("the sender has no object id")
	case !objectID.MatchString(a.AadObjectID) || strings.Trim(a.AadObjectID, "0-") == "":
		return malformed("the sender's object id is none")
	case !identifier(a.ID):
		return malformed("the sender has no usable id")
	case !strings.HasPrefix(a.ID, "29:"):
		return forbidden("the sender is no person")
	}
	return nil
}

func forbidden(why string) error { return fmt.Errorf("%w: %s", ErrForbidden, why) }
