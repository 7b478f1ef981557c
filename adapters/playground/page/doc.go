// Package page serves the playground's page: the agent's Slack beside the
// caller's mailbox, phone and sign-in box, in one browser tab.
//
// It owns the HTML, CSS and JavaScript, the stream that keeps the tab current
// and the few requests that the tab makes. It acts on the stand-in for Slack as
// a person does, and on everything else through the interfaces of World. It
// knows nothing of the bot. The demo serves it; the browser tests drive it.
package page
