// Package slack is Latchkey in Slack, over HTTP or Socket Mode: a payload
// becomes a flows.Event, a flows.Page becomes Block Kit, and what the bot says
// by itself is posted and edited in place.
//
// It owns who is let in (signature, replay, workspace, guests), the 3 s
// acknowledgement and the work after it, and Slack's limits on what is shown.
// It knows no rule of the helpdesk and no store: those stand behind Desk and
// flows.Gate. cmd wires it, serves Handler and runs Run; flows calls it as its
// Messenger.
package slack
