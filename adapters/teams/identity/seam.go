package identity

import (
	"context"
	"net/http"
	"time"

	"github.com/infracloudio/msbotbuilder-go/connector/auth"
	"github.com/infracloudio/msbotbuilder-go/schema"
)

// Seam is a Validator as msbotbuilder-go wants it, for a
// core.BotFrameworkAdapter that is filled in as a literal.
type Seam struct{ *Validator }

var _ auth.TokenValidator = Seam{}

// AuthenticateRequest does Verify and Permit. The credentials and the channel
// service are not looked at: with an empty app id the library's own check
// passes any header.
func (s Seam) AuthenticateRequest(ctx context.Context, activity schema.Activity, header string, _ auth.CredentialProvider, _ string) (auth.ClaimsIdentity, error) {
	caller, err := s.Verify(ctx, http.Header{"Authorization": {header}})
	if err != nil {
		return nil, err
	}
	said := Claim{ChannelID: activity.ChannelID, ServiceURL: activity.ServiceURL, ConversationTenant: activity.Conversation.TenantID}
	if tenant, ok := activity.ChannelData["tenant"].(map[string]any); ok {
		said.ChannelTenant, _ = tenant["id"].(string)
	}
	if err := s.Permit(caller, said); err != nil {
		return nil, err
	}
	return signed{auth.IssuerClaim: s.cfg.Cloud.Issuer, auth.AudienceClaim: s.cfg.AppID, auth.ServiceURLClaim: caller.serviceURL,
		"exp": caller.ends.UTC().Format(time.RFC3339)}, nil
}

// signed is what was checked. A claim that is not there reads as "", where the
// library's own type panics.
type signed map[string]string

func (s signed) GetClaimValue(name string) string { return s[name] }
func (s signed) IsAuthenticated() bool            { return true }
