package servers

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Trust is what a client needs in order to believe a server's certificate,
// which names the server's address, "localhost" and its own name.
type Trust struct {
	// CA is the PEM of the authority made for this server alone.
	CA []byte
	// CAFile is the same in a file.
	CAFile string

	certFile, keyFile string
}

// Pool holds the authority alone.
func (t Trust) Pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(t.CA)
	return pool
}

// newTrust writes ca.pem, cert.pem and key.pem into dir.
func newTrust(dir, host, name string) (Trust, error) {
	trust := Trust{CAFile: filepath.Join(dir, "ca.pem"), certFile: filepath.Join(dir, "cert.pem"), keyFile: filepath.Join(dir, "key.pem")}
	authority := certificateFor("Latchkey tests, authority")
	authority.IsCA, authority.BasicConstraintsValid = true, true
	authority.KeyUsage = x509.KeyUsageCertSign
	authorityKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Trust{}, fmt.Errorf("making the authority's key: %w", err)
	}
	authorityDER, err := x509.CreateCertificate(rand.Reader, authority, authority, authorityKey.Public(), authorityKey)
	if err != nil {
		return Trust{}, fmt.Errorf("signing the authority's certificate: %w", err)
	}
	leaf := certificateFor(name)
	leaf.KeyUsage = x509.KeyUsageDigitalSignature
	// Nodes of a Redis Cluster show it to each other as clients.
	leaf.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	leaf.DNSNames, leaf.IPAddresses = []string{name, "localhost"}, []net.IP{net.ParseIP(host)}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Trust{}, fmt.Errorf("making the server's key: %w", err)
	}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, authority, key.Public(), authorityKey)
	if err != nil {
		return Trust{}, fmt.Errorf("signing the server's certificate: %w", err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return Trust{}, fmt.Errorf("encoding the server's key: %w", err)
	}
	trust.CA = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authorityDER})
	for path, block := range map[string]*pem.Block{
		trust.CAFile:   {Type: "CERTIFICATE", Bytes: authorityDER},
		trust.certFile: {Type: "CERTIFICATE", Bytes: leafDER},
		trust.keyFile:  {Type: "PRIVATE KEY", Bytes: keyDER},
	} {
		mode := os.FileMode(0o644)
		if path == trust.keyFile {
			mode = 0o600 // samba and postfix refuse a key that others can read
		}
		if err := os.WriteFile(path, pem.EncodeToMemory(block), mode); err != nil {
			return Trust{}, fmt.Errorf("writing a certificate: %w", err)
		}
	}
	return trust, nil
}

func certificateFor(name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), // positive: Go refuses others
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(30 * 24 * time.Hour),
	}
}
