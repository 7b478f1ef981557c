package session

import (
	"context"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// reloadEvery is how old the client's picture of a Cluster may become. The
// library asks anew after MOVED and, left to itself, each minute: a master
// that died in silence would be asked for so long.
const reloadEvery = time.Second

// client is the library's, and when it was made.
type client struct {
	redis.UniversalClient
	since time.Time
}

// redis gives the client to call with now.
func (s *Store) redis() redis.UniversalClient { return s.current.Load().UniversalClient }

// lookAnew has the client look for its servers again after a failure. Behind
// Sentinels it is replaced: the library asks the Sentinel that answered last
// for as long as its connection stands, within the time of one dial, so that
// one that hangs is asked for ever and the others never. A new client asks all
// of them at once.
func (s *Store) lookAnew() {
	old := s.current.Load()
	if cluster, ok := old.UniversalClient.(*redis.ClusterClient); ok {
		cluster.ReloadState(context.Background()) // without waiting for the next second
	}
	if s.config.Master == "" || time.Since(old.since) < callTime {
		return
	}
	anew := &client{newClient(s.config), time.Now()}
	if !s.current.CompareAndSwap(old, anew) {
		_ = anew.Close() // somebody else was quicker
		return
	}
	time.AfterFunc(callTime, func() { _ = old.Close() }) // calls that are under way end first
}

// newClient gives the client for one server, Sentinel or Cluster. None of the
// three ever reads from a replica, which may lag.
func newClient(c Config) redis.UniversalClient {
	o := options(c)
	switch {
	case c.Master != "":
		f := o.Failover()
		if c.Password != "" {
			f.OnConnect = logIn(c.Username, c.Password)
		}
		return redis.NewFailoverClient(f)
	case len(c.Addresses) > 1:
		cluster := o.Cluster()
		cluster.ClusterStateReloadInterval = reloadEvery
		cluster.MaxRetries = -1 // on one node: MaxRedirects tries again, and knows of other nodes
		// With policies the library asks COMMAND before each call, under a lock
		// and beyond the call's time, for as long as the user may not ask it: a
		// node that hangs then holds up everybody. Our calls have one slot each.
		cluster.DisableRoutingPolicies = true
		return redis.NewClusterClient(cluster)
	}
	return redis.NewClient(o.Simple())
}

func options(c Config) *redis.UniversalOptions {
	return &redis.UniversalOptions{
		Addrs: c.Addresses, MasterName: c.Master, Username: c.Username, Password: c.Password, TLSConfig: c.TLS,
		DialTimeout: dialTime, ReadTimeout: readTime, WriteTimeout: readTime, PoolTimeout: readTime,
		DialerRetries:         1, // the call's own retry is enough
		MaxRetries:            1, // writes carry a writer's mark, so a second sending of one is known
		ContextTimeoutEnabled: true,
		DisableIdentity:       true,
		// A hosted Redis may announce its upgrades; the retry covers these.
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
}

// one gives a client of a single address, for looking at it.
func (s *Store) one(address string) *redis.Client {
	c := s.config
	c.Addresses, c.Master = []string{address}, ""
	o := options(c).Simple()
	o.MaxRetries, o.PoolSize = -1, 1
	return redis.NewClient(o)
}

// sentinel gives a client of one Sentinel.
func (s *Store) sentinel(address string) *redis.SentinelClient {
	c := s.config
	c.Addresses, c.Master = []string{address}, ""
	o := options(c).Simple()
	o.Username, o.Password = "", ""
	o.MaxRetries, o.PoolSize = -1, 1
	if c.Password != "" {
		o.OnConnect = logIn(c.Username, c.Password)
	}
	return redis.NewSentinelClient(o)
}

// logIn logs in where that is asked for. The servers have been logged in to by
// then; Sentinels have users of their own, and often none: one without refuses
// every login.
func logIn(username, password string) func(context.Context, *redis.Conn) error {
	return func(ctx context.Context, conn *redis.Conn) error {
		err := conn.Ping(ctx).Err()
		switch {
		case err == nil || !says(err, "NOAUTH"):
			return nil // the call itself tells what else is wrong
		case username == "":
			return conn.Auth(ctx, password).Err()
		}
		return conn.AuthACL(ctx, username, password).Err()
	}
}

// says looks for a code or the words of a server's error, also within what the
// library makes of the errors of several Sentinels.
func says(err error, words string) bool { return strings.Contains(err.Error(), words) }
