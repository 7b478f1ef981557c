package flows

import (
	"bytes"
	"encoding/base64"
	"strconv"

	"latchkey/bot"
)

// A stored record is keyed hash, point, bytes. The hash covers id and version,
// too: whoever may write where sessions are kept can take a record away or put
// an older one of its own back, but cannot write one. So the page that a person
// sees and the rows behind it belong together.

// sealRecord gives what is stored for a version of the record.
func sealRecord(s Signer, id string, version int64, data []byte) ([]byte, error) {
	mac, err := s.MAC(recordParts(id, version, data)...)
	if err != nil {
		return nil, bot.E(bot.Internal, "sign session record", err)
	}
	return append([]byte(base64.RawURLEncoding.EncodeToString(mac)+"."), data...), nil
}

// openRecord gives the bytes; ok is false for what this program, by its keys,
// did not write as this version of this record.
func openRecord(s Signer, id string, version int64, sealed []byte) (data []byte, ok bool) {
	text, data, found := bytes.Cut(sealed, []byte("."))
	if !found {
		return nil, false
	}
	mac, err := base64.RawURLEncoding.DecodeString(string(text))
	return data, err == nil && s.VerifyMAC(mac, recordParts(id, version, data)...)
}

func recordParts(id string, version int64, data []byte) []string {
	return []string{"session-record", id, strconv.FormatInt(version, 10), string(data)}
}
