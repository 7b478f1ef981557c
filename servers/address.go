package servers

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// The ports that our servers use on an address of their own. Samba's are fixed
// in its source.
var leasedPorts = []int{ldapPort, ldapsPort, 3268, 3269, slapdPort, slapdTLSPort, redisPort, redisTLSPort, smtpPort, smtpsPort, postgresPort}

// leaseAddress picks a loopback address on which all of leasedPorts are free
// and holds it, against every other test binary on this machine, until release
// is called or the process ends.
func leaseAddress() (host string, release func(), err error) {
	dir := filepath.Join(os.TempDir(), "latchkey-addresses")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", nil, fmt.Errorf("making the folder of address locks: %w", err)
	}
	// Root and an ordinary user both lock here; the umask took the write bit.
	_ = os.Chmod(dir, 0o777)
	for range 200 {
		// 127.0.x.x is left to whatever else the machine runs.
		host = fmt.Sprintf("127.%d.%d.%d", 16+rand.IntN(200), rand.IntN(256), 1+rand.IntN(254))
		lock, err := lockFile(filepath.Join(dir, host), syscall.LOCK_EX|syscall.LOCK_NB)
		if errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, os.ErrPermission) {
			continue
		}
		if err != nil {
			return "", nil, err
		}
		if portsFree(host) {
			return host, func() { _ = os.Remove(lock.Name()); _ = lock.Close() }, nil
		}
		_ = lock.Close()
	}
	return "", nil, errors.New("no free address in 127.16.0.0 to 127.215.255.255")
}

func portsFree(host string) bool {
	for _, port := range leasedPorts {
		listener, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
		if errors.Is(err, syscall.EACCES) {
			continue // an ordinary user: the server itself will say what it lacks
		}
		if err != nil {
			return false
		}
		_ = listener.Close()
	}
	return true
}

// lockFile opens path and takes its lock as how says. The lock goes with the
// file's Close or the end of the process.
func lockFile(path string, how int) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the lock %s: %w", path, err)
	}
	if err := syscall.Flock(int(file.Fd()), how); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("locking %s: %w", path, err)
	}
	return file, nil
}
