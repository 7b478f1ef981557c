package authenticator

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// How long a page may take, and how large it may be.
const (
	pageLife = 10 * time.Second
	maxPage  = 2 << 20
)

// Page opens a one-time page on this machine, as a browser does, and scans the
// QR code that it shows. A page that shows none says why in its heading.
func Page(ctx context.Context, address string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || !local(u.Hostname()) {
		return "", errors.New("the phone opens pages on this machine alone, such as http://127.0.0.1:8080/e/…")
	}
	ctx, cancel := context.WithTimeout(ctx, pageLife)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return "", fmt.Errorf("opening the page: %w", err)
	}
	req.Header.Set("Accept", "text/html")
	req.Header.Set("User-Agent", "Mozilla/5.0 (Linux; Android 16; Mobile) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36")
	client := http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Do(req)
	if err != nil {
		return "", errors.New("the page does not answer")
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxPage))
	if err != nil {
		return "", fmt.Errorf("reading the page: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("the page answers %d: %s", resp.StatusCode, heading(string(body)))
	}
	return code(string(body))
}

func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

var (
	headings = regexp.MustCompile(`(?s)<h1[^>]*>(.*?)</h1>`)
	tags     = regexp.MustCompile(`<[^>]*>`)
	inlined  = regexp.MustCompile(`(?s)<img\b[^>]*\bsrc="data:image/(?:png|jpeg);base64,([^"]+)"`)
)

func heading(page string) string {
	found := headings.FindStringSubmatch(page)
	if found == nil {
		return "it has no heading"
	}
	return html.UnescapeString(tags.ReplaceAllString(found[1], ""))
}

// code scans the first picture or drawing of a page that is a QR code.
func code(page string) (string, error) {
	for _, found := range inlined.FindAllStringSubmatch(page, 8) {
		data, err := base64.StdEncoding.DecodeString(html.UnescapeString(found[1]))
		if err != nil {
			continue
		}
		if text, err := Picture(data); err == nil {
			return text, nil
		}
	}
	for _, drawing := range drawings.FindAllString(page, 8) {
		picture := drawn(drawing)
		if picture == nil {
			continue
		}
		if text, err := scan(picture); err == nil {
			return text, nil
		}
	}
	return "", fmt.Errorf("the page shows no QR code: %s", heading(page))
}
