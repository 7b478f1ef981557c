package flows_test

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/flows"
	"latchkey/servers"
)

var unlockFirst = flows.Event{Kind: flows.Unlock, Rows: []int{0}}

func TestAnotherAgentsToken(t *testing.T) {
	d := openDesk(t, servers.SharedRedis(t))
	page := d.begin("unlock")
	for _, k := range []flows.EventKind{flows.Unlock, flows.Cancel, flows.Closed, flows.Resume, flows.OpenHistory} {
		d.refuse(page.Token, flows.Event{Kind: k, Rows: []int{0}, Actor: d.w.FinnChat}, bot.Denied)
	}
	d.must(page.Token, unlockFirst, "done")
}

// TestReboundAgent: the chat person is another directory account now. His token
// is his, and the case is not.
func TestReboundAgent(t *testing.T) {
	d := openDesk(t, servers.SharedRedis(t))
	page := d.begin("unlock")
	for _, chat := range []bot.Chatter{d.w.DanaChat, d.w.FinnChat} {
		if err := d.w.Ledger.Unbind(t.Context(), chat, d.record(bot.ActionUnbind)); err != nil {
			t.Fatal(err)
		}
	}
	d.bind(d.w.DanaChat, d.w.Finn)
	d.refuse(page.Token, unlockFirst, bot.Denied)
}

func TestForgedTokens(t *testing.T) {
	d := openDesk(t, servers.SharedRedis(t))
	page := d.begin("unlock")
	part := strings.Split(page.Token, ".")
	for _, token := range []string{"", "x", page.Token + "x", page.Token[1:], strings.Join(append(part[:3:3], "AAAA"), "."),
		part[0] + ".99." + part[2] + "." + part[3]} {
		d.refuse(token, unlockFirst, bot.Denied)
	}
}

// TestRepeatedClick: a redelivery, and a click on a page that is over, give the
// page that stands and do nothing a second time.
func TestRepeatedClick(t *testing.T) {
	d := openDesk(t, servers.SharedRedis(t))
	d.enroll(bot.Email)
	overview := d.begin("authenticate")
	sent := d.must(overview.Token, flows.Event{Kind: flows.SendCode, Type: bot.Email, ID: "click"}, "code")
	before := d.effects()
	for range 3 {
		again := d.must(overview.Token, flows.Event{Kind: flows.SendCode, Type: bot.Email, ID: "click"}, "code")
		if !again.Repeat || again.Token != sent.Token {
			t.Fatalf("repeat %v, the same token %v", again.Repeat, again.Token == sent.Token)
		}
	}
	again := d.must(overview.Token, flows.Event{Kind: flows.Skip}, "code") // of the page before
	if after := d.effects(); after != before || !again.Repeat {
		t.Fatalf("effects now: %s; before: %s", after, before)
	}
	done := d.must(d.must(sent.Token, flows.Event{Kind: flows.Skip}, "unlock").Token, unlockFirst, "done")
	before = d.effects()
	for _, token := range []string{done.Token, sent.Token} {
		if p := d.must(token, unlockFirst, "done"); !p.Repeat {
			t.Fatal("an unlock after the end is not called a repeat")
		}
	}
	if after := d.effects(); after != before {
		t.Fatalf("effects now: %s; before: %s", after, before)
	}
}

// TestClicksAtOnce: many clicks on two replicas end in one order.
func TestClicksAtOnce(t *testing.T) {
	d := openDesk(t, servers.SharedRedis(t))
	replicas := []*flows.Dispatcher{d.d, d.replica()}
	for round := range 5 {
		d.w.Clock.Move(25 * time.Hour)
		d.w.Corp.Change(d.w.Mei, func(a *bot.Account) { a.Lock = bot.Lock{State: bot.Locked, Value: d.w.IDs.New()} })
		page := d.begin("unlock")
		ids := make([]flows.PageID, 8)
		errs := make([]error, len(ids))
		var wait sync.WaitGroup
		for i := range ids {
			wait.Go(func() {
				ev := unlockFirst
				ev.Token, ev.Actor = page.Token, d.w.DanaChat
				p, err := replicas[i%2].Handle(t.Context(), ev)
				ids[i], errs[i] = p.ID, err
			})
		}
		wait.Wait()
		for i, id := range ids {
			if errs[i] != nil || id != "done" && id != "unlocking" {
				t.Errorf("click %d: page %q, error %v", i, id, errs[i])
			}
		}
		if got := len(d.w.Corp.Writes()); got != round+1 {
			t.Fatalf("after round %d there are %d writes", round, got)
		}
		if got := len(d.history(bot.ActionUnlock)); got != 2*(round+1) { // asked, and the result
			t.Fatalf("after round %d there are %d records of unlocks", round, got)
		}
		if p := d.must(page.Token, unlockFirst, "done"); !p.Repeat {
			t.Fatal("the last page is not called a repeat")
		}
	}
}

// TestRecordOfAnotherFormat: a record that this program does not know is never
// guessed at.
func TestRecordOfAnotherFormat(t *testing.T) {
	for name, spoil := range map[string]func(map[string]any){
		"newer format":       func(m map[string]any) { m["format"] = 4 },
		"older format":       func(m map[string]any) { m["format"] = 2 },
		"no format":          func(m map[string]any) { delete(m, "format") },
		"another talk":       func(m map[string]any) { m["talk"] = "smalltalk" },
		"another record":     func(m map[string]any) { m["id"] = "other" },
		"another type":       func(m map[string]any) { m["state"] = 7 },
		"without an end":     func(m map[string]any) { delete(m, "ends") },
		"an unknown body":    func(m map[string]any) { m["body"] = map[string]any{"offers": "none"} },
		"nothing but braces": func(m map[string]any) { clear(m) },
	} {
		d := openDesk(t, servers.SharedRedis(t))
		page := d.begin("unlock")
		id := sessionOf(page.Token)
		data, version := d.bytes(id)
		fields := make(map[string]any)
		if err := json.Unmarshal(data, &fields); err != nil {
			t.Fatal(err)
		}
		spoil(fields)
		data, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.sessions.Save(t.Context(), id, version, d.sealed(id, version+1, data), d.w.Clock.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		before := d.effects()
		if _, err := d.send(page.Token, flows.Event{Kind: flows.Resume}); bot.KindOf(err) != bot.Expired {
			t.Errorf("%s: %v, want Expired", name, err)
		}
		if after := d.effects(); after != before {
			t.Errorf("%s: effects %s; before %s", name, after, before)
		}
	}
}

// TestRecordOfSomebodyElse: whoever may write Redis puts a record there. What
// this program did not write, as this version of this record, ends the case.
func TestRecordOfSomebodyElse(t *testing.T) {
	for name, forge := range map[string]func(d *desk, id string, version int64, data []byte) []byte{
		"bare":               func(_ *desk, _ string, _ int64, data []byte) []byte { return data },
		"nothing":            func(*desk, string, int64, []byte) []byte { return nil },
		"of another record":  func(d *desk, _ string, v int64, data []byte) []byte { return d.sealed("other", v, data) },
		"an older version":   func(d *desk, id string, v int64, data []byte) []byte { return d.sealed(id, v-1, data) },
		"changed afterwards": func(d *desk, id string, v int64, data []byte) []byte { return append(d.sealed(id, v, data), ' ') },
		"another hash": func(d *desk, id string, v int64, data []byte) []byte {
			sealed := d.sealed(id, v, data)
			sealed[0] ^= 1
			return sealed
		},
	} {
		d := openDesk(t, servers.SharedRedis(t))
		page := d.begin("unlock")
		id := sessionOf(page.Token)
		data, version := d.bytes(id)
		forged := forge(d, id, version+1, data)
		if err := d.sessions.Save(t.Context(), id, version, forged, d.w.Clock.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		before := d.effects()
		for _, k := range []flows.EventKind{flows.Resume, flows.Cancel, flows.Closed} {
			if _, err := d.send(page.Token, flows.Event{Kind: k}); bot.KindOf(err) != bot.Expired {
				t.Errorf("%s: %s gives %v, want Expired", name, k, err)
			}
		}
		if after := d.effects(); after != before {
			t.Errorf("%s: effects %s; before %s", name, after, before)
		}
		if fresh := d.begin("unlock"); sessionOf(fresh.Token) == id {
			t.Errorf("%s: the case is taken up again", name)
		}
	}
}

// TestAgentLosesHisRight between two clicks: he is told why, and nothing is done.
func TestAgentLosesHisRight(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*desk)
		want   bot.Reason
	}{
		"disabled":  {func(d *desk) { d.w.Corp.Change(d.w.Dana, func(a *bot.Account) { a.Disabled = true }) }, bot.AgentDisabled},
		"expired":   {func(d *desk) { d.w.Corp.Change(d.w.Dana, func(a *bot.Account) { a.Expired = true }) }, bot.AgentDisabled},
		"locked":    {func(d *desk) { d.w.Corp.Change(d.w.Dana, func(a *bot.Account) { a.Lock.State = bot.Locked }) }, bot.AgentLocked},
		"deleted":   {func(d *desk) { d.w.Corp.Remove(d.w.Dana) }, bot.AgentGone},
		"no role":   {func(d *desk) { d.w.Agents.MemberGroups = nil }, bot.NoRole},
		"unbound":   {func(d *desk) { _ = d.w.Ledger.Unbind(t.Context(), d.w.DanaChat, d.record(bot.ActionUnbind)) }, bot.AgentUnbound},
		"moved out": {func(d *desk) { d.w.Agents.MemberGroups, d.w.Agents.MemberContainers = nil, []bot.DN{"ou=none"} }, bot.NoRole},
	} {
		t.Run(name, func(t *testing.T) {
			d := openDesk(t, servers.SharedRedis(t))
			page := d.begin("unlock")
			c.change(d)
			for range 3 {
				p := d.must(page.Token, unlockFirst, "refused")
				if p.Blocks[0].Text.ID != "refused."+string(c.want) || p.Token != "" {
					t.Fatalf("text %q, want reason %q; token %q", p.Blocks[0].Text.ID, c.want, p.Token)
				}
			}
			if len(d.w.Corp.Writes()) > 0 {
				t.Fatal("and yet the account was unlocked")
			}
			records := d.history(bot.ActionRefuse)
			if len(records) != 1 || records[0].Why != c.want || records[0].Actor.Chat != d.w.DanaChat.String() {
				t.Fatalf("three refusals within ten minutes are one record: %+v", records)
			}
			d.must("", flows.Event{Kind: flows.Begin, Text: "mei"}, "refused")
		})
	}
}

// TestPermissionLost: he is still an agent, and may no longer unlock.
func TestPermissionLost(t *testing.T) {
	d := openDesk(t, servers.SharedRedis(t))
	page := d.begin("unlock")
	d.w.Agents.Permissions = []bot.Permission{bot.ViewHistory}
	p := d.must(page.Token, unlockFirst, "done")
	if len(d.w.Corp.Writes()) > 0 || !strings.Contains(p.Blocks[0].Text.Said.Plain(), "Not unlocked") {
		t.Fatalf("unlocked without the permission: %s", p.Blocks[0].Text.Said.Plain())
	}
}

func TestSessionEnds(t *testing.T) {
	t.Run("idle", func(t *testing.T) {
		d := openDesk(t, servers.SharedRedis(t))
		page := d.begin("unlock")
		d.w.Clock.Move(5*time.Minute + time.Second)
		d.refuse(page.Token, unlockFirst, bot.Expired)
		d.refuse(page.Token, flows.Event{Kind: flows.Resume}, bot.Expired)
	})
	t.Run("at the end of its life", func(t *testing.T) {
		d := openDesk(t, servers.SharedRedis(t))
		page := d.begin("unlock")
		for range 4 {
			d.w.Clock.Move(4*time.Minute - time.Second)
			p, err := d.send(page.Token, flows.Event{Kind: flows.Resume})
			if bot.KindOf(err) == bot.Expired {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			page = p
		}
		t.Fatal("a session that is kept busy never ends")
	})
	t.Run("lost by Redis", func(t *testing.T) {
		r := servers.StartRedis(t, servers.RedisSpec{})
		d := openDesk(t, r)
		page := d.begin("unlock")
		r.Kill(t)
		r.Start(t)
		d.refuse(page.Token, unlockFirst, bot.Expired)
		d.begin("unlock")
	})
}

// TestRedisAway: a clear error within seconds, nothing done, and all is well
// when it is back.
func TestRedisAway(t *testing.T) {
	r := servers.StartRedis(t, servers.RedisSpec{})
	d := openDesk(t, r)
	page := d.begin("unlock")
	r.Pause(t)
	begun := time.Now()
	d.refuse(page.Token, unlockFirst, bot.Unavailable)
	d.refuse("", flows.Event{Kind: flows.Begin, Text: "mei"}, bot.Unavailable)
	if took := time.Since(begun); took > 9*time.Second {
		t.Errorf("two answers took %v", took)
	}
	r.Resume(t)
	deadline := time.Now().Add(10 * time.Second)
	for {
		p, err := d.send(page.Token, unlockFirst)
		if err == nil {
			if p.ID != "done" || len(d.w.Corp.Writes()) != 1 {
				t.Fatalf("page %q, writes %v", p.ID, d.w.Corp.Writes())
			}
			return
		}
		if time.Now().After(deadline) || bot.KindOf(err) != bot.Unavailable {
			t.Fatalf("after Redis came back: %v", err)
		}
		time.Sleep(50 * time.Millisecond) // another process wakes up
	}
}

// TestThrottled: so many cases an hour and agent; another agent is not held up.
func TestThrottled(t *testing.T) {
	d := openDesk(t, servers.SharedRedis(t))
	d.d.Limits.CasesPerHour = 2
	d.begin("unlock")
	d.begin("unlock")
	_, err := d.send("", flows.Event{Kind: flows.Begin, Text: "mei"})
	if bot.KindOf(err) != bot.Throttled || bot.TextOf(err) == "" {
		t.Fatalf("third case: %v", err)
	}
	d.must("", flows.Event{Kind: flows.Begin, Text: "mei@corp", Actor: d.w.FinnChat}, "unlock")
}

func TestWordsForOthersAreNotEvents(t *testing.T) {
	d := openDesk(t, servers.SharedRedis(t))
	page := d.begin("unlock")
	state, version := d.stored(page.Token)
	for _, k := range []flows.EventKind{"case_read", "offered", "wrote", "failed", "judged", "recalled", "found", "", "nonsense"} {
		before := d.effects()
		p, err := d.send(page.Token, flows.Event{Kind: k})
		if err == nil && !p.Repeat || err != nil && bot.KindOf(err) != bot.Invalid {
			t.Errorf("%q: page %q, error %v", k, p.ID, err)
		}
		if now, v := d.stored(page.Token); now.State != state.State || v != version || d.effects() != before {
			t.Errorf("%q moved the case to %q", k, now.State)
		}
	}
	if !slices.Contains(buttons(page), flows.Cancel) {
		t.Error("page Unlock cannot be cancelled")
	}
}
