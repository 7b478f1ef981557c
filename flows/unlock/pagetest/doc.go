// Package pagetest gives tests of adapters every page of the unlock
// conversation, in every variant and with hostile names, so that each platform
// renders the same ones.
//
// The pages are the conversation's own goldens: what they say is decided, and
// checked against the code, in flows/unlock. Nothing but tests may import it.
package pagetest
