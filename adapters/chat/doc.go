// Package chat is what the adapters of all chats do alike: the port to the
// conversation, work after an acknowledgement, what a chat has said of its
// people within the last minute, and the words for what could not be done.
//
// It knows no platform and no rule. adapters/slack and adapters/teams call it.
package chat
