// Package connector is the bot's side of Microsoft's Bot Connector (REST API,
// version 3): it sends, changes and deletes messages, opens 1:1 chats and reads
// who is in a conversation, with a token of its own.
//
// It replaces the client of msbotbuilder-go, which has no deadline, throws away
// the ids of what it sends and gives the token to any address. It knows no page
// and no person. The Teams adapter calls it.
package connector
