package sms

import (
	"net/http"
	"strconv"
	"time"

	"latchkey/bot"
)

// refusal reads Twilio's number of an error
// (https://www.twilio.com/docs/api/errors), and the HTTP status where there is
// none that it knows.
func (t *twilio) refusal(a answer, code int) *problem {
	cause := answered(a.status, code)
	about := func(kind bot.Kind, what, mend string) *problem {
		return &problem{kind: kind, what: what, key: "sms.twilio", mend: mend, cause: cause}
	}
	switch code {
	case 20003, 20006, 20008:
		p := byStatus(t, answer{status: http.StatusUnauthorized}, code)
		p.cause = cause
		return p
	case 20005, 30002:
		return suspended(t, cause)
	case 20404:
		return nowhere(t, cause)
	case 20429, 14107, 21611, 30001, 30022:
		p := byStatus(t, answer{status: http.StatusTooManyRequests}, code)
		p.cause, p.retry = cause, retryAfter(a.retry, time.Now())
		return p
	case 21211, 21217, 21401, 30005:
		return about(bot.NotFound, "No phone has this number: it is not one to which messages can be sent.", "")
	case 21614, 21635, 30006:
		return about(bot.Invalid, "This number takes no text messages: it is not that of a mobile phone.", "")
	case 21610:
		return about(bot.Invalid, "The user has unsubscribed from text messages of the helpdesk. Texting START to its number brings them back.", "")
	case 30004:
		return about(bot.Invalid, "The phone refuses text messages of the helpdesk.", "")
	case 30003:
		return about(bot.Unavailable, "The phone is switched off or out of reach.", "")
	case 30007, 30008, 30032, 30034:
		return about(bot.Unavailable, "The phone network does not carry messages of the helpdesk.", "see "+docs(code)+": the sender may have to be registered")
	case 21408, 21612, 21265:
		return about(bot.Unavailable, "The gateway of text messages does not send to this country.", "allow the country in Twilio's geographic permissions, with a sender that reaches it")
	case 21212, 21603, 21606, 21659, 21660, 21910:
		return about(bot.Unavailable, "The gateway of text messages refuses Latchkey as a sender.", "correct sms.twilio.from: it must be a number of the account that can send text messages")
	}
	if a.status == http.StatusNotFound {
		return nowhere(t, cause)
	}
	if a.status < 300 { // taken, and failed at once for a reason that is not listed
		return about(bot.Unavailable, "The message could not be delivered.", "see "+docs(code))
	}
	return byStatus(t, a, code)
}

func docs(code int) string {
	if code <= 0 {
		return "the message in Twilio's log"
	}
	return "https://www.twilio.com/docs/api/errors/" + strconv.Itoa(code)
}
