package session_test

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/session"
)

// usableWithin is from the death of a master to the store's next answer, with
// servers that call a master dead after a second.
const usableWithin = 10 * time.Second

// swap is one accepted compare-and-swap: who made version+1 of version.
type swap struct {
	version int64
	by      string
}

// rival is one of several that swap one record as fast as they can. Each adds
// its own mark to the record's list, so that the record tells its history.
type rival struct {
	store    *session.Store
	accepted []swap
	away     int // answered Unavailable
	restarts int // times that it began the record anew, since it was gone
}

func (r *rival) run(t *testing.T, id string, until <-chan struct{}, note func()) {
	ends := time.Now().Add(time.Hour)
	for {
		select {
		case <-until:
			return
		default:
		}
		data, version, err := r.store.Load(t.Context(), id)
		switch bot.KindOf(err) {
		case "":
		case bot.NotFound: // lost in the failover: somebody begins anew
			if r.store.Create(t.Context(), id, []byte("[]"), ends) == nil {
				r.restarts++
			}
			continue
		default:
			r.away++
			continue
		}
		var marks []string
		if err := json.Unmarshal(data, &marks); err != nil {
			t.Errorf("version %d reads %q", version, data)
			return
		}
		by := servers.Unique("swap")
		data, _ = json.Marshal(append(marks, by))
		switch err := r.store.Save(t.Context(), id, version, data, ends); bot.KindOf(err) {
		case "":
			r.accepted = append(r.accepted, swap{version, by})
			note()
		case bot.Conflict, bot.NotFound:
		case bot.Unavailable:
			r.away++
		default:
			t.Errorf("a swap answered %v", err)
		}
	}
}

// pulse remembers when something was accepted last, and the longest silence.
type pulse struct {
	mu      sync.Mutex
	count   int
	last    time.Time
	silence time.Duration
}

func (p *pulse) note() {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	if p.count > 0 {
		p.silence = max(p.silence, now.Sub(p.last))
	}
	p.count, p.last = p.count+1, now
}

func (p *pulse) counted() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.count
}

// reach waits until n swaps have been accepted.
func (p *pulse) reach(t *testing.T, n int, within time.Duration) {
	t.Helper()
	for deadline := time.Now().Add(within); p.counted() < n; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d swaps within %v, expected %d", p.counted(), within, n)
		}
	}
}

// failOver swaps one record from four sides while hit brings its master down,
// and judges what is left.
func failOver(t *testing.T, c session.Config, id string, hit func()) {
	t.Helper()
	const many = 200
	rivals := make([]rival, 4)
	for i := range rivals {
		rivals[i].store = open(t, c)
	}
	if err := rivals[0].store.Create(t.Context(), id, []byte("[]"), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	var p pulse
	var all sync.WaitGroup
	until := make(chan struct{})
	for i := range rivals {
		all.Go(func() { rivals[i].run(t, id, until, p.note) })
	}
	stop := sync.OnceFunc(func() { close(until); all.Wait() })
	defer stop()
	p.reach(t, many, usableWithin)
	deadline := time.Now().Add(usableWithin)
	hit()
	before := p.counted()
	p.reach(t, before+many, usableWithin)
	stop()
	t.Logf("no swap was accepted for %v", p.silence.Round(time.Millisecond))
	for i := range rivals {
		usable(t, rivals[i].store, id, deadline)
	}
	judge(t, rivals, id)
}

// usable waits until the store reads the record: the swaps of one store do not
// show that the others have found the new master too.
func usable(t *testing.T, s *session.Store, id string, deadline time.Time) {
	t.Helper()
	for {
		_, _, err := s.Load(t.Context(), id)
		if err == nil {
			return
		}
		if bot.KindOf(err) != bot.Unavailable || time.Now().After(deadline) {
			t.Fatalf("a store does not read %v after the master was hit: %v", usableWithin, err)
		}
		t.Logf("a store has yet to find the new master: %v", err)
	}
}

// judge reads the record that survived. Each accepted swap is in it at its own
// place, or was lost; one place has one.
func judge(t *testing.T, rivals []rival, id string) {
	t.Helper()
	data, version, err := rivals[0].store.Load(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var marks []string
	if err := json.Unmarshal(data, &marks); err != nil || int64(len(marks)) != version-1 {
		t.Fatalf("version %d has %d marks, %v", version, len(marks), err)
	}
	place := map[string]int64{}
	for i, by := range marks {
		if place[by] != 0 {
			t.Errorf("%s was done twice", by)
		}
		place[by] = int64(i + 1)
	}
	accepted, lost, away, restarts := 0, 0, 0, 0
	survivors := map[int64]string{}
	for _, r := range rivals {
		away, restarts = away+r.away, restarts+r.restarts
		for _, s := range r.accepted {
			accepted++
			switch at := place[s.by]; {
			case at == 0:
				lost++
			case at != s.version:
				t.Errorf("%s swapped version %d and stands at %d", s.by, s.version, at)
			case survivors[s.version] != "":
				t.Errorf("version %d was swapped by %s and by %s, and both survived", s.version, survivors[s.version], s.by)
			default:
				survivors[s.version] = s.by
			}
		}
	}
	t.Logf("%d swaps accepted, %d of them lost, %d calls unavailable, the record begun anew %d times", accepted, lost, away, restarts)
	if accepted == lost {
		t.Error("nothing survived: this test shows nothing")
	}
}

// onFirst gives the id of a record that Nodes[0] keeps: any with Sentinels, and
// in a Cluster one of its slots, the first third.
func onFirst(t *testing.T, g *servers.RedisGroup) string {
	t.Helper()
	if g.Master != "" {
		return servers.Unique("record")
	}
	admin := g.Admin(t, g.Nodes[0])
	for {
		id := servers.Unique("record")
		slot, err := admin.ClusterKeySlot(t.Context(), id).Result()
		if err != nil {
			t.Fatal(err)
		}
		if slot < 5461 {
			return id
		}
	}
}

func TestASingleServerRestartsUnderSwaps(t *testing.T) {
	server := servers.StartRedis(t, servers.RedisSpec{})
	failOver(t, overTLS(server), servers.Unique("record"), func() { server.Kill(t); server.Start(t) })
}

func TestSentinelsReplaceAMasterThatDies(t *testing.T) {
	g := servers.StartRedisSentinel(t)
	failOver(t, grouped(g), onFirst(t, g), func() { g.Nodes[0].Kill(t) })
}

// A machine that hangs takes a Sentinel with it, and its connections stay open.
// When it comes back, the old master still thinks itself one for a moment.
func TestSentinelsReplaceAMasterThatHangs(t *testing.T) {
	g := servers.StartRedisSentinel(t)
	id := onFirst(t, g)
	failOver(t, grouped(g), id, func() { g.Nodes[0].Pause(t); g.Sentinels[0].Pause(t) })
	failOver(t, grouped(g), id, func() { g.Nodes[0].Resume(t); g.Sentinels[0].Resume(t) })
}

func TestAClusterReplacesAMasterThatDies(t *testing.T) {
	g := servers.StartRedisCluster(t)
	failOver(t, grouped(g), onFirst(t, g), func() { g.Nodes[0].Kill(t) })
}

func TestAClusterReplacesAMasterThatHangs(t *testing.T) {
	g := servers.StartRedisCluster(t)
	id := onFirst(t, g)
	failOver(t, grouped(g), id, func() { g.Nodes[0].Pause(t) })
	failOver(t, grouped(g), id, func() { g.Nodes[0].Resume(t) })
}
