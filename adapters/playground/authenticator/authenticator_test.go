package authenticator_test

import (
	"bytes"
	"context"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"html"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/pquerna/otp"

	"latchkey/adapters/playground/authenticator"
)

const (
	key = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	uri = "otpauth://totp/Latchkey:mei@example.com?secret=" + key + "&issuer=Latchkey&period=30&digits=6&algorithm=SHA1"
)

var seed, _ = base32.StdEncoding.DecodeString(key)

func TestParse(t *testing.T) {
	for text, want := range map[string]authenticator.Account{
		uri: {Label: "Latchkey: mei@example.com", Seed: seed},
		"otpauth://totp/Mei%20Lin?secret=jbswy3dpehpk3pxpjbswy3dpehpk3pxp": {Label: "Mei Lin", Seed: seed},
		" jbsw y3dp ehpk 3pxp-JBSW Y3DP EHPK 3PXP == ":                     {Label: "Added by hand", Seed: seed},
	} {
		got, err := authenticator.Parse(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
	for _, text := range []string{"", "hello world", "JBSWY3DPEHPK3PXP", "otpauth://hotp/x?secret=" + key, strings.Replace(uri, "SHA1", "SHA256", 1),
		strings.Replace(uri, "=30", "=60", 1), strings.Replace(uri, "=6&", "=8&", 1), "otpauth://totp/x", "otpauth:%"} {
		if got, err := authenticator.Parse(text); err == nil {
			t.Errorf("%q is taken as %+v", text, got)
		}
	}
}

// RFC 6238, appendix B: the seed "12345678901234567890" at 59 s gives 94287082.
func TestCodes(t *testing.T) {
	app := authenticator.New()
	rfc, err := authenticator.Parse(base32.StdEncoding.EncodeToString([]byte("12345678901234567890")))
	if err != nil {
		t.Fatal(err)
	}
	app.Add("mei", rfc)
	app.Add("mei", authenticator.Account{Label: "other", Seed: seed})
	app.Add("mei", rfc) // again: in its place
	got := app.Codes("mei", time.Unix(59, 0))
	if len(got) != 2 || got[0].Code != "287082" || !got[0].Until.Equal(time.Unix(60, 0)) || got[0].Period != 30*time.Second {
		t.Errorf("the app shows %+v", got)
	}
	if got := app.Codes("dana", time.Unix(59, 0)); len(got) != 0 {
		t.Errorf("on an empty phone: %+v", got)
	}
}

// picture is the QR code of the URI as a PNG.
func picture(t testing.TB) []byte {
	t.Helper()
	k, err := otp.NewKeyFromURL(uri)
	if err != nil {
		t.Fatal(err)
	}
	img, err := k.Image(300, 300)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// drawing is the same as SVG: a path of dark rectangles a module high.
func drawing(t *testing.T) string {
	t.Helper()
	k, err := otp.NewKeyFromURL(uri)
	if err != nil {
		t.Fatal(err)
	}
	img, err := k.Image(1, 1) // too small for anything: the library says how large it must be
	for side := 2; err != nil && side < 200; side++ {
		img, err = k.Image(side, side)
	}
	if err != nil {
		t.Fatal(err)
	}
	var path strings.Builder
	side := img.Bounds().Dx()
	for y := range side {
		for x := range side {
			if r, _, _, _ := img.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+4, y+4)
			}
		}
	}
	return fmt.Sprintf(`<svg role="img" viewBox="0 0 %d %d"><rect width="%d" height="%d" fill="#fff"/><path fill="#000" d="%s"/></svg>`, side+8, side+8, side+8, side+8, path.String())
}

func TestPicture(t *testing.T) {
	if got, err := authenticator.Picture(picture(t)); err != nil || got != uri {
		t.Errorf("%v: %q", err, got)
	}
	for name, data := range map[string][]byte{"nothing": nil, "words": []byte("hello"), "cut": picture(t)[:200], "large": make([]byte, authenticator.MaxPicture+1)} {
		if got, err := authenticator.Picture(data); err == nil {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestPage(t *testing.T) {
	image := base64.StdEncoding.EncodeToString(picture(t))
	pages := map[string]string{
		"/image":   `<h1>Set up</h1><img src="data:image/png;base64,` + "AAAA" + `"><img class="code" src="data:image/png;base64,` + html.EscapeString(image) + `">`,
		"/drawing": `<h1>Set up</h1><svg viewBox="0 0 10 10"><path d="M1 1h1v1h-1z"/></svg>` + drawing(t),
		"/none":    `<h1>This is <b>no</b> good &amp; old</h1>`,
	}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		page, there := pages[r.URL.Path]
		switch {
		case r.URL.Path == "/away":
			http.Redirect(rw, r, "https://example.com", http.StatusFound)
		case !there:
			rw.WriteHeader(http.StatusGone)
			fmt.Fprint(rw, `<h1>This link was opened before</h1>`)
		default:
			fmt.Fprint(rw, page)
		}
	}))
	defer server.Close()
	for _, path := range []string{"/image", "/drawing"} {
		if got, err := authenticator.Page(t.Context(), " "+server.URL+path); err != nil || got != uri {
			t.Errorf("%s: %v, %q", path, err, got)
		}
	}
	for address, want := range map[string]string{
		server.URL + "/none": "no QR code: This is no good & old", server.URL + "/used": "410: This link was opened before", server.URL + "/away": "302",
		"https://example.com/e/1": "this machine alone", "http://127.0.0.1:1/": "does not answer", "file:///etc/passwd": "this machine alone", "hello": "this machine alone",
	} {
		if got, err := authenticator.Page(context.Background(), address); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %q", address, err, got)
		}
	}
}

func FuzzPicture(f *testing.F) {
	f.Add([]byte("hello"))
	f.Add(picture(f))
	f.Fuzz(func(_ *testing.T, data []byte) { _, _ = authenticator.Picture(data) })
}
