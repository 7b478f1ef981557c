// Package activity reads what Teams sends to a bot: an activity of the Bot
// Framework, decoded and checked until the rest can rely on it. It mends the
// types of msbotbuilder-go, in which a legal value can be an error, mentions
// are lost and an unset time is sent as the year 1.
//
// It owns which activities are served and which people are refused by what the
// activity itself says. It does not know who signed it, which tenant is ours,
// or what a command means. The door of the Teams adapter calls it.
package activity
