package directory

import (
	"context"
	"errors"

	"latchkey/bot"

	"github.com/go-ldap/ldap/v3"
)

// fault gives an error its kind and a sentence for people. What has a kind
// already keeps it.
func (s *Store) fault(op string, err error) error {
	var kind *bot.Error
	var bind *bindError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &kind):
		return err
	case errors.As(err, &bind) && answered(err):
		return s.away(op, err, "The directory "+s.name+" refuses Latchkey's own account: an administrator has to look at bind_dn and bind_password.")
	case !answered(err):
		return s.away(op, err, "The directory "+s.name+" does not answer. Try again in a moment.")
	case codeIs(err, ldap.LDAPResultInsufficientAccessRights):
		return &bot.Error{Kind: bot.Denied, Op: op + " in " + s.name, Err: err,
			Text: "Latchkey's own account may not read this in the directory " + s.name + "."}
	case elsewhere(err):
		return s.away(op, err, "The directory "+s.name+" is not able to answer now. Try again in a moment.")
	case codeIs(err, ldap.LDAPResultReferral):
		return s.away(op, err, "The directory "+s.name+" points to another server, which Latchkey does not follow: an administrator has to look at urls and base.")
	}
	return &bot.Error{Kind: bot.Internal, Op: op + " in " + s.name, Err: err}
}

func (s *Store) away(op string, err error, text string) error {
	return &bot.Error{Kind: bot.Unavailable, Op: op + " in " + s.name, Text: text, Err: err}
}

// elsewhere: this server cannot now, another one may. 1 is what Active
// Directory answers on a connection that has lost its bind.
func elsewhere(err error) bool {
	return codeIs(err, ldap.LDAPResultOperationsError, ldap.LDAPResultBusy, ldap.LDAPResultUnavailable)
}

// unreached reports whether another server may still answer.
func unreached(err error) bool {
	var bind *bindError
	if errors.As(err, &bind) && answered(err) {
		return elsewhere(err) // a refused bind is refused everywhere, and counts
	}
	var kind *bot.Error
	if errors.As(err, &kind) {
		return false
	}
	return err != nil && (!answered(err) || elsewhere(err))
}

// over reports whether the caller's time is up.
func over(ctx context.Context) bool { return ctx.Err() != nil }
