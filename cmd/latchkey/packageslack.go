package main

import (
	"strings"

	"latchkey/adapters/slack"
	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
)

// What Slack sends back when somebody uses a shortcut.
const (
	shortcutAccount = "unlock_account"
	shortcutPerson  = "unlock_person"
)

// manifest is the app as Slack is told it, with the parts that are used
// (docs.slack.dev/reference/app-manifest). Address fields are empty in Socket Mode.
type manifest struct {
	Metadata manifestVersion `json:"_metadata"`
	Display  struct {
		Name            string `json:"name"`
		Description     string `json:"description"`
		LongDescription string `json:"long_description"`
	} `json:"display_information"`
	Features manifestFeatures `json:"features"`
	OAuth    struct {
		Scopes struct {
			Bot []string `json:"bot"`
		} `json:"scopes"`
	} `json:"oauth_config"`
	Settings manifestSettings `json:"settings"`
}

type manifestVersion struct {
	Major int `json:"major_version"`
	Minor int `json:"minor_version"`
}

type manifestFeatures struct {
	Home struct {
		Home         bool `json:"home_tab_enabled"`
		Messages     bool `json:"messages_tab_enabled"`
		MessagesRead bool `json:"messages_tab_read_only_enabled"`
	} `json:"app_home"`
	Bot struct {
		Name   string `json:"display_name"`
		Online bool   `json:"always_online"`
	} `json:"bot_user"`
	Shortcuts []manifestShortcut `json:"shortcuts"`
	Commands  []manifestCommand  `json:"slash_commands"`
}

type manifestShortcut struct {
	Name        string `json:"name"`
	Type        string `json:"type"`
	Callback    string `json:"callback_id"`
	Description string `json:"description"`
}

type manifestCommand struct {
	Command     string `json:"command"`
	URL         string `json:"url,omitempty"`
	Description string `json:"description"`
	Hint        string `json:"usage_hint"`
	Escape      bool   `json:"should_escape"`
}

type manifestSettings struct {
	Events struct {
		URL string   `json:"request_url,omitempty"`
		Bot []string `json:"bot_events"`
	} `json:"event_subscriptions"`
	Interactivity struct {
		Enabled bool   `json:"is_enabled"`
		URL     string `json:"request_url,omitempty"`
	} `json:"interactivity"`
	OrgDeploy     bool `json:"org_deploy_enabled"`
	SocketMode    bool `json:"socket_mode_enabled"`
	TokenRotation bool `json:"token_rotation_enabled"`
}

// slackManifest makes the manifest of the configuration. It asks for the
// scopes that `latchkey check` demands and for nothing of a user's own, and
// subscribes to no event that carries what people write.
func slackManifest(cfg *config.Config) (manifest, error) {
	c := slackConfig(cfg)
	if c == nil {
		return manifest{}, bot.Ef(bot.Invalid, "make the Slack manifest", "The configuration has no section slack. Add it first; for tokens that are still to come any word will do.")
	}
	socket := cfg.Slack.Mode == "socket"
	at := func(string) string { return "" }
	if !socket {
		base, err := calledAt(cfg.Server.PublicURL)
		if err != nil {
			return manifest{}, err
		}
		at = func(path string) string { return base + path }
	}
	var m manifest
	m.Metadata = manifestVersion{Major: 2, Minor: 0}
	m.Display.Name, m.Features.Bot.Name, m.Features.Bot.Online = "Latchkey", "Latchkey", true
	m.Display.Description = "Unlocks locked-out directory accounts, after proving who is asking."
	m.Display.LongDescription = "Latchkey lets the helpdesk see whether a directory account is locked, and unlock it once its owner has proved who they are. " +
		"It reads no channel and no message. Every request, check and directory change is on record on your own server, where auditors can read it."
	m.Features.Home.Home, m.Features.Home.Messages, m.Features.Home.MessagesRead = true, true, true
	m.Features.Shortcuts = []manifestShortcut{
		{Name: "Unlock an account", Type: "global", Callback: shortcutAccount, Description: "Find a locked-out person and unlock the account"},
		{Name: "Unlock this person", Type: "message", Callback: shortcutPerson, Description: "Begin with the person who wrote this message"},
	}
	m.Features.Commands = []manifestCommand{{Command: c.Command, URL: at("/slack/commands"), Hint: "[name or login] | help",
		Description: "Unlock a locked-out account"}}
	m.OAuth.Scopes.Bot = slack.Scopes()
	m.Settings.Events.URL, m.Settings.Events.Bot = at("/slack/events"), []string{"app_home_opened"}
	m.Settings.Interactivity.Enabled, m.Settings.Interactivity.URL = true, at("/slack/interactions")
	m.Settings.OrgDeploy = strings.HasPrefix(c.Workspace, "E")
	m.Settings.SocketMode = socket
	return m, nil
}

// calledAt gives the address below which Slack calls, without a slash at its end.
func calledAt(public config.Address) (string, error) {
	const op = "make the Slack manifest"
	switch {
	case public.IsZero():
		return "", bot.Ef(bot.Invalid, op, "server.public_url is missing: in mode http Slack calls Latchkey there. Add it, such as https://latchkey.example.com, or write slack.mode: socket.")
	case public.Scheme != "https":
		return "", bot.Ef(bot.Invalid, op, "server.public_url does not begin with https://, and Slack calls no other address. Mend it, or write slack.mode: socket.")
	}
	return strings.TrimSuffix(public.String(), "/"), nil
}
