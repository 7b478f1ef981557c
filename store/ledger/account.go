package ledger

import (
	"errors"
	"strings"

	"latchkey/bot"
)

// values is a list of n account ids for IN.
func values(n int) string {
	return "VALUES (?, ?)" + strings.Repeat(", (?, ?)", n-1)
}

// accounts are the arguments of such a list. An empty id is an error: it would
// match whatever has no account at all.
func accounts(ids []bot.AccountID) ([]any, error) {
	args := make([]any, 0, 2*len(ids))
	for _, id := range ids {
		if id.Store == "" || id.GUID == "" {
			return nil, errors.New("an account id is empty")
		}
		args = append(args, id.Store, id.GUID)
	}
	return args, nil
}
