package main

import (
	"context"

	"latchkey/bot"
	"latchkey/store/ledger"
	"latchkey/store/vault"
)

// seal is one secret of an enrollment, with the place that it is sealed to.
type seal struct {
	sealed             []byte
	table, row, column string
}

// sealsOf gives all that is sealed of an enrollment.
func sealsOf(e bot.Enrollment) []seal {
	var out []seal
	for _, s := range []seal{{e.Seed, "enrollments", e.ID, "seed"}, {e.Contact, "enrollments", e.ID, "contact"}} {
		if len(s.sealed) > 0 {
			out = append(out, s)
		}
	}
	for _, a := range e.Answers {
		out = append(out, seal{a.Question, "answers", a.ID, "question"})
	}
	return out
}

func isSealed(e bot.Enrollment) bool { return len(sealsOf(e)) > 0 }

// opens reports whether the keys open all of an enrollment.
func opens(v *vault.Vault, e bot.Enrollment) bool {
	for _, s := range sealsOf(e) {
		if _, err := v.Open(s.sealed, s.table, s.row, s.column); err != nil {
			return false
		}
	}
	return true
}

// keysFit opens what is sealed in the database. some: at least one enrollment
// was opened, or none has a secret; all: the oldest and the newest were, and the
// recipient of a notice that waits. A recipient alone is not enough to refuse
// the keys: where they are lost, nothing else would be.
func keysFit(ctx context.Context, l *ledger.Ledger, v *vault.Vault) (some, all bool, err error) {
	sealed, err := l.Sealed(ctx)
	if err != nil {
		return false, false, err
	}
	some, all = len(sealed) == 0, true
	for _, e := range sealed {
		if opens(v, e) {
			some = true
		} else {
			all = false
		}
	}
	waiting, err := l.SealedNotices(ctx, "", 1)
	if err != nil {
		return false, false, err
	}
	for _, n := range waiting {
		if row, sealed, ok := n.Sealed(); ok {
			_, err := v.Open(sealed, "outbox", row, "recipient")
			all = all && err == nil
		}
	}
	return some, all, nil
}

// strangeKeys is the fault of a key file that does not go with the database.
func strangeKeys(file string, some bool) error {
	what := "opens nothing of what is sealed in the database: it is not the one that the enrollments were made with"
	if some {
		what = "does not open all that is sealed in the database: it is probably a copy from before the last rotation"
	}
	return bot.Ef(bot.Invalid, "try the keys", "The key file %s %s. Put the right copy in its place; without it, people have to be enrolled anew.", file, what)
}
