package ledger

import (
	"bytes"
	"crypto/rand"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5/pgconn"
	"pgregory.net/rapid"

	"latchkey/bot"
)

// drawn is any row; its texts are drawn from few, so that fields are often equal.
func drawn(t *rapid.T) row {
	var w row
	for i, column := range w.into() {
		switch v := column.(type) {
		case *string:
			*v = rapid.StringMatching(`[a,\x00ü\n]{0,3}`).Draw(t, "text")
		case *int64:
			*v = rapid.Int64Range(0, 2).Draw(t, "number")
		default:
			t.Fatalf("column %d is a %T", i, v)
		}
	}
	return w
}

func TestChangingAnyColumnChangesTheHash(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		prev := make([]byte, 32)
		one, other := drawn(t), drawn(t)
		if rapid.Bool().Draw(t, "near") { // the same but for two neighbouring texts, shifted
			other = one
			columns := other.into()
			at := rapid.IntRange(5, 8).Draw(t, "column")
			a, b := columns[at].(*string), columns[at+1].(*string)
			joined := *a + *b
			cut := rapid.IntRange(0, len(joined)).Draw(t, "cut")
			*a, *b = joined[:cut], joined[cut:]
		}
		alike := bytes.Equal(digest(one, format, prev), digest(other, format, prev))
		if alike != reflect.DeepEqual(one, other) {
			t.Fatalf("%+v and %+v have the same hash: %t", one, other, alike)
		}
		if bytes.Equal(digest(one, format, prev), digest(one, format+1, prev)) {
			t.Fatal("two forms have one hash")
		}
		prev2 := bytes.Repeat([]byte{1}, 32)
		if bytes.Equal(digest(one, format, prev), digest(one, format, prev2)) {
			t.Fatal("the row before is not part of the hash")
		}
	})
}

// Each column that is stored is proved, in the same order.
func TestTheChainProvesEveryColumn(t *testing.T) {
	var w row
	if got, want := len(w.fields()), len(w.into()); got != want {
		t.Fatalf("the chain proves %d of %d columns", got, want)
	}
	if got, want := strings.Count(columns, ",")+1, len(w.into()); got != want {
		t.Fatalf("%d columns are read into %d places", got, want)
	}
	for i, column := range w.into() {
		switch v := column.(type) {
		case *string:
			*v = rand.Text()
			if w.fields()[i] != *v {
				t.Errorf("column %d is not field %d", i, i)
			}
		case *int64:
			*v = 77
			if w.fields()[i] != "77" {
				t.Errorf("column %d is not field %d", i, i)
			}
			*v = 0
		}
	}
}

func TestRowsKeepRecords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawn(t)
		w.Types, w.Helpdesk = rapid.SampledFrom([]string{"", "email", "email,chat"}).Draw(t, "types"), rapid.Int64Range(0, 1).Draw(t, "helpdesk")
		for _, column := range w.into() {
			if v, ok := column.(*string); ok {
				*v = text(*v)
			}
		}
		if diff := cmp.Diff(w, rowOf(w.record()), cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzDatabaseURL(f *testing.F) {
	for _, seed := range []string{"sqlite:///var/lib/latchkey/latchkey.db", "sqlite://x.db", "sqlite:///a?b", "postgres://u@h/d", "sqlite:///%00", "sqlite:////x", "sqlite:///a/../b", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		file, err := sqlitePath(raw)
		if err == nil && (!strings.HasPrefix(file, "/") || strings.HasSuffix(file, "/") || strings.ContainsRune(file, 0)) {
			t.Errorf("%q names %q", raw, file)
		}
		if name := sqliteName(file, nil); err == nil && strings.Count(name, "?") != 1 {
			t.Errorf("%q becomes %q: the path reaches into the settings", raw, name)
		}
	})
}

// Whatever a URL says, a connection to another machine is verified, or there is none.
func FuzzPostgresURL(f *testing.F) {
	for _, seed := range []string{"postgres://u:p@db/latchkey", "postgres://u@db/d?sslmode=disable", "postgres://u@127.0.0.1/d?host=db", "postgresql://u@[::1]:5/d", "postgres://u@a,b/d?sslmode=prefer", "postgres://u@/d?host=/run&sslmode=require"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		c, err := postgresConfig(raw)
		if err != nil {
			if bot.KindOf(err) != bot.Invalid || bot.TextOf(err) == "" {
				t.Errorf("%q: %v", raw, err)
			}
			return
		}
		for _, way := range append(c.Fallbacks, &pgconn.FallbackConfig{Host: c.Host, TLSConfig: c.TLSConfig}) {
			if s := way.TLSConfig; !isLocal(way.Host) && (s == nil || s.InsecureSkipVerify && s.VerifyPeerCertificate == nil && s.VerifyConnection == nil) {
				t.Errorf("%q lets %s be spoken to unverified", raw, way.Host)
			}
		}
		if c.RuntimeParams["statement_timeout"] == "" || c.RuntimeParams["lock_timeout"] == "" {
			t.Errorf("%q has no deadlines", raw)
		}
	})
}

func FuzzSearchIsLiteral(f *testing.F) {
	for _, seed := range []string{"%", "_", `\`, `\%`, "a%b", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		// Undoing the escapes gives the text back, and no sign is left without one.
		var plain strings.Builder
		escaped := false
		for _, r := range literal(text(s)) {
			switch {
			case !escaped && r == '\\':
				escaped = true
				continue
			case !escaped && (r == '%' || r == '_'):
				t.Fatalf("%q leaves a sign free", s)
			}
			plain.WriteRune(r)
			escaped = false
		}
		if escaped || plain.String() != text(s) {
			t.Fatalf("%q becomes %q", s, plain.String())
		}
	})
}
