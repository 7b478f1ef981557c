package page

import (
	"crypto/rand"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"slices"
	"sync"
	"time"
)

//go:embed assets
var assets embed.FS

// policy lets the page load its own files and nothing else
// (W3C Content Security Policy Level 3).
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

// signInsKept bounds the sign-ins that the box lists.
const signInsKept = 6

// Page serves one world. Its run id ties a tab to this run of the program.
type Page struct {
	world World
	run   string
	index *template.Template
	mux   *http.ServeMux

	mu       sync.Mutex // guards all that follows
	changed  chan struct{}
	tour     *progress
	signIns  []signIn
	problems []string // what the tab itself could not draw
}

// signIn is one line under the sign-in box.
type signIn struct {
	SignIn
	Store string    `json:"store"`
	Login string    `json:"login"`
	At    time.Time `json:"at"`
}

// New makes the page of a world.
func New(w World) (*Page, error) {
	if err := w.validate(); err != nil {
		return nil, fmt.Errorf("making the playground's page: %w", err)
	}
	index, err := template.ParseFS(assets, "assets/index.html")
	if err != nil {
		return nil, fmt.Errorf("reading the playground's page: %w", err)
	}
	files, err := fs.Sub(assets, "assets")
	if err != nil {
		return nil, fmt.Errorf("reading the playground's files: %w", err)
	}
	p := &Page{
		world: w, run: rand.Text(), index: index, mux: http.NewServeMux(),
		changed: make(chan struct{}), tour: newProgress(w.Tour),
	}
	p.mux.HandleFunc("GET /{$}", p.serveIndex)
	p.mux.Handle("GET /assets/", http.StripPrefix("/assets/", http.FileServerFS(files)))
	p.mux.HandleFunc("GET /play/stream", p.stream)
	p.mux.HandleFunc("POST /play/{verb}", p.act)
	return p, nil
}

// ServeHTTP serves the page to browsers on this machine, and to its own pages
// alone.
func (p *Page) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	h := rw.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store") // a newer program has newer files
	if why := stranger(r); why != "" {
		http.Error(rw, why, http.StatusForbidden)
		return
	}
	p.mux.ServeHTTP(rw, r)
}

func (p *Page) serveIndex(rw http.ResponseWriter, _ *http.Request) {
	rw.Header().Set("Content-Type", "text/html; charset=utf-8")
	// An error here is a tab that has gone.
	_ = p.index.ExecuteTemplate(rw, "index.html", map[string]string{"Run": p.run})
}

// stir wakes the streams. The caller holds mu.
func (p *Page) stir() {
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *Page) changes() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.changed
}

// trouble lists what went wrong in the eyes of the chats and in the tab's.
func (p *Page) trouble() []string {
	all := p.world.Slack.Problems()
	if p.world.Teams != nil {
		all = append(all, p.world.Teams.Problems()...)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return append(all, p.problems...)
}

// note keeps a problem of the tab, once.
func (p *Page) note(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.problems) < 100 && !slices.Contains(p.problems, text) {
		p.problems = append(p.problems, text)
		p.stir()
	}
}
