package cast

import (
	"fmt"
	"strings"
	"time"
)

// Person is one of the company. Logins are unique.
type Person struct {
	Login, First, Last string
	Title, Department  string
	Manager            string // login; "" for the head of the company
	Mail, Mobile       string // E.164
	Number             string // of the employee: the same in both directories
	Lab                bool   // has an account in the directory of the lab too
	Tier0              bool   // an administrator's account, apart from the staff
	Disabled           bool
	MustChange         bool // the password, before anything else
}

// Name is first and last name.
func (p Person) Name() string { return p.First + " " + p.Last }

// Password is everybody's, by the one rule.
func (p Person) Password() string { return PasswordOf(p.Login) }

// PasswordOf is the password that belongs to a login.
func PasswordOf(login string) string { return login + "-demo" }

// passwordAge spreads the days on which people have last set their passwords.
func (p Person) passwordAge(place int) time.Duration {
	return time.Duration(1+place*11%80) * 24 * time.Hour
}

// People is everybody, managers before those whom they lead.
func People() []Person {
	var out []Person
	var above []string // logins, the head of the company first
	department := ""
	for _, line := range strings.Split(strings.TrimSpace(chart), "\n") {
		if name, is := strings.CutSuffix(line, ":"); is {
			department = name
			continue
		}
		fields := strings.Split(strings.TrimLeft(line, " "), "|")
		depth := len(line) - len(strings.TrimLeft(line, " "))
		p := Person{Login: fields[0], First: fields[1], Last: fields[2], Title: fields[3], Department: department}
		for _, more := range fields[4:] {
			p.Lab = p.Lab || more == "lab"
			p.Disabled = p.Disabled || more == "disabled"
			p.MustChange = p.MustChange || more == "must change"
		}
		above = append(above[:depth], p.Login)
		if depth > 0 {
			p.Manager = above[depth-1]
		}
		out = append(out, p)
	}
	out = append(out, Person{Login: "aadmin", First: "Ada", Last: "Admin", Title: "Domain Administrator", Department: "IT", Manager: "ymoreno", Tier0: true})
	for i := range out {
		out[i].Mail = address(out[i].First) + "." + address(out[i].Last) + "@example.com"
		out[i].Mobile = mobile(i)
		out[i].Number = fmt.Sprintf("%d", 100200+i*7)
	}
	return out
}

// Find gives the person with a login.
func Find(login string) (Person, bool) {
	for _, p := range People() {
		if p.Login == login {
			return p, true
		}
	}
	return Person{}, false
}

// mobile gives each place in the company a number of its own.
func mobile(place int) string {
	areas := []string{"202", "312", "415"}
	return fmt.Sprintf("+1%s55501%02d", areas[place%len(areas)], place/len(areas))
}

// address writes a name as a part of a mail address.
func address(name string) string {
	plain := strings.NewReplacer("á", "a", "ä", "a", "é", "e", "í", "i", "ı", "i", "ó", "o", "ö", "o", "ø", "o", "ü", "u", "ë", "e",
		"æ", "ae", "ć", "c", "š", "s", " ", "", "'", "")
	return plain.Replace(strings.ToLower(name))
}
