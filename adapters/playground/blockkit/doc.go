// Package blockkit judges Block Kit payloads as Slack does, and reads them as
// a person does.
//
// It owns two tables: what each block, element and surface may hold, with
// Slack's limits, and how each is read on the screen. It knows only the parts
// that the product uses and refuses every other one by name, so that a page
// that nobody can draw is found in a test. Sources: the reference of Block Kit
// at docs.slack.dev and Slack's own type package, the tighter of both where
// they differ. It knows nothing of workspaces, HTTP or the bot; the playground
// calls it for every payload, and renderers may call it on their goldens.
package blockkit
