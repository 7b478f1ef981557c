// Package sms is the text-message gateway of the demo and of the tests: it
// takes messages as Twilio's Messages API does, and as a plain webhook, keeps
// them in memory by number, and refuses what a real gateway refuses.
//
// It speaks HTTP and knows nothing of the bot. The playground's page shows its
// messages on the phones, and the stories read codes from them.
package sms
