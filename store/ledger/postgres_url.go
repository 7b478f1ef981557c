package ledger

import (
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"latchkey/bot"
)

const readPostgresURL = "read database URL"

// isPostgres reports whether a database URL names a PostgreSQL server.
func isPostgres(raw string) bool {
	return strings.HasPrefix(raw, "postgres://") || strings.HasPrefix(raw, "postgresql://")
}

// postgresConfig reads a URL as libpq knows it (sslmode, sslrootcert and the
// like behind the question mark). Without sslmode a server elsewhere is
// verified in full; one that is not verified is not spoken to. Of several
// hosts the one is meant that takes writes: a standby that answered first
// would refuse them for as long as the connection lives. Every session has
// deadlines of its own, should this process not end what it began.
func postgresConfig(raw string) (*pgx.ConnConfig, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, bot.Ef(bot.Invalid, readPostgresURL, "The database URL cannot be read. Write it as postgres://USER:PASSWORD@HOST/DATABASE.")
	}
	q, err := url.ParseQuery(strings.ReplaceAll(u.RawQuery, "+", "%2B")) // libpq knows no other plus
	if err != nil {
		return nil, bot.Ef(bot.Invalid, readPostgresURL, "What follows the question mark of the database URL cannot be read. Write it as NAME=VALUE&NAME=VALUE.")
	}
	if q.Get("sslmode") == "" {
		mode := "verify-full"
		if !slices.ContainsFunc(strings.Split(orQuery(u.Hostname(), q), ","), func(host string) bool { return !isLocal(host) }) {
			mode = "prefer"
		}
		u.RawQuery = strings.Trim(u.RawQuery+"&sslmode="+mode, "&")
	}
	if strings.Contains(u.Host+q.Get("host"), ",") && q.Get("target_session_attrs") == "" {
		u.RawQuery += "&target_session_attrs=read-write"
	}
	if file := q.Get("sslrootcert"); file != "" && file != "system" {
		if _, err := os.ReadFile(file); err != nil {
			return nil, &bot.Error{Kind: bot.Invalid, Op: readPostgresURL, Err: err,
				Text: "The database URL names a file by sslrootcert that cannot be read: " + err.Error() + ". Put the certificate of the authority there, in PEM."}
		}
	}
	c, err := pgx.ParseConfig(u.String())
	if err != nil {
		return nil, &bot.Error{Kind: bot.Invalid, Op: readPostgresURL, Err: err,
			Text: "The database URL cannot be read. Write it as postgres://USER:PASSWORD@HOST/DATABASE, with nothing behind it but settings that PostgreSQL knows."}
	}
	if strings.Trim(u.Path, "/") == "" || u.User.Username() == "" {
		return nil, bot.Ef(bot.Invalid, readPostgresURL, "The database URL names no role or no database. Write it as postgres://USER:PASSWORD@HOST/DATABASE.")
	}
	if err := verified(c); err != nil {
		return nil, err
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = dialling
	}
	for name, value := range map[string]string{
		"application_name": "latchkey", "client_encoding": "UTF8",
		"statement_timeout": millis(patience + 2*time.Second), "lock_timeout": millis(turn),
		"idle_in_transaction_session_timeout": millis(patience + 2*time.Second),
	} {
		c.RuntimeParams[name] = value
	}
	return c, nil
}

func orQuery(host string, q url.Values) string {
	if host == "" {
		return q.Get("host")
	}
	return host
}

func millis(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// verified refuses a way to another machine on which somebody could listen or
// pretend to be the server. It looks at what the driver made of the URL, so it
// holds for every host of a list, too.
func verified(c *pgx.ConnConfig) error {
	ways := append([]*pgconn.FallbackConfig{{Host: c.Host, TLSConfig: c.TLSConfig}}, c.Fallbacks...)
	ways = slices.DeleteFunc(ways, func(way *pgconn.FallbackConfig) bool { return isLocal(way.Host) })
	for _, way := range ways {
		if way.TLSConfig == nil {
			return bot.Ef(bot.Invalid, readPostgresURL, "The database URL lets the connection to %s be in the open, with passwords and history on it. Write sslmode=verify-full, or leave sslmode out.", way.Host)
		}
	}
	for _, way := range ways {
		if t := way.TLSConfig; t.InsecureSkipVerify && t.VerifyPeerCertificate == nil && t.VerifyConnection == nil {
			return bot.Ef(bot.Invalid, readPostgresURL, "The database URL does not have %s proved to be the server that it says. Write sslmode=verify-full, and name the authority by sslrootcert where it is one of your own.", way.Host)
		}
	}
	return nil
}

// isLocal reports whether a host is this machine: loopback, or a Unix socket's folder.
func isLocal(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasPrefix(host, "/") || err == nil && ip.IsLoopback()
}
