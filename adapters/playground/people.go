package playground

import (
	"slices"
	"strings"
	"time"
)

// User is a person in the workspace, or a stranger from a shared channel. The
// zero flags are those of an ordinary full member with a confirmed address.
type User struct {
	ID       string // U…
	Name     string // handle
	RealName string
	Email    string
	TZ       string // IANA name; "" is UTC
	TeamID   string // "" is the workspace's own

	EnterpriseUserID  string // Enterprise Grid; "" elsewhere
	IsAdmin           bool
	IsBot             bool
	IsRestricted      bool // multi-channel guest
	IsUltraRestricted bool // single-channel guest
	IsStranger        bool // from another workspace, through a shared channel
	Deleted           bool
	Unconfirmed       bool // is_email_confirmed is false
}

// Channel is a public or private channel. Direct messages are made as needed.
type Channel struct {
	ID         string // C…
	Name       string // without '#'
	Topic      string // a few words beside the name
	Private    bool
	Members    []string // user ids; nil means everyone
	WithoutBot bool     // the bot was not invited
}

func (c Channel) has(user string) bool { return c.Members == nil || slices.Contains(c.Members, user) }

func (u User) zone() (*time.Location, error) { return time.LoadLocation(u.TZ) }

// where gives the user's time zone, which Options has proved to exist.
func (u User) where() *time.Location {
	if zone, err := u.zone(); err == nil {
		return zone
	}
	return time.UTC
}

// SetUser adds or replaces a user, for instance to deactivate her in the middle.
func (w *Workspace) SetUser(u User) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.users[u.ID] = u
	w.stir()
}

// userTeam is the team that Slack names beside a user. The caller holds mu.
func (w *Workspace) userTeam(u User) string {
	if u.TeamID != "" {
		return u.TeamID
	}
	return w.opts.TeamID
}

// userJSON is the user object of users.info
// (docs.slack.dev/reference/objects/user-object).
func (w *Workspace) userJSON(u User) map[string]any {
	zone := u.where()
	_, offset := w.opts.Now().In(zone).Zone()
	first, last, _ := strings.Cut(u.RealName, " ")
	profile := map[string]any{
		"real_name": u.RealName, "real_name_normalized": u.RealName, "display_name": u.Name,
		"display_name_normalized": u.Name, "first_name": first, "last_name": last,
		"team": w.userTeam(u), "avatar_hash": "",
	}
	if u.Email != "" && w.scoped("users:read.email") {
		profile["email"] = u.Email
	}
	out := map[string]any{
		"id": u.ID, "team_id": w.userTeam(u), "name": u.Name, "real_name": u.RealName, "deleted": u.Deleted,
		"tz": zone.String(), "tz_label": zone.String(), "tz_offset": offset, "profile": profile,
		"is_bot": u.IsBot, "is_app_user": false, "is_admin": u.IsAdmin, "is_owner": false, "is_primary_owner": false,
		"is_restricted": u.IsRestricted, "is_ultra_restricted": u.IsUltraRestricted,
		"is_stranger": u.IsStranger, "is_email_confirmed": !u.Unconfirmed && u.Email != "",
		"updated": w.opts.Now().Unix(), "locale": "en-US",
	}
	if w.opts.EnterpriseID != "" && u.EnterpriseUserID != "" {
		out["enterprise_user"] = map[string]any{
			"id": u.EnterpriseUserID, "enterprise_id": w.opts.EnterpriseID, "enterprise_name": w.opts.TeamDomain,
			"is_admin": false, "is_owner": false, "teams": []string{w.userTeam(u)},
		}
	}
	return out
}

// scoped tells whether the token has a scope.
func (w *Workspace) scoped(scope string) bool { return slices.Contains(w.opts.Scopes, scope) }
