// Package fence proves that the lint configuration refuses what it is there to
// refuse: an arrow that nobody tried to break may be drawn wrong. It has tests
// alone; `make lint` runs them.
package fence
