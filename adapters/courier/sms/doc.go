// Package sms delivers a text to a mobile phone: by Twilio's Messages API, or
// by any gateway that takes JSON over HTTP. It is done when the gateway has
// taken the message, within ten seconds or not at all. It also reads numbers
// as people write them.
//
// It does not know what a text is for, keeps nothing and logs nothing: texts
// hold codes, and numbers are personal. Its errors name neither. The unlock
// core uses it as bot.Courier; cmd makes it, and reads numbers by it.
package sms
