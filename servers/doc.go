// Package servers starts the real servers that the tests speak to, each in a
// private folder and on a loopback address of its own, and stops them again.
// It knows nothing of the bot; the tests of the stores and of e2e call it.
//
// A package that uses it has func TestMain(m *testing.M) { servers.Main(m) }.
// SharedSamba(t) and its like give one server to all tests of a package, made
// on first use: each test then makes its own people in an OU of its own.
// StartSamba(t, SambaSpec{}) and its like give a server to pause, kill or
// configure, gone at the test's end. A missing server fails the test.
package servers
