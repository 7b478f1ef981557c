package session

import (
	"strings"
	"testing"

	"latchkey/bot"

	"github.com/google/go-cmp/cmp"
)

func TestFindingsOfOtherServers(t *testing.T) {
	const good = "# Server\r\nredis_version:7.0.15\r\nrole:master\r\nmaxmemory_policy:noeviction\r\n"
	for _, c := range []struct {
		info string
		want []bot.Level
	}{
		{good, nil},
		{strings.Replace(good, "7.0.15", "10.1.0", 1), nil},
		{strings.Replace(good, "7.0.15", "6.0.0", 1), nil},
		{strings.Replace(good, "7.0.15", "5.0.14", 1), []bot.Level{bot.LevelFault}},
		{strings.Replace(good, "maxmemory_policy", "#", 1), []bot.Level{bot.LevelWarning}},
		{strings.Replace(good, "role:master", "role:slave", 1), []bot.Level{bot.LevelFault}},
		{"", []bot.Level{bot.LevelFault, bot.LevelFault, bot.LevelWarning}},
	} {
		var got []bot.Level
		for _, f := range new(Store).findings(node{address: "redis:6379", master: true, keys: true, info: parseInfo(c.info)}) {
			got = append(got, f.Level)
			if f.Mend == "" || !strings.HasPrefix(f.What, "redis:6379: ") {
				t.Errorf("the finding reads %+v", f)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("of %q: %s", c.info, diff)
		}
	}
}
