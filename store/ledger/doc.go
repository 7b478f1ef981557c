// Package ledger is the SQL of record: challenges, attempts, evidence, grants,
// intents with outcomes, the hash-chained history, outbox, enrollments, people
// bindings, links and freezes. A Ledger implements the ports Proofs, Unlocks,
// Journal, Enrollments, People, Freezes, Links and Outbox of package bot.
//
// It owns counting, uniqueness and order, each in one transaction. It knows
// nothing of policy, chat, directories or what a code is: it is told whether a
// value was right. cmd opens it; the verifier, the unlock core and the desk of
// package bot call it. SQLite serves one machine, the command line beside it;
// PostgreSQL serves any number of replicas, by the same statements.
package ledger
