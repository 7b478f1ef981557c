package config

// Config is the whole configuration, as Load gives it: complete, checked, with
// defaults filled in. The tags describe each key to the reader, the schema and
// the example alike:
//
//	yaml      the key
//	doc       what it means, a phrase or two
//	required  "true": its absence is a fault
//	default   what holds where it is absent, written as in the file
//	enum      the words allowed, for text and lists of text
//	min, max  bounds, included, for numbers, durations and the length of lists
//	pattern   a regular expression that text must match; like shows one that does
//	single    "true": a list that may be written as its only element
//	shown     "true": the example writes it, though it is neither required nor has a default
type Config struct {
	Server     Server          `yaml:"server" required:"true" doc:"the addresses on which Latchkey listens"`
	Keys       Keys            `yaml:"keys" required:"true" doc:"the keys that seal and sign"`
	Redis      Redis           `yaml:"redis" required:"true" doc:"sessions, pending codes and rates; never of record"`
	Database   Database        `yaml:"database" required:"true" doc:"everything of record"`
	Slack      *Slack          `yaml:"slack" shown:"true" doc:"the Slack app; at least one of slack and teams is needed"`
	Teams      *Teams          `yaml:"teams" doc:"the Teams app; at least one of slack and teams is needed"`
	People     People          `yaml:"people" doc:"how a chat person is bound to a directory account, once, then by immutable id"`
	Mail       *Mail           `yaml:"mail" shown:"true" doc:"the server that takes mail; needed by the authentication type email"`
	SMS        *SMS            `yaml:"sms" doc:"the gateway that takes text messages; needed by the authentication type mobile"`
	Stores     []IdentityStore `yaml:"identity_stores" required:"true" min:"1" doc:"the directories"`
	Roles      []Role          `yaml:"roles" required:"true" min:"1" doc:"security roles; the lowest priority number wins"`
	Enrollment Enrollment      `yaml:"enrollment" doc:"when an enrollment counts"`
	Limits     Limits          `yaml:"limits" doc:"the numbers that slow down guessing"`
	History    History         `yaml:"history" doc:"how long history is kept and where its proof is published"`

	source source
}

// Server is where Latchkey listens.
type Server struct {
	Listen    HostPort `yaml:"listen" shown:"true" like:":8443" doc:"address that Slack and Teams call, host:port; needed unless slack.mode is socket and there is neither teams nor public_url"`
	Admin     HostPort `yaml:"admin" default:"127.0.0.1:9090" doc:"address of /healthz, /readyz and /metrics; never public"`
	PublicURL Address  `yaml:"public_url" shown:"true" like:"https://latchkey.example.com" doc:"how browsers reach listen: one-time pages are linked with it"`
	TLS       *TLS     `yaml:"tls" doc:"serve HTTPS on listen; without it a proxy in front has to"`
}

// TLS names a certificate and its key, both PEM.
type TLS struct {
	Certificate string `yaml:"certificate" required:"true" like:"/etc/latchkey/tls.pem" doc:"file with the certificate and its chain"`
	Key         string `yaml:"key" required:"true" like:"/etc/latchkey/tls.key" doc:"file with the private key"`
}

// Keys names the file with the keys.
type Keys struct {
	File string `yaml:"file" required:"true" like:"/etc/latchkey/keys.json" doc:"made and rotated by latchkey keys"`
}

// Redis says how Redis is reached.
type Redis struct {
	Addresses []HostPort `yaml:"addresses" required:"true" min:"1" like:"127.0.0.1:6379" doc:"one: a server; several with master: the Sentinels; several without: a Cluster"`
	Master    string     `yaml:"master" like:"latchkey" doc:"name under which the Sentinels know the master"`
	Username  string     `yaml:"username" like:"latchkey" doc:"ACL user"`
	Password  Secret     `yaml:"password" like:"${REDIS_PASSWORD}" doc:"its password"`
	TLS       bool       `yaml:"tls" doc:"connect by TLS"`
	CAFile    string     `yaml:"ca_file" like:"/etc/latchkey/redis-ca.pem" doc:"PEM file with the authority that signed the server's certificate; the system's without it"`
	Prefix    string     `yaml:"prefix" default:"latchkey:" pattern:"^[A-Za-z0-9][A-Za-z0-9:._-]{0,63}$" like:"\"latchkey:\"" doc:"begins each key, so that an ACL user needs no other and two installations can share a Redis"`
}

// Database says where the record is kept.
type Database struct {
	URL      Address `yaml:"url" required:"true" like:"sqlite:///var/lib/latchkey/latchkey.db" doc:"sqlite:///PATH, or postgres://… for more than one replica"`
	OwnerURL Address `yaml:"owner_url" like:"postgres://latchkey_owner@db.example.com/latchkey" doc:"PostgreSQL as the owner of the tables: for latchkey migrate and retention alone"`
}
