// Package conformance is what every kind of directory has to pass, on a real
// server: searching and its hostile texts, identity, groups, locks and their
// end, the one write and its races, rights, outages and TLS.
//
// It owns the stories and knows nothing of how a server is started: a Harness
// says that. The tests of store/directory call Run for each kind, and so does
// whoever adds a kind.
package conformance
