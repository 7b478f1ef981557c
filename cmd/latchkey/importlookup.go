package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"go.uber.org/zap"

	"latchkey/adapters/courier/sms"
	"latchkey/bot"
	"latchkey/store/directory"
)

// logins looks up many login names: a directory.
type logins interface {
	Logins(ctx context.Context, logins []string) (map[string]directory.Match, error)
}

// enrollments reads what accounts are enrolled with: a ledger.
type enrollments interface {
	Enrollments(ctx context.Context, ids []bot.AccountID) ([]bot.Enrollment, error)
}

// findAccounts asks each directory for the accounts of its rows. An error: one
// of them did not answer.
func (i *importing) findAccounts(ctx context.Context) error {
	for _, s := range i.cfg.Stores {
		var rows []*importRow
		for j := range i.rows {
			if i.rows[j].store == s.Name {
				rows = append(rows, &i.rows[j])
			}
		}
		if len(rows) == 0 {
			continue
		}
		d, err := i.p.openDirectory(s, zap.NewNop())
		if err != nil {
			return err
		}
		err = i.findIn(ctx, d, rows)
		d.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

func (i *importing) findIn(ctx context.Context, d logins, rows []*importRow) error {
	for part := range slices.Chunk(rows, directory.MostLogins) {
		names := make([]string, len(part))
		for j, r := range part {
			names[j] = r.user
		}
		found, err := d.Logins(ctx, names)
		if err != nil {
			return err
		}
		for _, r := range part {
			i.found(r, found[r.user])
		}
	}
	return nil
}

func (i *importing) found(r *importRow, m directory.Match) {
	switch bot.KindOf(m.Err) {
	case "":
		r.guid, r.login, r.name = m.Account.ID.GUID, m.Account.Login, m.Account.DisplayName
		if r.address == "" {
			i.ownAddress(r, m.Account)
		}
	case bot.NotFound:
		what := "is nobody's login name in " + r.store
		if !mayBeSeed(r.user) {
			what += ": " + r.user
		}
		i.fault(r.line, "user", what, "write the login name of an account below the store's base")
	case bot.Conflict:
		i.fault(r.line, "user", "is the login name of more than one account in "+r.store+": "+r.user, "give each its own first")
	default:
		i.fault(r.line, "user", "cannot be looked up: "+problemOf(m.Err).Text, "write a login name")
	}
}

// ownAddress takes what the directory has where the file names nothing.
func (i *importing) ownAddress(r *importRow, a bot.Account) {
	switch r.kind {
	case bot.Email:
		if r.address = a.Mail; !mailAddress(r.address) {
			i.fault(r.line, "value", "is empty, and "+r.user+" has no mail address in the directory", "write one")
		}
	case bot.Mobile:
		if a.Mobile == "" {
			i.fault(r.line, "value", "is empty, and "+r.user+" has no mobile number in the directory", "write one")
			return
		}
		var err error
		if r.address, err = sms.Number(a.Mobile, i.cfg.Region()); err != nil {
			i.fault(r.line, "value", "is empty, and the mobile number of "+r.user+" in the directory cannot be used: "+strings.TrimSuffix(bot.TextOf(err), "."), "write one")
		}
	}
}

// sameAccounts finds accounts that the file enrolls twice with a type,
// however their login names are written.
func (i *importing) sameAccounts() {
	type what struct {
		account bot.AccountID
		kind    bot.Type
	}
	first := make(map[what]int)
	for _, r := range i.rows {
		if r.guid == "" {
			continue
		}
		w := what{bot.AccountID{Store: r.store, GUID: r.guid}, r.kind}
		if line, taken := first[w]; taken {
			i.fault(r.line, "user", fmt.Sprintf("is in line %d too, with the same type: %s", line, r.user), "keep one of the two")
			continue
		}
		first[w] = r.line
	}
}

// enrolledAlready finds accounts that have the type in the database, where
// there is one.
func (i *importing) enrolledAlready(ctx context.Context) error {
	l, err := i.p.readLedger(ctx, i.cfg, zap.NewNop())
	if bot.KindOf(err) == bot.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = l.Close() }()
	return i.enrolledIn(ctx, l)
}

func (i *importing) enrolledIn(ctx context.Context, l enrollments) error {
	for part := range slices.Chunk(i.rows, directory.MostLogins) {
		var ids []bot.AccountID
		for _, r := range part {
			if r.guid != "" {
				ids = append(ids, bot.AccountID{Store: r.store, GUID: r.guid})
			}
		}
		have, err := l.Enrollments(ctx, ids)
		if err != nil {
			return err
		}
		taken := make(map[string]bool, len(have))
		for _, e := range have {
			taken[e.Account.Store+"\x00"+e.Account.GUID+"\x00"+string(e.Type)] = true
		}
		for _, r := range part {
			if r.guid != "" && taken[r.store+"\x00"+r.guid+"\x00"+string(r.kind)] {
				i.fault(r.line, "user", "is enrolled with "+r.kind.Name()+" already: "+r.user,
					fmt.Sprintf("remove the line, or first: latchkey enroll remove --store %s --user %s --type %s", r.store, r.user, r.kind))
			}
		}
	}
	return nil
}
