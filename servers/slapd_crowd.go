package servers

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
)

// Crowd is people that a directory begins with, below People: enough of them
// to see how long a search takes. Their names, numbers and dates follow from
// their count alone; nobody knows their passwords.
type Crowd struct {
	People int
	// Locked of them are locked since less than 25 minutes ago; Stale ones were days ago,
	// and have not signed in since.
	Locked, Stale int
}

// crowdNames are the syllables of names. Anna is the first name of one in 250:
// of hundreds, where there are a hundred thousand.
func crowdNames(i int) (first, last string) {
	firsts := strings.Fields(`Mei Jonas Fatima Olu Priya Lukas Ingrid Tomas Chen Aisha Pedro Yuki Lars Nadia Kofi
		Elena Marek Sofia Dmitri Leila Bruno Hana Omar Greta Ravi Zoe Felix Amara Viktor Ines Hugo Mira Samuel Noor`)
	seconds := strings.Fields("Lin Marie Jo Kai Bea Rui Eva")
	begins := strings.Fields("Ber Kol Mar Tan Os Vil Hro Dek Sal Fen Gru Nor Pel Ri Ster Wol Zam Lund Quist Bran")
	middles := strings.Fields("a e i o u an el in or ul")
	ends := strings.Fields("ovic sen mann ez ski dotter wala moto ley berg")
	first = firsts[i%len(firsts)] + "-" + seconds[i/7%len(seconds)]
	if i%250 == 0 {
		first = "Anna"
	}
	i /= 3
	return first, begins[i%len(begins)] + middles[i/len(begins)%len(middles)] + ends[i/len(begins)/len(middles)%len(ends)]
}

// writeTo writes LDIF. Their logins are p000000 and so on, their employee
// numbers the same with an E.
func (c Crowd) writeTo(w io.Writer, people string, now time.Time) error {
	out := bufio.NewWriterSize(w, 1<<20)
	stamp := func(ago time.Duration) string { return now.Add(-ago).UTC().Format("20060102150405Z") }
	for i := range c.People {
		first, last := crowdNames(i)
		login := fmt.Sprintf("p%06d", i)
		fmt.Fprintf(out, "dn: uid=%[1]s,%[2]s\nobjectClass: inetOrgPerson\nuid: %[1]s\ncn: %[3]s %[4]s\nsn: %[4]s\ngivenName: %[3]s\ndisplayName: %[3]s %[4]s\n"+
			"mail: %[5]s.%[6]s.%[7]d@example.test\nemployeeNumber: E%[7]d\ndepartmentNumber: %[8]d\ntitle: Clerk\nmobile: +65 8%07[9]d\n",
			login, people, first, last, strings.ToLower(first), strings.ToLower(last), i, i%97, i)
		if i > 0 {
			fmt.Fprintf(out, "manager: uid=p%06d,%s\n", i/20, people)
		}
		fmt.Fprintf(out, "pwdChangedTime: %s\n", stamp(time.Duration(i%80*24)*time.Hour))
		// Spread over all: a prime's multiples reach each once.
		switch at := i * 7919 % c.People; {
		case at < c.Locked:
			ago := time.Duration(at%1500) * time.Second
			fmt.Fprintf(out, "pwdAccountLockedTime: %s\npwdFailureTime: %s\n", stamp(ago), stamp(ago))
		case at < c.Locked+c.Stale:
			fmt.Fprintf(out, "pwdAccountLockedTime: %s\n", stamp(time.Duration(2+at%100)*24*time.Hour))
		}
		fmt.Fprintln(out)
	}
	return out.Flush()
}
