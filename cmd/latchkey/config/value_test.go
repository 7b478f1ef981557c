package config_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"latchkey/cmd/latchkey/config"
)

// However a secret is printed, marshalled or logged, it says that it is one.
func TestSecretsStaySecret(t *testing.T) {
	s := config.NewSecret(canary)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10s"} {
		if got := fmt.Sprintf(verb, s); got != "[secret]" {
			t.Errorf("%s gives %q", verb, got)
		}
	}
	cfg := load(t, example(t))
	asJSON, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	core, logs := observer.New(zapcore.DebugLevel)
	zap.New(core).Info("configuration", zap.Any("secret", s), zap.Reflect("mail", cfg.Mail), zap.Stringer("url", cfg.Mail.URL), zap.Any("all", cfg))
	encoded, err := zapcore.NewJSONEncoder(zapcore.EncoderConfig{}).EncodeEntry(logs.All()[0].Entry, logs.All()[0].Context)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"JSON": string(asJSON), "zap": encoded.String(), "%v": fmt.Sprintf("%v", cfg), "%#v": fmt.Sprintf("%#v %#v %#v", *cfg.Slack, *cfg.Mail, cfg.Stores),
		"%+v": fmt.Sprintf("%+v", *cfg), "address": cfg.Mail.URL.String() + fmt.Sprint(cfg.Mail.URL),
	} {
		if strings.Contains(text, canary) {
			t.Errorf("%s tells a secret: %s", name, text)
		}
	}
	if !strings.Contains(string(asJSON), `"[secret]"`) || config.NewSecret("").String() != "" {
		t.Error("a secret that is set, and one that is not, look alike")
	}
}

func TestDurations(t *testing.T) {
	base := example(t)
	for written, want := range map[string]time.Duration{
		"15m": 15 * time.Minute, "72h": 72 * time.Hour, "2d": 48 * time.Hour, "1w": 7 * 24 * time.Hour, "1y": 365 * 24 * time.Hour,
		"1h30m": 90 * time.Minute, "90s": 90 * time.Second, "1500ms": 1500 * time.Millisecond, "0": 0, "0s": 0, "\"0\"": 0,
	} {
		cfg := load(t, strings.Replace(base, "min_age: 48h", "min_age: "+written, 1))
		if got := cfg.Enrollment.MinAge; got.Std() != want {
			t.Errorf("%s is read as %v", written, got.Std())
		}
	}
	for _, written := range []string{"-1h", "1.5h", "h", "5", "5 m", "5M", "1h-5m", "٣h", "0x5m", "5mm"} {
		if _, err := config.Parse("f", []byte(strings.Replace(base, "min_age: 48h", "min_age: '"+written+"'", 1)), inputs()); err == nil {
			t.Errorf("%q is read as a duration", written)
		}
	}
	for d, want := range map[time.Duration]string{72 * time.Hour: "3d", 15 * time.Minute: "15m", 730 * 24 * time.Hour: "2y", 1500 * time.Millisecond: "1500ms", 0: "0s"} {
		if got := config.Duration(d).String(); got != want {
			t.Errorf("%v is written %s, want %s", d, got, want)
		}
	}
}

// Values from outside go into an address after it was parsed, wherever they stand.
func TestAddresses(t *testing.T) {
	env := map[string]string{"P": "p@/:?#[]% x", "USER": "a:b@c", "HOST": "mail.example.com", "PORT": "465", "BOTH": "[::1]:25",
		"ALL": "smtps://u:p%40@mail.example.com:465", "HOSTILE": "evil.example.com/?", "MARK": "mark"}
	in := inputs()
	in.Getenv = func(name string) (string, bool) {
		if v, ok := env[name]; ok {
			return v, true
		}
		return canary, true
	}
	base := example(t)
	for written, want := range map[string]string{
		"smtps://u:${P}@mail.example.com:465":   "smtps u p@/:?#[]% x mail.example.com 465",
		"smtps://${USER}:${P}@${HOST}:${PORT}":  "smtps a:b@c p@/:?#[]% x mail.example.com 465",
		"smtps://u:pre${P}mid${P}@h":            "smtps u prep@/:?#[]% xmidp@/:?#[]% x h ",
		"smtps://mark0z:${MARK}${P}@h":          "smtps mark0z markp@/:?#[]% x h ",
		"smtp://${BOTH}":                        "smtp   ::1 25",
		"smtp://[::1]:25":                       "smtp   ::1 25",
		"smtp://u:p%40q@h":                      "smtp u p@q h ",
		"${ALL}":                                "smtps u p@ mail.example.com 465",
		"file:/run/secrets/url":                 "smtps f f@ mail.example.com 25",
		"smtps://u:p@mail.example.com:465/":     "smtps u p mail.example.com 465",
		"SMTPS://u:${P}@mail.example.com:00465": "smtps u p@/:?#[]% x mail.example.com 00465",
	} {
		files := in.ReadFile
		with := in
		with.ReadFile = func(path string) ([]byte, error) {
			if path == "/run/secrets/url" {
				return []byte("smtps://f:f%40@mail.example.com:25\n"), nil
			}
			return files(path)
		}
		content := strings.Replace(base, "smtps://latchkey:${SMTP_PASSWORD}@mail.example.com:465", "\""+written+"\"", 1)
		cfg, err := config.Parse("f", []byte(content), with)
		if err != nil {
			t.Errorf("%s: %v", written, err)
			continue
		}
		a := cfg.Mail.URL
		if got := strings.Join([]string{a.Scheme, a.User, a.Password.Reveal(), a.Host, a.Port}, " "); got != want {
			t.Errorf("%s is read as %q, want %q", written, got, want)
		}
	}
	for _, written := range []string{"smtps://${HOSTILE}", "smtps://u:p@", "smtps://h:", "smtps://h:0", "smtps://a b", "smtps:h", "://h", "smtps://h#f",
		"smtps://u:p/w@h", "smtps://::1", "smtps://h:${USER}", "smtps://%zz"} {
		content := strings.Replace(base, "smtps://latchkey:${SMTP_PASSWORD}@mail.example.com:465", "\""+written+"\"", 1)
		if cfg, err := config.Parse("f", []byte(content), in); err == nil {
			t.Errorf("%s is read as %#v", written, cfg.Mail.URL)
		}
	}
}

// Several hosts may stand before the path, as PostgreSQL's own programs take them.
func TestSeveralHosts(t *testing.T) {
	in := inputs()
	in.Getenv = func(name string) (string, bool) {
		v, ok := map[string]string{"P": "p@,/:x", "DB2": "db2:5433", "ALL": "db1:1,db2:2", "URL": "postgres://u:p%2C@db1,db2/latchkey"}[name]
		if !ok {
			v = canary
		}
		return v, true
	}
	const usual = "postgres://latchkey:${DATABASE_PASSWORD}@db.example.com/latchkey"
	read := func(written string) (config.Address, error) {
		cfg, err := config.Parse("f", []byte(strings.Replace(example(t), usual, "\""+written+"\"", 1)), in)
		if err != nil {
			return config.Address{}, err
		}
		return cfg.Database.URL, nil
	}
	for written, want := range map[string][2]string{
		"postgres://u:${P}@db1,db2/latchkey":                          {"postgres://u:p%40,%2F%3Ax@/latchkey?host=db1%2Cdb2", "postgres://db1,db2/latchkey"},
		"postgres://u@db1:5432,${DB2}/l?target_session_attrs=primary": {"postgres://u@/l?host=db1%2Cdb2&port=5432%2C5433&target_session_attrs=primary", "postgres://db1:5432,db2:5433/l"},
		"postgresql://u@[::1],127.0.0.1:6000/l":                       {"postgresql://u@/l?host=%3A%3A1%2C127.0.0.1&port=5432%2C6000", "postgresql://[::1]:5432,127.0.0.1:6000/l"},
		"postgres://u@${ALL}/l":                                       {"postgres://u@/l?host=db1%2Cdb2&port=1%2C2", "postgres://db1:1,db2:2/l"},
		"${URL}":                                                      {"postgres://u:p,@/latchkey?host=db1%2Cdb2", "postgres://db1,db2/latchkey"},
	} {
		a, err := read(written)
		if got := [2]string{a.URL().String(), a.String()}; err != nil || got != want {
			t.Errorf("%s is read as %q, %v; want %q", written, got, err, want)
		}
	}
	for _, written := range []string{"postgres://u@db1,/l", "postgres://u@,db2/l", "postgres://u@db1:,db2/l", "postgres://u@db1:0,db2/l", "postgres://u@db1,d b/l"} {
		if a, err := read(written); err == nil {
			t.Errorf("%s is read as %s", written, a)
		}
	}
}

// The whole path of a database may come from one variable.
func TestDatabasePath(t *testing.T) {
	in := inputs()
	in.Getenv = func(string) (string, bool) { return "/var/lib/a b/latchkey.db", true }
	content := strings.Replace(example(t), "postgres://latchkey:${DATABASE_PASSWORD}@db.example.com/latchkey\n  owner_url: postgres://latchkey_owner@db.example.com/latchkey", "sqlite://${DATABASE}", 1)
	cfg, err := config.Parse("f", []byte(content), in)
	if err != nil {
		t.Fatal(err)
	}
	if got := cfg.Database.URL; got.Path != "/var/lib/a b/latchkey.db" || got.Host != "" || got.URL().String() != "sqlite:///var/lib/a%20b/latchkey.db" {
		t.Errorf("read as %#v", got)
	}
}
