package bot_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestMatrixIsIndependent: the second statement of the rules compiles by itself,
// in a module that has nothing of the program, so that it calls nothing of it.
func TestMatrixIsIndependent(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, text []byte) {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", []byte("module oracle\n\ngo 1.26\n"))
	for _, name := range []string{"table", "oracle"} {
		text, err := os.ReadFile("matrix_" + name + "_test.go")
		if err != nil {
			t.Fatal(err)
		}
		write(name+".go", bytes.Replace(text, []byte("package bot_test"), []byte("package oracle"), 1))
	}
	build := exec.CommandContext(t.Context(), "go", "build", ".")
	build.Dir = dir
	build.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOPROXY=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("the oracle needs something that is not its own: %v\n%s", err, out)
	}
}
