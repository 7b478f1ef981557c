package sms_test

import (
	"strings"
	"testing"

	"latchkey/adapters/courier/sms"
	"latchkey/bot"
)

func TestNumberGivesE164(t *testing.T) {
	for _, c := range []struct{ typed, region, want string }{
		{"+4915123456789", "", "+4915123456789"},
		{"+49 1512 345-67.89", "", "+4915123456789"},
		{"01512 3456789", "DE", "+4915123456789"},
		{"0049 1512 3456789", "DE", "+4915123456789"},
		{"+49 (0) 1512 3456789", "", "+4915123456789"},
		{"(202) 555-0143", "US", "+12025550143"},
		{"+1 202 555 0143", "DE", "+12025550143"}, // its own country counts
		{"8123 4567", "SG", "+6581234567"},
		{"+33612345678", "", "+33612345678"},
	} {
		if got, err := sms.Number(c.typed, c.region); err != nil || got != c.want {
			t.Errorf("Number(%q, %q) = %q, %v, want %q", c.typed, c.region, got, err, c.want)
		}
	}
}

func TestNumberRefuses(t *testing.T) {
	for _, c := range []struct{ typed, region, says string }{
		{"01512 3456789", "", "no country"},
		{"0049 1512 3456789", "", "no country"},
		{"015123456789", "XX", "sms.region"},
		{"", "DE", "not a mobile number"},
		{"+", "", "not a mobile number"},
		{"+" + strings.Repeat("1", 40), "", "not a mobile number"},
		{"+\uff14\uff19\uff11\uff15\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19", "", "no digit of the keyboard"}, // full width
		{"\uff0b4915123456789", "", "no digit of the keyboard"},
		{"+49151٢٣456789", "", "no digit of the keyboard"},
		{"+49\u00a01512 3456789", "", "no digit of the keyboard"}, // no-break space
		{"+4915123456789\r\nBcc: x", "", "no digit of the keyboard"},
		{"+4915123456789\x00", "", "no digit of the keyboard"},
		{"\u202e+4915123456789", "", "no digit of the keyboard"},
		{"+4915123456789;ext=5", "", "digits alone"},
		{"+4915123456789 x5", "", "digits alone"},
		{"+4915123456789#5", "", "digits alone"},
		{"+4915123456789,+4915123456780", "", "digits alone"},
		{"+4915123456789 +4915123456780", "", "digits alone"},
		{"tel:+4915123456789", "", "digits alone"},
		{"+1-800-FLOWERS", "", "digits alone"},
		{"+4915123456789'; drop", "", "digits alone"},
		{" +4915123456789", "", "digits alone"},
		{"110", "DE", "No phone can have"},
		{"22333", "DE", "No phone can have"},
		{"911", "US", "No phone can have"},
		{"+49171234", "", "No phone can have"},
		{"+491512345678901234", "", "No phone can have"},
		{"+15550100", "", "No phone can have"},
		{"+9991234567890", "", "No country"},
		{"+01512345678", "", "No country"},
		{"+49 30 123456", "", "fixed line"},
		{"+19005550100", "", "costs"},
		{"+18005550100", "", "service"},
		{"+44 70 1234 5678", "", "service"}, // personal number, charged as premium
	} {
		got, err := sms.Number(c.typed, c.region)
		if bot.KindOf(err) != bot.Invalid || got != "" || !strings.Contains(bot.TextOf(err), c.says) {
			t.Errorf("Number(%q, %q) = %q, %v, want: %s", c.typed, c.region, got, err, c.says)
		}
		if digits := strings.Trim(c.typed, "+ "); err != nil && len(digits) > 6 && strings.Contains(err.Error(), digits) {
			t.Errorf("the error repeats the number: %v", err)
		}
	}
}

func FuzzNumber(f *testing.F) {
	for _, seed := range []string{"+4915123456789", "01512 3456789", "+1 (202) 555-0143", "+49٣", "tel:+1", "+1;ext=2", "\x00", "((((", "+1202555014300000"} {
		f.Add(seed, "DE")
	}
	f.Fuzz(func(t *testing.T, typed, region string) {
		got, err := sms.Number(typed, region)
		if err != nil {
			if bot.KindOf(err) != bot.Invalid || bot.TextOf(err) == "" || got != "" {
				t.Fatalf("Number(%q, %q) = %q, %v", typed, region, got, err)
			}
			return
		}
		if again, err := sms.Number(got, ""); err != nil || again != got {
			t.Fatalf("%q became %q, which became %q, %v", typed, got, again, err)
		}
	})
}
