package e2e

import (
	"strings"
	"testing"
	"time"
)

// A guesser locks Mei again as soon as she is unlocked. What she proved once
// does not give him fresh tries again and again: `locked again` asks for new proof.
func TestLockedAgainNeedsNewProof(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	i := newInterposer(t, s.samba.URL, s.samba.Trust)
	dana, mei := s.agent("Dana", "restricted"), s.user("Mei", "Lin", "")
	s.prepare(func(yaml string) string {
		yaml = strings.ReplaceAll(yaml, s.samba.URL, i.URL)
		return strings.ReplaceAll(yaml, s.samba.CAFile, i.CAFile)
	})
	s.enroll("corp", mei, "email", "authenticator")
	s.start()
	s.samba.Lock(t, mei.dn)
	before := s.samba.Value(t, mei.dn, "lockoutTime")
	guess := func() {
		eventually(5*time.Second, func() bool {
			s.samba.Lock(t, mei.dn)
			return s.samba.Value(t, mei.dn, "lockoutTime") != before
		})
	}
	i.OnAnswer.Store(&guess)
	screen := s.as(dana)
	s.ok(screen.Say("/unlock " + mei.login))
	page := s.proved(dana, mei, 1)
	s.unlockOn(page, mei, "corp")
	page, err := screen.Modal("Locked again", "Begin a new case: the proof is used up")
	s.ok(err)
	i.OnAnswer.Store(nil)
	if page.Click("Back to page Unlock") == nil {
		t.Error("the page leads back to page Unlock")
	}
	s.ok(page.Close())
	s.ok(screen.NoModal())
	s.ok(screen.Say("/unlock " + mei.login))
	_, err = screen.Modal("2 more types") // nothing is passed in the new case
	s.ok(err)
}
