package web

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"
	"time"

	"latchkey/bot"
)

//go:embed page.html
var source string

//go:embed page.css
var style string

// layout is every page. It has no script, and asks for nothing else.
var layout = template.Must(template.New("page").Parse(source))

// policy lets the browser use the one style sheet that stands in the page.
var policy = contentPolicy(style)

func contentPolicy(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// page is what the layout is filled with.
type page struct {
	ID    string
	Title string
	Said  []string // paragraphs
	Then  string   // what to do next
	Seed  *seedView
}

// Style is the sheet that the policy names.
func (page) Style() template.CSS { return template.CSS(style) } //nolint:gosec // our own file

type seedView struct {
	Account string
	Key     []string     // the seed in base32, in groups of four
	Open    template.URL // the same for an app on this device
	Side    int          // of the drawing, in modules, quiet zone included
	Path    string       // its dark modules
	Until   string
	At      string // the same for machines (RFC 3339)
}

// quietZone is the light border that readers need (ISO/IEC 18004: 4 modules).
const quietZone = 4

func seedPage(seed bot.Revealed, uri string, rows [][]bool) page {
	return page{ID: "seed", Title: "Set up your authenticator", Seed: &seedView{
		Account: bot.Line(seed.Account), Key: groups(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(seed.Seed)),
		Open: template.URL(uri), //nolint:gosec // made of the seed by us, not by anybody who calls
		Side: len(rows) + 2*quietZone, Path: path(rows),
		Until: seed.Expires.UTC().Format("15:04 UTC"), At: seed.Expires.UTC().Format(time.RFC3339),
	}}
}

func groups(s string) []string {
	var out []string
	for len(s) > 4 {
		out, s = append(out, s[:4]), s[4:]
	}
	return append(out, s)
}

// path draws each run of dark modules as one stroke.
func path(rows [][]bool) string {
	var b strings.Builder
	for y, row := range rows {
		for x := 0; x < len(row); x++ {
			if !row[x] {
				continue
			}
			from := x
			for x+1 < len(row) && row[x+1] {
				x++
			}
			fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", from+quietZone, y+quietZone, x-from+1, x-from+1)
		}
	}
	return b.String()
}

const again = "Go back to the chat and type /unlock enroll to begin again."

func lostLink() page {
	return page{ID: "lost", Title: "This link is not good any more",
		Said: []string{"It has run out, or it was not copied as a whole. Links of this kind are good for a few minutes.", "Nothing was changed."}, Then: again}
}

func usedLink() page {
	return page{ID: "used", Title: "This link was opened before",
		Said: []string{"It shows what it has to show once only. If it was you, and your app has the account already, go on in the chat: type the six digits that the app shows.",
			"If it was not you, somebody else may have seen the key. Do not type a code: press New link in the chat, which makes this key worthless, and tell your security team."},
		Then: "To see a key again, press New link in the dialog in the chat."}
}

func preview() page {
	return page{ID: "preview", Title: "A one-time page of Latchkey", Said: []string{"Open the link in a browser. It shows what it has to show once only."}}
}

func tooMany() page {
	return page{ID: "many", Title: "Too many requests", Said: []string{"Very many pages were asked for from your network. The link is still good."}, Then: "Wait a minute and load this page again."}
}

func away() page {
	return page{ID: "away", Title: "Not possible at the moment", Said: []string{"Something that this page needs does not answer."},
		Then: "Load this page again in a minute. If the link was used up by that, press New link in the dialog in the chat."}
}
