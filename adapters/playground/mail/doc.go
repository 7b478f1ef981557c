// Package mail is the mail server of the demo and of the end-to-end tests: it
// takes mail over STARTTLS after a login, keeps it in memory by recipient, and
// can be slow, refuse an address or be away.
//
// It speaks SMTP and knows nothing of the bot. The playground's page shows its
// mailboxes, and the stories read codes from them.
package mail
