package vault

import (
	"github.com/boombuler/barcode/qr"

	"latchkey/bot"
)

// QRModules gives a QR code as rows of modules, true where dark, without the
// quiet zone of 4 modules that whoever draws it leaves around it. content is at
// most some 2,300 bytes: Invalid beyond.
func QRModules(content string) ([][]bool, error) {
	code, err := qr.Encode(content, qr.M, qr.Unicode)
	if err != nil {
		return nil, &bot.Error{Kind: bot.Invalid, Op: "draw a QR code"} // the cause may repeat the content
	}
	side := code.Bounds().Dx()
	rows := make([][]bool, side)
	for y := range rows {
		rows[y] = make([]bool, side)
		for x := range rows[y] {
			r, _, _, _ := code.At(x, y).RGBA()
			rows[y][x] = r == 0
		}
	}
	return rows, nil
}
