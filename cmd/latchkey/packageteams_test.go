package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dlclark/regexp2"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

const teamsAppID = "AAAAAAAA-1111-4111-8111-111111111111"

func packed(t *testing.T) map[string][]byte {
	t.Helper()
	const address = "https://latchkey.example.org:8443/desk"
	data, err := teamsPackage(teamsAppID, address, "v1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := teamsPackage(teamsAppID, address, "v1.2.3"); err != nil || !bytes.Equal(again, data) {
		t.Errorf("not the same bytes twice: %v", err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func TestTeamsPackage(t *testing.T) {
	files := packed(t)
	text := string(files["manifest.json"])
	if len(files) != 3 || strings.Contains(text, "00000000-0000") || strings.Contains(text, "example.com") || strings.Count(text, strings.ToLower(teamsAppID)) != 3 {
		t.Errorf("%d files, and the manifest reads:\n%s", len(files), text)
	}
	for _, want := range []string{`"version": "1.2.3"`, `"websiteUrl": "https://latchkey.example.org:8443/"`, `"latchkey.example.org"`} {
		if !strings.Contains(text, want) {
			t.Errorf("the manifest lacks %s", want)
		}
	}
	for _, unasked := range []string{"authorization", "permissions", "webApplicationInfo"} {
		if strings.Contains(text, `"`+unasked+`"`) {
			t.Errorf("the manifest asks for %s", unasked)
		}
	}
	for name, side := range map[string]int{"color.png": 192, "outline.png": 32} {
		img, err := png.Decode(bytes.NewReader(files[name]))
		if err != nil || img.Bounds().Dx() != side || img.Bounds().Dy() != side {
			t.Fatalf("%s: %v", name, err)
		}
		if _, _, _, alpha := img.At(0, 0).RGBA(); alpha != 0 {
			t.Errorf("the corner of %s is not transparent", name)
		}
		if r, g, b, _ := img.At(side*18/100, side/2).RGBA(); r&g&b != 0xffff { // on the ring
			t.Errorf("the key of %s is not white", name)
		}
		if keep := os.Getenv("LATCHKEY_ICONS"); keep != "" {
			if err := os.WriteFile(filepath.Join(keep, name), files[name], 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// pattern is a regular expression of ECMA 262, which Go's own are not.
type pattern struct{ *regexp2.Regexp }

func (p pattern) MatchString(s string) bool {
	ok, err := p.Regexp.MatchString(s)
	return err == nil && ok
}

// Microsoft's schema judges the manifest, where SHARED names the folder that has it.
func TestTeamsManifestIsValid(t *testing.T) {
	shared := os.Getenv("SHARED")
	if shared == "" {
		t.Log("SHARED is not set: Microsoft's schema was not asked")
		return
	}
	c := jsonschema.NewCompiler()
	c.UseRegexpEngine(func(s string) (jsonschema.Regexp, error) {
		re, err := regexp2.Compile(s, regexp2.ECMAScript)
		return pattern{re}, err
	})
	schema, err := c.Compile(filepath.Join(shared, "reference", "teams-manifest.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	valid := func(data []byte) error {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		return schema.Validate(v)
	}
	data := packed(t)["manifest.json"]
	if err := valid(data); err != nil {
		t.Error(err)
	}
	var m map[string]any
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	m["accentColor"] = "blue" // the check can fail
	wrong, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if valid(wrong) == nil {
		t.Error("a wrong manifest is valid")
	}
}
