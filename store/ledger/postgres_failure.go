package ledger

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"

	"latchkey/bot"
)

// readOnly is the code of a write that the server takes from nobody
// (read_only_sql_transaction).
const readOnly = "25006"

// postgresFailure sorts what PostgreSQL and the way to it answer; "" where it
// is neither.
func postgresFailure(err error) (bot.Kind, string) {
	var dial *pgconn.ConnectError
	switch code := codeOf(err); {
	case code != "":
		return sortCode(code)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return "", "" // the caller's, told as such
	case errors.As(err, &dial):
		return bot.Unavailable, undialled(err)
	case isLost(err):
		return bot.Unavailable, "The connection to the database was lost. Try again."
	}
	return "", ""
}

// sortCode sorts the codes of PostgreSQL's appendix A, by their class where
// one answer fits it.
func sortCode(code string) (bot.Kind, string) {
	switch code {
	case "23505", "23503", "23001": // unique, foreign key, and our triggers
		return bot.Conflict, ""
	case "22021": // NUL, or no UTF-8
		return bot.Invalid, ""
	case readOnly:
		return bot.Unavailable, "The database takes no writes: it is set read-only, or it is a standby. Point the database URL at the primary."
	case "28P01", "28000":
		return bot.Unavailable, "The database server refuses Latchkey's role or its password. Put the right ones into the database URL."
	case "3D000":
		return bot.Unavailable, "The database of the database URL does not exist on its server. Create it, or name the right one."
	case "42704":
		return bot.Invalid, "The server does not know a setting that the database URL holds. Remove it."
	case "42501":
		return bot.Unavailable, "Latchkey's role lacks a right that it needs in the database. Run latchkey migrate, which grants what is needed."
	case "42P01", "42703":
		return bot.Unavailable, "The tables of the database are not those that this Latchkey needs. Run latchkey migrate."
	case "53100":
		return bot.Unavailable, "The disk of the database is full. Free some space on it, then try again."
	case "53300":
		return bot.Unavailable, "The database has no connection left for Latchkey. Raise max_connections, or the limit of the role."
	case "55P03", "40001", "40P01":
		return bot.Unavailable, "The database is busy: somebody else holds it. Try again in a moment."
	case "57014":
		return bot.Unavailable, "The database did not answer in time. Try again."
	case "25P03", "25P04", "57P05": // the server has put this session out: it hung
		return bot.Unavailable, "The connection to the database was lost. Try again."
	case "57P01", "57P02", "57P03":
		return bot.Unavailable, "The database server is starting or stopping. Try again in a moment."
	}
	switch code[:2] {
	case "08":
		return bot.Unavailable, "The connection to the database was lost. Try again."
	case "53", "58", "XX":
		return bot.Unavailable, "The database server is in trouble. Look into its log, then try again."
	}
	return bot.Internal, ""
}

// undialled says why no connection came about.
func undialled(err error) string {
	var certificate *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	switch {
	case errors.As(err, &name):
		return "The certificate of the database server is for another host. Write the host of the database URL as the certificate names it."
	case errors.As(err, &certificate), errors.As(err, &unknown):
		return "The certificate of the database server cannot be verified. Name the authority that signed it by sslrootcert in the database URL."
	case errors.Is(err, pgconn.ErrReadOnlyConnection):
		return "No host of the database URL takes writes: those that answer are standbys, or are set read-only. Promote one, or name the primary."
	case strings.Contains(err.Error(), "server refused TLS connection"): // the driver has no type for it
		return "The database server speaks no TLS, and the database URL asks for it. Switch ssl on in the server."
	}
	return "The database server cannot be reached. Make sure that it runs, and that the database URL names its host and port."
}

// codeOf is the SQLSTATE of an answer; "" where there is none.
func codeOf(err error) string {
	var server *pgconn.PgError
	if errors.As(err, &server) && len(server.Code) == 5 {
		return server.Code
	}
	return ""
}

// isRefused reports whether the server has answered that nothing was done, and
// goes on: what ends the connection answers nothing.
func isRefused(err error) bool {
	var server *pgconn.PgError
	return errors.As(err, &server) && severity(server) == "ERROR"
}

// severity is in English, whatever language the server speaks (since 9.6).
func severity(e *pgconn.PgError) string {
	if e.SeverityUnlocalized == "" {
		return e.Severity
	}
	return e.SeverityUnlocalized
}

// isLost reports whether a connection ended that had come about.
func isLost(err error) bool {
	var dial *pgconn.ConnectError
	var network *net.OpError
	switch code := codeOf(err); {
	case err == nil, errors.As(err, &dial), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return false
	case code != "":
		return code == "57P01" || code == "57P02"
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) ||
		errors.As(err, &network) || pgconn.SafeToRetry(err)
}
