package e2e

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	ber "github.com/go-asn1-ber/asn1-ber"

	"latchkey/servers"
)

// LDAP operations (RFC 4511, 4.6).
const (
	modifyRequest  = 6
	modifyResponse = 7
)

// interposer stands between the bot and a directory and reads LDAP. It can
// withhold a modify, or the answer to one: then Held says that it has.
type interposer struct {
	URL        string
	CAFile     string
	HoldModify atomic.Bool
	HoldAnswer atomic.Bool
	OnAnswer   atomic.Pointer[func()] // runs before an answer to a modify goes on
	Held       chan struct{}          // one for each message withheld
}

func newInterposer(t *testing.T, url string, trust servers.Trust) *interposer {
	t.Helper()
	certificate, ca := selfSigned(t)
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "interposer.pem")
	if err := os.WriteFile(file, ca, 0o600); err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	i := &interposer{URL: "ldaps://localhost:" + port, CAFile: file, Held: make(chan struct{}, 100)}
	to := strings.TrimPrefix(url, "ldaps://")
	if _, _, err := net.SplitHostPort(to); err != nil {
		to += ":636"
	}
	var wait sync.WaitGroup
	var open sync.Map
	wait.Go(func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := tls.Dial("tcp", to, &tls.Config{RootCAs: trust.Pool(), MinVersion: tls.VersionTLS12})
			if err != nil {
				_ = in.Close()
				continue
			}
			open.Store(in, out)
			both := func() { _ = in.Close(); _ = out.Close() }
			wait.Go(func() { defer both(); i.copy(out, in, modifyRequest, &i.HoldModify) })
			wait.Go(func() { defer both(); i.copy(in, out, modifyResponse, &i.HoldAnswer) })
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		open.Range(func(in, out any) bool { _ = in.(net.Conn).Close(); _ = out.(net.Conn).Close(); return true })
		wait.Wait()
	})
	return i
}

// copy passes messages on, all but those of the kind while hold is set.
func (i *interposer) copy(to io.Writer, from io.Reader, kind ber.Tag, hold *atomic.Bool) {
	for {
		var raw bytes.Buffer
		message, err := ber.ReadPacket(io.TeeReader(from, &raw))
		if err != nil {
			return
		}
		if do := i.OnAnswer.Load(); do != nil && len(message.Children) > 1 && message.Children[1].ClassType == ber.ClassApplication && message.Children[1].Tag == modifyResponse {
			(*do)()
		}
		if hold.Load() && len(message.Children) > 1 && message.Children[1].ClassType == ber.ClassApplication && message.Children[1].Tag == kind {
			i.Held <- struct{}{}
			continue
		}
		if _, err := to.Write(raw.Bytes()); err != nil {
			return
		}
	}
}

// selfSigned makes a certificate of localhost that is its own authority.
func selfSigned(t *testing.T) (tls.Certificate, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "interposer"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), DNSNames: []string{"localhost"},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}
