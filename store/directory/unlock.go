package directory

import (
	"context"
	"fmt"
	"time"

	"latchkey/bot"

	"github.com/go-ldap/ldap/v3"
	"github.com/jackc/puddle/v2"
	"go.uber.org/zap"
)

// leastToWrite is the time that must be left for a modify: with less it is not sent.
const leastToWrite = time.Second

// Unlock clears the lock that the grant has seen, with one modify on one
// server, and never retries it. The account is found again by its immutable id
// on the same connection just before, and written to only if its lock is still
// the one seen; the modify compares once more.
//
// nil: the server said done. Denied: the grant is of no account of this store,
// an administrator locked it, or the service account may not. Conflict: the
// lock is another one, or gone. NotFound: the account is gone. Unavailable:
// nothing was sent, or the server refused. Unavailable around
// bot.ErrUnanswered: it was sent, and may have landed; an answer that leaves
// this open counts as none.
func (s *Store) Unlock(ctx context.Context, g bot.Grant) error {
	const op = "unlock an account"
	if g.Account().IsZero() || g.Account().Store != s.name {
		return bot.Ef(bot.Denied, op, "Nobody has decided that this account may be unlocked.")
	}
	if err := lockedByCount(op, g.Seen().State); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	v, err := s.writer(ctx)
	if err != nil {
		return s.fault(op, err)
	}
	held, dn, err := s.confirm(ctx, v, g)
	if err != nil {
		return s.fault(op, err)
	}
	defer v.release(held)
	return s.write(ctx, held.Value(), dn, g)
}

func lockedByCount(op string, state bot.LockState) error {
	switch state {
	case bot.Locked:
		return nil
	case bot.LockedByAdministrator:
		return bot.Ef(bot.Denied, op, "An administrator has locked this account, and has to unlock it in the directory.")
	}
	return changed(op)
}

func changed(op string) error {
	return bot.Ef(bot.Conflict, op, "The lock of this account is no longer the one that was seen. Look at the account again.")
}

// confirm reads the account on the server that is written to, and keeps the
// connection. A connection that was used before and turns out to be dead is
// replaced once: nothing has been written yet.
func (s *Store) confirm(ctx context.Context, v *server, g bot.Grant) (*puddle.Resource[*connection], string, error) {
	for again := true; ; again = false {
		held, err := v.acquire(ctx)
		if err != nil {
			s.log.Warn("directory server not reached", zap.String("store", s.name), zap.String("url", v.url), zap.Error(err))
			return nil, "", err
		}
		used := held.Value().begin()
		e, a, err := s.byID(ctx, held.Value(), g.Account().GUID)
		if err == nil && (a.Lock.State != bot.Locked || a.Lock.Value != g.Seen().Value) {
			err = changed("unlock an account")
		}
		if deadline, ok := ctx.Deadline(); err == nil && ok && time.Until(deadline) < leastToWrite {
			err = &netError{"unlock an account", context.DeadlineExceeded}
		}
		if err == nil {
			return held, e.dn, nil
		}
		v.release(held)
		if !unreached(err) || !used || !again || over(ctx) {
			return nil, "", err
		}
	}
}

func (s *Store) write(ctx context.Context, c *connection, dn string, g bot.Grant) error {
	const op = "unlock an account"
	request := ldap.NewModifyRequest(dn, nil)
	s.dialect.clear(request, g.Seen().Value)
	before := c.socket.sent.Load()
	err := c.do(ctx, modifyLimit, func(l *ldap.Conn) error { return l.Modify(request) })
	switch {
	case err == nil:
		return nil
	case answered(err) && !leavesOpen(err):
		return s.refusal(op, g, err)
	case c.socket.sent.Load() == before:
		return s.away(op, err, "The directory "+s.name+" does not answer; nothing was changed. Try again in a moment.")
	}
	return s.away(op, fmt.Errorf("%w: %w", bot.ErrUnanswered, err),
		"The directory "+s.name+" was asked to unlock the account and did not say that it did: that is not known yet.")
}

// leavesOpen: answers of a server that gave up on its way, or of a proxy that
// lost the server behind it.
func leavesOpen(err error) bool {
	return codeIs(err, ldap.LDAPResultTimeLimitExceeded, ldap.LDAPResultUnavailable, ldap.LDAPResultOther)
}

// refusal: the server answered that it did not do it.
func (s *Store) refusal(op string, g bot.Grant, err error) error {
	code, _ := resultCode(err)
	switch code {
	case ldap.LDAPResultNoSuchAttribute:
		return changed(op)
	case ldap.LDAPResultNoSuchObject:
		return s.gone()
	}
	// The one place where it is told: whoever asked sees no codes.
	s.log.Warn("directory refused to unlock", zap.String("store", s.name), zap.String("guid", g.Account().GUID),
		zap.String("offer", g.ID()), zap.Uint16("result_code", code))
	if code == ldap.LDAPResultInsufficientAccessRights {
		return &bot.Error{Kind: bot.Denied, Op: op + " in " + s.name, Err: err,
			Text: "Latchkey's own account may not unlock this account in the directory " + s.name + ": an administrator has to delegate that right for the container it is in."}
	}
	if code == ldap.LDAPResultReferral {
		return s.away(op, err, "The server of the directory "+s.name+" that is written to is read-only; nothing was changed. An administrator has to look at write_to.")
	}
	return s.away(op, err, fmt.Sprintf("The directory %s refused to unlock the account (LDAP result %d); nothing was changed.", s.name, code))
}
