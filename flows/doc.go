// Package flows holds conversations: the event that a chat turns a click into,
// the session record, the page that a chat renders, the transition table and
// the one dispatcher. One folder below it holds each conversation.
//
// It knows no chat platform and no store: adapters hand it events and render
// its pages, and it declares the small interfaces that it needs. cmd wires it.
package flows
