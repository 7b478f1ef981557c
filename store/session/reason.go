package session

import (
	"crypto/x509"
	"errors"
	"regexp"
	"strings"

	"github.com/redis/go-redis/v9"
)

// reason is what is wrong with Redis and how an administrator mends it. A
// vague one needs the error's own words beside it.
type reason struct {
	what, mend string
	vague      bool
}

func (r reason) String() string { return r.what + "; to mend it, " + r.mend }

// reason reads an error of a server, of a Sentinel, or of the way there.
func (s *Store) reason(where string, err error) reason {
	for _, read := range []func(string, error) (reason, bool){s.ofRights, s.ofKind, s.ofState, s.ofWay} {
		if r, ok := read(where, err); ok {
			return r
		}
	}
	mend := "start Redis or correct redis.addresses; if it speaks TLS, set redis.tls"
	if s.config.TLS != nil {
		// Redis answers nothing to a TLS greeting on its plain port.
		mend = "start Redis or correct redis.addresses; if it does not speak TLS there, remove redis.tls"
	}
	return reason{where + " does not answer", mend, true}
}

// where names the servers of the configuration.
func (s *Store) where() string { return strings.Join(s.config.Addresses, ", ") }

// master names the one that the Sentinels choose.
func (s *Store) master() string { return "the master of " + s.config.Master }

// line is the error on one line: the library puts those of several Sentinels below each other.
func line(err error) string { return strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "; ") }

// bySentinel tells errors of asking the Sentinels from those of the master that they named.
func bySentinel(err error) bool { return says(err, "all sentinels specified") }

var refusedCommand = regexp.MustCompile(`permissions to run the '([^']+)' command`)

// ofRights is about users, passwords and what they may do.
func (s *Store) ofRights(where string, err error) (reason, bool) {
	switch command := refusedCommand.FindStringSubmatch(err.Error()); {
	case bySentinel(err) && command != nil:
		return reason{"the user may not use " + command[1] + " on the Sentinels", "allow it on each Sentinel: " + s.allow(command[1]), false}, true
	case bySentinel(err) && (says(err, "WRONGPASS") || says(err, "NOAUTH") || says(err, "AUTH failed") || says(err, "ERR AUTH")):
		return reason{"the Sentinels refuse the login", "give each Sentinel the user of redis.username with the password of redis.password, since they have users of their own", false}, true
	case command != nil:
		return reason{"the user may not use " + command[1], "allow it on every server: " + s.allow(command[1]), false}, true
	case says(err, "NOPERM"):
		return reason{"the user may not use the keys below " + s.config.Prefix, "allow it on every server: ACL SETUSER " + s.user() + " ~" + s.config.Prefix + "*", false}, true
	case says(err, "can't run this command"):
		return reason{"the user may not use a command that a script needs", "run latchkey check, which names it, and allow it on every server", false}, true
	case redis.IsAuthError(err), says(err, "ERR AUTH"):
		return reason{where + " refuses the login", "correct redis.username and redis.password, or make the user there: each server has users of its own", false}, true
	}
	return reason{}, false
}

// allow is the command that gives the user more.
func (s *Store) allow(commands ...string) string {
	return "ACL SETUSER " + s.user() + " +" + strings.Join(commands, " +")
}

func (s *Store) user() string {
	if s.config.Username == "" {
		return "default"
	}
	return s.config.Username
}

// ofKind is about servers that are of another kind than redis.addresses and
// redis.master say.
func (s *Store) ofKind(where string, err error) (reason, bool) {
	_, moved := redis.IsMovedError(err)
	_, ask := redis.IsAskError(err)
	switch {
	case bySentinel(err) && says(err, "redis: nil"):
		return reason{"the Sentinels watch no master called " + s.config.Master, "write in redis.master the name of `sentinel monitor NAME` in sentinel.conf", false}, true
	case says(err, "unknown command") && says(err, "get-master-addr-by-name"):
		return reason{"redis.master is set, and no Sentinel answers at " + where, "name the Sentinels in redis.addresses (their usual port is 26379), or remove redis.master", false}, true
	case moved && !s.cluster(), ask && !s.cluster():
		return reason{where + " is one node of a Cluster", "name several of its nodes in redis.addresses", false}, true
	case says(err, "cluster support disabled"):
		return reason{where + " are single servers and no Cluster", singles, false}, true
	case says(err, "unknown command"):
		return reason{where + " lacks a command that Redis has, as a Sentinel does", "set redis.master if these are Sentinels, or name the server that keeps data", false}, true
	}
	return reason{}, false
}

const singles = "leave the one address that takes writes, or name their Sentinels and set redis.master"

func (s *Store) cluster() bool { return s.config.Master == "" && len(s.config.Addresses) > 1 }

// ofState is about servers that are right and cannot serve just now.
func (s *Store) ofState(where string, err error) (reason, bool) {
	switch {
	case redis.IsReadOnlyError(err) && s.config.Master == "" && !s.cluster():
		return reason{where + " is a replica, which takes no writes", "name the master in redis.addresses, or the Sentinels and redis.master", false}, true
	case redis.IsReadOnlyError(err):
		return reason{"a replica was asked to write, as during a failover", "wait a few seconds; if it stays, see which server is master", false}, true
	case redis.IsOOMError(err):
		return reason{"it is full and takes no writes", "raise maxmemory, or give Latchkey a Redis of its own", false}, true
	case redis.IsClusterDownError(err):
		return reason{"the Cluster is down, since a part of its slots has no master", "start the missing nodes; redis-cli --cluster check " + s.config.Addresses[0] + " names them", false}, true
	case redis.IsLoadingError(err):
		return reason{"it is reading its data and not ready yet", "wait until it is", false}, true
	case redis.IsMasterDownError(err):
		return reason{"a replica that has lost its master was asked", "start the master, or name it in redis.addresses", false}, true
	case redis.IsNoReplicasError(err):
		return reason{"it takes no writes, since too few replicas follow it", "start its replicas, or lower min-replicas-to-write", false}, true
	}
	return reason{}, false
}

// ofWay is about connections.
func (s *Store) ofWay(where string, err error) (reason, bool) {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	switch {
	case errors.As(err, &unknown):
		return reason{where + " has a certificate of an unknown authority", "set redis.ca_file to the authority's certificate", false}, true
	case errors.As(err, &name):
		mend := "use one of the certificate's names in redis.addresses"
		if s.config.Master != "" || s.cluster() {
			mend += ", and let the servers announce one of theirs: each certificate has to name what its server is announced as"
		}
		return reason{where + " has a certificate for another name: " + name.Error(), mend, false}, true
	case bySentinel(err):
		return reason{"no Sentinel answers at " + where, "start it or correct redis.addresses; see that redis.tls is as it speaks", true}, true
	case s.config.Master != "" && (where == s.where() || where == s.master()):
		return reason{"the master that the Sentinels name does not answer, and no other has taken its place",
			"start it, or enough Sentinels and replicas for a failover: SENTINEL CKQUORUM " + s.config.Master + " tells", true}, true
	}
	return reason{}, false
}
