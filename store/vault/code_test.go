package vault

import (
	"bytes"
	"crypto/rand"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"latchkey/bot"

	"golang.org/x/text/unicode/norm"
)

func TestCodeDrawsAgainAndKeepsZeros(t *testing.T) {
	// 20 bits are drawn for six digits: 0xfffff is beyond 999,999, and taking
	// its remainder would favour small codes.
	v := &Vault{random: bytes.NewReader([]byte{0xff, 0xff, 0xff, 0, 0, 7})}
	if code, err := v.Code(6); err != nil || code != "000007" {
		t.Errorf("the code is %q, %v; expected 000007", code, err)
	}
	if _, err := v.Code(6); err == nil {
		t.Error("without randomness there is a code")
	}
}

func TestCodeIsEven(t *testing.T) {
	v := &Vault{random: rand.Reader}
	const draws = 20_000
	var count [6][10]int
	for range draws {
		code, err := v.Code(6)
		if err != nil || len(code) != 6 {
			t.Fatalf("the code is %q, %v", code, err)
		}
		for place, c := range []byte(code) {
			count[place][c-'0']++
		}
	}
	// Ten standard deviations (42 each): never by chance, always for a digit
	// that is missing or twice as likely.
	for place, digits := range count {
		for digit, n := range digits {
			if n < draws/10-420 || n > draws/10+420 {
				t.Errorf("digit %d stands %d times of %d at place %d", digit, n, draws, place)
			}
		}
	}
}

func TestCodeOfOtherLengths(t *testing.T) {
	v := &Vault{random: rand.Reader}
	for digits := -1; digits <= 20; digits++ {
		code, err := v.Code(digits)
		if digits >= 6 && digits <= 10 {
			if _, bad := strconv.Atoi(code); err != nil || bad != nil || len(code) != digits {
				t.Errorf("%d digits: %q, %v", digits, code, err)
			}
		} else if bot.KindOf(err) != bot.Internal {
			t.Errorf("%d digits: %q, %v", digits, code, err)
		}
	}
}

func TestCanonicalCode(t *testing.T) {
	for typed, want := range map[string]string{
		"123456": "123456", "000000": "000000", "１２３４５６": "123456", "12３456": "123456", "𝟏𝟐𝟑𝟒𝟓𝟔": "123456",
		"": "", "12345": "", "1234567": "", " 123456": "", "123456 ": "", "123 456": "", "123-456": "", "123456\n": "",
		"１２３４５６　": "", "12345\u200b6": "", "\u202e123456": "", "١٢٣٤٥٦": "", "12345x": "", "+12345": "", "12345\x00": "",
		"1234567\x00": "", strings.Repeat("1", 10_000): "", "\xff23456": "",
	} {
		got, ok := new(Vault).CanonicalCode(typed, 6)
		if got != want || ok != (want != "") {
			t.Errorf("%q is %q, %v; expected %q", typed, got, ok, want)
		}
	}
	if _, ok := new(Vault).CanonicalCode("", 0); ok {
		t.Error("nothing is a code of no digits")
	}
}

func FuzzCanonicalCode(f *testing.F) {
	for _, typed := range []string{"123456", "１２３４５６", " 123456", "①②③④⑤⑥", "½", "\xff", "12345\u0301"} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		code, ok := new(Vault).CanonicalCode(typed, 6)
		if !ok {
			if code != "" {
				t.Fatalf("%q is refused and gives %q", typed, code)
			}
			return
		}
		if len(code) != 6 || strings.Trim(code, "0123456789") != "" {
			t.Fatalf("%q gives %q", typed, code)
		}
		if again, ok := new(Vault).CanonicalCode(code, 6); !ok || again != code {
			t.Fatalf("%q gives %q, which gives %q", typed, code, again)
		}
		if !utf8.ValidString(typed) || norm.NFKC.String(typed) != code {
			t.Fatalf("%q is not another spelling of %q", typed, code)
		}
	})
}

func FuzzParseFile(f *testing.F) {
	f.Add([]byte(`{"version":1,"seal":{"created":{},"keyset":{"primaryKeyId":1,"key":[]}},"mac":{},"peppers":{"primary":1,"keys":[{"id":1}]}}`))
	f.Add([]byte(`{"version":2}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		parsed, err := parseFile(text)
		if err == nil {
			_, err = parsed.ring()
		} else if bot.KindOf(err) != bot.Invalid || bot.TextOf(err) == "" {
			t.Fatalf("%q answered %v", text, err)
		}
		_ = err
	})
}
