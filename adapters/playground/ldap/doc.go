// Package ldap is the demo's directory: a small LDAP server (RFC 4511) with a
// tree in memory, in the flavour of Active Directory or of OpenLDAP with the
// overlay ppolicy. Wrong passwords really lock, locks really run out, and the
// one right that an unlocking account needs can be delegated and no other.
//
// It owns the protocol, the tree and the judgement of a password. It knows
// nothing of the bot and nothing of who the people are: cmd fills it, by
// package cast, and the bot reaches it over LDAP alone. It listens on loopback
// addresses only and writes no file: State and Restore are for who keeps one.
package ldap
