package slack

import (
	"errors"
	"time"

	slackgo "github.com/slack-go/slack"
)

// departure is why a connection is to be replaced, or could not be opened.
type departure struct {
	asked  bool // by Slack, as it does now and then
	reason string
	err    error
	ended  *ending // no other will be opened
}

// departed tells from an error of apps.connections.open whether it is worth
// trying again.
func departed(err error) departure {
	d := departure{err: err, reason: codeOf(err)}
	if e := (ending{code: d.reason, open: true}); e.final() {
		d.ended = &e
	}
	return d
}

// disconnected tells the same from a disconnect that Slack has sent.
func disconnected(reason string) departure {
	d := departure{reason: trim(reason, 60), asked: reason == "warning" || reason == "refresh_requested"}
	if e := (ending{code: reason}); e.final() {
		d.ended = &e
	}
	return d
}

// ending is a reason for which Slack lets nobody in until an administrator has
// changed something: trying again would only be a load.
type ending struct {
	code string
	open bool // said by apps.connections.open, of the token
}

const (
	mendToken  = "Make an app-level token (xapp-…) with the scope connections:write on the app's page 'Basic Information', set slack.app_token to it, and start Latchkey again."
	mendSwitch = "Turn Socket Mode on, on the app's page 'Socket Mode', or write slack.mode: http, and start Latchkey again."
	mendAdmin  = "Ask an administrator of the Slack workspace to allow the app, and start Latchkey again."
)

// final reports whether the code ends Socket Mode, and by mend how to mend it.
func (e ending) final() bool { return e.mend() != "" }

func (e ending) mend() string {
	switch e.code {
	case "link_disabled", "socket_mode_disabled", "socket_mode_not_enabled":
		return mendSwitch
	case "invalid_auth", "not_authed", "token_revoked", "token_expired", "not_allowed_token_type", "missing_scope", "no_permission":
		return mendToken
	case "account_inactive", "access_denied", "app_uninstalled", "forbidden_team", "org_login_required", "ekm_access_denied",
		"team_access_not_granted", "enterprise_is_restricted", "two_factor_setup_required":
		return mendAdmin
	}
	return ""
}

func (e ending) what() string {
	switch {
	case e.mend() == mendSwitch:
		return "Socket Mode is turned off for the app (" + e.code + ")."
	case e.open:
		return "Slack refuses slack.app_token: " + e.code + "."
	}
	return "Slack has closed the connection for good: " + e.code + "."
}

// How long a line waits before it opens another connection.
const (
	steady        = 30 * time.Second // whatever held so long did not fail
	longestFailed = 30 * time.Second
	longestAsked  = 5 * time.Second // Slack is there, and has something to deliver
)

// pauses grow while connections fail one after the other.
type pauses struct{ failed int }

// next gives how long to wait; jitter, 0 to 1, makes it up to half as long
// again, so that replicas do not come all at once.
func (p *pauses) next(why departure, lived time.Duration, jitter float64) time.Duration {
	if lived >= steady {
		p.failed = 0
		return 0
	}
	longest := longestFailed
	if why.asked {
		longest = longestAsked
	}
	wait := min(openEvery<<min(p.failed, 10), longest)
	p.failed++
	wait += time.Duration(jitter * float64(wait) / 2)
	var limited *slackgo.RateLimitedError
	if errors.As(why.err, &limited) {
		wait = max(wait, limited.RetryAfter)
	}
	return wait
}
