package main

import (
	"context"
	"fmt"
	"slices"

	"go.uber.org/zap"

	"latchkey/bot"
	"latchkey/store/vault"
)

// seals is what the keys of a database of record are changed by: a ledger.
type seals interface {
	// SealedPage gives at most n enrollments by id, after the named one.
	SealedPage(ctx context.Context, after string, n int) ([]bot.Enrollment, error)
	// Reseal replaces what is sealed of an enrollment where it is still as was
	// has it, and reports whether it did.
	Reseal(ctx context.Context, was, now bot.Enrollment) (bool, error)
	// SealedNotices gives at most n waiting notices with sealed recipients by id, after the named one.
	SealedNotices(ctx context.Context, after string, n int) ([]bot.Notice, error)
	// ResealNotice does with a recipient as Reseal does with an enrollment.
	ResealNotice(ctx context.Context, was, now bot.Notice) (bool, error)
}

const (
	sealsAtOnce = 200 // enrollments or notices of a page
	mostPasses  = 5   // over all of them
)

// resealed counts enrollments and notices that wait to be delivered to sealed
// recipients, of the last pass but for those that were done.
type resealed struct {
	Enrollments     int `json:"enrollments"`      // in the database
	Done            int `json:"resealed"`         // in this run
	Changed         int `json:"changed"`          // by somebody else in that moment, and left alone
	Unopened        int `json:"unopened"`         // that no key of the file opens
	Notices         int `json:"notices"`          // in the outbox
	NoticesDone     int `json:"notices_resealed"` // in this run
	NoticesUnopened int `json:"notices_unopened"` // that no key of the file opens
}

// reseal seals all enrollments, and the recipients of what waits, with the primary key, one at a time, so that it
// may be ended and begun again at any moment, while others read and write them.
// It goes over them again where something was changed under it, or sealed with
// an earlier key by somebody whose key file is not the newest.
func reseal(ctx context.Context, l seals, v *vault.Vault) (all resealed, err error) {
	for range mostPasses {
		one, err := resealPass(ctx, l, v)
		one.Done, one.NoticesDone = one.Done+all.Done, one.NoticesDone+all.NoticesDone
		stale := one.Done > all.Done || one.NoticesDone > all.NoticesDone || one.Changed > 0
		if all = one; err != nil || !stale {
			return all, err
		}
	}
	return all, nil
}

func resealPass(ctx context.Context, l seals, v *vault.Vault) (n resealed, err error) {
	err = eachEnrollment(ctx, l, func(was bot.Enrollment) error {
		n.Enrollments++
		now, changed, err := resealOne(v, was)
		switch {
		case err != nil:
			n.Unopened++
			return nil
		case !changed:
			return nil
		}
		done, err := l.Reseal(ctx, was, now)
		switch {
		case err != nil:
			return err
		case done:
			n.Done++
		default:
			n.Changed++
		}
		return nil
	})
	if err != nil {
		return n, err
	}
	return n, eachNotice(ctx, l, func(was bot.Notice) error {
		n.Notices++
		now, changed, err := resealNotice(v, was)
		switch {
		case err != nil:
			n.NoticesUnopened++
			return nil
		case !changed:
			return nil
		}
		done, err := l.ResealNotice(ctx, was, now)
		if done {
			n.NoticesDone++
		}
		return err // one that was delivered or sealed by somebody else meanwhile is looked at in the next pass
	})
}

func eachEnrollment(ctx context.Context, l seals, do func(bot.Enrollment) error) error {
	return eachOf(ctx, l.SealedPage, func(e bot.Enrollment) string { return e.ID }, do)
}

func eachNotice(ctx context.Context, l seals, do func(bot.Notice) error) error {
	return eachOf(ctx, l.SealedNotices, func(n bot.Notice) string { return n.ID }, do)
}

// eachOf does with each of what is read page by page, by id.
func eachOf[T any](ctx context.Context, pages func(context.Context, string, int) ([]T, error), id func(T) string, do func(T) error) error {
	after := ""
	for {
		page, err := pages(ctx, after, sealsAtOnce)
		if err != nil {
			return err
		}
		for _, one := range page {
			if err := do(one); err != nil {
				return err
			}
			after = id(one)
		}
		if len(page) < sealsAtOnce {
			return nil
		}
	}
}

// resealNotice gives a notice with its recipient sealed by the primary key;
// changed is false where it is so.
func resealNotice(v *vault.Vault, n bot.Notice) (out bot.Notice, changed bool, err error) {
	row, sealed, ok := n.Sealed()
	if !ok {
		return n, false, nil
	}
	fresh, changed, err := v.Reseal(sealed, "outbox", row, "recipient")
	if err != nil || !changed {
		return n, false, err
	}
	return n.Resealed(fresh), true, nil
}

// resealOne gives an enrollment with all of it sealed by the primary key, its
// address too where that is in the open; changed is false where it is so.
func resealOne(v *vault.Vault, e bot.Enrollment) (out bot.Enrollment, changed bool, err error) {
	anew := func(sealed []byte, table, row, column string) []byte {
		if err != nil || len(sealed) == 0 {
			return sealed
		}
		fresh, one, failed := v.Reseal(sealed, table, row, column)
		if err = failed; failed != nil {
			return sealed
		}
		changed = changed || one
		return fresh
	}
	out = e
	out.Seed = anew(e.Seed, "enrollments", e.ID, "seed")
	out.Contact = anew(e.Contact, "enrollments", e.ID, "contact")
	out.Answers = slices.Clone(e.Answers)
	for i, a := range out.Answers {
		out.Answers[i].Question = anew(a.Question, "answers", a.ID, "question")
	}
	if err == nil && e.Address != "" && len(e.Contact) == 0 {
		out, err = v.SealAddress(out)
		changed = true
	}
	return out, changed && err == nil, err
}

func (p *program) resealKeys(ctx context.Context) error {
	return p.onLedger(ctx, subject{}, func(o opened) error {
		v, err := openVault(o.cfg, zap.NewNop())
		if err != nil {
			return err
		}
		n, err := reseal(ctx, o.ledger, v)
		if err != nil {
			text := fmt.Sprintf("%s sealed anew before this was interrupted. Run it again: it goes on with the rest.", counted(n.Done, "enrollment was", "enrollments were"))
			if why := bot.TextOf(err); why != "" {
				text += " " + why
			}
			return &bot.Error{Kind: bot.KindOf(err), Op: "reseal", Err: err, Text: text}
		}
		if err := o.ledger.Overwritten(ctx); err != nil {
			return err
		}
		if err := n.left(o.cfg.Keys.File); err != nil {
			return err
		}
		return p.answer(n, n.text())
	})
}

// left is the error where not all is sealed with the primary key.
func (n resealed) left(file string) error {
	const op = "reseal"
	switch {
	case n.Unopened > 0:
		return bot.Ef(bot.Invalid, op, "%s opened by no key of %s; %s sealed anew. Put the copy of the file that has their key in its place (latchkey enroll list shows whose they are), or remove and enroll them anew.",
			counted(n.Unopened, "enrollment is", "enrollments are"), file, counted(n.Done, "other was", "others were"))
	case n.NoticesUnopened > 0:
		return bot.Ef(bot.Invalid, op, "The recipients of %s to be delivered are opened by no key of %s; all else is sealed with the primary key. Put the copy of the file that has their key in its place; without it, they are never delivered.",
			counted(n.NoticesUnopened, "notice that waits", "notices that wait"), file)
	case n.Changed > 0:
		return bot.Ef(bot.Conflict, op, "%s sealed anew, and %s changed by somebody else again and again. Run it once more.",
			counted(n.Done, "enrollment was", "enrollments were"), counted(n.Changed, "was", "were"))
	}
	return nil
}

func (n resealed) text() string {
	waiting := ""
	if n.NoticesDone > 0 {
		waiting = " So were the recipients of " + counted(n.NoticesDone, "notice that waits", "notices that wait") + " to be delivered."
	}
	if n.Done == 0 && n.NoticesDone == 0 {
		return fmt.Sprintf("Everything is sealed with the primary key already (%s); nothing was changed.", counted(n.Enrollments, "enrollment", "enrollments"))
	}
	return fmt.Sprintf("Sealed %s anew. All %d are sealed with the primary key.%s", counted(n.Done, "enrollment", "enrollments"), n.Enrollments, waiting)
}

// counted writes a number with the words for one or for several.
func counted(n int, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, several)
}
