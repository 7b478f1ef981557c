package identity

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
)

// What a key document may be.
const (
	maxDocument = 1 << 20 // bytes
	minModulus  = 2048    // bits (RFC 7518, section 3.3)
	maxModulus  = 8192    // bits: a larger one is there to make us work
)

// keySet is a JWK set (RFC 7517) with Microsoft's own field endorsements.
type keySet struct {
	Keys []struct {
		Type         string   `json:"kty"`
		Use          string   `json:"use"`
		Algorithm    string   `json:"alg"`
		ID           string   `json:"kid"`
		N            string   `json:"n"`
		E            string   `json:"e"`
		Endorsements []string `json:"endorsements"`
	} `json:"keys"`
}

// usable gives the RSA signing keys by id. One that cannot be used is passed
// over, so that it does not take the others with it; of two with one id
// neither counts.
func (s keySet) usable() map[string]key {
	out, seen := map[string]key{}, map[string]bool{}
	for _, k := range s.Keys {
		if seen[k.ID] {
			delete(out, k.ID)
			continue
		}
		seen[k.ID] = true
		public := publicKey(k.N, k.E)
		if k.ID == "" || k.Type != "RSA" || k.Use != "" && k.Use != "sig" || k.Algorithm != "" && k.Algorithm != "RS256" || public == nil {
			continue
		}
		out[k.ID] = key{public: public, endorsements: k.Endorsements}
	}
	return out
}

// publicKey gives nil for what is no sound key.
func publicKey(n, e string) *rsa.PublicKey {
	modulus, errN := base64.RawURLEncoding.DecodeString(n)
	exponent, errE := base64.RawURLEncoding.DecodeString(e)
	if errN != nil || errE != nil || len(exponent) > 4 || len(modulus) > maxModulus/8 {
		return nil
	}
	public := &rsa.PublicKey{N: new(big.Int).SetBytes(modulus), E: int(new(big.Int).SetBytes(exponent).Int64())}
	if public.N.BitLen() < minModulus || public.N.Bit(0) == 0 || public.E < 3 || public.E%2 == 0 || public.E > 1<<31-1 {
		return nil
	}
	return public
}

// get reads a small JSON document.
func (k *keys) get(ctx context.Context, address string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	resp, err := k.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the answer is %s", resp.Status)
	}
	if at, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		k.mu.Lock()
		k.date = at
		k.mu.Unlock()
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxDocument+1))
	switch {
	case err != nil:
		return err
	case len(data) > maxDocument:
		return fmt.Errorf("the answer is larger than %d bytes", maxDocument)
	}
	return json.Unmarshal(data, into)
}
