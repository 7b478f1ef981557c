package ldap

import (
	"math"
	"strconv"
	"time"
)

const (
	// fileTimeEpoch is 1970 in FILETIME, 100 ns since 1601 (MS-DTYP 2.3.3).
	fileTimeEpoch = 116444736000000000
	// never is the FILETIME that does not come, endless the interval that does not end.
	never, endless = math.MaxInt64, math.MinInt64
)

func fileTime(t time.Time) int64 { return fileTimeEpoch + t.Unix()*1e7 + int64(t.Nanosecond())/100 }

// interval is a duration as Active Directory keeps it: negative, in 100 ns.
func interval(d time.Duration) int64 {
	if d == Forever {
		return endless
	}
	return -int64(d / 100)
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// generalized writes a time to the second (RFC 4517 3.3.13).
func generalized(t time.Time) string { return t.UTC().Format("20060102150405Z") }

// generalizedAD is to the second too, with the tenths that are always there.
func generalizedAD(t time.Time) string { return t.UTC().Format("20060102150405") + ".0Z" }

// generalizedMicro is the form of pwdFailureTime, of which there may be several a second.
func generalizedMicro(t time.Time) string { return t.UTC().Format("20060102150405.000000Z") }

// readGeneralized reads what the two write, and is zero for anything else.
func readGeneralized(s string) time.Time {
	for _, layout := range []string{"20060102150405Z", "20060102150405.999999Z"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	return time.Time{}
}

// seconds is a duration as ppolicy keeps it; Forever is 0 there.
func seconds(d time.Duration) string { return decimal(int64(max(d, 0) / time.Second)) }
