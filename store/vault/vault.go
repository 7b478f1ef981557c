package vault

import (
	"crypto/rand"
	"io"
	"os"
	"sync"

	"latchkey/bot"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/mac"
	"github.com/tink-crypto/tink-go/v2/tink"
	"go.uber.org/zap"
)

// Vault computes with the keys of one key file. It may be used by many at once.
type Vault struct {
	path    string
	log     *zap.Logger
	random  io.Reader
	hashing Hashing
	turns   *turns // to hash an answer

	mu        sync.Mutex
	read      os.FileInfo // the file that keys came from
	keys      ring
	complaint string // the last reason not to take a changed file, logged once
}

// ring holds the usable forms of a key file's keys.
type ring struct {
	seal    tink.AEAD
	mac     tink.MAC
	sealID  uint32            // of the key that seals
	pepper  uint32            // id of the one that new hashes take
	peppers map[uint32][]byte // those that are not disabled
}

// Open reads a key file. It refuses one that others than its owner have a
// right to, one of another version and a garbled one, with a text that says
// how to mend it. The file is read again whenever it changes; while a changed
// one is of no use the earlier keys serve on, and log says so.
func Open(path string, log *zap.Logger, options ...Option) (*Vault, error) {
	v := &Vault{path: path, log: log, random: rand.Reader}
	WithHashing(Hashing{})(v)
	for _, set := range options {
		set(v)
	}
	keys, info, err := load(path)
	if err != nil {
		return nil, err
	}
	v.keys, v.read = keys, info
	return v, nil
}

func load(path string) (ring, os.FileInfo, error) {
	f, info, err := readFile(path)
	if err != nil {
		return ring{}, nil, err
	}
	keys, err := f.ring()
	if err != nil {
		return ring{}, nil, mendable(bot.Invalid, err, "the key file %s is damaged: bring it back from its backup; without it, what was sealed stays sealed", path)
	}
	return keys, info, nil
}

func (f keyFile) ring() (ring, error) {
	sealing, err := f.Seal.handle()
	if err != nil {
		return ring{}, err
	}
	hashing, err := f.MAC.handle()
	if err != nil {
		return ring{}, err
	}
	primary, err := sealing.Primary()
	if err != nil {
		return ring{}, err
	}
	r := ring{sealID: primary.KeyID(), pepper: f.Peppers.Primary, peppers: map[uint32][]byte{}}
	for _, p := range f.Peppers.Keys {
		if !p.Disabled {
			r.peppers[p.ID] = p.Value
		}
	}
	if r.seal, err = aead.New(sealing); err != nil {
		return ring{}, err
	}
	if r.mac, err = mac.New(hashing); err != nil {
		return ring{}, err
	}
	return r, nil
}

// current gives the keys, of the file as it is now where that can be used. A
// file that cannot is tried again at each call: what failed may pass.
func (v *Vault) current() ring {
	v.mu.Lock()
	defer v.mu.Unlock()
	if info, err := os.Stat(v.path); err == nil && same(info, v.read) {
		v.complaint = ""
		return v.keys
	}
	keys, info, err := load(v.path)
	if err != nil {
		if v.complaint != err.Error() {
			v.complaint = err.Error()
			v.log.Error("key file changed and cannot be used, the earlier keys serve on", zap.Error(err))
		}
		return v.keys
	}
	v.keys, v.read, v.complaint = keys, info, ""
	v.log.Info("key file changed and was read again")
	return v.keys
}

func same(a, b os.FileInfo) bool {
	return os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size() && a.Mode() == b.Mode()
}
