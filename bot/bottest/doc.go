// Package bottest holds what tests of the core need: ports kept in memory by
// plain structs that behave as package bot's comments say, a small helpdesk
// built on them, and the policy said a second time.
//
// It owns nothing of the product and knows no store: the ledger is handed in.
// Tests of bot and flows use it, and nothing else may import it.
package bottest
