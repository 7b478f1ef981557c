package vault_test

import (
	"strings"
	"testing"

	"latchkey/bot"
	"latchkey/store/vault"

	"github.com/boombuler/barcode/qr"
)

// modules reads a drawn code back into rows of light (false) and dark (true).
func modules(t *testing.T, drawn string) [][]bool {
	t.Helper()
	var rows [][]bool
	for line := range strings.Lines(drawn) {
		line = strings.TrimSuffix(strings.TrimPrefix(line, "\x1b[38;5;16;48;5;231m"), "\x1b[0m\n")
		var upper, lower []bool
		for _, c := range line {
			if !strings.ContainsRune("█▀▄ ", c) {
				t.Fatalf("the drawing holds %q", c)
			}
			upper = append(upper, c == '█' || c == '▀')
			lower = append(lower, c == '█' || c == '▄')
		}
		rows = append(rows, upper, lower)
	}
	return rows
}

func TestTerminalQRIsTheWholeCode(t *testing.T) {
	content := vault.KeyURI("Example Helpdesk", "mei@example.com", []byte("12345678901234567890"))
	drawn, err := vault.TerminalQR(content)
	if err != nil {
		t.Fatal(err)
	}
	rows := modules(t, drawn)
	code, err := qr.Encode(content, qr.M, qr.Unicode)
	if err != nil {
		t.Fatal(err)
	}
	side := code.Bounds().Dx()
	for y := range rows {
		if len(rows[y]) != side+8 {
			t.Fatalf("row %d has %d modules, expected %d", y, len(rows[y]), side+8)
		}
		for x, dark := range rows[y] {
			want := false
			if cx, cy := x-4, y-4; cx >= 0 && cy >= 0 && cx < side && cy < side {
				r, _, _, _ := code.At(cx, cy).RGBA()
				want = r == 0
			}
			if dark != want {
				t.Fatalf("the module at %d, %d is dark: %v", x, y, dark)
			}
		}
	}
	if len(rows) < side+8 {
		t.Errorf("the drawing has %d rows, expected at least %d", len(rows), side+8)
	}
}

// The finder and timing patterns stand where ISO/IEC 18004 section 6.3 has
// them, whatever library made the code.
func TestTerminalQRHasItsPatterns(t *testing.T) {
	drawn, err := vault.TerminalQR("otpauth://totp/a:b?secret=GEZDGNBVGY3TQOJQ")
	if err != nil {
		t.Fatal(err)
	}
	rows := modules(t, drawn)
	side := len(rows[0]) - 8
	finder := []string{"#######", "#     #", "# ### #", "# ### #", "# ### #", "#     #", "#######"}
	for _, corner := range [][2]int{{0, 0}, {side - 7, 0}, {0, side - 7}} {
		for y, line := range finder {
			for x, c := range line {
				if rows[4+corner[1]+y][4+corner[0]+x] != (c == '#') {
					t.Fatalf("the finder pattern at %v is broken at %d, %d", corner, x, y)
				}
			}
		}
	}
	for i := 8; i < side-8; i++ {
		if dark := i%2 == 0; rows[4+6][4+i] != dark || rows[4+i][4+6] != dark {
			t.Fatalf("the timing pattern is broken at %d", i)
		}
	}
}

func TestTerminalQROfTooMuch(t *testing.T) {
	_, err := vault.TerminalQR(strings.Repeat("secret", 1000))
	if bot.KindOf(err) != bot.Invalid || strings.Contains(err.Error(), "secret") {
		t.Errorf("6,000 bytes answered %v", err)
	}
}
