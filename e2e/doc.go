// Package e2e tells the stories of Latchkey in the words of the chat. The
// product under test is a process: it is built, configured by a file, started
// by its command and spoken to as Slack would. The package imports nothing of
// latchkey but the stand-in for the chat and the real servers.
package e2e
