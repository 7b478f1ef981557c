package servers

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// RedisNode is one server of Sentinel or Cluster, or one Sentinel.
type RedisNode struct {
	*Process
	// Addr is host:port; it speaks TLS alone.
	Addr string
}

// RedisGroup is several servers that stand in for each other. All speak TLS
// alone, with one authority, on one address of this machine; they keep nothing
// on disk but their configuration.
type RedisGroup struct {
	Trust
	// Addresses are what a client is told: the Sentinels, or nodes of the Cluster.
	Addresses []string
	// Master is the name that the Sentinels know; "" for a Cluster.
	Master string
	// Nodes keep data, Sentinels watch them.
	Nodes, Sentinels []*RedisNode
	// Password is that of the default user of nodes and Sentinels, who may do anything.
	Password string
	// Username and UserPassword are those of a restricted user of nodes and
	// Sentinels, with the commands that docs/administrator.md names and no others.
	Username, UserPassword, Prefix string

	leader *Process // has the address and the folder, and is never run
}

// The commands that Latchkey sends, as docs/administrator.md gives them.
const (
	serverRules   = "+hmget +hget +hset +exists +pexpire +del +set +get +incr +pttl +sadd +srem +smembers +scard +mget +eval +evalsha +ping +info"
	clusterRules  = serverRules + " +cluster|slots"
	sentinelRules = "resetchannels &+switch-master &+replica-reconf-done +ping +subscribe +sentinel|get-master-addr-by-name +sentinel|sentinels +sentinel|replicas +sentinel|ckquorum"
)

func newRedisGroup(name string) (*RedisGroup, error) {
	leader, err := newProcess(name, "redis-server")
	if err != nil {
		return nil, err
	}
	g := &RedisGroup{leader: leader, Password: "default-of-the-tests", Username: "latchkey", UserPassword: "latchkey-of-the-tests", Prefix: "latchkey:"}
	if g.Trust, err = newTrust(leader.Dir, leader.Host, "redis.example.test"); err != nil {
		_ = leader.discard() // the first error is the one to tell
		return nil, err
	}
	return g, nil
}

// node prepares one server of the group; lines are added to its configuration.
func (g *RedisGroup) node(name, rules, lines string, args ...string) (*RedisNode, error) {
	port := redisTLSPort + len(g.Nodes) + len(g.Sentinels)
	dir := filepath.Join(g.leader.Dir, name)
	n := &RedisNode{
		Process: &Process{Dir: dir, Host: g.leader.Host, name: name, path: g.leader.path, release: func() {},
			args: append([]string{filepath.Join(dir, "redis.conf")}, args...)},
		Addr: net.JoinHostPort(g.leader.Host, strconv.Itoa(port)),
	}
	n.ready = func() error {
		client := g.client(n.Addr)
		defer client.Close()
		return client.Ping(context.Background()).Err()
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the folder of %s: %w", name, err)
	}
	// Protected mode trusts the peer 127.0.0.1 alone; see prepare.
	text := strings.NewReplacer("@DIR@", dir, "@CERTS@", g.leader.Dir, "@HOST@", n.Host, "@TLS@", strconv.Itoa(port),
		"@DEFAULT@", g.Password, "@USER@", g.Username, "@USERPW@", g.UserPassword, "@PREFIX@", g.Prefix).Replace(`bind @HOST@
port 0
tls-port @TLS@
tls-cert-file @CERTS@/cert.pem
tls-key-file @CERTS@/key.pem
tls-ca-cert-file @CERTS@/ca.pem
tls-auth-clients no
tls-replication yes
protected-mode no
daemonize no
dir @DIR@
user default on >@DEFAULT@ ~* &* +@all
` + lines + "user @USER@ on >@USERPW@ " + rules + "\n")
	if err := os.WriteFile(filepath.Join(dir, "redis.conf"), []byte(text), 0o600); err != nil {
		return nil, fmt.Errorf("writing the configuration of %s: %w", name, err)
	}
	return n, n.run()
}

const dataLines = `bind-source-addr @HOST@
replica-announce-ip @HOST@
masterauth @DEFAULT@
save ""
appendonly no
repl-diskless-sync-delay 0
repl-ping-replica-period 1
maxmemory-policy noeviction
`

// client speaks to one server of the group as its default user.
func (g *RedisGroup) client(address string) *redis.Client {
	return redis.NewClient(&redis.Options{Addr: address, Password: g.Password, TLSConfig: &tls.Config{RootCAs: g.Pool()},
		MaxRetries: -1, DialTimeout: time.Second})
}

// Admin speaks to one server of the group as its default user, until the test's end.
func (g *RedisGroup) Admin(tb testing.TB, n *RedisNode) *redis.Client {
	client := g.client(n.Addr)
	tb.Cleanup(func() { _ = client.Close() })
	return client
}

// Node gives the one at an address, or fails the test.
func (g *RedisGroup) Node(tb testing.TB, address string) *RedisNode {
	tb.Helper()
	for _, n := range slices.Concat(g.Nodes, g.Sentinels) {
		if n.Addr == address {
			return n
		}
	}
	tb.Fatalf("no server of the group is at %s", address)
	return nil
}

// say sends one command to one server as its default user.
func (g *RedisGroup) say(n *RedisNode, command ...any) error {
	client := g.client(n.Addr)
	defer client.Close()
	if err := client.Do(context.Background(), command...).Err(); err != nil {
		return fmt.Errorf("saying %v to %s: %w", command[:min(2, len(command))], n.name, err)
	}
	return nil
}

// has waits until one server says what is wanted in answer to a command.
func (g *RedisGroup) has(n *RedisNode, want string, command ...any) error {
	client := g.client(n.Addr)
	defer client.Close()
	for deadline := time.Now().Add(readyWithin); ; time.Sleep(pollEvery) {
		answer, err := client.Do(context.Background(), command...).Text()
		if strings.Contains(answer, want) {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s says %q, and not %q within %v: %v\n%s", n.name, answer, want, readyWithin, err, n.Log())
		}
	}
}

func (g *RedisGroup) discard() error {
	var first error
	for _, n := range slices.Concat(g.Sentinels, g.Nodes) { // the watchers first, or they elect
		if err := n.end(syscall.SIGKILL); err != nil && first == nil {
			first = err
		}
	}
	if err := g.leader.discard(); first == nil {
		first = err
	}
	return first
}
