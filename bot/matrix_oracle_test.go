package bot_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ruled is what becomes of a case, in words: two that are equal are the same
// to agent and user.
type ruled struct {
	page     string
	refused  string // why
	missing  string // refused for it, or on page authenticate of restricted mode
	types    string // of page authenticate, and how far each has come
	tooNew   string
	skip     bool
	next     bool
	accounts string // with a check box or why not, and what was passed for each
	grants   string // whom it can unlock
}

// both accounts, in the order of page Unlock.
var both = []string{"picked", "linked"}

// derived are the names that conditions may use beside those that vary.
func (b rulebook) derived() map[string][]string {
	states := strings.Split(b.at("What varies", "picked")["values"]+" / protected", " / ")
	var types []string
	for _, r := range b["Types"].rows {
		types = append(types, r.cells["type"])
	}
	whys := []string{""}
	for _, r := range slices.Concat(b["Reach"].rows, b["State"].rows) {
		whys = append(whys, r.cells["refused"])
	}
	yesNo, much := []string{"yes", "no"}, []string{"nothing", "something"}
	return map[string][]string{
		"account": both, "holder": both, "place": {"inside", "outside"}, "state": states, "why picked": whys, "linked reach": {"within", "beyond"},
		"type": types, "type off": yesNo, "age": {"old", "new", "at once"}, "enrolled": yesNo, "passed": {"some", "none"},
		"policy": {"some", "none"}, "cannot": much, "lacks": much,
	}
}

// judge says what the rules make of a case.
func (b rulebook) judge(r row) ruled {
	s := &scope{row: r}
	if door := b.first("At the door", s); door != nil {
		return ruled{page: "refused", refused: door["refused"]}
	}
	if r.get("way") == "self" {
		for _, instead := range b["Self-service"].rows {
			s = s.with(instead.cells["name"], instead.cells["value"])
		}
	}
	if why := b.reach(s, "picked"); why != "" {
		return ruled{page: "refused", refused: why}
	}
	if frozen := b.first("Freeze", s); frozen != nil {
		return ruled{page: "refused", refused: frozen["refused"]}
	}
	why := map[string]string{}
	lead := ""
	for _, a := range b.shown(r) {
		why[a] = b.whyNot(s, a)
		if why[a] == "" && lead == "" {
			lead = a
		}
	}
	if lead == "" {
		return ruled{page: "refused", refused: b.nothing(s, why)}
	}
	return b.dialog(s, lead, why)
}

func (b rulebook) shown(r row) []string {
	if r.get("linked") == "none" {
		return both[:1]
	}
	return both
}

func (b rulebook) reach(s *scope, account string) string {
	s = s.with("account", account).with("place", b.at("Places", s.get("containers"))[account])
	return b.first("Reach", s)["refused"]
}

// whyNot says why an account cannot be unlocked, whatever is passed, or "".
func (b rulebook) whyNot(s *scope, account string) string {
	if why := b.reach(s, account); why != "" {
		return why
	}
	return b.first("State", s.with("state", s.row.get(account)))["refused"]
}

// nothing gives the reason of a case in which no account can be unlocked.
func (b rulebook) nothing(s *scope, why map[string]string) string {
	near := "within"
	if b.reach(s, "linked") != "" {
		near = "beyond"
	}
	return why[b.first("Nothing to unlock", s.with("why picked", why["picked"]).with("linked reach", near))["whose"]]
}

// dialog is what follows where some account can be unlocked.
func (b rulebook) dialog(s *scope, lead string, why map[string]string) ruled {
	have := b.holding(s, lead)
	wants := b.wants(s, lead)
	cannot, lacks := b.missing(wants, have.usable(), s), b.missing(wants, have.passed(), s)
	is := s.with("enrolled", yesNo(have.enrolled)).with("passed", some(have.passed())).with("policy", wants.role).
		with("cannot", much(cannot)).with("lacks", much(lacks))
	page := b.first("Pages", is)
	out := ruled{page: page["page"], refused: page["refused"], skip: page["skip"] == "yes", next: page["next"] == "yes", tooNew: strings.Join(have.later, ", ")}
	if out.page == "refused" {
		if out.refused == "missing_enrollment" {
			out.missing = cannot
		}
		return out
	}
	out.types = have.String()
	if out.page == "authenticate" && s.get("mode") == "restricted" {
		out.missing = lacks
	}
	var named, granted []string
	for _, a := range b.shown(s.row) {
		its := b.holding(s, a)
		if why[a] == "" && out.page == "unlock" {
			wants := b.wants(s, a)
			its := s.with("policy", wants.role).with("lacks", much(b.missing(wants, its.passed(), s)))
			if why[a] = b.first("Offered", its)["why not"]; why[a] == "" {
				granted = append(granted, a)
			}
		}
		named = append(named, describe(a, why[a], its.passed()))
	}
	out.accounts, out.grants = strings.Join(named, "; "), strings.Join(granted, ", ")
	return out
}

// describe is an account of page Unlock.
func describe(account, why string, passed []string) string {
	if why == "" {
		why = "offered"
	}
	return fmt.Sprintf("%s: %s [%s]", account, why, strings.Join(passed, " "))
}

// standingType is a type that counts for an account.
type standingType struct {
	name          string
	passed        bool
	right, needed int // security questions
}

func (t standingType) String() string {
	switch {
	case t.needed > 0:
		return fmt.Sprintf("%s %d/%d", t.name, t.right, t.needed)
	case t.passed:
		return t.name + " passed"
	}
	return t.name
}

// held is what counts for an account, in the order of the pages.
type held struct {
	types    []standingType
	enrolled bool
	later    []string
}

func (h held) usable() (out []string) {
	for _, t := range h.types {
		out = append(out, t.name)
	}
	return out
}

func (h held) passed() (out []string) {
	for _, t := range h.types {
		if t.passed {
			out = append(out, t.name)
		}
	}
	return out
}

func (h held) String() string {
	var out []string
	for _, t := range h.types {
		out = append(out, t.String())
	}
	return strings.Join(out, ", ")
}

func (b rulebook) holding(s *scope, account string) held {
	var h held
	off := listOf(b.at("Switched off", s.get("switched off"))["off"])
	for _, r := range b["Types"].rows {
		name := r.cells["type"]
		its := s.with("account", account).with("type", name).with("type off", yesNo(slices.Contains(off, name)))
		counts, later, best := b.holders(its, name)
		enrolls := r.cells["makes enrolled"] == "yes"
		h.enrolled = h.enrolled || counts && enrolls
		switch {
		case best != nil && (enrolls || h.enrolled): // those that make nobody enrolled stand last
			h.types = append(h.types, *best)
		case later && best == nil:
			h.later = append(h.later, name)
		}
	}
	return h
}

// holders goes through the enrollments of a type: whether one counts or will
// count later, and how far the best of those that can be passed has come.
func (b rulebook) holders(s *scope, name string) (counts, later bool, best *standingType) {
	for _, holder := range both {
		age := b.at("Enrollments", s.get(name))[holder]
		if age == "" {
			continue
		}
		switch b.first("Counts", s.with("holder", holder).with("age", age))["counts"] {
		case "later":
			_, can := b.standing(s, name, holder)
			later = later || can
		case "yes":
			counts = true
			if t, can := b.standing(s, name, holder); can && (best == nil || t.passed && !best.passed || t.right > best.right) {
				best = &t
			}
		}
	}
	return counts, later, best
}

func (b rulebook) standing(s *scope, name, holder string) (t standingType, can bool) {
	t = standingType{name: name, passed: b.at("Passed", s.get(name+" passed"))[holder] == "yes"}
	if name != "security_questions" {
		return t, true
	}
	answers := number(s.get("answers"))
	t.right = min(answers, number(b.at("Answered", s.get(name+" passed"))[holder]))
	t.needed = answers
	if b.first("Right answers", s)["needed"] == "so many" {
		t.needed = number(s.get("questions asked"))
	}
	t.passed = t.right >= t.needed
	return t, t.needed <= answers
}

// wanted is what restricted mode asks for.
type wanted struct {
	each  []string
	inAll int
	role  string // whether the account's role says something: some, none
}

func (b rulebook) wants(s *scope, account string) wanted {
	w := wanted{role: "none"}
	role := b.at("Roles", s.get(map[string]string{"picked": "role of the user", "linked": "role of linked"}[account]))
	if role != nil {
		w.role = "some"
	}
	asked := b.first("Asked for", s)
	if asked["in all"] == "as the role says" {
		if role == nil {
			return w
		}
		asked = role
	}
	w.each, w.inAll = listOf(asked["each of"]), number(asked["in all"])
	for _, t := range listOf(b.first("And questions", s)["each of"]) {
		if !slices.Contains(w.each, t) {
			w.each = append(w.each, t)
		}
	}
	return w
}

// missing says what a set of types lacks: "email, 1 more, medium".
func (b rulebook) missing(w wanted, have []string, s *scope) string {
	var out []string
	for _, t := range w.each {
		if !slices.Contains(have, t) {
			out = append(out, t)
		}
	}
	slices.Sort(out)
	more := w.inAll - len(have) - len(out)
	if more > 0 {
		out = append(out, fmt.Sprintf("%d more", more))
	}
	enough := b.rank(s.get("assurance"))
	if enough > 0 && !slices.ContainsFunc(have, func(t string) bool { return b.rank(b.at("Types", t)["strength"]) >= enough }) {
		out = append(out, s.get("assurance"))
	}
	return strings.Join(out, ", ")
}

// rank of a strength, 1 the weakest; 0 for none.
func (b rulebook) rank(strength string) int {
	return 1 + slices.IndexFunc(b["Strengths"].rows, func(r rule) bool { return r.cells["strength"] == strength })
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

func some(list []string) string {
	if len(list) > 0 {
		return "some"
	}
	return "none"
}

func much(missing string) string {
	if missing != "" {
		return "something"
	}
	return "nothing"
}

func number(cell string) int {
	n, err := strconv.Atoi(cell)
	if err != nil {
		panic("the rules need a number here: " + err.Error())
	}
	return n
}
