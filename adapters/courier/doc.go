// Package courier delivers a text to a mail address: SMTP with STARTTLS or TLS
// from the first byte, never in the clear. It is done when the next server has
// taken the mail, within ten seconds or not at all.
//
// It does not know what a text is for, keeps nothing and logs nothing: texts
// hold codes, and addresses are personal. Its errors name neither. The unlock
// core and the outbox use it as bot.Courier; cmd makes it.
package courier
