package bot_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"latchkey/bot"
	"latchkey/bot/bottest"
)

// TestFacts: everything is read anew, of both accounts.
func TestFacts(t *testing.T) {
	o := openOffice(t)
	o.Policy.Stores[0].TrustEnrollmentOf = []string{"lab"}
	e := o.enroll(o.MeiLab, bot.Authenticator)
	o.offers(o.Case("s1"), e)
	f := o.facts(o.Case("s1"))
	if f.Agent.Account.ID != o.Dana || f.Agent.Role.Name != "helpdesk" || f.Accounts[0].User != o.Users.Authentication || !f.Now.Equal(o.Clock.Now()) {
		t.Errorf("agent %v, role %v, policy of the user %v", f.Agent.Account.ID, f.Agent.Role, f.Accounts[0].User)
	}
	if diff := cmp.Diff([]bot.AccountID{o.Mei, o.MeiLab}, f.Same); diff != "" {
		t.Errorf("accounts of the person:\n%s", diff)
	}
	if len(f.Accounts) != 2 || f.Accounts[0].ID != o.Mei || len(f.Enrollments) != 1 || len(f.Evidence) != 1 {
		t.Errorf("%d accounts, %d enrollments, %d pieces of evidence", len(f.Accounts), len(f.Enrollments), len(f.Evidence))
	}
	if _, ok := f.Standing[o.MeiLab]; !ok {
		t.Error("the counters of the holder were not read")
	}
	o.lock(bot.Lock{State: bot.Unlocked})
	if f = o.facts(o.Case("s1")); f.Accounts[0].Lock.State != bot.Unlocked {
		t.Error("the lock was carried over")
	}
}

// TestLinked: exactly one account a store, value not empty, never a protected one.
func TestLinked(t *testing.T) {
	none, both := 1, 2
	for name, c := range map[string]struct {
		change func(*office)
		want   int // accounts of the case
		same   int // accounts of the person; 0: as many
	}{
		"linked":                      {func(*office) {}, both, 0},
		"no value":                    {func(o *office) { o.Corp.Change(o.Mei, func(a *bot.Account) { a.Link = "" }) }, none, 0},
		"another value":               {func(o *office) { o.Lab.Change(o.MeiLab, func(a *bot.Account) { a.Link = "4" }) }, none, 0},
		"two of the value there":      {func(o *office) { o.twin(o.Lab, o.MeiLab) }, none, 0},
		"two of the value here":       {func(o *office) { o.twin(o.Corp, o.Mei) }, none, 0},
		"this store does not link":    {func(o *office) { o.Policy.Stores[0].Links = false }, none, 0},
		"the other store doesn't":     {func(o *office) { o.Policy.Stores[1].Links = false }, none, 0},
		"the picked one is protected": {func(o *office) { o.Corp.Put(o.account(o.Mei), bottest.Admins) }, none, both},
		"the linked one is protected": {func(o *office) { o.Policy.Stores[1].ProtectedContainers = []bot.DN{bottest.LabBase} }, none, both},
	} {
		o := openOffice(t)
		c.change(o)
		f := o.facts(o.Case("s1"))
		if c.same == 0 {
			c.same = c.want
		}
		if len(f.Accounts) != c.want || len(f.Same) != c.same || len(f.Unread) != 0 {
			t.Errorf("%s: %d accounts, %d of the person, unread %v", name, len(f.Accounts), len(f.Same), f.Unread)
		}
	}
}

// twin puts a second account with the same link into the store.
func (o *office) twin(d *bottest.Directory, of bot.AccountID) {
	d.Put(bot.Account{ID: bot.AccountID{Store: of.Store, GUID: o.IDs.New()}, DisplayName: "Twin", Login: "twin", Link: "3", Lock: bot.Lock{State: bot.Locked}})
}

// TestLinkedStoreAway: it is named, and what it holds is neither shown nor counted.
func TestLinkedStoreAway(t *testing.T) {
	o := openOffice(t)
	o.Policy.Stores[0].TrustEnrollmentOf = []string{"lab"}
	o.enroll(o.MeiLab, bot.Authenticator)
	o.Policy.Stores = append(o.Policy.Stores[:1:1], bot.StorePolicy{Name: "lab", Base: bottest.LabBase, Types: bot.Types(), Links: true})
	o.Corp.Change(o.Dana, func(a *bot.Account) { a.Link = "" })
	o.Lab.Fail(bottest.Faults{Down: true})
	f := o.facts(o.Case("s1"))
	if diff := cmp.Diff([]string{"lab"}, f.Unread); diff != "" || len(f.Accounts) != 1 || len(f.Enrollments) != 0 {
		t.Errorf("unread %v, %d accounts, %d enrollments", f.Unread, len(f.Accounts), len(f.Enrollments))
	}
	if d := bot.Decide(f); d.Refused != bot.NotEnrolled {
		t.Errorf("refused %q", d.Refused)
	}
}

// TestOwnAccountThroughLink: Dana's own account in another store is hers, from
// either side.
func TestOwnAccountThroughLink(t *testing.T) {
	o := openOffice(t)
	o.Corp.Change(o.Mei, func(a *bot.Account) { a.Link = "" })
	o.Corp.Change(o.Dana, func(a *bot.Account) { a.Link = "3" })
	o.enroll(o.MeiLab, bot.Email)
	c := o.Case("s1")
	c.Target = o.MeiLab
	if d := bot.Decide(o.facts(c)); d.Refused != bot.OwnAccount {
		t.Errorf("refused %q", d.Refused)
	}
	o.Policy.Stores[1].ProtectedContainers = []bot.DN{bottest.LabBase} // protected accounts never link, and are still hers
	if d := bot.Decide(o.facts(c)); d.Refused != bot.OwnAccount {
		t.Errorf("protected: refused %q", d.Refused)
	}
}

// TestOwnAccountBehindADuplicate: a third account has the agent's link value,
// too. It links nobody any more, and the agent is still who he is.
func TestOwnAccountBehindADuplicate(t *testing.T) {
	o := openOffice(t)
	o.Corp.Change(o.Dana, func(a *bot.Account) { a.Link = "3" }) // as Mei in corp, and Mei in lab
	for _, target := range []bot.AccountID{o.MeiLab, o.Mei} {
		c := o.Case("s1")
		c.Target = target
		if d := bot.Decide(o.facts(c)); d.Refused != bot.OwnAccount {
			t.Errorf("%v: page %s, refused %q", target, d.Page, d.Refused)
		}
	}
	o.Policy.Stores[0].Links = false // the value of that store means nothing
	c := o.Case("s1")
	c.Target = o.MeiLab
	if d := bot.Decide(o.facts(c)); d.Refused == bot.OwnAccount {
		t.Error("a store that does not link makes persons one")
	}
}

func TestFind(t *testing.T) {
	o := openOffice(t)
	o.enroll(o.Mei, bot.Email)
	agent := o.facts(o.Case("s1")).Agent
	find := func(text string, offset, limit int) bot.Found {
		t.Helper()
		f, err := o.Desk().Find(t.Context(), agent, bot.Search{Text: text, Offset: offset, Limit: limit})
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	f := find("MEI", 0, 5)
	if f.Total != 1 || len(f.Hits) != 1 || f.Hits[0].Account.ID != o.Mei || len(f.Hits[0].Types) != 1 || len(f.Hits[0].Linked) != 1 || f.Hits[0].Linked[0].ID != o.MeiLab {
		t.Errorf("%+v", f)
	}
	for i := range 12 {
		o.Lab.Put(bot.Account{ID: bot.AccountID{Store: "lab", GUID: fmt.Sprint("n", i)}, DisplayName: fmt.Sprintf("Nora %02d", i), Login: fmt.Sprint("nora", i)})
	}
	var seen []string
	for offset := 0; offset < 15; offset += 5 {
		for _, h := range find("nora", offset, 5).Hits {
			seen = append(seen, h.Account.DisplayName)
		}
	}
	if len(seen) != 12 || seen[0] != "Nora 00" || seen[11] != "Nora 11" {
		t.Errorf("page by page: %v", seen)
	}
	if f := find("nora", 100, 5); len(f.Hits) != 0 || f.Total != 12 {
		t.Errorf("beyond the end: %+v", f)
	}
	if f := find("*", 0, 5); f.Total != 0 {
		t.Errorf("a star finds %+v", f)
	}
	o.Lab.Fail(bottest.Faults{Down: true})
	if f := find("mei", 0, 5); len(f.Hits) != 1 || len(f.Unread) != 1 || f.Unread[0] != "lab" {
		t.Errorf("with lab away: %+v", f)
	}
	o.Corp.Fail(bottest.Faults{Down: true})
	if _, err := o.Desk().Find(t.Context(), agent, bot.Search{Text: "mei", Limit: 5}); bot.KindOf(err) != bot.Unavailable {
		t.Errorf("with both away: %v", err)
	}
	o.Corp.Fail(bottest.Faults{})
	o.Agents.ActsOn = []string{"corp"}
	if f := find("mei", 0, 5); f.Total != 1 {
		t.Errorf("a role that acts on corp alone finds %+v", f)
	}
	if _, err := o.Desk().Find(t.Context(), agent, bot.Search{Limit: 5}); bot.KindOf(err) != bot.Invalid {
		t.Errorf("a search for nothing: %v", err)
	}
}

// TestIdentify: once by the name that the chat vouches for, then by the
// immutable id; never two persons one account.
func TestIdentify(t *testing.T) {
	newcomer := bot.Chatter{Platform: "slack", Tenant: "T1", User: "U9"}
	identify := func(t *testing.T, d *bot.Desk, who bot.Chatter, mail, upn string) (bot.AccountID, bot.Reason) {
		t.Helper()
		id, why, err := d.Identify(t.Context(), who, mail, upn, "T1")
		if err != nil {
			t.Fatal(err)
		}
		return id, why
	}
	t.Run("by mail, then by id", func(t *testing.T) {
		o := openOffice(t)
		if id, why := identify(t, o.Desk(), newcomer, "dana@corp.example", ""); id != o.Dana || why != "" {
			t.Fatalf("%v, %q", id, why)
		}
		if r := o.history(bot.ActionBind); len(r) != 1 || r[0].Target.Account != o.Dana || r[0].Actor.Chat != newcomer.String() {
			t.Errorf("history %+v", r)
		}
		o.Corp.Change(o.Dana, func(a *bot.Account) { a.Mail = "dana.married@corp.example" })
		o.Corp.Change(o.Finn, func(a *bot.Account) { a.Mail = "dana@corp.example" }) // the address changed hands
		if id, _ := identify(t, o.Desk(), newcomer, "dana@corp.example", ""); id != o.Dana {
			t.Errorf("the binding followed the address to %v", id)
		}
		second := bot.Chatter{Platform: "slack", Tenant: "T1", User: "U10"}
		if id, why := identify(t, o.Desk(), second, "dana.married@corp.example", ""); why != bot.AgentUnbound || !id.IsZero() {
			t.Errorf("a second person is %v, %q", id, why)
		}
		if len(o.history(bot.ActionBind)) != 1 {
			t.Error("more than one binding")
		}
	})
	for name, c := range map[string]struct {
		rule      bot.PeopleRule
		mail, upn string
		known     bool
	}{
		"mail":                   {bot.PeopleRule{Platform: "slack", Store: "corp", Match: bot.FieldMail}, "dana@corp.example", "", true},
		"mail, in other letters": {bot.PeopleRule{Platform: "slack", Store: "corp", Match: bot.FieldMail, Domains: []string{"corp.example"}}, "Dana@CORP.example", "", true},
		"another domain":         {bot.PeopleRule{Platform: "slack", Store: "corp", Match: bot.FieldMail, Domains: []string{"example.com"}}, "dana@corp.example", "", false},
		"a domain that ends so":  {bot.PeopleRule{Platform: "slack", Store: "corp", Match: bot.FieldMail, Domains: []string{"orp.example"}}, "dana@corp.example", "", false},
		"the domain in the name": {bot.PeopleRule{Platform: "slack", Store: "corp", Match: bot.FieldMail, Domains: []string{"corp.example"}}, "dana@corp.example@evil.example", "", false},
		"no mail":                {bot.PeopleRule{Platform: "slack", Store: "corp", Match: bot.FieldMail}, "", "", false},
		"no local part":          {bot.PeopleRule{Platform: "slack", Store: "corp", Match: bot.FieldMail}, "@corp.example", "", false},
		"nobody has it":          {bot.PeopleRule{Platform: "slack", Store: "corp", Match: bot.FieldMail}, "zoe@corp.example", "", false},
		"upn":                    {bot.PeopleRule{Platform: "slack", Store: "corp", Match: bot.FieldUPN}, "", "dana@upn.example", true},
		"mail, and upn is asked": {bot.PeopleRule{Platform: "slack", Store: "corp", Match: bot.FieldUPN}, "dana@corp.example", "", false},
		"administrators bind":    {bot.PeopleRule{Platform: "slack", Store: "corp"}, "dana@corp.example", "dana@upn.example", false},
		"another chat's rule":    {bot.PeopleRule{Platform: "teams", Store: "corp", Match: bot.FieldMail}, "dana@corp.example", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			o.Corp.Change(o.Dana, func(a *bot.Account) { a.UPN = "dana@upn.example" })
			d := o.Desk()
			d.Rules = []bot.PeopleRule{c.rule}
			id, why := identify(t, d, newcomer, c.mail, c.upn)
			if c.known != (id == o.Dana) || c.known != (why == "") || !c.known && why != bot.AgentUnbound {
				t.Errorf("%v, %q", id, why)
			}
		})
	}
	t.Run("two of one address", func(t *testing.T) {
		o := openOffice(t)
		o.Corp.Change(o.Finn, func(a *bot.Account) { a.Mail = "dana@corp.example" })
		if id, why := identify(t, o.Desk(), newcomer, "dana@corp.example", ""); why != bot.AgentUnbound || !id.IsZero() {
			t.Errorf("%v, %q", id, why)
		}
	})
	t.Run("the directory is away", func(t *testing.T) {
		o := openOffice(t)
		o.Corp.Fail(bottest.Faults{Down: true})
		if _, _, err := o.Desk().Identify(t.Context(), newcomer, "dana@corp.example", "", "T1"); bot.KindOf(err) != bot.Unavailable {
			t.Errorf("%v", err)
		}
	})
}

func TestRemind(t *testing.T) {
	o := openOffice(t)
	remind := func(want bot.Reminded) {
		t.Helper()
		got, err := o.Reminder().Remind(t.Context(), o.facts(o.Case("s1")))
		if err != nil || got != want {
			t.Fatalf("%q, %v; want %q", got, err, want)
		}
	}
	remind(bot.ReminderSent)
	if l := o.Mail.Letters(); len(l) != 1 || l[0].To != "mei@corp.example" || len(o.history(bot.ActionRemind)) != 1 {
		t.Fatalf("letters %+v", l)
	}
	remind(bot.ReminderRecent)
	o.Clock.Move(time.Hour + time.Second)
	o.Mail.Fail(bot.E(bot.Unavailable, "deliver", nil))
	if _, err := o.Reminder().Remind(t.Context(), o.facts(o.Case("s1"))); bot.KindOf(err) != bot.Unavailable {
		t.Fatalf("mail away: %v", err)
	}
	o.Mail.Fail(nil)
	remind(bot.ReminderSent)
	o.Corp.Change(o.Mei, func(a *bot.Account) { a.Mail = "" })
	remind(bot.ReminderNoMail)
	o.Agents.Helpdesk.Containers = []bot.DN{"ou=it," + bottest.CorpBase}
	remind(bot.ReminderNotYours)
	o.Agents.Helpdesk.Containers, o.Agents.Permissions = nil, []bot.Permission{bot.UnlockAnyAccount}
	remind(bot.ReminderNotYours)
	if len(o.Mail.Letters()) != 2 {
		t.Errorf("%d letters", len(o.Mail.Letters()))
	}
}

// TestFindWithoutStores: a role that acts on none finds nobody.
func TestFindWithoutStores(t *testing.T) {
	o := openOffice(t)
	o.Agents.ActsOn = nil
	f, err := o.Desk().Find(t.Context(), o.facts(o.Case("s1")).Agent, bot.Search{Text: "mei", Limit: 5})
	if err != nil || f.Total != 0 || len(f.Hits) != 0 {
		t.Errorf("%+v, %v", f, err)
	}
}

// TestRemindAtOnce: of many who press the button at the same moment, one sends.
func TestRemindAtOnce(t *testing.T) {
	o := openOffice(t)
	var mu sync.Mutex
	seen := make(map[string]bool)
	r := o.Reminder()
	r.First = func(_ context.Context, key string, life time.Duration) (bool, error) {
		mu.Lock()
		defer mu.Unlock()
		first := !seen[key]
		seen[key] = true
		return first, nil
	}
	f := o.facts(o.Case("s1"))
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			got, err := r.Remind(t.Context(), f)
			if err != nil && bot.KindOf(err) != bot.Throttled || err == nil && got != bot.ReminderSent && got != bot.ReminderRecent {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	wait.Wait()
	if n := len(o.Mail.Letters()); n != 1 || len(o.history(bot.ActionRemind)) != 1 {
		t.Errorf("%d letters, %d records", n, len(o.history(bot.ActionRemind)))
	}
}
