package vault_test

import (
	"bytes"
	"testing"

	"latchkey/bot"
)

func TestAddressesAreSealedToTheirRow(t *testing.T) {
	v := open(t, newFile(t))
	plain := bot.Enrollment{ID: "e1", Type: bot.Mobile, Address: "+4915123456789"}
	e, err := v.SealAddress(plain)
	if err != nil {
		t.Fatal(err)
	}
	if e.Address != "" || bytes.Contains(e.Contact, []byte("4915")) {
		t.Errorf("in the open: %+v", e)
	}
	for name, has := range map[string]bot.Enrollment{"sealed": e, "of an earlier version": plain} {
		if got, err := v.Address(has); err != nil || got != plain.Address {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	e.ID = "e2"
	if got, err := v.Address(e); bot.KindOf(err) != bot.Internal || got != "" {
		t.Errorf("another row's address is %q, %v", got, err)
	}
	none := bot.Enrollment{ID: "e3", Type: bot.Authenticator, Seed: []byte("x")}
	if e, err := v.SealAddress(none); err != nil || e.Contact != nil {
		t.Errorf("without an address: %+v, %v", e, err)
	}
	if got, err := v.Address(none); got != "" || err != nil {
		t.Errorf("without an address: %q, %v", got, err)
	}
}
