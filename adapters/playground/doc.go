// Package playground is a stand-in for Slack: a workspace with people,
// channels, modals and messages that a bot serves over HTTP as it would serve
// Slack, and that refuses what Slack refuses. End-to-end stories act in it, and
// the demo will show it in the browser, at / beside the Web API.
//
// It knows nothing of the bot but its address, the signing secret and the
// token. Stories begin at New, Start and As; see the examples.
// A new command's answer, a click's effect and a modal's text are found with
// Person, View, Message and Room.
package playground
