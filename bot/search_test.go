package bot_test

import (
	"slices"
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/bot/bottest"
)

// search finds as Dana, and gives the names of the hits.
func (o *office) search(s bot.Search) (bot.Found, []string) {
	o.t.Helper()
	if s.Limit == 0 {
		s.Limit = 10
	}
	f, err := o.Desk().Find(o.t.Context(), o.facts(o.Case("s1")).Agent, s)
	if err != nil {
		o.t.Fatal(err)
	}
	var names []string
	for _, h := range f.Hits {
		name := h.Account.ID.Store + " " + h.Account.DisplayName
		for _, l := range h.Linked {
			name += " + " + l.ID.Store
		}
		names = append(names, name)
	}
	return f, names
}

// TestLinkedAccountsAreOneHit: exactly where they would be one case.
func TestLinkedAccountsAreOneHit(t *testing.T) {
	one, two := []string{"corp Mei Lin + lab"}, []string{"corp Mei Lin", "lab Mei Lin"}
	for name, c := range map[string]struct {
		change func(*office)
		want   []string
	}{
		"linked":                      {func(*office) {}, one},
		"no value":                    {func(o *office) { o.Corp.Change(o.Mei, func(a *bot.Account) { a.Link = "" }) }, two},
		"another value":               {func(o *office) { o.Lab.Change(o.MeiLab, func(a *bot.Account) { a.Link = "4" }) }, two},
		"the store does not link":     {func(o *office) { o.Policy.Stores[1].Links = false }, two},
		"the picked one is protected": {func(o *office) { o.Corp.Put(o.account(o.Mei), bottest.Admins) }, two},
		"the linked one is protected": {func(o *office) { o.Policy.Stores[1].ProtectedContainers = []bot.DN{bottest.LabBase} }, two},
		"three of the value": {func(o *office) {
			o.twin(o.Lab, o.MeiLab)
		}, two},
		"lab goes before corp": {func(o *office) { o.Agents.ActsOn = []string{"lab", "corp"} }, []string{"lab Mei Lin + corp"}},
	} {
		o := openOffice(t)
		c.change(o)
		f, names := o.search(bot.Search{Text: "mei"})
		if !slices.Equal(names, c.want) || f.Total != len(c.want) {
			t.Errorf("%s: %q of %d, want %q", name, names, f.Total, c.want)
		}
	}
}

// TestLinkedHitsArePaged: no person stands on two pages, none on none.
func TestLinkedHitsArePaged(t *testing.T) {
	o := openOffice(t)
	for i := range 11 {
		for _, d := range []struct {
			store string
			in    *bottest.Directory
		}{{"corp", o.Corp}, {"lab", o.Lab}} {
			name := "Nora " + string(rune('A'+i))
			d.in.Put(bot.Account{ID: bot.AccountID{Store: d.store, GUID: o.IDs.New()}, DisplayName: name, Login: "n" + d.store, Link: "n" + string(rune('A'+i)),
				Lock: bot.Lock{State: bot.Unlocked}})
		}
	}
	var seen []string
	for offset := 0; offset < 12; offset += 4 {
		_, names := o.search(bot.Search{Text: "nora", Offset: offset, Limit: 4})
		seen = append(seen, names...)
	}
	if len(seen) != 11 || !slices.IsSorted(seen) || len(slices.Compact(slices.Clone(seen))) != 11 || seen[10] != "corp Nora K + lab" {
		t.Errorf("page by page: %q", seen)
	}
}

// TestSearchIsNarrowed by store and by enrollment; a trusted one counts.
func TestSearchIsNarrowed(t *testing.T) {
	o := openOffice(t)
	o.enroll(o.Mei, bot.Email)
	email, noEmail := bot.EnrollmentFilter{Type: bot.Email}, bot.EnrollmentFilter{Type: bot.Email, Not: true}
	for name, c := range map[string]struct {
		search bot.Search
		want   []string
	}{
		"all":                     {bot.Search{Text: "i"}, []string{"corp Finn Berg", "corp Mei Lin + lab", "corp Omar Said"}},
		"a store":                 {bot.Search{Text: "i", Stores: []string{"lab"}}, []string{"lab Mei Lin"}},
		"a store of others":       {bot.Search{Text: "i", Stores: []string{"school"}}, nil},
		"enrolled":                {bot.Search{Text: "i", Enrollment: email}, []string{"corp Mei Lin"}},
		"not enrolled":            {bot.Search{Text: "i", Enrollment: noEmail}, []string{"corp Finn Berg", "lab Mei Lin", "corp Omar Said"}},
		"not enrolled at all":     {bot.Search{Text: "i", Stores: []string{"corp"}, Enrollment: bot.EnrollmentFilter{Not: true}}, []string{"corp Finn Berg", "corp Omar Said"}},
		"enrolled with something": {bot.Search{Text: "i", Enrollment: bot.EnrollmentFilter{Type: bot.Mobile}}, nil},
	} {
		f, names := o.search(c.search)
		if !slices.Equal(names, c.want) || f.Total != len(c.want) {
			t.Errorf("%s: %q of %d, want %q", name, names, f.Total, c.want)
		}
	}
	o.Policy.Stores[1].TrustEnrollmentOf = []string{"corp"}
	if _, names := o.search(bot.Search{Text: "i", Stores: []string{"lab"}, Enrollment: email}); !slices.Equal(names, []string{"lab Mei Lin"}) {
		t.Errorf("enrolled through corp: %q", names)
	}
	if f, _ := o.search(bot.Search{Text: "i", Stores: []string{"lab"}}); !slices.Equal(f.Hits[0].Types, []bot.Type{bot.Email}) {
		t.Errorf("lab trusts corp, and the hit says %v", f.Hits[0].Types)
	}
}

// TestLocked: the newest lock first, within reach, never the agent himself.
func TestLocked(t *testing.T) {
	o := openOffice(t)
	since := func(d *bottest.Directory, id bot.AccountID, ago time.Duration) {
		d.Change(id, func(a *bot.Account) {
			a.Lock = bot.Lock{State: bot.Locked, Value: "1", Since: o.Clock.Now().Add(-ago)}
		})
	}
	since(o.Corp, o.Omar, time.Minute)
	since(o.Corp, o.Mei, time.Hour)
	since(o.Lab, o.MeiLab, time.Second)
	if _, names := o.search(bot.Search{Locked: true}); !slices.Equal(names, []string{"corp Mei Lin + lab", "corp Omar Said"}) {
		t.Errorf("locked: %q", names)
	}
	if _, names := o.search(bot.Search{Locked: true, Text: "omar"}); !slices.Equal(names, []string{"corp Omar Said"}) {
		t.Errorf("locked and called Omar: %q", names)
	}
	o.Agents.Helpdesk.Containers = []bot.DN{"ou=sales," + bottest.Staff}
	if _, names := o.search(bot.Search{Locked: true, Stores: []string{"corp"}}); !slices.Equal(names, []string{"corp Mei Lin"}) {
		t.Errorf("within the container: %q", names)
	}
	o.Agents.Helpdesk.Mode = bot.UnrestrictedMode
	o.Corp.Change(o.Dana, func(a *bot.Account) { a.Link = "3" })
	if _, names := o.search(bot.Search{Locked: true, Stores: []string{"corp"}}); len(names) != 2 {
		t.Errorf("two of the value 3, so Mei is nobody's: %q", names)
	}
	o.Corp.Change(o.Mei, func(a *bot.Account) { a.Link = "" })
	if _, names := o.search(bot.Search{Locked: true}); !slices.Equal(names, []string{"corp Omar Said", "corp Mei Lin"}) {
		t.Errorf("the account in lab is Dana's own: %q", names)
	}
	o.Corp.Put(o.account(o.Omar), bottest.Admins)
	f, _ := o.search(bot.Search{Locked: true})
	if len(f.Hits) != 2 || !f.Hits[0].Protected || f.Hits[1].Protected {
		t.Errorf("Omar is protected: %+v", f.Hits)
	}
}

// TestPerson: who it is, with the manager's name where there is one to read.
func TestPerson(t *testing.T) {
	o := openOffice(t)
	person := func() bot.Person {
		t.Helper()
		p, err := o.Desk().Person(t.Context(), o.Mei)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if p := person(); p.Manager != "" || len(p.Linked) != 1 || p.Account.ID != o.Mei {
		t.Errorf("%+v", p)
	}
	finn := o.account(o.Finn).DN
	o.Corp.Change(o.Mei, func(a *bot.Account) { a.Manager = finn })
	if p := person(); p.Manager != "Finn Berg" {
		t.Errorf("manager %q", p.Manager)
	}
	o.Corp.Change(o.Mei, func(a *bot.Account) { a.Manager = "cn=gone,dc=corp,dc=example" })
	if p := person(); p.Manager != "" {
		t.Errorf("manager %q", p.Manager)
	}
	o.Lab.Fail(bottest.Faults{Down: true})
	if p := person(); !slices.Equal(p.Unread, []string{"lab"}) {
		t.Errorf("unread %v", p.Unread)
	}
	o.Corp.Remove(o.Mei)
	if _, err := o.Desk().Person(t.Context(), o.Mei); bot.KindOf(err) != bot.NotFound {
		t.Errorf("a person who is gone: %v", err)
	}
}
