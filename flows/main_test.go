package flows_test

import (
	"testing"

	"latchkey/servers"
)

func TestMain(m *testing.M) { servers.Main(m) }
