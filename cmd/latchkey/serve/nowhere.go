package serve

import (
	"net"
	"sync"
)

// listenPublic takes the address that chats call; where there is none, nobody
// calls, since everything comes by connections that the bot opens itself.
func listenPublic(address string) (net.Listener, error) {
	if address == "" {
		return &nowhere{closed: make(chan struct{})}, nil
	}
	return listen("server.listen", address)
}

// nowhere is a listener that nobody can reach.
type nowhere struct {
	once   sync.Once
	closed chan struct{}
}

// Accept waits for Close.
func (n *nowhere) Accept() (net.Conn, error) {
	<-n.closed
	return nil, net.ErrClosed
}

// Close ends Accept.
func (n *nowhere) Close() error {
	n.once.Do(func() { close(n.closed) })
	return nil
}

// Addr is what the log says.
func (n *nowhere) Addr() net.Addr { return n }

// Network is that of Addr.
func (n *nowhere) Network() string { return "none" }

func (n *nowhere) String() string { return "nowhere" }
