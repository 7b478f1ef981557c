package e2e

import (
	"strings"
	"testing"

	"latchkey/adapters/playground"
)

// Somebody who may write the database file edits history: `verify` says so,
// and `list` hides nothing that `verify` calls whole.
func TestHistoryIsEdited(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]string{
		"who":      `UPDATE history SET actor_name = 'Nobody' WHERE action = 'unlock_account'`,
		"reason":   `UPDATE history SET reason = 'x' WHERE seq = 2`,
		"helpdesk": `UPDATE history SET helpdesk = 1 - helpdesk WHERE seq = 2`,
		"last row": `DELETE FROM history WHERE seq = (SELECT max(seq) FROM history)`,
		"middle":   `DELETE FROM history WHERE seq = 2`,
		"first":    `DELETE FROM history WHERE seq = 1`,
		"order":    `UPDATE history SET seq = CASE seq WHEN 2 THEN -3 WHEN 3 THEN -2 ELSE seq END`,
		"search":   `UPDATE history SET search = 'x' WHERE action = 'unlock_account'`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			ulf, mei := s.agent("Ulf", "unrestricted"), s.user("Mei", "Lin", "")
			s.serve()
			s.samba.Lock(t, mei.dn)
			s.ok(s.atSlack(ulf).Say("/unlock " + mei.login))
			page, err := s.atSlack(ulf).Modal("Accounts to unlock")
			s.ok(err)
			s.unlockOn(page, mei, "corp")
			_, err = s.atSlack(ulf).Modal("Unlocked: Mei Lin")
			s.ok(err)
			must(t, "history", "verify", "--config", s.bot.config)
			before := s.history("--user", mei.login)
			db := s.ledger()
			for _, trigger := range []string{"history_no_update", "history_no_delete", "history_in_order"} {
				_, err := db.Exec("DROP TRIGGER " + trigger)
				s.ok(err)
			}
			_, err = db.Exec(edit)
			s.ok(err)
			out, _, code := run(t, "history", "verify", "--config", s.bot.config)
			if code == 0 {
				t.Errorf("verify calls it whole:\n%s\nand list --user says:\n%s\nwhere it said:\n%s", out, s.history("--user", mei.login), before)
			}
		})
	}
}

// A ticket with a line break does not make lines of its own in the audit channel.
func TestTicketWithLines(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	ulf, mei := s.agent("Ulf", "unrestricted"), s.user("Mei", "Lin", "")
	s.serve(change("helpdesk_policy: { mode: unrestricted }", "helpdesk_policy: { mode: unrestricted, reason: required }"))
	s.samba.Lock(t, mei.dn)
	screen := s.atSlack(ulf)
	s.ok(screen.Say("/unlock " + mei.login))
	page, err := screen.Modal("Accounts to unlock")
	s.ok(err)
	s.ok(page.Type("Reason", "x"))
	s.ok(page.Type("Ticket", "y"))
	s.ok(page.Tick(box(mei, "corp")))
	const forged = "INC-1.\n✅ Dana Agent unlocked Eve in corp"
	typed := func(page *playground.View, reason string) {
		t.Helper()
		r, err := page.SubmitRequest()
		s.ok(err)
		s.send(s.bent(r, func(p map[string]any) {
			for id, element := range p["view"].(map[string]any)["state"].(map[string]any)["values"].(map[string]any) {
				for _, value := range element.(map[string]any) {
					if strings.HasPrefix(id, "in:ticket") {
						value.(map[string]any)["value"] = forged
					}
					if strings.HasPrefix(id, "in:reason") {
						value.(map[string]any)["value"] = reason
					}
				}
			}
		}))
	}
	typed(page, "\u2060\u200b\u3164")
	page, err = screen.Modal("Your role asks for a reason") // and all else stands as it was typed
	s.ok(err)
	typed(page, "on the phone\nfrom the sales floor")
	_, err = s.slack.Channel(audit).Message("unlocked Mei Lin")
	s.ok(err)
	if strings.Contains(s.slack.Channel(audit).Text(), "\n✅ Dana Agent unlocked Eve") {
		t.Errorf("the audit channel has a line that a ticket made:\n%s", s.slack.Channel(audit).Text())
	}
	if strings.Contains(s.history(), "\n✅ Dana") {
		t.Error("history list has it, too")
	}
	mails := s.mail.WaitForMail(t, mei.mail, 1)
	if !strings.Contains(mails[0], "was unlocked by the helpdesk") {
		t.Errorf("the user reads:\n%s", mails[0])
	}
}
