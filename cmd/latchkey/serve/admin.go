package serve

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.uber.org/zap"

	"latchkey/bot"
)

// Checker says whether the record can be written.
type Checker interface {
	Check(ctx context.Context) error
}

// Evictor says whether Redis answers, and may throw keys away.
type Evictor interface {
	Evicts(ctx context.Context) (bool, error)
}

// server has the bounds that keep a slow or large request from holding the bot.
func (m *machine) server(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		WriteTimeout: 15 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 32 << 10,
		TLSConfig: m.parts.TLS, ErrorLog: zap.NewStdLog(m.parts.Log.WithOptions(zap.IncreaseLevel(zap.WarnLevel))),
	}
}

func (m *machine) publicServer() *http.Server {
	mux := http.NewServeMux()
	if m.slack != nil {
		mux.Handle("/slack/", m.slack.Handler())
	}
	if m.teams != nil {
		mux.Handle("/api/messages", m.teams.Handler())
	}
	if m.parts.Enrolling.Public != "" {
		mux.Handle("/e/", m.webHandler())
	}
	return m.server(mux)
}

func (m *machine) adminServer() *http.Server {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "latchkey_info", Help: "1, with the version of the program.",
			ConstLabels: prometheus.Labels{"version": m.parts.Version}}, func() float64 { return 1 }))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", m.readyz)
	mux.Handle("GET /metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	return m.server(mux)
}

// readyz answers 200 when a case could be begun: the record can be written,
// Redis keeps what it is given, and in Socket Mode Slack can reach the bot. A directory that is away is its own people's
// trouble and no reason to send the others elsewhere.
func (m *machine) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 4*time.Second)
	defer cancel()
	status, answer := http.StatusOK, "ready"
	if err := m.parts.Ledger.Check(ctx); err != nil {
		status, answer = http.StatusServiceUnavailable, "database: "+plain(err)
	} else if err := m.watchEviction(ctx); err != nil {
		status, answer = http.StatusServiceUnavailable, "redis: "+plain(err)
	} else if err := m.chatReady(); err != nil {
		status, answer = http.StatusServiceUnavailable, "slack: "+plain(err)
	}
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, answer)
}

// chatReady is nil where Slack is not served, or can reach the bot.
func (m *machine) chatReady() error {
	if m.slack == nil {
		return nil
	}
	return m.slack.Ready()
}

func plain(err error) string {
	if s := bot.TextOf(err); s != "" {
		return s
	}
	return "not available"
}
