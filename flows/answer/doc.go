// Package answer is the user's side of an agent's case, in his own chat: a card
// says who asks and with which phrase; its button opens the form for the six
// digits that the agent's page shows, and the other one says that it is not he.
//
// It owns the user's record and its pages. It knows no rule: bot judges the
// digits and freezes; the agent's record is told of both. bot's Verifier begins
// it, by Pusher.
package answer
