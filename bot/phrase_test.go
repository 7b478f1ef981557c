package bot_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"latchkey/bot"
)

// TestPhrase: two plain words, the same for all of a case, other ones for
// another, and in what the user gets.
func TestPhrase(t *testing.T) {
	o := openOffice(t)
	o.Policy.Limits.CodesPerHour = 1000
	o.enroll(o.Mei, bot.Email)
	o.enroll(o.Mei, bot.Mobile)
	plain, seen := regexp.MustCompile(`^[a-z]{3,8} [a-z]{4,8}$`), make(map[string]bool)
	const cases = 60
	for n := range cases {
		c := o.Case(fmt.Sprintf("case %d", n))
		phrase := o.open(c, bot.Email).Phrase
		if !plain.MatchString(phrase) {
			t.Fatalf("phrase %q", phrase)
		}
		if again := o.open(c, bot.Mobile).Phrase; again != phrase {
			t.Fatalf("%q, and then %q in the same case", phrase, again)
		}
		letters, texts := o.Mail.Letters(), o.Texts.Letters()
		if !strings.Contains(letters[n].Text, phrase) || !strings.Contains(texts[n].Text, phrase) || len(texts[n].Text) > 160 {
			t.Fatalf("%q is not in the letter or the message, or that is too long (%d)", phrase, len(texts[n].Text))
		}
		seen[phrase] = true
	}
	if len(seen) < cases-3 {
		t.Errorf("%d cases share %d phrases", cases, len(seen))
	}
}

// TestPhraseIsSecret: whoever knows the session cannot work it out without the key.
func TestPhraseIsSecret(t *testing.T) {
	o := openOffice(t)
	o.enroll(o.Mei, bot.Email)
	f := o.facts(o.Case("s1"))
	one := o.open(o.Case("s1"), bot.Email).Phrase
	v := o.Verifier()
	v.Vault = otherKey{v.Vault}
	two, err := v.Open(t.Context(), f, bot.Email, false)
	if err != nil || two.Phrase == "" || two.Phrase == one {
		t.Errorf("with another key %q, with this one %q: %v", two.Phrase, one, err)
	}
}

// otherKey is a vault with another key.
type otherKey struct{ bot.Vault }

func (v otherKey) MAC(parts ...string) ([]byte, error) {
	return v.Vault.MAC(append(parts, "another key")...)
}

// TestNoPhraseForOneself: nobody calls him.
func TestNoPhraseForOneself(t *testing.T) {
	o := openOffice(t)
	o.Users.Permissions = []bot.Permission{bot.UnlockMyAccount}
	o.enroll(o.Mei, bot.Email)
	chat := o.bind(o.Mei, "U")
	own := bot.Case{Session: "s1", Chat: chat, Agent: o.Mei, Target: o.Mei, Self: true, Client: bot.ClientSlack}
	opened, err := o.Verifier().Open(t.Context(), o.facts(own), bot.Email, true)
	if err != nil || opened.Challenge == "" || opened.Phrase != "" || len(o.Pushes.Sent()) != 0 {
		t.Errorf("opened %+v, %v; %d messages", opened, err, len(o.Pushes.Sent()))
	}
	if text := o.Mail.Letters()[0].Text; strings.Contains(text, "phrase") || !strings.Contains(text, "Read it to nobody") {
		t.Errorf("the letter:\n%s", text)
	}
}
