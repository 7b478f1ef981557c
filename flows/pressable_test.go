package flows_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"

	"latchkey/flows"
)

// Each kind of event is one that a page offers, one that begins, or one that
// adapters or other records alone make: whoever adds a kind says which.
func TestEveryKindIsPressableOrNot(t *testing.T) {
	neither := []flows.EventKind{flows.BeginAuthor, flows.Closed, flows.Look, "user_answered", "user_denied", "case_over"}
	kinds := declaredKinds(t, "event.go")
	if len(kinds) < 30 {
		t.Fatalf("only %d kinds were found in event.go", len(kinds))
	}
	for _, k := range kinds {
		ways := 0
		for _, way := range []bool{k.Pressable(), k.Opens(), slices.Contains(neither, k)} {
			if way {
				ways++
			}
		}
		if ways != 1 {
			t.Errorf("%q is in %d of the lists of pressable.go and of this test, want exactly one", k, ways)
		}
	}
	for _, k := range []flows.EventKind{"", flows.Failed, "found", "judged", "verify "} {
		if k.Pressable() || k.Opens() {
			t.Errorf("%q can be pressed", k)
		}
	}
}

// declaredKinds reads the constants of type EventKind in a file.
func declaredKinds(t *testing.T, file string) []flows.EventKind {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []flows.EventKind
	ast.Inspect(f, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || len(v.Values) != 1 {
			return true
		}
		typ, isName := v.Type.(*ast.Ident)
		value, isText := v.Values[0].(*ast.BasicLit)
		if isName && isText && typ.Name == "EventKind" {
			word, err := strconv.Unquote(value.Value)
			if err != nil {
				t.Fatal(err)
			}
			kinds = append(kinds, flows.EventKind(word))
		}
		return true
	})
	return kinds
}
