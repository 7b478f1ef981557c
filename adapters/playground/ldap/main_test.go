package ldap_test

import (
	"flag"
	"testing"

	"go.uber.org/goleak"
)

// The stories of outages wait more than they work: more of them at once than
// there are processors.
func TestMain(m *testing.M) {
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}
