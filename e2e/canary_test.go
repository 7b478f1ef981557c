package e2e

import (
	"database/sql"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"latchkey/adapters/playground/teams"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// Each story ends with a search for its secrets: what people typed, read on a
// phone or in a mail, and what the program was configured with may stand
// nowhere in what it wrote. The story need not know that.

// secret is what must not be found, in any of its spellings.
type secret struct {
	what  string
	value string
	code  *regexp.Regexp // of six digits
	spelt []string       // of anything else
}

// digits is how a code may be written.
var digits = regexp.MustCompile(`^\d{6}$`)

func newSecret(what, value string) secret {
	s := secret{what: what, value: value}
	if digits.MatchString(value) { // in a longer number it would be chance
		s.code = regexp.MustCompile(`(^|[^\w.])` + value[:3] + `[ -]?` + value[3:] + `($|[^\w.])`)
	} else {
		s.spelt = spellings(value)
	}
	return s
}

// spellings gives a value as logs, databases and requests may carry it.
func spellings(value string) []string {
	quoted, _ := json.Marshal(value)
	bytes := []byte(value)
	var monitored strings.Builder // as redis-cli and MONITOR write bytes
	for _, b := range bytes {
		if b < ' ' || b > '~' {
			fmt.Fprintf(&monitored, `\x%02x`, b)
		} else {
			monitored.WriteByte(b)
		}
	}
	out := []string{value, monitored.String(), strings.Trim(string(quoted), `"`), url.QueryEscape(value), url.PathEscape(value),
		hex.EncodeToString(bytes), strings.ToUpper(hex.EncodeToString(bytes))}
	for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for shift := range 3 { // where the value begins within a group of three bytes
			text := enc.EncodeToString(append(make([]byte, shift), bytes...))
			first := []int{0, 2, 3}[shift] // the digits before belong to other bytes
			if whole := (len(bytes) + shift) * 8 / 6; whole-first >= 8 {
				out = append(out, text[first:whole])
			}
		}
	}
	return out
}

// in gives the place where the secret stands in a text; "" where it does not.
func (s secret) in(text string) string {
	around := func(from, to int) string {
		return strings.ToValidUTF8(text[max(0, from-60):min(len(text), to+60)], "?")
	}
	if s.code != nil {
		if at := s.code.FindStringIndex(text); at != nil {
			return around(at[0], at[1])
		}
		return ""
	}
	for _, spelt := range s.spelt {
		if at := strings.Index(text, spelt); at >= 0 {
			return around(at, at+len(spelt))
		}
	}
	return ""
}

// plainLabels are the fields whose text is no secret; every other one is.
var plainLabels = []string{"Who is it?", "Reason", "Ticket"}

// entered gives what people sent to the bot in fields that hold secrets.
func (s *stage) entered() map[string]string {
	out := map[string]string{}
	for _, x := range s.slack.Exchanges() {
		var payload struct {
			View struct {
				Blocks []struct {
					BlockID string `json:"block_id"`
					Label   struct{ Text string }
				}
				State struct {
					Values map[string]map[string]struct{ Type, Value string }
				}
			}
		}
		raw := x.Request.Body
		if form, err := url.ParseQuery(string(raw)); err == nil && form.Get("payload") != "" {
			raw = []byte(form.Get("payload"))
		}
		if json.Unmarshal(raw, &payload) != nil {
			continue // a command, or what an attacker sends
		}
		for _, b := range payload.View.Blocks {
			for _, v := range payload.View.State.Values[b.BlockID] {
				if v.Type == "plain_text_input" && !slices.Contains(plainLabels, b.Label.Text) {
					value := v.Value
					if bare := strings.ReplaceAll(value, " ", ""); digits.MatchString(bare) {
						value = bare
					}
					out[value] = "typed as " + b.Label.Text
				}
			}
		}
	}
	if s.teams != nil {
		s.enteredInTeams(out)
	}
	return out
}

// plainFields are plainLabels by the fields' ids in a card.
var plainFields = []string{"in:who:", "in:reason:", "in:ticket:"}

// enteredInTeams adds what stood in the inputs of cards and dialogs.
func (s *stage) enteredInTeams(out map[string]string) {
	for _, x := range s.teams.Exchanges() {
		var activity struct {
			Value struct {
				Data   map[string]any
				Action struct{ Data map[string]any }
			}
		}
		if json.Unmarshal(x.Request.Body, &activity) != nil {
			continue // what an attacker sends
		}
		for _, data := range []map[string]any{activity.Value.Data, activity.Value.Action.Data} {
			for id, v := range data {
				value, typed := v.(string)
				if !typed || !strings.HasPrefix(id, "in:") || slices.ContainsFunc(plainFields, func(p string) bool { return strings.HasPrefix(id, p) }) {
					continue
				}
				if bare := strings.ReplaceAll(value, " ", ""); digits.MatchString(bare) {
					value = bare
				}
				out[value] = "typed into " + id
			}
		}
	}
}

// codes gives the codes and links in a text for a user's eyes.
var codes = regexp.MustCompile(`\b\d{6}\b`)

// secrets gives all that the story had to hide.
func (s *stage) secrets() []secret {
	found := map[string]string{
		s.slack.Token(): "bot token", s.slack.SigningSecret(): "signing secret", s.slack.AppToken(): "app token",
		s.samba.Unlocker.Password: "bind password of corp", s.slapd.Unlocker.Password: "bind password of lab",
		s.redis.Password: "Redis password", s.mail.Password: "mail password",
	}
	if s.teams != nil {
		found[s.teams.AppSecret()] = "secret of the Teams app"
	}
	if s.gateway != "" {
		found[gatewayToken] = "gateway token"
	}
	if u, err := url.Parse(s.postgres); err == nil && s.postgres != "" {
		password, _ := u.User.Password()
		found[password] = "password of the database"
	}
	for value, what := range s.entered() {
		found[value] = what
	}
	for _, uri := range s.seeds {
		if u, err := url.Parse(uri); err == nil {
			seed := u.Query().Get("secret")
			found[seed] = "seed"
			if raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(seed); err == nil {
				found[string(raw)] = "seed's bytes"
			}
		}
	}
	for _, p := range s.everybody {
		for _, mail := range s.mail.Inbox(s.t, p.mail) {
			_, body, _ := strings.Cut(mail, "\n\n")
			for _, code := range codes.FindAllString(body, -1) {
				found[code] = "code in a mail"
			}
		}
		found[p.password] = "password of a user"
	}
	if s.texts != nil {
		for _, number := range s.texts.Numbers() {
			found[number] = "number of a phone"
			found[strings.TrimPrefix(number, "+")] = "number of a phone"
			for _, m := range s.texts.Messages(number) {
				for _, code := range codes.FindAllString(m.Text, -1) {
					found[code] = "code in a text message"
				}
			}
		}
	}
	var out []secret
	for value, what := range found {
		if utf8.RuneCountInString(value) >= 5 { // shorter ones stand anywhere by chance
			out = append(out, newSecret(what, value))
		}
	}
	return out
}

// channel is something that the program wrote into, with what has to be in it:
// an empty one proves nothing.
type channel struct{ name, text, marker string }

// channels gives all that the program wrote during the story.
func (s *stage) channels() []channel {
	out := []channel{{name: chatSlack, text: s.sent()}}
	if s.teams != nil && len(s.teams.Exchanges()) > 0 {
		out = append(out, channel{name: chatTeams, text: s.sentToTeams()})
	}
	for i, b := range s.started {
		if b.cmd == nil {
			continue
		}
		out = append(out, channel{fmt.Sprintf("log of bot %d", i), b.log(), `"msg":"ready"`})
		if b.scraped != "" { // a story that kills it has none
			out = append(out, channel{fmt.Sprintf("metrics of bot %d", i), b.scraped, "latchkey_"})
		}
	}
	if config, err := os.ReadFile(s.bot.config); err == nil && strings.Contains(string(config), s.redis.Addr) {
		out = append(out, channel{"Redis", s.commands.text(), "latchkey:"})
	}
	return append(out, channel{"database", s.database(), "history"})
}

// sent is what the program called Slack with, and answered it. Digits that an
// agent reads to a user stand there, and nowhere else.
func (s *stage) sent() string {
	var out strings.Builder
	for _, c := range s.slack.Calls() {
		args, _ := json.Marshal(c.Args)
		out.Write(args)
	}
	for _, x := range s.slack.Exchanges() {
		out.Write(x.Answer)
	}
	return out.String()
}

// The channels where an agent reads digits to a user.
const (
	chatSlack = "Slack"
	chatTeams = "Teams"
)

// sentToTeams is what the program called Teams with, and answered it.
func (s *stage) sentToTeams() string {
	var out strings.Builder
	for _, c := range s.teams.Calls() {
		args, _ := json.Marshal(c.Activity)
		out.WriteString(c.Path)
		out.Write(args)
	}
	for _, x := range s.teams.Exchanges() {
		out.Write(withoutOwn(x))
	}
	return out.String()
}

// withoutOwn is what the program has answered, less the answers to one's own
// questions that come back to who has just sent them: a dialog of Teams keeps
// nothing that the next card does not hold.
func withoutOwn(x teams.Exchange) []byte {
	var sent struct{ Value struct{ Data map[string]any } }
	var answer any
	if json.Unmarshal(x.Request.Body, &sent) != nil || json.Unmarshal(x.Answer, &answer) != nil {
		return x.Answer
	}
	var clear func(any)
	clear = func(at any) {
		switch at := at.(type) {
		case []any:
			for _, one := range at {
				clear(one)
			}
		case map[string]any:
			if id, _ := at["id"].(string); strings.HasPrefix(id, "in:answer.") && at["value"] == sent.Value.Data[id] {
				delete(at, "value")
			}
			for _, one := range at {
				clear(one)
			}
		}
	}
	clear(answer)
	left, err := json.Marshal(answer)
	if err != nil {
		return x.Answer
	}
	return left
}

// database is all of the ledger: of SQLite its files, with what was deleted, of
// PostgreSQL the rows of all tables.
func (s *stage) database() string {
	var out strings.Builder
	files, _ := filepath.Glob(filepath.Join(s.dir, "latchkey.db*"))
	for _, f := range files {
		raw, err := os.ReadFile(f)
		s.ok(err)
		out.Write(raw)
	}
	if len(files) > 0 {
		return out.String()
	}
	db, err := sql.Open("pgx", s.postgres)
	s.ok(err)
	defer func() { _ = db.Close() }()
	names, err := db.Query(`SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = current_schema()`)
	s.ok(err)
	var tables []string
	for names.Next() {
		var name string
		s.ok(names.Scan(&name))
		tables = append(tables, name)
	}
	s.ok(names.Close())
	for _, name := range tables {
		rows, err := db.Query(`SELECT t::text FROM ` + name + ` t`) //nolint:gosec // the database's own names
		s.ok(err)
		out.WriteString("\n" + name + "\n")
		for rows.Next() {
			var row string
			s.ok(rows.Scan(&row))
			out.WriteString(row + "\n")
		}
		s.ok(rows.Close())
	}
	return out.String()
}

// sweep fails the story where a secret stands in a channel, or a channel was
// not looked into.
func (s *stage) sweep() {
	if s.t.Failed() || len(s.slack.Exchanges()) == 0 && (s.teams == nil || len(s.teams.Exchanges()) == 0) {
		return // it tells enough, or nothing was said
	}
	all := s.secrets()
	for _, c := range s.channels() {
		if !strings.Contains(c.text, c.marker) {
			s.t.Errorf("%s holds no %q: it was not looked into", c.name, c.marker)
		}
		for _, secret := range all {
			if (c.name == chatSlack || c.name == chatTeams) && s.shown != "" && secret.value == s.shown {
				continue // the agent reads them there
			}
			if near := secret.in(c.text); near != "" {
				s.t.Errorf("%s holds the %s: …%s…", c.name, secret.what, near)
			}
		}
	}
}

// The search finds what it looks for, in each spelling, and nothing else.
func TestSweepFinds(t *testing.T) {
	t.Parallel()
	const canary = `Elm "Row" & söns`
	for _, spelt := range spellings(canary) {
		if newSecret("answer", canary).in("before"+spelt+"after") == "" {
			t.Errorf("%q is not found", spelt)
		}
	}
	for shift := range 3 {
		text := strings.Repeat("x", shift) + canary + strings.Repeat("y", 3-shift)
		for _, enc := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
			if newSecret("answer", canary).in(enc.EncodeToString([]byte(text))) == "" {
				t.Errorf("not found in base64 of %q", text)
			}
		}
	}
	code := newSecret("code", "402193")
	for _, text := range []string{"402193", `{"code":"402193"}`, "code=402 193&x", "402-193", "is 402193, good"} {
		if code.in(text) == "" {
			t.Errorf("the code is not found in %q", text)
		}
	}
	for _, text := range []string{"1402193", "4021930", "a402193", "0.402193", "402_193", "402.193"} {
		if at := code.in(text); at != "" {
			t.Errorf("the code is found in %q", text)
		}
	}
}

// A story with each secret planted into each channel is red.
func TestSweepIsRed(t *testing.T) {
	t.Parallel()
	s, dana, mei := restricted(t)
	screen := s.atSlack(dana)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("2 more types")
	s.ok(err)
	s.ok(page.Click("Verify authenticator"))
	page, err = screen.Modal("Code")
	s.ok(err)
	code := s.app(mei)
	s.ok(page.Type("Code", code))
	s.ok(page.Submit())
	page, err = screen.Modal("Passed: authenticator")
	s.ok(err)
	s.ok(page.Click("Verify e-mail"))
	page, err = screen.Modal("A code goes to")
	s.ok(err)
	s.ok(page.Click("Send code"))
	_, err = screen.Modal("A code was sent to")
	s.ok(err)
	mailed := s.mailedCode(mei, 1)
	s.bot.stop()

	all := map[string]secret{}
	for _, one := range s.secrets() {
		all[one.what] = one
	}
	for _, what := range []string{"bot token", "signing secret", "bind password of corp", "Redis password", "mail password", "typed as Code", "seed", "seed's bytes", "code in a mail", "password of a user"} {
		if _, known := all[what]; !known {
			t.Errorf("the search knows no %s", what)
		}
	}
	for _, c := range s.channels() {
		if !strings.Contains(c.text, c.marker) {
			t.Errorf("%s holds no %q", c.name, c.marker)
		}
		for what, value := range map[string]string{"typed as Code": code, "code in a mail": mailed, "bot token": s.slack.Token(), "Redis password": s.redis.Password} {
			if near := all[what].in(c.text); near != "" {
				t.Errorf("%s in %s before it was planted: %s", what, c.name, near)
			}
			if all[what].in(c.text+" "+value+" ") == "" {
				t.Errorf("%s, planted into %s, is not found", what, c.name)
			}
		}
	}
}
