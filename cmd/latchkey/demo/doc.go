// Package demo sets the stage of `latchkey demo`: embedded directories, Redis,
// mail server and Slack in one process, with people in them, and the
// configuration with which the bot of `serve` is started on it. It knows the
// bot only by that configuration, and by the enrollments that it begins with.
package demo
