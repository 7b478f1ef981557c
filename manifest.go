// Package latchkey holds what stands at the top of the module and goes into the
// program: the Teams app's manifest. It owns no code. cmd/latchkey packs it.
package latchkey

import _ "embed" // for the manifest

// TeamsManifest is the Teams app's manifest (schema 1.29), with zeros and an
// example's address where the configuration's own belong.
//
//go:embed manifest.json
var TeamsManifest []byte
