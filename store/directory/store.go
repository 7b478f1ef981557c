package directory

import (
	"slices"
	"sync/atomic"
	"time"

	"latchkey/bot"

	"go.uber.org/zap"
)

// Store is one identity store. It is safe for use by many at once.
type Store struct {
	name    string
	config  Config
	log     *zap.Logger
	now     func() time.Time
	servers []*server // in the order of Config.URLs
	dialect dialect
	names   names  // the dialect's, made once: a search asks for them with each hit
	domain  string // DNS name made of the base
	refused refusal
	pdc     atomic.Pointer[server] // where the PDC emulator was last; asked again each time
}

var _ bot.Directory = (*Store)(nil)

// Open checks the configuration and gives a store; it connects to nothing yet,
// so a server that is away now is no hindrance. Invalid: the configuration is
// wrong. log may be nil.
func Open(c Config, log *zap.Logger) (*Store, error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	if c.WriteTo == "" {
		c.WriteTo = WriteToPDC
		if c.Kind != ActiveDirectory {
			c.WriteTo = c.URLs[0]
		}
	}
	if log == nil {
		log = zap.NewNop()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	c.URLs = slices.Clone(c.URLs)
	s := &Store{name: c.Name, config: c, log: log, now: c.Now}
	if c.Kind == ActiveDirectory {
		s.dialect = activeDirectory{s}
	} else {
		s.dialect = openLDAP{s}
	}
	s.names, s.domain = s.dialect.names(), domainOf(c.Base)
	endpoints, err := c.endpoints()
	if err != nil {
		return nil, err
	}
	for _, at := range endpoints {
		v, err := s.newServer(at)
		if err != nil {
			return nil, err
		}
		s.servers = append(s.servers, v)
	}
	return s, nil
}

// Close closes all connections and waits for the calls under way.
func (s *Store) Close() {
	for _, v := range s.servers {
		v.pool.Close()
	}
}
