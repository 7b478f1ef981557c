// Package replicas holds what three replicas on one Redis and one PostgreSQL
// may never do together, as tests: judge a sixth guess of a challenge, or
// accept a code, a step or a grant twice, in whatever order they come, and
// while a server dies, forgets, or is replaced by another.
//
// It has tests alone. They drive the core of package bot over the real stores,
// below the chat; e2e/ tells the same of the whole program.
package replicas
