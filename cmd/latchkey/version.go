package main

import (
	"context"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is the release; the build sets it (-ldflags "-X main.version=…").
var version = "development"

func (p *program) versionCommand() *cobra.Command {
	return p.command("version", "Say which version this is", func(context.Context) error {
		v := struct {
			Version  string `json:"version"`
			Revision string `json:"revision,omitempty"`
			Go       string `json:"go"`
		}{version, revision(), runtime.Version()}
		return p.answer(v, versionText())
	})
}

func versionText() string {
	text := "latchkey " + version
	if rev := revision(); rev != "" {
		text += " (" + rev + ")"
	}
	return text + ", " + runtime.Version()
}

// revision is the commit that the program was built from, where the build knew it.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	rev, dirty := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			rev = s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "+changes"
		}
	}
	return rev + dirty
}
