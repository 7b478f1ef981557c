// Package card makes Adaptive Cards 1.5 of pages, and reads what comes back
// from them: a dialog (task module), a message, and the base card of which each
// reader may have a view of his own.
//
// It owns what Teams takes and draws: elements, sizes, which words could be
// read as markup. It knows no conversation and no connector, and trusts nothing
// that a card carries: a token is checked by the dispatcher, and what is
// authorised is who sent it. The Teams adapter calls it.
package card
