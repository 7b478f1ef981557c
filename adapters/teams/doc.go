// Package teams serves Microsoft Teams: the door of POST /api/messages, the
// dialogs in which a case is worked on, the cards in 1:1 chats, and the messages
// that the bot sends by itself.
//
// It turns activities into events of the conversation and pages into Adaptive
// Cards. It knows no rule and keeps no state of a case: how people are reached
// is kept behind bot.References. Its parts (identity, activity, card, connector)
// do not know each other. cmd/latchkey wires it.
package teams
