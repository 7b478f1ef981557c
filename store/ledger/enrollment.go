package ledger

import (
	"context"
	"errors"
	"slices"
	"strings"

	"latchkey/bot"
)

// Enrollments of the accounts, oldest first.
func (l *Ledger) Enrollments(ctx context.Context, ids []bot.AccountID) ([]bot.Enrollment, error) {
	const op = "read enrollments"
	if len(ids) == 0 {
		return nil, nil
	}
	args, err := accounts(ids)
	if err != nil {
		return nil, misuse(op, err.Error())
	}
	var out []bot.Enrollment
	err = l.read(ctx, op, func(ctx context.Context, t *transaction) error {
		var err error
		out, err = t.withAnswers(ctx, `WHERE (store, guid) IN (`+values(len(ids))+`) ORDER BY since, id`, args...)
		return err
	})
	return out, err
}

// enrollmentColumns are a row as scanEnrollment reads it.
const enrollmentColumns = `id, store, guid, type, address, contact, seed, since, by_administrator`

func scanEnrollment(from scanner) (e bot.Enrollment, err error) {
	var since int64
	err = from.Scan(&e.ID, &e.Account.Store, &e.Account.GUID, &e.Type, &e.Address, &e.Contact, &e.Seed, &since, &e.ByAdministrator)
	e.Since = fromMicros(since)
	return e, err
}

// Sealed gives, with their answers, the oldest and the newest enrollment that
// holds anything sealed: a seed, a contact or a question; one where they are the
// same, none where there is none. They try whether the keys fit the database: an
// older key file fails with the newest, another one with the oldest.
func (l *Ledger) Sealed(ctx context.Context) ([]bot.Enrollment, error) {
	const sealed = `WHERE length(seed) > 0 OR length(contact) > 0
		OR EXISTS (SELECT 1 FROM answers WHERE enrollment = enrollments.id AND length(question) > 0) ORDER BY since `
	var out []bot.Enrollment
	err := l.read(ctx, "read sealed enrollments", func(ctx context.Context, t *transaction) error {
		out = nil
		for _, order := range []string{"ASC, id ASC", "DESC, id DESC"} {
			found, err := t.withAnswers(ctx, sealed+order+` LIMIT 1`)
			if err != nil {
				return err
			}
			if len(found) > 0 && (len(out) == 0 || out[0].ID != found[0].ID) {
				out = append(out, found[0])
			}
		}
		return nil
	})
	return out, err
}

// Enroll adds an enrollment with its history record. Since is the ledger's
// time where it is not set. An Address that has its seal in Contact is not
// written. Conflict: the account has that type already, or an id is taken.
func (l *Ledger) Enroll(ctx context.Context, e bot.Enrollment, r bot.Record) error {
	const op = "enroll"
	if !whole(e) {
		return misuse(op, "the enrollment is incomplete")
	}
	return l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		var taken bool
		err := t.row(ctx, `SELECT EXISTS (SELECT 1 FROM enrollments WHERE store = ? AND guid = ? AND type = ?)`,
			e.Account.Store, e.Account.GUID, e.Type).Scan(&taken)
		if err != nil {
			return err
		}
		if taken {
			return bot.Ef(bot.Conflict, op, "The account is enrolled with %s already. Remove that enrollment first.", e.Type.Name())
		}
		if err := t.enroll(ctx, e); err != nil {
			return err
		}
		_, err = l.append(ctx, t, r)
		return err
	})
}

// Replace puts an enrollment in the place of what the account has of its type,
// or adds it, with its history record. What the old one had is gone, and its
// challenges are over. Invalid: a part is missing. Conflict: an id is taken,
// that of the old one, too: a replacement has one of its own.
func (l *Ledger) Replace(ctx context.Context, e bot.Enrollment, r bot.Record) error {
	const op = "replace enrollment"
	if !whole(e) {
		return misuse(op, "the enrollment is incomplete")
	}
	return l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		var taken bool
		if err := t.row(ctx, `SELECT EXISTS (SELECT 1 FROM enrollments WHERE id = ?)`, e.ID).Scan(&taken); err != nil {
			return err
		}
		if taken {
			return bot.E(bot.Conflict, op, errors.New("the id is taken"))
		}
		_, err := t.exec(ctx, `DELETE FROM enrollments WHERE store = ? AND guid = ? AND type = ?`, e.Account.Store, e.Account.GUID, e.Type)
		if err != nil {
			return err
		}
		if err := t.enroll(ctx, e); err != nil {
			return err
		}
		_, err = l.append(ctx, t, r)
		return err
	})
}

// whole reports whether an enrollment says all that it has to.
func whole(e bot.Enrollment) bool {
	return e.ID != "" && e.Account.Store != "" && e.Account.GUID != "" && e.Type.Valid() &&
		(len(e.Answers) == 0 || e.Type == bot.SecurityQuestions) &&
		!slices.ContainsFunc(e.Answers, func(a bot.Answer) bool { return a.ID == "" || len(a.Question) == 0 || len(a.Hash) == 0 })
}

// enroll writes the rows of one enrollment.
func (t *transaction) enroll(ctx context.Context, e bot.Enrollment) error {
	if e.Since.IsZero() {
		e.Since = t.now
	}
	_, err := t.exec(ctx, `INSERT INTO enrollments (`+enrollmentColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.ID, e.Account.Store, e.Account.GUID, e.Type, inClear(e), e.Contact, e.Seed, micros(e.Since), number(e.ByAdministrator))
	if err != nil {
		return err
	}
	return t.addAnswers(ctx, e)
}

// inClear is the address as it is written: not at all beside its seal.
func inClear(e bot.Enrollment) string {
	if len(e.Contact) > 0 {
		return ""
	}
	return e.Address
}

// Unenroll removes the types (none named: all) with history and outbox;
// NotFound where the account has none of them.
func (l *Ledger) Unenroll(ctx context.Context, id bot.AccountID, types []bot.Type, r bot.Record, notices ...bot.Notice) error {
	const op = "unenroll"
	statement, args := `DELETE FROM enrollments WHERE store = ? AND guid = ?`, []any{id.Store, id.GUID}
	if len(types) > 0 {
		statement += ` AND type IN (?` + strings.Repeat(", ?", len(types)-1) + `)`
		for _, one := range types {
			args = append(args, one)
		}
	}
	return l.write(ctx, op, func(ctx context.Context, t *transaction) error {
		n, err := t.exec(ctx, statement, args...)
		if err != nil {
			return err
		}
		if n == 0 {
			return bot.Ef(bot.NotFound, op, "The account is not enrolled with what should be removed.")
		}
		return l.appendWith(ctx, t, r, notices)
	})
}
