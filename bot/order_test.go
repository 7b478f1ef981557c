package bot_test

import (
	"testing"
	"time"

	"latchkey/bot"
	"latchkey/bot/bottest"
)

// TestOrderRefused: what has changed since page Unlock opened forbids the
// write. Nothing is written, no intent is left, and history says why.
func TestOrderRefused(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*office, *bot.Order)
		want   bot.Reason
	}{
		"the grant has run out":       {func(o *office, _ *bot.Order) { o.Clock.Move(5 * time.Minute) }, bot.GrantExpired},
		"the evidence has run out":    {func(o *office, _ *bot.Order) { o.Clock.Move(15 * time.Minute) }, bot.NotVerified},
		"the policy was changed":      {func(o *office, _ *bot.Order) { o.Policy.Version = "p2" }, bot.PolicyChanged},
		"policy asks for more":        {func(o *office, _ *bot.Order) { o.Agents.Helpdesk.AtLeast = 2 }, bot.MissingEnrollment},
		"another session":             {func(_ *office, r *bot.Order) { r.Case.Session = "another" }, bot.NotVerified},
		"another agent":               {func(o *office, r *bot.Order) { r.Case.Agent = o.Finn }, bot.NotVerified},
		"another target":              {func(o *office, r *bot.Order) { r.Case.Target = o.Omar; o.enroll(o.Omar, bot.Email) }, bot.NotVerified},
		"the user is not locked":      {func(o *office, _ *bot.Order) { o.lock(bot.Lock{State: bot.Unlocked}); o.unlockLab() }, bot.NotLocked},
		"an administrator locked him": {func(o *office, _ *bot.Order) { o.lock(bot.Lock{State: bot.LockedByAdministrator}); o.unlockLab() }, bot.LockedByAdmin},
		"the user is disabled": {func(o *office, _ *bot.Order) {
			o.Corp.Change(o.Mei, func(a *bot.Account) { a.Disabled = true })
			o.unlockLab()
		}, bot.TargetDisabled},
		"disabled, and a linked left": {func(o *office, _ *bot.Order) {
			o.Policy.Stores[1].TrustEnrollmentOf = []string{"corp"}
			o.Corp.Change(o.Mei, func(a *bot.Account) { a.Disabled = true })
		}, bot.TargetDisabled},
		"the user is protected":      {func(o *office, _ *bot.Order) { o.Corp.Put(o.account(o.Mei), bottest.Admins) }, bot.ProtectedTarget},
		"the user was moved away":    {func(o *office, _ *bot.Order) { o.Agents.Helpdesk.Containers = []bot.DN{"ou=it," + bottest.CorpBase} }, bot.OutsideReach},
		"the enrollment was removed": {func(o *office, _ *bot.Order) { o.unenroll() }, bot.NotEnrolled},
		"the agent is disabled":      {func(o *office, _ *bot.Order) { o.Corp.Change(o.Dana, func(a *bot.Account) { a.Disabled = true }) }, bot.AgentDisabled},
		"the agent is locked": {func(o *office, _ *bot.Order) {
			o.Corp.Change(o.Dana, func(a *bot.Account) { a.Lock.State = bot.Locked })
		}, bot.AgentLocked},
		"the agent lost his role":   {func(o *office, _ *bot.Order) { o.Agents.MemberGroups = nil }, bot.NoRole},
		"the agent lost permission": {func(o *office, _ *bot.Order) { o.Agents.Permissions = nil }, bot.NoPermission},
		"the reason is missing":     {func(o *office, _ *bot.Order) { o.Agents.Helpdesk.Reason = bot.ReasonRequired }, bot.ReasonMissing},
		"the reason cannot be seen": {func(o *office, r *bot.Order) {
			o.Agents.Helpdesk.Reason, r.Reason = bot.ReasonRequired, "\u200b\u3164 "
		}, bot.ReasonMissing},
		"unlocked often today": {func(o *office, _ *bot.Order) { o.Policy.Limits.UnlocksPerDay = 0 }, bot.TooManyUnlocks},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			order := o.ready()
			c.change(o, &order)
			done := o.unlock(order)
			if done.Refused != c.want || done.Result != "" || done.Pending {
				t.Fatalf("refused %q, result %q, pending %v; want %q", done.Refused, done.Result, done.Pending, c.want)
			}
			if w := append(o.Corp.Writes(), o.Lab.Writes()...); len(w) > 0 || len(o.openIntents()) > 0 || len(o.history(bot.ActionUnlock)) > 0 {
				t.Fatalf("writes %v, %d open intents", w, len(o.openIntents()))
			}
			if r := o.history(bot.ActionRefuse); len(r) != 1 || r[0].Why != c.want {
				t.Fatalf("history: %+v", r)
			}
		})
	}
}

func (o *office) unlockLab() {
	o.Lab.Change(o.MeiLab, func(a *bot.Account) { a.Lock = bot.Lock{State: bot.Unlocked} })
}

func (o *office) account(id bot.AccountID) bot.Account {
	o.t.Helper()
	a, err := o.Corp.Account(o.t.Context(), id.GUID)
	if err != nil {
		o.t.Fatal(err)
	}
	return a
}

func (o *office) unenroll() {
	o.t.Helper()
	r := bot.Record{ID: o.IDs.New(), Action: bot.ActionUnenroll, Status: bot.StatusSuccess, Client: bot.ClientCommandLine}
	r.Operation = r.ID
	if err := o.Ledger.Unenroll(o.t.Context(), o.Mei, nil, r); err != nil {
		o.t.Fatal(err)
	}
}

// TestOrderFails: what cannot be read leaves nothing behind.
func TestOrderFails(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*office, *bot.Order)
		want   bot.Kind
	}{
		"a grant that never was":   {func(_ *office, r *bot.Order) { r.Offer = "made up" }, bot.NotFound},
		"the user is gone":         {func(o *office, _ *bot.Order) { o.Corp.Remove(o.Mei) }, bot.NotFound},
		"the agent is gone":        {func(o *office, _ *bot.Order) { o.Corp.Remove(o.Dana) }, bot.Denied},
		"the directory is away":    {func(o *office, _ *bot.Order) { o.Corp.Fail(bottest.Faults{Down: true}) }, bot.Unavailable},
		"a store that there isn't": {func(_ *office, r *bot.Order) { r.Case.Target.Store = "none" }, bot.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t)
			order := o.ready()
			c.change(o, &order)
			if _, err := o.Unlocker().Unlock(t.Context(), order); bot.KindOf(err) != c.want {
				t.Fatalf("error %v, want kind %s", err, c.want)
			}
			if len(o.Corp.Writes()) > 0 || len(o.openIntents()) > 0 {
				t.Fatal("something was left behind")
			}
		})
	}
}
