package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"go.uber.org/zap"

	"latchkey/bot"
)

// Config is what the pages need.
type Config struct {
	// Reveal opens a one-time link: NotFound where it is none or has run out,
	// Conflict where it was opened before.
	Reveal func(ctx context.Context, token string) (bot.Revealed, error)
	// Allow counts a request and reports whether it is within the limit.
	Allow func(ctx context.Context, key string, limit int, window time.Duration) (ok bool, retry time.Duration, err error)
	// URI writes what an authenticator reads (otpauth://…). It holds the seed.
	URI func(account string, seed []byte) string
	// QR gives a QR code as rows of modules, true where dark.
	QR  func(content string) ([][]bool, error)
	Log *zap.Logger
}

// Requests that one address may make in a minute. Behind a proxy that is all
// people together; links cannot be guessed in any case.
const (
	perWindow = 120
	window    = time.Minute
	answerIn  = 10 * time.Second
)

type handler struct{ Config }

// Handler serves /e/{token}.
func Handler(c Config) http.Handler {
	h := handler{c}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /e/{token}", h.enroll)
	mux.HandleFunc("/e/{token}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Allow", "GET, HEAD")
		h.show(w, http.StatusMethodNotAllowed, lostLink())
	})
	mux.HandleFunc("/e/", func(w http.ResponseWriter, _ *http.Request) { h.show(w, http.StatusNotFound, lostLink()) })
	return mux
}

// enroll shows the seed, once. Whatever only looks at the link (HEAD, chats that
// make a preview, browsers that fetch ahead) does not use it up.
func (h handler) enroll(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), answerIn)
	defer cancel()
	switch {
	case r.Method == http.MethodHead:
		head(w, http.StatusOK)
		return
	case fetchesAhead(r):
		head(w, http.StatusServiceUnavailable) // the browser asks again once the person goes there
		return
	case previews(r.UserAgent()):
		h.show(w, http.StatusOK, preview())
		return
	}
	ok, _, err := h.Allow(ctx, "web:"+caller(r), perWindow, window)
	if err != nil {
		h.fail(w, err)
		return
	}
	if !ok {
		w.Header().Set("Retry-After", "60")
		h.show(w, http.StatusTooManyRequests, tooMany())
		return
	}
	seed, err := h.Reveal(ctx, r.PathValue("token"))
	switch bot.KindOf(err) {
	case "":
		h.reveal(w, seed)
	case bot.NotFound:
		h.show(w, http.StatusNotFound, lostLink())
	case bot.Conflict:
		h.show(w, http.StatusGone, usedLink())
	default:
		h.fail(w, err)
	}
}

func (h handler) reveal(w http.ResponseWriter, seed bot.Revealed) {
	uri := h.URI(seed.Account, seed.Seed)
	rows, err := h.QR(uri)
	if err != nil {
		h.fail(w, err)
		return
	}
	h.show(w, http.StatusOK, seedPage(seed, uri, rows))
}

func (h handler) fail(w http.ResponseWriter, err error) {
	if !errors.Is(err, context.Canceled) {
		h.Log.Error("enrollment page not shown", zap.Error(err))
	}
	h.show(w, http.StatusServiceUnavailable, away())
}

func (h handler) show(w http.ResponseWriter, status int, p page) {
	head(w, status)
	if err := layout.Execute(w, p); err != nil {
		h.Log.Warn("enrollment page not written", zap.String("page", p.ID))
	}
}

// head writes what keeps the page from being kept, framed, sent on or run in.
func head(w http.ResponseWriter, status int) {
	for name, value := range map[string]string{
		"Content-Type":                 "text/html; charset=utf-8",
		"Content-Security-Policy":      policy,
		"Cache-Control":                "no-store",
		"Referrer-Policy":              "no-referrer",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"X-Robots-Tag":                 "noindex, nofollow",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
	} {
		w.Header().Set(name, value)
	}
	w.WriteHeader(status)
}

// fetchesAhead reports whether a browser or a proxy only wants to be quick.
func fetchesAhead(r *http.Request) bool {
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"} {
		if v := strings.ToLower(r.Header.Get(name)); strings.Contains(v, "prefetch") || strings.Contains(v, "preview") {
			return true
		}
	}
	return false
}

// previews reports whether the caller is one of those who fetch links out of
// messages to show what is behind them.
func previews(agent string) bool {
	agent = strings.ToLower(agent)
	for _, name := range []string{"slackbot", "slack-imgproxy", "skypeuripreview", "teams", "facebookexternalhit", "whatsapp", "telegrambot",
		"twitterbot", "discordbot", "linkedinbot", "bingpreview", "googlebot", "bingbot", "applebot", "safelinks", "mattermost"} {
		if strings.Contains(agent, name) && !(name == "teams" && strings.Contains(agent, "chrome")) { // a person may browse within Teams
			return true
		}
	}
	return false
}

// caller is the address that a request is counted under: of IPv6, the network
// that one household or one machine has.
func caller(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	ip := net.ParseIP(host)
	if err != nil || ip == nil {
		return "unknown"
	}
	if ip.To4() == nil {
		return ip.Mask(net.CIDRMask(64, 128)).String()
	}
	return ip.String()
}
