package vault

import (
	"image"
	"strings"

	"latchkey/bot"

	"github.com/boombuler/barcode/qr"
)

// quietZone is the light border that readers need (ISO/IEC 18004: 4 modules).
const quietZone = 4

// TerminalQR draws a QR code for a terminal of any colours, two modules a
// character, with its quiet zone. content is at most some 2,300 bytes: Invalid beyond.
func TerminalQR(content string) (string, error) {
	code, err := qr.Encode(content, qr.M, qr.Unicode)
	if err != nil {
		return "", &bot.Error{Kind: bot.Invalid, Op: "draw a QR code"} // the cause may repeat the content
	}
	dark := func(x, y int) bool {
		if !image.Pt(x, y).In(code.Bounds()) {
			return false
		}
		r, _, _, _ := code.At(x, y).RGBA()
		return r == 0
	}
	// Black on white by number: what a theme calls white may be grey, and its
	// own ground may be black.
	const colours, plain = "\x1b[38;5;16;48;5;231m", "\x1b[0m\n"
	var out strings.Builder
	side := code.Bounds().Dx()
	for y := -quietZone; y < side+quietZone; y += 2 {
		out.WriteString(colours)
		for x := -quietZone; x < side+quietZone; x++ {
			out.WriteString(halves(dark(x, y), dark(x, y+1)))
		}
		out.WriteString(plain)
	}
	return out.String(), nil
}

func halves(upper, lower bool) string {
	switch {
	case upper && lower:
		return "█"
	case upper:
		return "▀"
	case lower:
		return "▄"
	}
	return " "
}
