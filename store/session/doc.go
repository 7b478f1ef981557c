// Package session keeps in Redis what may be lost: session records, the keyed
// hashes of pending codes, what has been seen before, and request rates. Each
// entry has an end. It can only deny: with Redis away every call answers
// Unavailable within three seconds, and with its data lost NotFound.
//
// It knows nothing of what a record says or what is counted. flows and the
// unlock core use it through their own interfaces; cmd opens it. One server,
// Sentinel and Cluster all serve, since no call touches more than one key.
package session
