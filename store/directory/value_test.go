package directory

import (
	"testing"
	"time"
)

func TestTimes(t *testing.T) {
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for in, want := range map[string]time.Time{
		"20261123120000Z": noon, "20261123120000.000000Z": noon, "20261123120000,5Z": noon.Add(time.Second / 2), "20261123140000+0200": noon,
		"202611231200Z": noon, "20261123130000+01": noon, "20261123115959.123456Z": noon.Add(123456*time.Microsecond - time.Second),
		"": {}, "000001010000Z": {}, "20261123": {}, "20261323120000Z": {}, "noon": {}, "20261123120000": noon,
	} {
		if got := generalizedTime(in); !got.Equal(want) && !(want.IsZero() && got.Year() < 1) {
			t.Errorf("%q is %s, expected %s", in, got, want)
		}
	}
	for in, want := range map[string]time.Time{
		"134399088000000000": noon, "0": {}, "-1": {}, "": {}, "x": {}, "9223372036854775807": {}, "134399088000000001": noon.Add(100),
	} {
		if got := fileTime(in); !got.Equal(want) {
			t.Errorf("%q is %s, expected %s", in, got, want)
		}
	}
	for in, want := range map[string]time.Duration{"-18000000000": 30 * time.Minute, "0": 0, "-9223372036854775808": 0, "5": 0, "": 0, "-1": 100} {
		if got := interval(in); got != want {
			t.Errorf("%q is %s, expected %s", in, got, want)
		}
	}
}

func TestGUID(t *testing.T) {
	ad, ol := activeDirectory{}, openLDAP{}
	raw := []byte{0x88, 0xe3, 0x03, 0x91, 0x81, 0xa3, 0xb6, 0x4d, 0xaf, 0x68, 0xdf, 0x9b, 0x02, 0x77, 0x76, 0xa8}
	const text = "9103e388-a381-4db6-af68-df9b027776a8"
	if got := ad.guid(entry{attributes: []attribute{{"objectGUID", [][]byte{raw}}}}); got != text {
		t.Errorf("the bytes read %s", got)
	}
	if got := ad.match(text); got != `(objectGUID=\88\e3\03\91\81\a3\b6\4d\af\68\df\9b\02\77\76\a8)` {
		t.Errorf("the filter is %s", got)
	}
	if got := ol.match(text); got != "(entryUUID="+text+")" {
		t.Errorf("the filter is %s", got)
	}
	for _, bad := range []string{"", "x", text[1:], text + "0", "9103E388-a381-4db6-af68-df9b027776a8", "9103e388a381-4db6-af68-df9b027776a8-", "9103e388-a381-4db6-af68-df9b027776ag",
		"9103e388-a381-4db6-af6-8df9b027776a8", "9103e388-a381-4db6-af68-df9b0277-6a8", "*********************************(*)"} {
		if ad.match(bad) != "" || ol.match(bad) != "" {
			t.Errorf("%q counts as an id", bad)
		}
	}
	for _, bad := range [][]byte{nil, raw[:15], append(raw, 0)} {
		if got := ad.guid(entry{attributes: []attribute{{"objectGUID", [][]byte{bad}}}}); got != "" {
			t.Errorf("%d bytes are the id %s", len(bad), got)
		}
	}
}
