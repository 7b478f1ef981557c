// Package serve puts the parts of the bot together and runs them: the desk,
// the conversation and its dispatcher, the chat's adapter, the reconciler, the
// announcer, and the two HTTP servers. `latchkey serve` fills in Parts from
// the configuration; the demo fills in embedded ones.
package serve
