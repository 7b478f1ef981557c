package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"time"

	"latchkey/bot"

	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

// formatVersion is raised whenever an older latchkey could misread the file.
const formatVersion = 1

// The largest key file that is read: some thousand rotations.
const fileLimit = 4 << 20

// keyFile is the JSON of the file. The keysets stand in clear: the file's mode
// is what guards them, as it does a TLS key.
type keyFile struct {
	Version int        `json:"version"`
	Seal    storedKeys `json:"seal"`
	MAC     storedKeys `json:"mac"`
	Peppers peppers    `json:"peppers"`
}

// storedKeys is a tink keyset with what tink does not keep: when each key was made.
type storedKeys struct {
	Created  map[string]time.Time `json:"created"`            // by key id in decimal
	Promoted map[string]time.Time `json:"promoted,omitempty"` // to primary, where that was later
	Keyset   json.RawMessage      `json:"keyset"`
}

// peppers are keyed into the hashes of answers. A hash names the pepper it was
// made with, so all of them stay until no answer needs them.
type peppers struct {
	Primary uint32   `json:"primary"`
	Keys    []pepper `json:"keys"`
}

type pepper struct {
	ID       uint32    `json:"id"`
	Created  time.Time `json:"created"`
	Promoted time.Time `json:"promoted,omitzero"` // to primary, where that was later
	Disabled bool      `json:"disabled,omitempty"`
	Value    []byte    `json:"value"`
}

const pepperBytes = 32

func (k storedKeys) handle() (*keyset.Handle, error) {
	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(k.Keyset)))
	if err != nil {
		return nil, errors.New("a keyset is damaged") // tink's own error may quote the key, and errors are logged
	}
	return handle, nil
}

func (k *storedKeys) store(h *keyset.Handle) error {
	var text bytes.Buffer
	if err := insecurecleartextkeyset.Write(h, keyset.NewJSONWriter(&text)); err != nil {
		return err
	}
	k.Keyset = text.Bytes()
	return nil
}

// readFile reads and checks a key file, and gives the file's identity at the
// moment of reading. Its errors carry a text that says how to mend it.
func readFile(path string) (keyFile, os.FileInfo, error) {
	opened, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return keyFile{}, nil, mendable(bot.NotFound, err, "there is no key file %s: make it with `latchkey keys new`, or correct keys.file", path)
	case err != nil:
		return keyFile{}, nil, mendable(bot.Denied, err, "the key file %s cannot be read%s: give it to the user that latchkey runs as", path, whose(path))
	}
	defer opened.Close() //nolint:errcheck // it was only read
	info, err := opened.Stat()
	if err != nil {
		return keyFile{}, nil, mendable(bot.Internal, err, "the key file %s cannot be examined", path)
	}
	if !info.Mode().IsRegular() {
		return keyFile{}, nil, mendable(bot.Invalid, nil, "%s is not an ordinary file: keys.file must name the file that `latchkey keys new` made", path)
	}
	if open := info.Mode().Perm() & 0o077; open != 0 {
		return keyFile{}, nil, mendable(bot.Invalid, nil,
			"the key file %s has mode %04o, so that others than its owner have a right to it: run `chmod 600 %s`, and `latchkey keys rotate` if somebody may have read it", path, info.Mode().Perm(), path)
	}
	text, err := io.ReadAll(io.LimitReader(opened, fileLimit+1))
	if err != nil {
		return keyFile{}, nil, mendable(bot.Internal, err, "the key file %s cannot be read to its end", path)
	}
	f, err := parseFile(text)
	if err != nil {
		return keyFile{}, nil, mendable(bot.Invalid, err, "the key file %s is of no use: %s", path, bot.TextOf(err))
	}
	return f, info, nil
}

// parseFile reads the JSON of a key file. It never panics, whatever the text.
func parseFile(text []byte) (keyFile, error) {
	garbled := func(err error) error {
		return mendable(bot.Invalid, err, "it is damaged, or no key file at all. Bring it back from its backup; without it, what was sealed stays sealed")
	}
	if len(text) > fileLimit {
		return keyFile{}, garbled(nil)
	}
	var head struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(text, &head); err != nil || head.Version < 1 {
		return keyFile{}, garbled(err)
	}
	if head.Version != formatVersion {
		return keyFile{}, mendable(bot.Invalid, nil,
			"it has version %d, and this latchkey reads version %d. Run the latchkey that wrote it, or a newer one", head.Version, formatVersion)
	}
	var f keyFile
	strict := json.NewDecoder(bytes.NewReader(text))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&f); err != nil {
		return keyFile{}, garbled(err)
	}
	if err := f.Peppers.check(); err != nil {
		return keyFile{}, garbled(err)
	}
	return f, nil
}

func (p peppers) check() error {
	seen := map[uint32]bool{}
	for _, key := range p.Keys {
		if key.ID == 0 || seen[key.ID] || len(key.Value) != pepperBytes {
			return fmt.Errorf("pepper %d is twice there, or not of %d bytes", key.ID, pepperBytes)
		}
		seen[key.ID] = true
	}
	if !slices.ContainsFunc(p.Keys, func(key pepper) bool { return key.ID == p.Primary && !key.Disabled }) {
		return fmt.Errorf("the primary pepper %d is not there, or disabled", p.Primary)
	}
	return nil
}

// created gives when a key was made; zero where the file does not say.
func (k storedKeys) created(id uint32) time.Time { return k.Created[keyName(id)] }

func keyName(id uint32) string { return strconv.FormatUint(uint64(id), 10) }

func mendable(kind bot.Kind, cause error, format string, args ...any) error {
	return &bot.Error{Kind: kind, Op: "read key file", Text: fmt.Sprintf(format, args...), Err: cause}
}
