package bot

import "context"

// Answer is one security question of an enrollment, with the hash of its
// answer. Neither is ever shown as it is kept.
type Answer struct {
	ID       string // of the row
	Question []byte // sealed ("answers", ID, "question"): the store's or the user's own, 1 to 150 runes
	Hash     []byte // as Vault.HashAnswer gives it
}

// Answers judges the answers of security questions.
type Answers interface {
	// CanonicalAnswer gives the one spelling of an answer (NFKC, blanks
	// collapsed, case folded); Invalid, with what to mend, where it is none.
	CanonicalAnswer(typed string) (string, error)
	// HashAnswer gives what is kept of an answer: argon2id, with the pepper's id.
	// It waits its turn; Throttled when too many wait.
	HashAnswer(ctx context.Context, typed string) ([]byte, error)
	// VerifyAnswer judges an answer, at the same cost whatever it is: a nil
	// hash, or one that cannot be read, takes as long and is never right.
	VerifyAnswer(ctx context.Context, hash []byte, typed string) (bool, error)
}
