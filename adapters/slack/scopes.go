package slack

// Scopes are those that the app asks for, and Check demands: what the manifest
// says (docs.slack.dev/reference/scopes).
func Scopes() []string { return neededScopes() }
