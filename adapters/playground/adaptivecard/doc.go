// Package adaptivecard judges Adaptive Cards as Teams does, and reads them as
// a person does.
//
// It owns two tables: what each element, input and action may hold, with the
// limits of Teams, and how each is read on the screen. It knows only the parts
// that the product uses and refuses every other one by name, so that a card
// that nobody can draw is found in a test. Sources: the published schema of
// version 1.5 and the rules of the renderer, the tighter of both where they
// differ. It knows nothing of tenants, HTTP or the bot; the playground calls it
// for every card, and renderers may call it on their goldens.
package adaptivecard
