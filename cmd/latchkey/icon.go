package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
)

// fine is how many samples a pixel's edge has: what is drawn has soft edges.
const fine = 4

// icon draws a latchkey, side pixels wide and high, on a rounded ground where
// that is not transparent (learn.microsoft.com, "Design your app icons").
func icon(side int, ground color.NRGBA) ([]byte, error) {
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			var onGround, onKey int
			for i := range fine * fine {
				u := (float64(x) + (float64(i%fine)+0.5)/fine) / float64(side)
				v := (float64(y) + (float64(i/fine)+0.5)/fine) / float64(side)
				if key(u, v) {
					onKey++
				} else if ground.A > 0 && rounded(u, v) {
					onGround++
				}
			}
			img.SetNRGBA(x, y, mix(ground, onGround, onKey))
		}
	}
	var out bytes.Buffer
	err := png.Encode(&out, img)
	return out.Bytes(), err
}

// key reports whether a point of the unit square is on the key: a ring, a shaft
// and two teeth.
func key(u, v float64) bool {
	d := math.Hypot(u-0.33, v-0.5)
	ring := d <= 0.19 && d >= 0.095
	shaft := u >= 0.50 && u <= 0.86 && math.Abs(v-0.5) <= 0.048
	teeth := v >= 0.5 && v <= 0.66 && (u >= 0.66 && u <= 0.73 || u >= 0.79 && u <= 0.86)
	return ring || shaft || teeth
}

// rounded reports whether a point is on a square with round corners.
func rounded(u, v float64) bool {
	const r = 0.18
	x, y := max(r-u, u-(1-r), 0), max(r-v, v-(1-r), 0)
	return math.Hypot(x, y) <= r
}

// mix gives the colour of a pixel by how many of its samples are on what.
func mix(ground color.NRGBA, onGround, onKey int) color.NRGBA {
	if onGround+onKey == 0 {
		return color.NRGBA{}
	}
	part := func(c uint8) uint8 { return uint8((int(c)*onGround + 255*onKey) / (onGround + onKey)) }
	return color.NRGBA{R: part(ground.R), G: part(ground.G), B: part(ground.B), A: uint8(255 * (onGround + onKey) / (fine * fine))}
}
