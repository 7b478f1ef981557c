package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"latchkey/bot"

	"github.com/redis/go-redis/v9"
)

const (
	part          = "redis"
	oldestVersion = 6 // ACL users; `SET` and scripts as they are used here
	checkTime     = 8 * time.Second
)

// Check connects to every server and Sentinel, and says line by line what an
// administrator should know. It writes a key of its own, which ends at once.
func (s *Store) Check(ctx context.Context) []bot.Finding {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	out := s.checkSentinels(ctx)
	if bot.Worst(out) == bot.LevelFault {
		return out
	}
	nodes, err := s.look(ctx, s.askRights)
	if err == nil && len(nodes) == 0 {
		err = errors.New("the Cluster names no server")
	}
	if err != nil {
		return append(out, s.fault(s.where(), s.otherKind(ctx, err)))
	}
	slices.SortFunc(nodes, func(a, b node) int { return strings.Compare(a.address, b.address) })
	away := false // a master: a Cluster may be down for that
	for _, n := range nodes {
		out = append(out, s.findings(n)...)
		away = away || n.master && n.err != nil
	}
	if bot.Worst(out) != bot.LevelFault || away && s.cluster() {
		if err := s.tryWriting(ctx); err != nil {
			out = append(out, s.fault(s.where(), err))
		}
	}
	if len(out) == 0 {
		out = append(out, bot.Finding{Part: part, Level: bot.LevelOK, What: fmt.Sprintf("Redis %s %sanswers, writes below %q and never evicts",
			nodes[0].info["redis_version"], s.howMany(len(nodes)), s.config.Prefix)})
	}
	return out
}

func (s *Store) howMany(nodes int) string {
	switch {
	case s.config.Master != "":
		return fmt.Sprintf("(%d Sentinels, %d servers) ", len(s.config.Addresses), nodes)
	case s.cluster():
		return fmt.Sprintf("(Cluster, %d servers) ", nodes)
	}
	return ""
}

func (s *Store) fault(where string, err error) bot.Finding {
	return s.reason(where, err).finding(bot.LevelFault, err)
}

func (r reason) finding(level bot.Level, err error) bot.Finding {
	if r.vague {
		r.what += ": " + line(err)
	}
	return bot.Finding{Part: part, Level: level, What: r.what, Mend: r.mend}
}

// tryWriting does what serving does, on keys of its own. It tries several: one
// node of a Cluster takes a part of them as if it were a single server, and of
// a Cluster the node that a key belongs to may be the one that is gone, while
// the others tell what that means.
func (s *Store) tryWriting(ctx context.Context) (err error) {
	for range 16 {
		err = s.scripts.first.Run(ctx, s.redis(), []string{s.key("seen", "check:"+mark())}, mark(), 1).Err()
		if err == nil && s.cluster() || err != nil && (!s.cluster() || strings.HasPrefix(err.Error(), "CLUSTERDOWN")) {
			break
		}
	}
	return err
}

// otherKind looks whether addresses that do not serve as a Cluster are single
// servers: a user without +cluster|slots is refused before that is said.
func (s *Store) otherKind(ctx context.Context, err error) error {
	if !s.cluster() || !redis.IsPermissionError(err) {
		return err
	}
	c := s.one(s.config.Addresses[0])
	defer c.Close() //nolint:errcheck // it has been asked
	if text, infoErr := c.Info(ctx).Result(); infoErr == nil && parseInfo(text)["redis_mode"] == "standalone" {
		return errors.New("cluster support disabled")
	}
	return err
}

// findings of one server that keeps data.
func (s *Store) findings(n node) []bot.Finding {
	var out []bot.Finding
	add := func(level bot.Level, mend, what string, args ...any) {
		out = append(out, bot.Finding{Part: part, Level: level, What: n.address + ": " + fmt.Sprintf(what, args...), Mend: mend})
	}
	if n.err != nil && !redis.IsPermissionError(n.err) {
		if n.master {
			return []bot.Finding{s.fault(n.address, n.err)}
		}
		f := s.fault(n.address, n.err)
		f.Level, f.What = bot.LevelWarning, "a replica cannot take the master's place: "+f.What
		return []bot.Finding{f}
	}
	const allow, keep = "allow it on this server: ", " (and keep it: ACL SAVE, or CONFIG REWRITE)"
	switch rights := slices.DeleteFunc(slices.Clone(n.missing), func(c string) bool { return c == "info" }); {
	case len(rights) > 0:
		add(bot.LevelFault, allow+s.allow(n.missing...)+keep, "the user may not use %s", strings.Join(n.missing, ", "))
	case len(n.missing) > 0:
		add(bot.LevelWarning, allow+s.allow("info")+keep, "the user may not use info, so that version, role and maxmemory-policy are not known")
	}
	if !n.keys {
		add(bot.LevelFault, allow+"ACL SETUSER "+s.user()+" ~"+s.config.Prefix+"*"+keep, "the user may not use the keys below %q", s.config.Prefix)
	}
	if n.err == nil {
		n.settings(add)
	}
	return out
}

// settings is about what INFO says.
func (n node) settings(add func(level bot.Level, mend, what string, args ...any)) {
	version := n.info["redis_version"]
	major, _, _ := strings.Cut(version, ".")
	if number, err := strconv.Atoi(major); err != nil || number < oldestVersion {
		add(bot.LevelFault, "use Redis 6 or newer", "the version is %q, which is too old", version)
	}
	switch mode := n.info["redis_mode"]; {
	case mode == "sentinel":
		add(bot.LevelFault, "set redis.master to the name that it watches, or name the server itself", "it is a Sentinel, which keeps no data")
	case n.master && n.info["role"] != "master":
		add(bot.LevelFault, "name the master in redis.addresses, or the Sentinels and redis.master", "it is a replica, which takes no writes")
	}
	switch policy := n.info["maxmemory_policy"]; policy {
	case "noeviction":
	case "":
		add(bot.LevelWarning, "make sure by hand that it is noeviction", "INFO does not tell its maxmemory-policy")
	default:
		add(bot.LevelFault, "set maxmemory-policy noeviction", "maxmemory-policy is %s: when memory is full, it forgets entries before their end, and repeats could pass as new", policy)
	}
}
