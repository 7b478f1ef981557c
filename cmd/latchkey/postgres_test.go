package main

import (
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"latchkey/servers"
)

// The same program on PostgreSQL: each script has an empty database, an owner
// and a role that serves.
func TestCommandsOnPostgres(t *testing.T) {
	s := newStage(t)
	server := servers.StartPostgres(t, servers.PostgresSpec{})
	configuration := strings.Replace(testConfiguration, `url: "sqlite://${DATABASE}"`, `url: "${DATABASE_URL}", owner_url: "${DATABASE_OWNER_URL}"`, 1)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/postgres", RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			for name, value := range s.environment(e.WorkDir) {
				e.Setenv(name, value)
			}
			e.Setenv("LISTEN", free(t))
			e.Setenv("ADMIN", free(t))
			e.Setenv("LISTEN2", free(t))
			e.Setenv("ADMIN2", free(t))
			d := server.NewDatabase(e.T().(testing.TB))
			e.Setenv("DATABASE_URL", d.URL)
			e.Setenv("DATABASE_OWNER_URL", d.OwnerURL)
			e.Setenv("DATABASE_ADMIN_URL", d.AdminURL)
			e.Setenv("DATABASE_NAME", d.Name)
			e.Setenv("DATABASE_ADDR", server.Addr)
			return os.WriteFile(filepath.Join(e.WorkDir, "latchkey.yaml"), []byte(configuration), 0o600)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code": code, "crowd": crowd, "edit": edit, "get": get, "halfway": halfway, "permit": permit, "ready": ready, "replace": replace, "statement": statement, "lockedOut": lockedOut, "logged": logged, "rows": rows, "sound": sound, "waiting": waiting,
		},
	})
}

// replace sets a variable to itself with old replaced by new.
func replace(ts *testscript.TestScript, _ bool, args []string) {
	value := ts.Getenv(args[0])
	if !strings.Contains(value, args[1]) {
		ts.Fatalf("%s holds no %q", args[0], args[1])
	}
	ts.Setenv(args[0], strings.Replace(value, args[1], args[2], 1))
}

// statement runs SQL as the superuser.
func statement(ts *testscript.TestScript, _ bool, args []string) {
	db, err := sql.Open("pgx", ts.Getenv("DATABASE_ADMIN_URL"))
	ts.Check(err)
	defer func() { _ = db.Close() }()
	for _, s := range args {
		_, err := db.Exec(s)
		ts.Check(err)
	}
}

// lockedOut keeps the person of a command's JSON answer from authenticating,
// as too many wrong values do.
func lockedOut(ts *testscript.TestScript, _ bool, args []string) {
	var answer struct{ Person struct{ Store, GUID string } }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &answer))
	db, err := sql.Open("pgx", ts.Getenv("DATABASE_ADMIN_URL"))
	ts.Check(err)
	defer func() { _ = db.Close() }()
	now := time.Now()
	_, err = db.Exec("INSERT INTO lockouts (store, guid, after_attempt, at, until) VALUES ($1, $2, 0, $3, $4)",
		answer.Person.Store, answer.Person.GUID, now.UnixMicro(), now.Add(time.Hour).UnixMicro())
	ts.Check(err)
}
