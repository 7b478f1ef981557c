// Package session keeps in Redis what may be lost: session records, the keyed
// hashes of pending codes, what has been seen before, request rates, and which
// instances serve. Each entry has an end. It can only deny: with Redis away
// every call answers Unavailable within three seconds, with its data lost
// NotFound.
//
// It knows nothing of what a record says or what is counted. flows and the
// unlock core use it through their own interfaces; cmd opens it. One server,
// Sentinel and Cluster all serve: what one call touches shares a hash tag.
package session
