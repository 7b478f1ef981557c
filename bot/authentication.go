package bot

import "time"

// Type is a way for a user to prove who he is.
type Type string

// The authentication types, named as the helpdesk's people name them.
const (
	SecurityQuestions Type = "security_questions"
	Mobile            Type = "mobile"
	Email             Type = "email"
	Authenticator     Type = "authenticator"
	Chat              Type = "chat"
)

// Types are all authentication types, in the order in which pages show them.
func Types() []Type {
	return []Type{SecurityQuestions, Mobile, Email, Authenticator, Chat}
}

// Valid reports whether t is one of Types.
func (t Type) Valid() bool { return t.Strength() != 0 }

// Name gives the type as a page writes it, in lower case.
func (t Type) Name() string {
	switch t {
	case SecurityQuestions:
		return "security questions"
	case Mobile:
		return "mobile"
	case Email:
		return "e-mail"
	case Authenticator:
		return "authenticator"
	case Chat:
		return "chat"
	}
	return string(t)
}

// Sent reports whether proving the type takes a code that is sent to an address
// of the user's.
func (t Type) Sent() bool { return t == Email || t == Mobile }

// Strength orders what passing a type proves (NIST SP 800-63B-4, OWASP ASVS
// 5.0). The zero value is no strength at all.
type Strength int

// The strengths, weakest first.
const (
	Context Strength = iota + 1
	Restricted
	Medium
	Strong
)

// Strength of the type: mail and questions are context only, SMS is NIST's
// restricted authenticator, a transferred chat code is out-of-band, TOTP is a
// one-time authenticator. An unknown type has none (0).
func (t Type) Strength() Strength {
	switch t {
	case SecurityQuestions, Email:
		return Context
	case Mobile:
		return Restricted
	case Chat:
		return Medium
	case Authenticator:
		return Strong
	}
	return 0
}

// String gives the word of the configuration: context, restricted, medium, strong.
func (s Strength) String() string {
	switch s {
	case Context:
		return "context"
	case Restricted:
		return "restricted"
	case Medium:
		return "medium"
	case Strong:
		return "strong"
	}
	return ""
}

// ParseStrength reads the word of the configuration; ok is false for any other word.
func ParseStrength(word string) (s Strength, ok bool) {
	for s := Context; s <= Strong; s++ {
		if s.String() == word {
			return s, true
		}
	}
	return 0, false
}

// Enrollment is one authentication type that one account is enrolled with.
type Enrollment struct {
	ID              string
	Account         AccountID // the account that holds it; attempts are counted on this one
	Type            Type
	Address         string    // mail address, phone number; empty for the others. Ledgers keep it sealed in Contact
	Contact         []byte    // the sealed Address ("enrollments", ID, "contact")
	Seed            []byte    // authenticator: the sealed TOTP seed (associated data: "enrollments", ID, "seed")
	Since           time.Time // when it was made
	ByAdministrator bool      // made by `latchkey enroll`: counts at once
	Answers         []Answer  // security questions, in the order in which they were answered
}

// Challenge is one chance to prove one type: it allows so many tries and is
// void as soon as a newer one of its session, type and question exists.
type Challenge struct {
	ID         string
	Session    string
	Type       Type
	Question   string // id of the Answer; empty for every type but security questions
	Enrollment string
	Account    AccountID // holder of the enrollment
	Target     AccountID // whose case it is
	Agent      AccountID
	At         time.Time
	Expires    time.Time
}

// Evidence is one type passed. It counts for its session, target and agent only.
type Evidence struct {
	ID         string
	Session    string
	Challenge  string
	Enrollment string
	Type       Type
	Question   string // id of the Answer that was right; empty for every other type
	Target     AccountID
	Agent      AccountID
	At         time.Time
	Expires    time.Time
}

// Fresh reports whether the evidence still counts at now.
func (e Evidence) Fresh(now time.Time) bool {
	return now.Before(e.Expires) && !now.Before(e.At.Add(-time.Minute))
}

// Standing is what the record of attempts says of one account.
type Standing struct {
	WrongToday     int       // wrong or unsettled values in the last 24 h, all types
	WrongInARow    int       // since the last right value or the last clearing, all types
	LockedOutUntil time.Time // authentication lockout of the role; zero or past: none
	Stopped        bool      // limits.target.wrong_in_a_row reached: an administrator has to clear it
}
