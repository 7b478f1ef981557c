package bot_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/bot"
)

// rulesFile says what is right: docs/policy-matrix.md.
const rulesFile = "testdata/matrix/rules.md"

// matrix reads the rules, generates the rows and judges them, once.
var matrix = sync.OnceValues(func() ([]matrixCase, error) {
	text, err := os.ReadFile(rulesFile)
	if err != nil {
		return nil, err
	}
	book, err := readRules(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", rulesFile, err)
	}
	if flaws := book.flaws(book.derived()); len(flaws) > 0 {
		return nil, fmt.Errorf("%s: %s", rulesFile, strings.Join(flaws, "\n"))
	}
	var out []matrixCase
	for _, r := range book.generate() {
		out = append(out, matrixCase{r, book.judge(r)})
	}
	return out, nil
})

func readMatrix(t *testing.T) []matrixCase {
	t.Helper()
	cases, err := matrix()
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// TestMatrix holds the decision against the rules, row by row.
func TestMatrix(t *testing.T) {
	cases := readMatrix(t)
	outcomes := make(map[string]int)
	red := 0
	for i, c := range cases {
		outcomes[strings.TrimSpace(c.want.page+" "+c.want.refused)]++
		f := c.row.facts()
		got := decided(f, bot.Decide(f))
		if got == c.want {
			continue
		}
		if red++; red <= 20 {
			t.Errorf("row %d: %s\n%s", i, c.row, cmp.Diff(c.want, got, cmp.AllowUnexported(ruled{})))
		}
	}
	t.Logf("%d rows, %d red", len(cases), red)
	for _, o := range slices.Sorted(maps.Keys(outcomes)) {
		t.Logf("%7d %s", outcomes[o], o)
	}
	if len(cases) < 2000 {
		t.Errorf("only %d rows", len(cases))
	}
}

var accountWords = map[bot.AccountID]string{mei: "picked", meiL: "linked"}

// decided says a decision in the words of the rules.
func decided(f bot.Facts, d bot.Decision) ruled {
	out := ruled{page: string(d.Page), refused: string(d.Refused), skip: d.CanSkip, grants: granted(f, d)}
	undone := d.Page == bot.PageRefused
	if late := []bot.Reason{bot.NotEnrolled, bot.NoUserPolicy, bot.MissingEnrollment}; !undone || slices.Contains(late, d.Refused) {
		out.tooNew = waitingWords(d.TooNew)
	}
	if d.Page == bot.PageAuthenticate || d.Refused == bot.MissingEnrollment {
		out.missing = missingWords(d.Missing)
	}
	if undone {
		return out
	}
	out.next = d.Page == bot.PageAuthenticate && d.CanNext // page Unlock has no Next
	var types, accounts []string
	for _, s := range d.Types {
		types = append(types, standingType{string(s.Type), s.Passed, s.Right, s.Needed}.String())
	}
	for _, a := range d.Accounts {
		why := string(a.Why)
		if a.Offered == (why != "") {
			why = fmt.Sprintf("offered %v for %q", a.Offered, why)
		}
		accounts = append(accounts, describe(accountWords[a.Account.ID], why, words(a.Verified)))
	}
	out.types, out.accounts = strings.Join(types, ", "), strings.Join(accounts, "; ")
	return out
}

func words(types []bot.Type) []string {
	var out []string
	for _, t := range types {
		out = append(out, string(t))
	}
	return out
}

func waitingWords(all []bot.Waiting) string {
	var out []string
	for _, w := range all {
		if !w.From.Equal(noon.Add(time.Minute)) {
			out = append(out, "at a wrong time:")
		}
		out = append(out, string(w.Type))
	}
	return strings.Join(out, ", ")
}

func missingWords(m bot.Missing) string {
	out := words(m.Types)
	slices.Sort(out)
	if m.More > 0 {
		out = append(out, fmt.Sprintf("%d more", m.More))
	}
	if m.Strength > 0 {
		out = append(out, m.Strength.String())
	}
	return strings.Join(out, ", ")
}

// granted asks the decision for a grant of everybody's account.
func granted(f bot.Facts, d bot.Decision) string {
	var out []string
	for _, id := range []bot.AccountID{mei, meiL, meiAdmin, omar, dana, {}} {
		o := bot.Offer{ID: "o1", Session: "s1", Agent: f.Agent.Account.ID, Target: mei, Account: id, Policy: "p1", At: noon, Expires: noon.Add(5 * time.Minute)}
		g, why := d.Grant(o)
		if why != "" {
			continue
		}
		if g.Account() != id || g.Seen().Value != "seen-"+id.Store {
			out = append(out, "a wrong grant for")
		}
		word := accountWords[id]
		if word == "" {
			word = id.String()
		}
		out = append(out, word)
	}
	return strings.Join(out, ", ")
}
