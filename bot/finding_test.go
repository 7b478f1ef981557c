package bot_test

import (
	"testing"

	"latchkey/bot"
)

func TestWorst(t *testing.T) {
	finding := func(levels ...bot.Level) (out []bot.Finding) {
		for _, l := range levels {
			out = append(out, bot.Finding{Level: l})
		}
		return out
	}
	for _, c := range []struct {
		levels []bot.Level
		want   bot.Level
	}{
		{nil, bot.LevelOK},
		{[]bot.Level{bot.LevelOK, bot.LevelWarning, bot.LevelOK}, bot.LevelWarning},
		{[]bot.Level{bot.LevelWarning, bot.LevelFault, bot.LevelWarning}, bot.LevelFault},
	} {
		if got := bot.Worst(finding(c.levels...)); got != c.want {
			t.Errorf("Worst(%v) = %q, expected %q", c.levels, got, c.want)
		}
	}
}
