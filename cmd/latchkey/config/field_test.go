package config

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"latchkey/bot"
)

// The tags are what a reader, the schema and the example are told: each key
// says what it means, and what it says of itself is true.
func TestTags(t *testing.T) {
	seen := 0
	walk(t, reflect.TypeFor[Config](), "", func(key string, f field, v reflect.Type) {
		seen++
		if f.doc == "" || strings.HasSuffix(f.doc, ".") || strings.ContainsAny(f.key, "- ") {
			t.Errorf("%s: doc %q", key, f.doc)
		}
		if f.required && f.initial != "" {
			t.Errorf("%s is required and has a default", key)
		}
		if f.initial != "" {
			s := source{lines: map[string]int{}, bad: map[string]bool{}}
			(&decoder{source: &s}).initial(reflect.New(v).Elem(), place{key: key, field: f})
			if f.enum != nil && !slices.Contains(f.enum, f.initial) {
				t.Errorf("%s: default %s is not one of its words", key, f.initial)
			}
		}
		if f.pattern != "" && !regexp.MustCompile(f.pattern).MatchString(strings.Trim(f.like, `"`)) {
			t.Errorf("%s: %s does not fit its own pattern", key, f.like)
		}
		if v == reflect.TypeFor[Duration]() {
			for _, b := range []string{f.min, f.max} {
				if _, ok := ParseDuration(b); !ok {
					t.Errorf("%s: bound %q is no duration", key, b)
				}
			}
		}
	})
	if seen < 130 {
		t.Errorf("%d keys were seen", seen)
	}
}

// The words of the file are the domain's words, all of them.
func TestWords(t *testing.T) {
	want := map[string][]string{
		"identity_stores.authentication_types": words(bot.Types()),
		"roles.authentication_policy.enforced": words(bot.Types()),
		"roles.permissions":                    words(bot.Permissions()),
		"roles.helpdesk_policy.mode":           {string(bot.RestrictedMode), string(bot.UnrestrictedMode)},
		"roles.helpdesk_policy.reason":         {string(bot.ReasonNone), string(bot.ReasonOptional), string(bot.ReasonRequired)},
		"roles.helpdesk_policy.assurance":      {bot.Context.String(), bot.Restricted.String(), bot.Medium.String(), bot.Strong.String()},
		"identity_stores.kind":                 {ActiveDirectory, OpenLDAP, DS389},
	}
	walk(t, reflect.TypeFor[Config](), "", func(key string, f field, _ reflect.Type) {
		if w, ok := want[key]; ok && !slices.Equal(w, f.enum) {
			t.Errorf("%s: words %v, the domain has %v", key, f.enum, w)
		}
		delete(want, key)
	})
	if len(want) > 0 {
		t.Errorf("keys not found: %v", want)
	}
}

func walk(t *testing.T, v reflect.Type, key string, visit func(key string, f field, v reflect.Type)) {
	t.Helper()
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Slice {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return
	}
	for _, f := range fields(v) {
		at := place{key: key}.below(f).key
		visit(at, f, v.Field(f.index).Type)
		walk(t, v.Field(f.index).Type, at, visit)
	}
}

func TestNearest(t *testing.T) {
	words := []string{"workspace", "audit_channel", "mode", "tls", "roles"}
	for typed, want := range map[string]string{"worksapce": "workspace", "auditChannel": "audit_channel", "audit-channel": "audit_channel",
		"Mode": "mode", "mod": "mode", "tsl": "tls", "role": "roles", "xy": "", "completely_else": "", strings.Repeat("a", 5000): ""} {
		if got := nearest(typed, words); got != want {
			t.Errorf("for %.20q: %q, want %q", typed, got, want)
		}
	}
}
