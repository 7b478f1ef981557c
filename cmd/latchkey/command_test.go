package main

import (
	"bytes"
	"context"
	"database/sql"
	_ "embed"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/zap"

	"latchkey/adapters/playground"
	"latchkey/adapters/playground/sms"
	"latchkey/bot"
	"latchkey/servers"
	"latchkey/store/ledger"
	"latchkey/store/vault"
)

// The scripts run the program as a process: this binary under another name.
func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"latchkey": main}) }

//go:embed testdata/latchkey.yaml
var testConfiguration string

// stage is what the scripts share: a directory with people, a Redis and a Slack.
type stage struct {
	directory *servers.Slapd
	redis     *servers.Redis
	mail      *servers.Postfix
	slack     *playground.Workspace
	gateway   string            // of text messages, where MEI, KAI and LEE are reached
	people    map[string]string // name of a variable to login
}

func newStage(t *testing.T) stage {
	t.Helper()
	s := stage{directory: servers.StartSlapd(t, servers.SlapdSpec{}), redis: servers.StartRedis(t, servers.RedisSpec{}),
		mail: servers.StartPostfix(t, servers.PostfixSpec{}), people: make(map[string]string)}
	for _, name := range []string{"MEI", "KAI", "LEE"} {
		login := servers.Unique(strings.ToLower(name))
		u := servers.User{Login: login, First: name, Last: "Tan", Display: name + " Tan"}
		if name != "LEE" {
			u.Mail = login + "@example.test"
			u.Attributes = map[string][]string{"mobile": {map[string]string{"MEI": "+49 1512 3456789", "KAI": "01512 3456780"}[name]}}
		}
		s.directory.AddUser(t, u)
		s.people[name] = login
	}
	s.directory.AddUser(t, servers.User{Under: s.directory.External, Last: "Elsewhere"})
	slack, err := playground.New(playground.Options{Users: []playground.User{{ID: "U0DANA", Name: "Dana"}},
		Channels: []playground.Channel{{ID: "C0AUDIT", Name: "audit"}}})
	if err == nil {
		err = slack.Start("127.0.0.1:0")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = slack.Close() })
	s.slack = slack
	texts, err := sms.New(sms.Options{AccountSID: "ACtest", AuthToken: "sms-token", From: "+12025550199", Header: "Authorization", HeaderValue: "Bearer sms-token"})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(texts)
	t.Cleanup(func() {
		server.Close()
		for _, number := range []string{"+4915123456789", "+4915123456780", "+4915123456781"} {
			if n := len(texts.Messages(number)); n > 0 {
				t.Errorf("a command sent %d text messages", n)
			}
		}
	})
	s.gateway = server.URL
	return s
}

// environment names the stage to the program, by the variables of testdata/latchkey.yaml.
func (s stage) environment(work string) map[string]string {
	env := map[string]string{
		"REDIS": s.redis.Addr, "REDIS_THERE": s.redis.Addr, "REDIS_USER": s.redis.Username, "REDIS_PASSWORD": s.redis.UserPassword,
		"PREFIX": s.redis.Prefix + filepath.Base(work) + ":", // each has a database of its own
		"SMS":    s.gateway, "SMS_TOKEN": "sms-token",
		"DATABASE": filepath.Join(work, "latchkey.db"), "SLACK": s.slack.APIURL(),
		"DIRECTORY": s.directory.URL, "BASE": s.directory.Base, "CA_FILE": s.directory.CAFile, "DEFAULT_POLICY": s.directory.DefaultPolicy,
		"EXTERNAL": s.directory.External, "READER_DN": s.directory.Reader.DN, "READER_PASSWORD": s.directory.Reader.Password,
		"MAIL": s.mail.TLSAddr, "MAIL_USER": s.mail.Username, "MAIL_PASSWORD": s.mail.Password, "MAIL_CA_FILE": s.mail.CAFile,
		"BIND_DN": s.directory.Unlocker.DN, "BIND_PASSWORD": s.directory.Unlocker.Password,
	}
	for name, login := range s.people {
		env[name] = login
	}
	return env
}

func TestCommands(t *testing.T) {
	s := newStage(t)
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			for name, value := range s.environment(e.WorkDir) {
				e.Setenv(name, value)
			}
			e.Setenv("LISTEN", free(t))
			e.Setenv("ADMIN", free(t))
			e.Setenv("ADMIN_TOO", free(t))
			return os.WriteFile(filepath.Join(e.WorkDir, "latchkey.yaml"), []byte(testConfiguration), 0o600)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code": code, "crowd": crowd, "edit": edit, "halfway": halfway, "mode": mode, "permit": permit, "locked": locked, "logged": logged, "newer": newer, "sealed": sealed, "tamper": tamper, "get": get, "ready": ready, "rows": rows, "seeded": seeded, "sound": sound, "waiting": waiting, "unwritten": unwritten,
		},
	})
}

// free gives an address that was free a moment ago.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// code runs a command and demands an exit code; --config is latchkey.yaml
// where the command names none. Its output is what stdout and stderr look at.
func code(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if !strings.Contains(strings.Join(args, " "), "--config") {
		args = append(args, "--config", "latchkey.yaml")
	}
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, not %d", got, want)
	}
}

// edit replaces the first old in a file by new; \n is a line break.
func edit(ts *testscript.TestScript, _ bool, args []string) {
	content := ts.ReadFile(args[0])
	old, now := strings.ReplaceAll(args[1], `\n`, "\n"), strings.ReplaceAll(args[2], `\n`, "\n")
	if !strings.Contains(content, old) {
		ts.Fatalf("%s holds no %q", args[0], old)
	}
	replaced := strings.Replace(content, old, now, 1)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(replaced), 0o600))
}

func mode(ts *testscript.TestScript, _ bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := fmt.Sprintf("%o", info.Mode().Perm()); got != args[0] {
		ts.Fatalf("mode of %s is %s", args[1], got)
	}
}

// locked keeps the person of a command's JSON answer from authenticating, as
// too many wrong values do.
func locked(ts *testscript.TestScript, _ bool, args []string) {
	var answer struct{ Person struct{ Store, GUID string } }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &answer))
	db, err := sql.Open("sqlite", ts.Getenv("DATABASE"))
	ts.Check(err)
	defer func() { _ = db.Close() }()
	now := time.Now()
	_, err = db.Exec("INSERT INTO lockouts (store, guid, after_attempt, at, until) VALUES (?, ?, 0, ?, ?)",
		answer.Person.Store, answer.Person.GUID, now.UnixMicro(), now.Add(time.Hour).UnixMicro())
	ts.Check(err)
}

// logged waits until a file has a line that matches.
func logged(ts *testscript.TestScript, _ bool, args []string) {
	pattern, err := regexp.Compile(args[1])
	ts.Check(err)
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if pattern.MatchString(ts.ReadFile(args[0])) {
			return
		}
	}
	ts.Fatalf("%s has no line that matches %s:\n%s", args[0], args[1], ts.ReadFile(args[0]))
}

// permit sets a file's permissions.
func permit(ts *testscript.TestScript, _ bool, args []string) {
	bits, err := strconv.ParseUint(args[0], 8, 32)
	ts.Check(err)
	ts.Check(os.Chmod(ts.MkAbs(args[1]), os.FileMode(bits)))
}

// newer makes a database that a later program has brought up to its schema.
func newer(ts *testscript.TestScript, _ bool, args []string) {
	file := ts.MkAbs(args[0])
	l, err := ledger.Open(context.Background(), ledger.Config{URL: "sqlite://" + file, Now: time.Now, NewID: newID})
	ts.Check(err)
	ts.Check(l.Close())
	db, err := sql.Open("sqlite", file)
	ts.Check(err)
	defer func() { _ = db.Close() }()
	_, err = db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)")
	ts.Check(err)
}

// sealed demands that the seed of an otpauth address is the one that the
// ledger keeps, sealed to its row, and that the database does not hold it in the open.
func sealed(ts *testscript.TestScript, _ bool, args []string) {
	u, err := url.Parse(strings.TrimSpace(ts.ReadFile(args[0])))
	ts.Check(err)
	seed, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(u.Query().Get("secret"))
	ts.Check(err)
	ctx := context.Background()
	l, err := ledger.Open(ctx, ledger.Config{URL: "sqlite://" + ts.Getenv("DATABASE"), Now: time.Now, NewID: newID})
	ts.Check(err)
	defer func() { _ = l.Close() }()
	records, err := l.History(ctx, bot.HistoryQuery{Limit: 1})
	ts.Check(err)
	kept, err := l.Enrollments(ctx, []bot.AccountID{records[0].Target.Account})
	ts.Check(err)
	if len(kept) != 1 || !kept[0].ByAdministrator || kept[0].Type != bot.Authenticator {
		ts.Fatalf("kept: %+v", kept)
	}
	v, err := vault.Open(ts.MkAbs("keys.json"), zap.NewNop())
	ts.Check(err)
	plain, err := v.Open(kept[0].Seed, "enrollments", kept[0].ID, "seed")
	ts.Check(err)
	if !bytes.Equal(plain, seed) {
		ts.Fatalf("the seed that was shown is not the one that is kept")
	}
	files, err := filepath.Glob(ts.Getenv("DATABASE") + "*")
	ts.Check(err)
	for _, name := range files {
		raw, err := os.ReadFile(name)
		ts.Check(err)
		if bytes.Contains(raw, seed) || bytes.Contains(raw, []byte(u.Query().Get("secret"))) {
			ts.Fatalf("%s holds the seed in the open", name)
		}
	}
}

// tamper changes a history record as somebody would who may write the file.
func tamper(ts *testscript.TestScript, _ bool, args []string) {
	db, err := sql.Open("sqlite", ts.Getenv("DATABASE"))
	ts.Check(err)
	defer func() { _ = db.Close() }()
	rows, err := db.Query("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'history'")
	ts.Check(err)
	var triggers []string
	for rows.Next() {
		var name string
		ts.Check(rows.Scan(&name))
		triggers = append(triggers, name)
	}
	ts.Check(rows.Close())
	for _, name := range triggers {
		_, err := db.Exec("DROP TRIGGER " + name)
		ts.Check(err)
	}
	result, err := db.Exec("UPDATE history SET store = 'other' WHERE seq = ?", args[0])
	ts.Check(err)
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		ts.Fatalf("%d rows changed, %v", n, err)
	}
}

func get(ts *testscript.TestScript, _ bool, args []string) {
	answer, err := http.Get(args[0])
	ts.Check(err)
	body, _ := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	if strconv.Itoa(answer.StatusCode) != args[1] {
		ts.Fatalf("%s answers %d: %s", args[0], answer.StatusCode, body)
	}
}

// ready waits until an address answers 200.
func ready(ts *testscript.TestScript, _ bool, args []string) {
	last := "nothing"
	// One that waits for the silence of another does so for up to 15 s.
	for end := time.Now().Add(25 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		answer, err := http.Get(args[0])
		if err != nil {
			last = err.Error()
			continue
		}
		_ = answer.Body.Close()
		if last = answer.Status; answer.StatusCode == http.StatusOK {
			return
		}
	}
	ts.Fatalf("%s was not ready: %s", args[0], last)
}
