package session

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"latchkey/bot"

	"github.com/redis/go-redis/v9"
)

const (
	part          = "redis"
	oldestVersion = 6 // ACL users; `SET` and scripts as they are used here
	checkTime     = 6 * time.Second
)

// Check connects, and says line by line what an administrator should know.
func (s *Store) Check(ctx context.Context) []bot.Finding {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	var out []bot.Finding
	version := "a server"
	nodes, err := s.masters(ctx)
	switch {
	case redis.IsPermissionError(err):
		out = append(out, bot.Finding{Part: part, Level: bot.LevelWarning,
			What: "the user may not ask INFO, so that version, role and maxmemory-policy are not known",
			Mend: "allow it: ACL SETUSER <user> +info"})
	case err != nil:
		return []bot.Finding{s.unreachable(err)}
	default:
		for _, n := range nodes {
			out = append(out, n.findings()...)
			version = n.info["redis_version"]
		}
	}
	if f, ok := s.tryWriting(ctx); !ok {
		out = append(out, f)
	}
	if len(out) == 0 {
		out = append(out, bot.Finding{Part: part, Level: bot.LevelOK, What: fmt.Sprintf("Redis %s answers, writes below %q and never evicts", version, s.config.Prefix)})
	}
	return out
}

// Evicts reports whether a server would drop entries before their end when its
// memory is full (any maxmemory-policy but noeviction): repeats could then pass
// as new. Unavailable where it cannot be asked.
func (s *Store) Evicts(ctx context.Context) (bool, error) {
	const op = "read redis maxmemory-policy"
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	nodes, err := s.masters(ctx)
	if err != nil {
		return false, s.failure(op, err)
	}
	for _, n := range nodes {
		switch policy := n.info["maxmemory_policy"]; policy {
		case "":
			return false, bot.E(bot.Unavailable, op, errors.New("INFO does not tell it"))
		case "noeviction":
		default:
			return true, nil
		}
	}
	return false, nil
}

// node is what INFO says of one server.
type node struct {
	address string
	info    map[string]string
}

// masters asks INFO of every server that takes writes.
func (s *Store) masters(ctx context.Context) ([]node, error) {
	if cluster, ok := s.client.(*redis.ClusterClient); ok {
		var mu sync.Mutex
		var out []node
		err := cluster.ForEachMaster(ctx, func(ctx context.Context, c *redis.Client) error {
			text, err := c.Info(ctx).Result()
			mu.Lock()
			defer mu.Unlock()
			out = append(out, node{address: c.Options().Addr, info: parseInfo(text)})
			return err
		})
		return out, err
	}
	text, err := s.client.Info(ctx).Result()
	return []node{{address: strings.Join(s.config.Addresses, ", "), info: parseInfo(text)}}, err
}

// parseInfo reads INFO's lines "name:value".
func parseInfo(text string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok && !strings.HasPrefix(line, "#") {
			out[name] = value
		}
	}
	return out
}

func (n node) findings() []bot.Finding {
	var out []bot.Finding
	add := func(level bot.Level, mend, what string, args ...any) {
		out = append(out, bot.Finding{Part: part, Level: level, What: n.address + ": " + fmt.Sprintf(what, args...), Mend: mend})
	}
	version := n.info["redis_version"]
	major, _, _ := strings.Cut(version, ".")
	if number, err := strconv.Atoi(major); err != nil || number < oldestVersion {
		add(bot.LevelFault, "use Redis 6 or newer", "the version is %q, which is too old", version)
	}
	if role := n.info["role"]; role != "master" {
		add(bot.LevelFault, "name the master in redis.addresses, or Sentinels with redis.master", "it is a %s, which takes no writes", role)
	}
	switch policy := n.info["maxmemory_policy"]; policy {
	case "noeviction":
	case "":
		add(bot.LevelWarning, "make sure by hand that it is noeviction", "INFO does not tell its maxmemory-policy")
	default:
		add(bot.LevelFault, "set maxmemory-policy noeviction", "maxmemory-policy is %s: when memory is full, it forgets entries before their end, and repeats could pass as new", policy)
	}
	return out
}

// tryWriting does what serving does, on a key of its own.
func (s *Store) tryWriting(ctx context.Context) (bot.Finding, bool) {
	_, err := s.First(ctx, "check:"+mark(), time.Second)
	switch {
	case err == nil:
		return bot.Finding{}, true
	case redis.IsPermissionError(err):
		return bot.Finding{Part: part, Level: bot.LevelFault, What: "the user may not run scripts that read and write below " + strconv.Quote(s.config.Prefix),
			Mend: "allow it: ACL SETUSER <user> ~" + s.config.Prefix + "* +@read +@write +@scripting +@connection"}, false
	case redis.IsOOMError(err):
		return bot.Finding{Part: part, Level: bot.LevelFault, What: "it is full and takes no writes", Mend: "raise maxmemory, or give Latchkey a Redis of its own"}, false
	}
	return bot.Finding{Part: part, Level: bot.LevelFault, What: "it takes no writes: " + err.Error(), Mend: "see the server's own log"}, false
}

// unreachable says why INFO did not come, as far as the error tells.
func (s *Store) unreachable(err error) bot.Finding {
	where := strings.Join(s.config.Addresses, ", ")
	f := bot.Finding{Part: part, Level: bot.LevelFault, What: where + " does not answer: " + err.Error(),
		Mend: "start Redis or correct redis.addresses; if it speaks TLS, set redis.tls"}
	if s.config.TLS != nil {
		// Redis answers nothing to a TLS greeting on its plain port.
		f.Mend = "start Redis or correct redis.addresses; if it does not speak TLS there, remove redis.tls"
	}
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	switch {
	case redis.IsAuthError(err):
		f.What, f.Mend = where+" refuses the login", "correct redis.username and redis.password"
	case errors.As(err, &unknown):
		f.What, f.Mend = where+" has a certificate of an unknown authority", "set redis.ca_file to the authority's certificate"
	case errors.As(err, &name):
		f.What, f.Mend = where+" has a certificate for another name: "+name.Error(), "use one of the certificate's names in redis.addresses"
	}
	return f
}
