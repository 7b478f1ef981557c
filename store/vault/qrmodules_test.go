package vault_test

import (
	"strings"
	"testing"

	"latchkey/bot"
	"latchkey/store/vault"
)

// The modules are those that the terminal draws, less the quiet zone.
func TestQRModules(t *testing.T) {
	content := vault.KeyURI("Latchkey", "mei@corp", []byte("12345678901234567890"))
	drawn, err := vault.TerminalQR(content)
	if err != nil {
		t.Fatal(err)
	}
	got, err := vault.QRModules(content)
	if err != nil {
		t.Fatal(err)
	}
	want := modules(t, drawn)
	for y, row := range got {
		if len(row) != len(got) {
			t.Fatalf("row %d has %d modules of %d", y, len(row), len(got))
		}
		for x, dark := range row {
			if dark != want[y+4][x+4] {
				t.Fatalf("the module at %d, %d is dark: %v", x, y, dark)
			}
		}
	}
	if len(got) < 21 {
		t.Errorf("%d modules a side", len(got))
	}
	long := strings.Repeat("secret", 1000)
	if _, err := vault.QRModules(long); bot.KindOf(err) != bot.Invalid || strings.Contains(err.Error(), "secret") {
		t.Errorf("too long a content: %.100v", err)
	}
}
