package slack

import (
	"encoding/json"
	"fmt"
	"testing"
)

// BenchmarkRender renders every shared page, as a dialog and as a message, to
// the bytes that are sent. `make bench` reads it.
func BenchmarkRender(b *testing.B) {
	pages := shared()
	for _, modal := range []bool{true, false} {
		name := map[bool]string{true: "dialogs", false: "messages"}[modal]
		b.Run(fmt.Sprintf("%d_%s", len(pages), name), func(b *testing.B) {
			for b.Loop() {
				for _, f := range pages {
					r := renderer{modal: modal, token: pageToken}
					if _, err := json.Marshal(r.render(f.Page)); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
