package conformance

import (
	"bytes"
	"context"
	"testing"
	"time"

	"latchkey/bot"
)

func recordIsCreatedOnce(t *testing.T, s Store) {
	id, ctx := unique("record"), t.Context()
	_, _, err := s.Load(ctx, id)
	wantKind(t, err, bot.NotFound)
	must(t, s.Create(ctx, id, []byte("one"), inAnHour()))
	wantKind(t, s.Create(ctx, id, []byte("two"), inAnHour()), bot.Conflict)
	wantRecord(t, s, id, "one", 1)
	wantKind(t, s.Create(ctx, unique("record"), []byte("late"), time.Now().Add(-time.Second)), bot.Expired)
}

func savingComparesVersions(t *testing.T, s Store) {
	id, ctx := unique("record"), t.Context()
	wantKind(t, s.Save(ctx, id, 1, []byte("x"), inAnHour()), bot.NotFound)
	must(t, s.Create(ctx, id, []byte("one"), inAnHour()))
	must(t, s.Save(ctx, id, 1, []byte("two"), inAnHour()))
	for _, stale := range []int64{1, 0, 3, -1} {
		wantKind(t, s.Save(ctx, id, stale, []byte("stale"), inAnHour()), bot.Conflict)
	}
	wantRecord(t, s, id, "two", 2)
	must(t, s.Save(ctx, id, 2, []byte("three"), inAnHour()))
	wantRecord(t, s, id, "three", 3)
}

func oneSaverWins(t *testing.T, s Store) {
	id, ctx := unique("record"), t.Context()
	must(t, s.Create(ctx, id, []byte("start"), inAnHour()))
	for round := range 10 {
		version := int64(round + 1)
		winners := race(t, func(n int) (bool, error) {
			// The same bytes from everybody: only the version may decide.
			return lost(s.Save(ctx, id, version, []byte("next"), inAnHour()))
		})
		if winners != 1 {
			t.Fatalf("round %d has %d winners", round, winners)
		}
		wantRecord(t, s, id, "next", version+1)
	}
}

func oneCreatorWins(t *testing.T, s Store) {
	for range 10 {
		id := unique("record")
		winners := race(t, func(int) (bool, error) {
			return lost(s.Create(t.Context(), id, []byte("same"), inAnHour()))
		})
		if winners != 1 {
			t.Fatalf("%d created one record", winners)
		}
	}
}

func recordEnds(t *testing.T, s Store) {
	id, ctx := unique("record"), t.Context()
	must(t, s.Create(ctx, id, []byte("short"), time.Now().Add(soon)))
	eventually(t, "the record ends", func() bool {
		_, _, err := s.Load(ctx, id)
		return bot.KindOf(err) == bot.NotFound
	})
	wantKind(t, s.Save(ctx, id, 1, []byte("late"), inAnHour()), bot.NotFound)
	must(t, s.Create(ctx, id, []byte("anew"), inAnHour()))
	wantRecord(t, s, id, "anew", 1)
}

func savingMovesTheEnd(t *testing.T, s Store) {
	longer, shorter, ctx := unique("record"), unique("record"), t.Context()
	must(t, s.Create(ctx, longer, nil, time.Now().Add(2*time.Second)))
	must(t, s.Save(ctx, longer, 1, nil, inAnHour()))
	must(t, s.Create(ctx, shorter, nil, inAnHour()))
	must(t, s.Save(ctx, shorter, 1, nil, time.Now().Add(2200*time.Millisecond)))
	// shorter ends after longer's first end: by then longer would be gone too.
	eventually(t, "the shortened record ends", func() bool {
		_, _, err := s.Load(ctx, shorter)
		return bot.KindOf(err) == bot.NotFound
	})
	wantRecord(t, s, longer, "", 2)
}

func savingEnds(t *testing.T, s Store) {
	id, ctx := unique("record"), t.Context()
	must(t, s.Create(ctx, id, []byte("one"), inAnHour()))
	wantKind(t, s.Save(ctx, id, 2, nil, time.Now().Add(-time.Second)), bot.Conflict)
	wantRecord(t, s, id, "one", 1)
	must(t, s.Save(ctx, id, 1, nil, time.Now().Add(-time.Second)))
	_, _, err := s.Load(ctx, id)
	wantKind(t, err, bot.NotFound)
}

func pointerLeads(t *testing.T, s Store) {
	key, ctx := unique("pointer"), t.Context()
	_, err := s.Pointed(ctx, key)
	wantKind(t, err, bot.NotFound)
	must(t, s.Point(ctx, key, "one", inAnHour()))
	must(t, s.Point(ctx, key, "two", inAnHour()))
	if id, err := s.Pointed(ctx, key); err != nil || id != "two" {
		t.Errorf("the pointer leads to %q, %v", id, err)
	}
	must(t, s.Point(ctx, key, "two", time.Now().Add(soon)))
	eventually(t, "the pointer ends", func() bool {
		_, err := s.Pointed(ctx, key)
		return bot.KindOf(err) == bot.NotFound
	})
	must(t, s.Point(ctx, key, "three", inAnHour()))
	must(t, s.Point(ctx, key, "three", time.Now().Add(-time.Second)))
	_, err = s.Pointed(ctx, key)
	wantKind(t, err, bot.NotFound)
}

func codeIsKept(t *testing.T, s Store) {
	kept, short, ctx := unique("challenge"), unique("challenge"), t.Context()
	_, err := s.Code(ctx, kept)
	wantKind(t, err, bot.NotFound)
	mac := []byte{0, 1, 0xff, '\r', '\n'}
	must(t, s.PutCode(ctx, kept, mac, time.Hour))
	if got, err := s.Code(ctx, kept); err != nil || !bytes.Equal(got, mac) {
		t.Errorf("the code reads %x, %v", got, err)
	}
	must(t, s.DropCode(ctx, kept))
	must(t, s.DropCode(ctx, kept)) // a second time is the same
	_, err = s.Code(ctx, kept)
	wantKind(t, err, bot.NotFound)
	must(t, s.PutCode(ctx, short, mac, soon))
	eventually(t, "the code runs out", func() bool {
		_, err := s.Code(ctx, short)
		return bot.KindOf(err) == bot.NotFound
	})
}

func seedIsKept(t *testing.T, s Store) {
	kept, short, ctx := unique("link"), unique("link"), t.Context()
	_, err := s.Seed(ctx, kept)
	wantKind(t, err, bot.NotFound)
	sealed := []byte{0, 1, 0xff, '\r', '\n'}
	must(t, s.PutSeed(ctx, kept, sealed, time.Hour))
	if got, err := s.Seed(ctx, kept); err != nil || !bytes.Equal(got, sealed) {
		t.Errorf("the seed reads %x, %v", got, err)
	}
	_, err = s.Code(ctx, kept) // a code of the same name is another thing
	wantKind(t, err, bot.NotFound)
	must(t, s.DropSeed(ctx, kept))
	must(t, s.DropSeed(ctx, kept)) // a second time is the same
	_, err = s.Seed(ctx, kept)
	wantKind(t, err, bot.NotFound)
	must(t, s.PutSeed(ctx, short, sealed, soon))
	eventually(t, "the seed runs out", func() bool {
		_, err := s.Seed(ctx, short)
		return bot.KindOf(err) == bot.NotFound
	})
}

func namesDoNotMeet(t *testing.T, s Store) {
	id, ctx := unique("same"), t.Context()
	must(t, s.Create(ctx, id, []byte("record"), inAnHour()))
	must(t, s.Point(ctx, id, "elsewhere", inAnHour()))
	must(t, s.PutCode(ctx, id, []byte("mac"), time.Hour))
	if first, err := s.First(ctx, id, time.Hour); err != nil || !first {
		t.Errorf("another kind's name counts as seen: %v, %v", first, err)
	}
	if ok, _, err := s.Allow(ctx, id, 1, time.Hour); err != nil || !ok {
		t.Errorf("another kind's name counts: %v, %v", ok, err)
	}
	wantRecord(t, s, id, "record", 1)
}

func anyBytesAreKept(t *testing.T, s Store) {
	for _, id := range []string{"", "}", "{}", "a}b{c", "mei ü \x00\r\n", "*", string(bytes.Repeat([]byte("x"), 1000))} {
		id += unique("")
		data := []byte("\x00\xff\r\n$5\r\n" + id)
		must(t, s.Create(t.Context(), id, data, inAnHour()))
		wantRecord(t, s, id, string(data), 1)
	}
}

func cancelledCall(t *testing.T, s Store) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for call, err := range EveryCall(ctx, s) {
		if bot.KindOf(err) != bot.Unavailable {
			t.Errorf("%s answered %v", call, err)
		}
	}
}

func wantRecord(t *testing.T, s Store, id, data string, version int64) {
	t.Helper()
	got, at, err := s.Load(t.Context(), id)
	if err != nil || string(got) != data || at != version {
		t.Errorf("the record reads %q at version %d, %v; expected %q at %d", got, at, err, data, version)
	}
}
