package directory

import (
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// fileTimeEpoch is 1970 in FILETIME, 100 ns since 1601 (MS-DTYP 2.3.3).
const fileTimeEpoch = 116444736000000000

// fileTime reads a time; zero for none, 0, "never" and what is no time.
func fileTime(s string) time.Time {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || n == math.MaxInt64 {
		return time.Time{}
	}
	since := n - fileTimeEpoch
	return time.Unix(since/1e7, since%1e7*100).UTC()
}

// interval reads a duration as Active Directory keeps it, negative in 100 ns.
// 0 for none and for "for ever" (-2^63), as for what is too long to say.
func interval(s string) time.Duration {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n >= 0 || n < math.MinInt64/100 {
		return 0
	}
	return time.Duration(-n * 100)
}

// generalizedTime reads RFC 4517 3.3.13 with at least minutes; zero for what is none.
func generalizedTime(s string) time.Time {
	body, zone := s, "Z"
	if i := strings.IndexAny(s, "Z+-"); i >= 0 {
		body, zone = s[:i], s[i:]
	}
	body, fraction, _ := strings.Cut(strings.ReplaceAll(body, ",", "."), ".")
	if fraction != "" {
		body, fraction = body+"."+fraction, "."+strings.Repeat("0", len(fraction))
	}
	for _, layout := range []string{"20060102150405", "200601021504"} {
		for _, z := range []string{"Z", "Z0700", "Z07"} {
			if t, err := time.Parse(layout+fraction+z, body+zone); err == nil {
				return t.UTC()
			}
		}
	}
	return time.Time{}
}

// seconds reads a number of seconds; 0 for none.
func seconds(s string) time.Duration {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > math.MaxInt64/int64(time.Second) {
		return 0
	}
	return time.Duration(n) * time.Second
}

// parseGUID reads 8-4-4-4-12 lower-case hexadecimal digits and nothing else.
func parseGUID(s string) (b [16]byte, ok bool) {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' || s != strings.ToLower(s) {
		return b, false
	}
	n, err := hex.Decode(b[:], []byte(strings.ReplaceAll(s, "-", "") + "00")[:32])
	return b, err == nil && n == len(b) && hyphenated(b) == s
}

func hyphenated(b [16]byte) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// escapeBytes writes a binary value for a filter (RFC 4515 section 3).
func escapeBytes(b []byte) string {
	var out strings.Builder
	for _, c := range b {
		fmt.Fprintf(&out, `\%02x`, c)
	}
	return out.String()
}
