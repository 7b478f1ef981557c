package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"image/color"
	"io/fs"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"latchkey"
	"latchkey/bot"
)

const packTeams = "make the Teams package"

// packageTeams writes the zip that a Teams administrator uploads.
func (p *program) packageTeams(out string) error {
	cfg, err := p.load()
	if err != nil {
		return err
	}
	if cfg.Teams == nil {
		return bot.Ef(bot.Invalid, packTeams, "The configuration has no section teams. Add it first; for a secret that is still to come any word will do.")
	}
	data, err := teamsPackage(cfg.Teams.AppID, cfg.Server.PublicURL.String(), version)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // it holds no secret, and a browser of another user may upload it
	if errors.Is(err, fs.ErrExist) {
		return bot.Ef(bot.Conflict, packTeams, "%s is there already, and nothing is overwritten. Give another name, or remove it first.", out)
	}
	if err == nil {
		_, err = f.Write(data)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return &bot.Error{Kind: bot.Unavailable, Op: packTeams, Err: err,
			Text: out + " cannot be written. Does its folder exist, and may this user write there?"}
	}
	return p.answer(map[string]string{"file": out}, "Wrote "+out+". In the Teams admin center choose 'Manage apps', 'Upload new app', and install it for everybody by a setup policy: people who have not got it cannot be reached.")
}

// teamsPackage is the same, byte for byte, for the same app, address and version.
func teamsPackage(app, address, version string) ([]byte, error) {
	m, err := teamsManifest(app, address, version)
	if err != nil {
		return nil, err
	}
	colored, err1 := icon(192, color.NRGBA{R: 0x2f, G: 0x4b, B: 0x8f, A: 255})
	outline, err2 := icon(32, color.NRGBA{})
	if err := errors.Join(err1, err2); err != nil {
		return nil, bot.E(bot.Internal, packTeams, err)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, file := range []struct {
		name string
		data []byte
	}{{"manifest.json", m}, {"color.png", colored}, {"outline.png", outline}} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: file.name, Method: zip.Deflate, Modified: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err == nil {
			_, err = w.Write(file.data)
		}
		if err != nil {
			return nil, bot.E(bot.Internal, packTeams, err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, bot.E(bot.Internal, packTeams, err)
	}
	return out.Bytes(), nil
}

// number is what Teams takes as the version of an app.
var number = regexp.MustCompile(`^[0-9]{1,5}\.[0-9]{1,5}\.[0-9]{1,5}$`)

// teamsManifest fills ids and addresses into the manifest.
func teamsManifest(app, address, version string) ([]byte, error) {
	public, err := url.Parse(address)
	if err != nil || public.Hostname() == "" {
		return nil, bot.Ef(bot.Invalid, packTeams, "server.public_url is missing: the app names it as its maker's address. Add the https address under which Latchkey is reached.")
	}
	var m map[string]any
	if err := json.Unmarshal(latchkey.TeamsManifest, &m); err != nil {
		return nil, bot.E(bot.Internal, packTeams, err)
	}
	id := strings.ToLower(app)
	m["id"] = id
	for _, part := range []string{"bots", "composeExtensions"} {
		m[part].([]any)[0].(map[string]any)["botId"] = id
	}
	home := "https://" + public.Host + "/"
	developer := m["developer"].(map[string]any)
	for _, address := range []string{"websiteUrl", "privacyUrl", "termsOfUseUrl"} {
		developer[address] = home
	}
	m["validDomains"] = []string{public.Hostname()}
	if v := strings.TrimPrefix(version, "v"); number.MatchString(v) {
		m["version"] = v
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		return nil, bot.E(bot.Internal, packTeams, err)
	}
	return out.Bytes(), nil
}
