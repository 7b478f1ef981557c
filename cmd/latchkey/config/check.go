package config

import (
	"fmt"
	"net/mail"
	"reflect"
	"slices"
	"strings"

	"latchkey/bot"
)

// checker asks what the shape of the file alone cannot tell: whether names
// lead somewhere and keys fit together. It leaves alone what is wrong already.
type checker struct {
	*source
	cfg   *Config
	names map[DN]bot.DN // canonical forms of all distinguished names
}

func check(cfg *Config, canonical func(string) (bot.DN, error)) {
	c := checker{source: &cfg.source, cfg: cfg, names: make(map[DN]bot.DN)}
	c.distinguish(canonical)
	c.server()
	c.redis()
	c.database()
	c.chats()
	c.people()
	c.delivery()
	for i := range cfg.Stores {
		c.store(i)
	}
	for i := range cfg.Roles {
		c.role(i)
	}
	c.priorities()
	c.limits()
}

// distinguish checks every distinguished name of the configuration.
func (c *checker) distinguish(canonical func(string) (bot.DN, error)) {
	each(reflect.ValueOf(c.cfg).Elem(), "", func(key string, dn DN) {
		name, err := canonical(string(dn))
		if err != nil || name == "" {
			c.fault(key, "%s is not a distinguished name; write it as CN=…,OU=…,DC=example,DC=com", quote(string(dn)))
			return
		}
		c.names[dn] = name
	})
}

// each visits every distinguished name below v.
func each(v reflect.Value, key string, visit func(key string, dn DN)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			each(v.Elem(), key, visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			each(v.Index(i), fmt.Sprintf("%s[%d]", key, i), visit)
		}
	case reflect.Struct:
		for _, f := range fields(v.Type()) {
			each(v.Field(f.index), place{key: key}.below(f).key, visit)
		}
	case reflect.String:
		if dn, ok := v.Interface().(DN); ok && dn != "" {
			visit(key, dn)
		}
	}
}

// under reports whether a name belongs to a store: the one with the longest
// base that holds it. True where either is at fault already.
func (c *checker) under(dn DN, s IdentityStore) bool {
	name, ok := c.names[dn]
	base, too := c.names[s.Base]
	if !ok || !too {
		return true
	}
	var bases []bot.DN
	for _, other := range c.cfg.Stores {
		if b, ok := c.names[other.Base]; ok {
			bases = append(bases, b)
		}
	}
	return belongs(name, base, bases)
}

// belongs reports whether a name is below base and below no longer one of
// bases: where a store's tree is within another's, what is there is the inner one's.
func belongs(name, base bot.DN, bases []bot.DN) bool {
	return name.Under(base) && !slices.ContainsFunc(bases, func(other bot.DN) bool {
		return other != base && other.Under(base) && name.Under(other)
	})
}

func (c *checker) storeNamed(name string) *IdentityStore {
	for i := range c.cfg.Stores {
		if c.cfg.Stores[i].Name == name {
			return &c.cfg.Stores[i]
		}
	}
	return nil
}

// knownStore notes a fault where a key names no store.
func (c *checker) knownStore(key, name string) *IdentityStore {
	s := c.storeNamed(name)
	if s == nil && c.sound(key) {
		names := make([]string, len(c.cfg.Stores))
		for i := range c.cfg.Stores {
			names[i] = c.cfg.Stores[i].Name
		}
		c.fault(key, "%s is not the name of an identity store; the stores are %s", quote(name), strings.Join(names, ", "))
	}
	return s
}

// address checks the parts of an address: its scheme and what it may have beside a host.
func (c *checker) address(key string, a Address, schemes ...string) bool {
	if !c.sound(key) {
		return false
	}
	for _, s := range schemes {
		if a.Scheme == s {
			if a.Host == "" {
				c.fault(key, "names no host; write %s://host:port", s)
				return false
			}
			return true
		}
	}
	c.fault(key, "does not begin with %s://; write it so", strings.Join(schemes, ":// or "))
	return false
}

// web checks the address of something that secrets are sent to.
func (c *checker) web(key string, a Address) {
	if !c.address(key, a, "https", "http") {
		return
	}
	switch {
	case a.Scheme == "http" && !a.Loopback():
		c.fault(key, "would carry secrets in the clear; write https://")
	case a.User != "" || !a.Password.IsZero():
		c.fault(key, "holds a user name or password, which are not used here; remove them")
	}
}

func (c *checker) server() {
	if s := c.cfg.Server; c.sound("server.listen") && c.sound("server.admin") && s.Listen == s.Admin && !strings.HasSuffix(string(s.Admin), ":0") {
		c.fault("server.admin", "is the same as listen; choose another port, since it must not be public")
	}
	if c.has("server") && !c.has("server.listen") && c.called() {
		c.fault("server.listen", "is missing; add it: listen: \":8443\" (address that Slack and Teams call, host:port)")
	}
	c.web("server.public_url", c.cfg.Server.PublicURL)
}

// called reports whether anybody has to reach Latchkey from outside.
func (c *checker) called() bool {
	s := c.cfg.Slack
	return s == nil || s.Mode != "socket" || c.has("teams") || c.has("server.public_url")
}

func (c *checker) redis() {
	r := c.cfg.Redis
	if c.sound("redis.username") && !c.has("redis.password") {
		c.fault("redis.username", "has no password beside it; add password")
	}
	if c.sound("redis.ca_file") && !r.TLS && !c.bad["redis.tls"] {
		c.fault("redis.ca_file", "is set without TLS; add tls: true")
	}
	for i, a := range r.Addresses {
		if strings.HasPrefix(string(a), ":") || strings.HasSuffix(string(a), ":0") {
			c.fault(fmt.Sprintf("redis.addresses[%d]", i), "%s names no server to connect to; write host:port", quote(string(a)))
		}
	}
}

func (c *checker) database() {
	const key = "database.url"
	switch u := c.cfg.Database.URL; {
	case !c.sound(key):
	case u.Scheme == "sqlite" && (u.Host != "" || u.Path == "" || strings.HasSuffix(u.Path, "/")):
		c.fault(key, "names no file; write sqlite:// and then the whole path: sqlite:///var/lib/latchkey/latchkey.db")
	case u.Scheme == "sqlite" && (u.User != "" || u.Query != ""):
		c.fault(key, "holds more than a path; end it with the name of the file")
	case u.Scheme == "sqlite":
		if c.has("database.owner_url") {
			c.fault("database.owner_url", "is for PostgreSQL; remove it")
		}
	case u.Scheme == "postgres" || u.Scheme == "postgresql":
		c.address(key, u, "postgres", "postgresql")
	default:
		c.fault(key, "is neither SQLite nor PostgreSQL; write sqlite:///PATH or postgres://user@host/database")
	}
	c.address("database.owner_url", c.cfg.Database.OwnerURL, "postgres", "postgresql")
}

func (c *checker) delivery() {
	if m := c.cfg.Mail; m != nil {
		if c.address("mail.url", m.URL, "smtps", "smtp") && m.URL.Path != "" && m.URL.Path != "/" {
			c.fault("mail.url", "has something after the host; end it with the port")
		}
		if _, err := mail.ParseAddress(m.From); err != nil && c.sound("mail.from") {
			c.fault("mail.from", "%s is not a mail address; write it as \"Helpdesk <helpdesk@example.com>\"", quote(m.From))
		}
	}
	s := c.cfg.SMS
	if s == nil {
		return
	}
	if (s.Twilio == nil) == (s.Webhook == nil) && !c.bad["sms.twilio"] && !c.bad["sms.webhook"] {
		c.fault("sms", "names not exactly one gateway; keep one of twilio and webhook")
	}
	if s.Twilio != nil {
		c.web("sms.twilio.api_url", s.Twilio.APIURL)
	}
	if s.Webhook != nil {
		c.web("sms.webhook.url", s.Webhook.URL)
	}
}

func (c *checker) limits() {
	if l := c.cfg.Limits.Session; l.Idle > l.Life && !c.bad["limits.session.idle"] && !c.bad["limits.session.life"] {
		c.fault("limits.session.idle", "is longer than the session itself (%s); write at most that", l.Life)
	}
	h := c.cfg.History
	if c.sound("history.retain") && !c.has("history.archive") {
		c.fault("history.retain", "has no archive beside it, into which what is removed is exported; add archive")
	}
	if h.SIEM != nil && c.address("history.siem.to", h.SIEM.To, "tcp", "tls", "file") && h.SIEM.To.Port == "" {
		c.fault("history.siem.to", "names no port; write tcp://host:port")
	}
}
