package bot_test

import (
	"math/rand/v2"
	"strings"
)

// matrixCase is a row with what the rules make of it.
type matrixCase struct {
	row  row
	want ruled
}

// rows generates the rows of the matrix, the same ones in each run:
//
//	sets      each set of types, each passed or not, under each kind of demand
//	product   few values each of what decides most, all combined
//	questions of whom they are, how old and how many, beside little else
//	pairs     every two values of any two names, each on the grounds below
//	strays    many values at once, drawn with a fixed seed
type rows struct {
	book  rulebook
	base  row
	names []string
	of    map[string][]string // values, the ordinary one first
	seen  map[string]bool
	out   []row
}

// values are those of a part of a row.
type values map[string]string

func (b rulebook) generate() []row {
	g := &rows{book: b, base: row{ordinary: make(values)}, of: make(map[string][]string), seen: make(map[string]bool)}
	for _, r := range b["What varies"].rows {
		name := r.cells["name"]
		g.names = append(g.names, name)
		g.of[name] = strings.Split(r.cells["values"], " / ")
		g.base.ordinary[name] = g.of[name][0]
	}
	g.sets()
	g.product()
	g.questions()
	for _, ground := range grounds() {
		g.pairs(g.base.but(ground))
	}
	g.strays()
	return g.out
}

// grounds are cases that lead to page Unlock, so that one wrong thing is seen.
func grounds() []values {
	return []values{
		{"linked": "locked", "trust": "each other", "form": "at least 2", "assurance": "medium", "containers": "corp/staff",
			"security_questions": "own", "security_questions passed": "3", "authenticator": "own", "authenticator passed": "yes"},
		{"linked": "locked", "form": "as user", "questions asked": "2", "role of the user": "security_questions +1", "role of linked": "+1",
			"security_questions": "own and lab", "security_questions passed": "2", "chat": "own", "chat passed": "yes", "email": "own"},
		{"mode": "unrestricted", "linked": "locked", "email": "own", "email passed": "yes"},
		{"way": "self", "person": "himself", "linked": "locked", "trust": "each other", "role of the user": "authenticator +1", "role of linked": "+1",
			"authenticator": "own", "authenticator passed": "yes", "email": "own", "email passed": "yes", "chat": "own"},
	}
}

// add takes a row that can be configured, once.
func (g *rows) add(r row) {
	key := r.String()
	if g.seen[key] || g.book.first("Left out", &scope{row: r}) != nil {
		return
	}
	g.seen[key] = true
	g.out = append(g.out, r)
}

// sets: each type is absent, had, or had and passed.
func (g *rows) sets() {
	demands := g.combine([]row{g.base}, values{"form": "none"}, values{"form": "at least 2"}, values{"form": "at least 3"},
		values{"form": "as user", "role of the user": "authenticator +1"}, values{"form": "as user", "role of the user": "+2"},
		values{"form": "as user", "role of the user": "email mobile"}, values{"form": "as user"})
	demands = g.combine(demands, values{}, values{"questions asked": "2"})
	demands = g.combine(demands, values{}, values{"assurance": "medium"}, values{"assurance": "strong"})
	demands = append(demands, g.base.but(values{"mode": "unrestricted"}), g.base.but(values{"mode": "unrestricted", "asked": "no"}))
	for _, t := range g.book["Types"].rows {
		name, yes := t.cells["type"], "yes"
		if name == "security_questions" {
			yes = "2"
		}
		demands = g.combine(demands, values{}, values{name: "own"}, values{name: "own", name + " passed": yes})
	}
	for _, r := range demands {
		g.add(r)
	}
}

// product combines what the policy is made of.
func (g *rows) product() {
	some := g.combine([]row{g.base}, values{}, values{"mode": "unrestricted"})
	some = g.combine(some, values{}, values{"containers": "corp/staff/sales"}, values{"containers": "corp/guests"})
	some = g.combine(some, values{}, values{"form": "at least 2"}, values{"form": "as user"})
	some = g.combine(some, values{}, values{"questions asked": "2"})
	some = g.combine(some, values{}, values{"assurance": "restricted"}, values{"assurance": "medium"})
	some = g.combine(some, values{}, values{"role of the user": "authenticator +1"}, values{"role of the user": "security_questions +1"})
	some = g.combine(some, values{}, values{"protected by": "nested group"}, values{"protected by": "nested group", "may": "group"})
	some = g.combine(some, values{"email": "own", "chat": "own"}, values{"email": "own", "email passed": "yes", "mobile": "own new", "mobile passed": "yes"},
		values{"security_questions": "own", "security_questions passed": "2", "authenticator": "own", "authenticator passed": "yes"},
		values{"security_questions": "own", "security_questions passed": "3", "answers": "4", "chat": "own", "chat passed": "yes"})
	for _, r := range some {
		g.add(r)
	}
}

// questions combines who answered how many of them with how many are asked for.
func (g *rows) questions() {
	all := g.combine([]row{g.base.but(values{"linked": "locked"})}, values{}, values{"trust": "each other"})
	all = g.combine(all, values{}, values{"questions asked": "2"}, values{"questions asked": "4", "form": "at least 2"})
	all = g.combine(all, values{}, values{"answers": "1"}, values{"answers": "4"})
	all = g.combine(all, values{}, values{"chat": "own"}, values{"email": "own", "email passed": "yes"})
	for _, of := range g.of["security_questions"] {
		for _, passed := range g.of["security_questions passed"] {
			for _, r := range g.combine(all, values{"security_questions": of, "security_questions passed": passed}) {
				g.add(r)
			}
		}
	}
}

// combine puts each of the values in front of each row.
func (g *rows) combine(all []row, each ...values) []row {
	var out []row
	for _, r := range all {
		for _, v := range each {
			out = append(out, r.but(v))
		}
	}
	return out
}

// pairs leaves out those of two types, which sets has, and of what was passed
// in wrong ways with what has nothing to do with it, which strays may have.
func (g *rows) pairs(ground row) {
	g.add(ground)
	for i, a := range g.names {
		for _, b := range g.names[i+1:] {
			ta, tb := g.typed(a), g.typed(b)
			if ta != tb && (ta != "" && tb != "" || strings.HasSuffix(b, " passed") && !strings.Contains("way mode asked picked linked trust answers", a)) {
				continue
			}
			for _, va := range g.of[a] {
				for _, vb := range g.of[b] {
					g.add(ground.but(values{a: va, b: vb}))
				}
			}
		}
	}
}

// typed gives the type that a name is about, or "".
func (g *rows) typed(name string) string {
	if name = strings.TrimSuffix(name, " passed"); g.book.at("Types", name) == nil {
		return ""
	}
	return name
}

func (g *rows) strays() {
	draw := rand.New(rand.NewPCG(5, 2026))
	all := grounds()
	for range 6000 {
		r := g.base.but(all[draw.IntN(len(all))])
		for range 2 + draw.IntN(6) {
			n := g.names[draw.IntN(len(g.names))]
			r = r.but(values{n: g.of[n][draw.IntN(len(g.of[n]))]})
		}
		g.add(r)
	}
}
