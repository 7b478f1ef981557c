package authenticator

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // as phones and screens keep pictures
	_ "image/png"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// MaxPicture bounds a picture, in bytes, and maxPixels what it unpacks to.
const (
	MaxPicture = 4 << 20
	maxPixels  = 20_000_000
)

// Picture reads the QR code in a PNG or JPEG picture, such as a screenshot.
func Picture(data []byte) (string, error) {
	if len(data) > MaxPicture {
		return "", fmt.Errorf("the picture is larger than %d MiB", MaxPicture>>20)
	}
	about, _, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return "", fmt.Errorf("this is no PNG or JPEG picture: %w", err)
	}
	if about.Width*about.Height > maxPixels {
		return "", errors.New("the picture has too many pixels: cut out the QR code")
	}
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return "", fmt.Errorf("reading the picture: %w", err)
	}
	return scan(picture)
}

func scan(picture image.Image) (string, error) {
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		return "", fmt.Errorf("looking for a QR code: %w", err)
	}
	found, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return "", errors.New("there is no QR code to be read in this picture")
	}
	return found.GetText(), nil
}
