package e2e

import (
	"context"
	"strings"
	"testing"
)

// Whoever may write Redis makes the record say that page Unlock is open: what
// SQL has not seen proved stays unproved.
func TestForgedRecordOpensNothing(t *testing.T) {
	t.Parallel()
	s, dana, mei := restricted(t)
	screen, c := s.atSlack(dana), s.memory()
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("2 more types")
	s.ok(err)
	key, r := s.record(c)
	body := r["body"].(map[string]any)
	r["state"], body["proceed"] = "AwaitingConfirm", true
	body["offers"] = []any{map[string]any{"id": "01990000-0000-7000-8000-000000000000", "account": body["target"]}}
	s.forge(c, key, r)
	click, err := page.ClickRequest("Cancel case")
	s.ok(err)
	s.send(s.bent(click, func(p map[string]any) { // a click that unlocks, on the page as it stands
		v := p["view"].(map[string]any)
		v["callback_id"] = "latchkey:unlock::0:unlock"
		v["state"] = map[string]any{"values": map[string]any{"ch:accounts:x": map[string]any{"v": map[string]any{
			"type": "checkboxes", "selected_options": []any{map[string]any{"value": "0"}}}}}}
		p["type"] = "view_submission"
		delete(p, "actions")
	}))
	s.quiet("SELECT count(*) FROM history")
	if n := s.count("SELECT count(*) FROM intents"); n != 0 || !s.lockedOut(mei) {
		t.Errorf("%d intents, locked: %v", n, s.lockedOut(mei))
	}
}

// What was proved once unlocks an account once, also where Redis forgot or was
// made to forget that the case is over (a failover to a replica that lags).
func TestOldRecordUsesEvidenceTwice(t *testing.T) {
	t.Parallel()
	s, dana, mei := restricted(t)
	screen, c := s.atSlack(dana), s.memory()
	s.ok(screen.Say("/unlock " + mei.login))
	page := s.proved(dana, mei, 1)
	key, _ := s.record(c)
	old, err := c.HGetAll(context.Background(), key).Result()
	s.ok(err)
	again := s.press(slackView(page), "History", "latchkey:back::0:0") // kept for later
	s.unlockOn(page, mei, "corp")
	_, err = screen.Modal("Unlocked: Mei Lin")
	s.ok(err)
	s.samba.Lock(t, mei.dn) // a guesser is at work
	s.ok(c.HSet(context.Background(), key, old).Err())
	s.send(again)
	page, err = screen.Modal("Accounts to unlock") // an old record of its own is one that the bot knows
	s.ok(err)
	s.unlockOn(page, mei, "corp")
	_, err = screen.Modal("Not unlocked: Mei Lin", "already unlocked in this case")
	s.ok(err)
	if !s.lockedOut(mei) {
		t.Errorf("the same evidence unlocked twice:\n%s", s.history("--user", mei.login))
	}
}

// The page says Mei: the click must not unlock Tom, whatever stands in Redis.
func TestRecordPointsAtAnother(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf, mei, tom := s.agent("Ulf", "unrestricted"), s.user("Mei", "Lin", ""), s.user("Tom", "Berg", "")
	s.serve()
	s.samba.Lock(t, mei.dn)
	s.samba.Lock(t, tom.dn)
	screen, c := s.atSlack(ulf), s.memory()

	s.ok(screen.Say("/unlock " + tom.login)) // only to learn Tom's id
	page, err := screen.Modal("Accounts to unlock")
	s.ok(err)
	_, r := s.record(c)
	target := r["body"].(map[string]any)["target"]
	s.ok(page.Click("Cancel case"))
	_, err = screen.Modal("cancelled")
	s.ok(err)
	s.ok(c.FlushAll(context.Background()).Err())

	s.ok(screen.Say("/unlock " + mei.login))
	page, err = screen.Modal("Accounts to unlock")
	s.ok(err)
	key, r := s.record(c)
	r["body"].(map[string]any)["target"] = target
	s.forge(c, key, r)
	s.ok(page.Tick(box(mei, "corp"))) // the agent ticks Mei
	s.ok(page.Submit())
	_, err = screen.Modal("This case has ended")
	s.ok(err)
	if n := s.count("SELECT count(*) FROM intents"); n != 0 || !s.lockedOut(tom) || !s.lockedOut(mei) {
		t.Errorf("%d intents, Tom locked %v, Mei locked %v", n, s.lockedOut(tom), s.lockedOut(mei))
	}
}

// The record keeps where the agent's card stands: who may write Redis must not
// have the bot overwrite what the audit channel says.
func TestCardReferenceRewritesAudit(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf, mei, tom := s.agent("Ulf", "unrestricted"), s.user("Mei", "Lin", ""), s.user("Tom", "Berg", "")
	s.serve()
	s.samba.Lock(t, mei.dn)
	s.samba.Lock(t, tom.dn)
	screen, c := s.atSlack(ulf), s.memory()
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("Accounts to unlock")
	s.ok(err)
	s.unlockOn(page, mei, "corp")
	_, err = screen.Modal("Unlocked: Mei Lin")
	s.ok(err)
	told, err := s.slack.Channel(audit).Message("unlocked Mei Lin")
	s.ok(err)
	s.ok(c.FlushAll(context.Background()).Err())
	s.ok(screen.Say("/unlock " + tom.login))
	page, err = screen.Modal("Accounts to unlock")
	s.ok(err)
	key, r := s.record(c)
	r["card"] = audit + ":" + told.TS()
	s.forge(c, key, r)
	s.ok(page.Click("Cancel case"))
	_, err = screen.Modal("This case has ended")
	s.ok(err)
	if told.Edited() || !strings.Contains(told.Text(), "unlocked Mei Lin") {
		t.Errorf("the audit channel's message was overwritten:\n%s", told.Text())
	}
}

// Redis forgets everything between the page and a request that was captured:
// the replay is carried out by nobody.
func TestReplayAfterFlush(t *testing.T) {
	t.Parallel()
	s, dana, mei := restricted(t)
	screen, c := s.atSlack(dana), s.memory()
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("2 more types")
	s.ok(err)
	s.ok(page.Click("Verify authenticator"))
	page, err = screen.Modal("app shows now")
	s.ok(err)
	s.ok(page.Type("Code", s.app(mei)))
	captured, err := page.SubmitRequest()
	s.ok(err)
	s.ok(page.Submit())
	_, err = screen.Modal("Passed: authenticator")
	s.ok(err)
	key, _ := s.record(c)
	now, err := c.HGetAll(context.Background(), key).Result()
	s.ok(err)
	s.ok(c.FlushAll(context.Background()).Err())
	s.send(captured)
	now["version"] = "3"
	s.ok(c.HSet(context.Background(), key, now).Err())
	s.send(captured.Clone())
	s.ok(c.FlushAll(context.Background()).Err())
	s.ok(screen.Say("/unlock " + mei.login)) // a case of its own: nothing is passed in it
	_, err = screen.Modal("2 more types")
	s.ok(err)
	if n := s.count("SELECT count(*) FROM evidence"); n != 1 {
		t.Errorf("there are %d pieces of evidence, not 1", n)
	}
}
