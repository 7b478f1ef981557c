package directory_test

import (
	"testing"

	"latchkey/servers"
	"latchkey/store/directory/conformance"
)

func TestBatchSlapd(t *testing.T) {
	t.Parallel()
	conformance.Batch(t, slapd{servers.SharedSlapd(t)})
}

func TestBatchSamba(t *testing.T) {
	t.Parallel()
	conformance.Batch(t, samba{servers.SharedSamba(t)})
}
