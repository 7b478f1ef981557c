package slack

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	slackgo "github.com/slack-go/slack"

	"latchkey/bot"
)

// fault gives an error of slack-go its kind.
func fault(op string, err error) error {
	var limited *slackgo.RateLimitedError
	var status slackgo.StatusCodeError
	var inURL *url.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &limited):
		return &bot.Error{Kind: bot.Throttled, Op: op, Err: err, RetryAfter: limited.RetryAfter}
	case errors.As(err, &status):
		if status.Code >= http.StatusInternalServerError || status.Code == http.StatusTooManyRequests {
			return bot.E(bot.Unavailable, op, err)
		}
		return bot.E(bot.Internal, op, err)
	case errors.As(err, &inURL), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return bot.E(bot.Unavailable, op, err)
	}
	code := codeOf(err)
	switch {
	case slices.Contains([]string{"user_not_found", "users_not_found", "user_not_visible", "user_disabled", "cannot_dm_bot"}, code):
		return bot.E(bot.NotFound, op, err)
	case slices.Contains([]string{"channel_not_found", "not_in_channel", "is_archived", "restricted_action"}, code):
		return bot.E(bot.Denied, op, err)
	case slices.Contains([]string{"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}, code):
		return bot.E(bot.Unavailable, op, err)
	case code == "ratelimited":
		return bot.E(bot.Throttled, op, err)
	case code == "":
		return bot.E(bot.Unavailable, op, err) // an answer that is no JSON: a proxy's page
	}
	return bot.E(bot.Internal, op, err)
}

// codeOf gives Slack's own code for a failure, or "".
func codeOf(err error) string {
	var said slackgo.SlackErrorResponse
	if errors.As(err, &said) {
		return said.Err
	}
	return ""
}

// triggerGone reports that a dialog cannot be opened any more by this click.
func triggerGone(err error) bool {
	code := codeOf(err)
	return code == "expired_trigger_id" || code == "exchanged_trigger_id" || code == "invalid_trigger_id" || code == "trigger_expired"
}

// viewGone reports that nobody has the dialog open any more, or not yet.
func viewGone(err error) bool {
	code := codeOf(err)
	return code == "not_found" || code == "view_not_found"
}

func hashConflict(err error) bool { return codeOf(err) == "hash_conflict" }
