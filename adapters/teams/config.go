package teams

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"latchkey/adapters/teams/connector"
	"latchkey/adapters/teams/identity"
	"latchkey/bot"
)

// Config is what the app needs to know of its tenant.
type Config struct {
	AppID, Tenant string // GUIDs
	Cloud         identity.Cloud
	AuditChannel  string // id of the channel, 19:…@thread.tacv2
	Credential    connector.Config
	Endpoint      string       // where Microsoft calls, https://…/api/messages: for Check alone
	Keys          *http.Client // for the signing keys; nil: one of its own
	Workers       int          // events carried out at a time; 0 is 8
	Queue         int          // events that wait for a worker; 0 is 256
}

var (
	guid    = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	channel = regexp.MustCompile(`^19:[^\s/;]{1,250}$`)
)

func (c Config) withDefaults() Config {
	c.AppID, c.Tenant = strings.ToLower(c.AppID), strings.ToLower(c.Tenant)
	if c.Workers <= 0 {
		c.Workers = 8
	}
	if c.Queue <= 0 {
		c.Queue = 256
	}
	c.Credential.Cloud, c.Credential.AppID, c.Credential.Tenant = c.Cloud, c.AppID, c.Tenant
	return c
}

// validate names everything that is wrong.
func (c Config) validate() error {
	var faults []string
	bad := func(wrong bool, format string, args ...any) {
		if wrong {
			faults = append(faults, fmt.Sprintf(format, args...))
		}
	}
	bad(!guid.MatchString(c.AppID), "app_id: %q is no GUID: copy the application (client) id from the app registration", c.AppID)
	bad(!guid.MatchString(c.Tenant), "tenant_id: %q is no GUID: copy the directory (tenant) id from the app registration", c.Tenant)
	bad(!channel.MatchString(c.AuditChannel), "audit_channel: %q is no id of a channel (19:…): take it from the channel's link", c.AuditChannel)
	if len(faults) > 0 {
		return bot.Ef(bot.Invalid, "configure teams", "teams: %s", strings.Join(faults, "; "))
	}
	return nil
}
