// Package directory finds, reads and unlocks accounts in Active Directory and
// OpenLDAP: it is bot.Directory over LDAP.
//
// It owns the connections and their deadlines, the spelling of names, what
// "locked" means on each kind of server, and the one write that there is: the
// lock that a grant has seen is cleared, by compare-and-set, on one named
// server. It knows nothing of roles, policies or chat: a bot.Grant says that
// somebody decided. cmd opens one Store for each identity store and asks it
// for Check; bot calls the rest. Package conformance tries it on real servers.
package directory
