package flows

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"latchkey/bot"
)

// Signer makes and checks keyed hashes; the vault has one.
type Signer interface {
	MAC(parts ...string) ([]byte, error)
	VerifyMAC(mac []byte, parts ...string) bool
}

// ticket is what a page's token says: this record, at this version, shown to
// this person, good until then.
type ticket struct {
	record  string
	version int64
	actor   string
	expires time.Time
}

func (t ticket) parts() []string {
	return []string{"page-token", t.record, strconv.FormatInt(t.version, 10), t.actor, strconv.FormatInt(t.expires.Unix(), 10)}
}

// sealTicket gives the token: record.version.expiry.mac, URL-safe, below 200
// bytes. The actor is in the hash alone.
func sealTicket(s Signer, t ticket) (string, error) {
	mac, err := s.MAC(t.parts()...)
	if err != nil {
		return "", bot.E(bot.Internal, "sign page token", err)
	}
	return t.text(mac), nil
}

func (t ticket) text(mac []byte) string {
	return strings.Join([]string{t.record, strconv.FormatInt(t.version, 10),
		strconv.FormatInt(t.expires.Unix(), 10), base64.RawURLEncoding.EncodeToString(mac)}, ".")
}

// openTicket checks a token for the person who sent it. Forged, foreign and
// garbled ones are Denied, those past their time Expired.
func openTicket(s Signer, token, actor string, now time.Time) (ticket, error) {
	bad := bot.E(bot.Denied, "check page token", nil)
	if len(token) > 512 {
		return ticket{}, bad
	}
	part := strings.Split(token, ".")
	if len(part) != 4 {
		return ticket{}, bad
	}
	version, err1 := strconv.ParseInt(part[1], 10, 64)
	unix, err2 := strconv.ParseInt(part[2], 10, 64)
	mac, err3 := base64.RawURLEncoding.DecodeString(part[3])
	if err1 != nil || err2 != nil || err3 != nil {
		return ticket{}, bad
	}
	t := ticket{record: part[0], version: version, actor: actor, expires: time.Unix(unix, 0)}
	if t.text(mac) != token || !s.VerifyMAC(mac, t.parts()...) { // one ticket has one spelling
		return ticket{}, bad
	}
	if now.After(t.expires) {
		return ticket{}, bot.E(bot.Expired, "check page token", nil)
	}
	return t, nil
}
