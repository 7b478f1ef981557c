package authenticator

import (
	"image"
	"image/color"
	"image/draw"
	"regexp"
	"strconv"
)

// A QR code may be drawn as SVG: a square and one path of dark rectangles, each
// of whole modules, M x y h w v 1 h -w z (W3C SVG 2, "paths").
var (
	drawings  = regexp.MustCompile(`(?s)<svg\b.*?</svg>`)
	viewBox   = regexp.MustCompile(`\bviewBox="0 0 (\d{1,3}) (\d{1,3})"`)
	paths     = regexp.MustCompile(`<path\b[^>]*\bd="([^"]*)"`)
	rectangle = regexp.MustCompile(`M(\d{1,3}) (\d{1,3})h(\d{1,3})v(\d{1,3})h-\d{1,3}z`)
)

// dot is how many pixels wide a module is drawn.
const dot = 8

// drawn makes a picture of such a drawing; nil where it is none.
func drawn(svg string) image.Image {
	box, path := viewBox.FindStringSubmatch(svg), paths.FindStringSubmatch(svg)
	if box == nil || path == nil || box[1] != box[2] {
		return nil
	}
	side := whole(box[1])
	picture := image.NewGray(image.Rect(0, 0, side*dot, side*dot))
	draw.Draw(picture, picture.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	for _, r := range rectangle.FindAllStringSubmatch(path[1], -1) {
		x, y := whole(r[1])*dot, whole(r[2])*dot
		dark := image.Rect(x, y, x+whole(r[3])*dot, y+whole(r[4])*dot)
		draw.Draw(picture, dark.Intersect(picture.Rect), image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	return picture
}

// whole reads a number of at most three digits.
func whole(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
