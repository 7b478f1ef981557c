package config

import (
	"math"
	"strconv"
	"time"
)

// DN is a distinguished name as it stands in the file. Load has checked that
// it is one.
type DN string

// Duration is a length of time, written with units: 15m, 72h, 1h30m, 30d, 2w,
// 2y. A day has 24 hours, a year 365 days.
type Duration time.Duration

// Std gives the standard library's type.
func (d Duration) Std() time.Duration { return time.Duration(d) }

// String gives the duration in the largest unit that measures it exactly.
func (d Duration) String() string {
	for _, u := range []string{"y", "d", "h", "m", "s", "ms"} {
		if size, _ := unit(u); d != 0 && time.Duration(d)%size == 0 {
			return strconv.FormatInt(int64(time.Duration(d)/size), 10) + u
		}
	}
	return time.Duration(d).String()
}

// MarshalText gives what String gives.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

func unit(name string) (time.Duration, bool) {
	switch name {
	case "ms":
		return time.Millisecond, true
	case "s":
		return time.Second, true
	case "m":
		return time.Minute, true
	case "h":
		return time.Hour, true
	case "d":
		return 24 * time.Hour, true
	case "w":
		return 7 * 24 * time.Hour, true
	case "y":
		return 365 * 24 * time.Hour, true
	}
	return 0, false
}

// ParseDuration reads what Duration says; 0 needs no unit. ok is false for any other text.
func ParseDuration(s string) (Duration, bool) {
	if s == "0" {
		return 0, true
	}
	var sum int64
	for rest := s; ; {
		digits := 0
		for digits < len(rest) && rest[digits] >= '0' && rest[digits] <= '9' {
			digits++
		}
		letters := digits
		for letters < len(rest) && rest[letters] >= 'a' && rest[letters] <= 'z' {
			letters++
		}
		n, err := strconv.ParseInt(rest[:digits], 10, 64)
		size, known := unit(rest[digits:letters])
		if err != nil || !known || n > (math.MaxInt64-sum)/int64(size) {
			return 0, false
		}
		sum += n * int64(size)
		if rest = rest[letters:]; rest == "" {
			return Duration(sum), true
		}
	}
}

func (d *Duration) scan(t text) string {
	v, ok := ParseDuration(t.joined())
	if !ok {
		return "is not a duration; write a number with its unit, such as 90s, 15m, 72h, 30d or 2y"
	}
	*d = v
	return ""
}
