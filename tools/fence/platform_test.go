package fence

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Which chat a person is on is nobody's business but the adapters': outside
// them no code may choose by it. forbidigo and depguard see names and imports,
// so this one reads the code.

// choices lists where a file chooses by a chat's name.
func choices(files *token.FileSet, file *ast.File) []string {
	var found []string
	tell := func(n ast.Node, what string) {
		found = append(found, fmt.Sprintf("%d: %s", files.Position(n.Pos()).Line, what))
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SwitchStmt:
			if named(n.Tag) {
				tell(n, "a switch on a platform")
			}
		case *ast.BinaryExpr:
			if (n.Op == token.EQL || n.Op == token.NEQ) && (chat(n.X) || chat(n.Y)) {
				tell(n, "a comparison with a chat's name")
			}
		case *ast.CaseClause:
			for _, c := range n.List {
				if chat(c) {
					tell(n, "a case of a chat's name")
				}
			}
		}
		return true
	})
	return found
}

// named reports whether an expression is a platform by its name.
func named(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		return e.Sel.Name == "Platform"
	case *ast.Ident:
		return e.Name == "platform"
	}
	return false
}

// chat reports whether an expression is a chat's name, spelt out.
func chat(e ast.Expr) bool {
	literal, ok := e.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return false
	}
	text, err := strconv.Unquote(literal.Value)
	return err == nil && (text == "slack" || text == "teams")
}

// Nothing outside the adapters chooses by platform. The composition in cmd may
// name the chats that it puts together, which the other rooms may not.
func TestNobodyChoosesByPlatform(t *testing.T) {
	looked := 0
	for _, room := range []string{"bot", "flows", "store"} {
		root := filepath.Join("..", "..", room)
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			looked++
			files := token.NewFileSet()
			file, err := parser.ParseFile(files, path, nil, 0)
			if err != nil {
				return err
			}
			for _, f := range choices(files, file) {
				t.Errorf("%s:%s", path, f)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if looked < 100 {
		t.Errorf("%d files were read: the rooms are elsewhere", looked)
	}
}

// The check finds what it is there to find, and nothing else.
func TestChoicesAreFound(t *testing.T) {
	const text = `package p

type chatter struct{ Platform string }

func f(c chatter, platform string, by map[string]int) int {
	switch c.Platform {
	case "slack":
		return 1
	}
	switch platform {
	}
	if c.Platform == "teams" || "slack" != platform {
		return 2
	}
	if c.Platform == platform {
		return 3
	}
	return by[c.Platform]
}
`
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "p.go", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"6: a switch on a platform", "7: a case of a chat's name", "10: a switch on a platform",
		"12: a comparison with a chat's name", "12: a comparison with a chat's name"}
	if diff := cmp.Diff(want, choices(files, file)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
