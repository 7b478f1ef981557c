package main

import (
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// bareWord is the argument with which this program is the bare server.
const bareWord = "bare"

// serveBare answers like Latchkey and knows nothing: it reads the body, sets so
// many keys in Redis one after the other, and gives so many bytes of JSON.
func serveBare(args []string) {
	if len(args) != 5 {
		fmt.Fprintln(os.Stderr, "bench bare: listen address, redis address, redis password, bytes of an answer, round trips")
		os.Exit(2)
	}
	size, _ := strconv.Atoi(args[3])
	trips, _ := strconv.Atoi(args[4])
	var serial atomic.Int64
	run := rand.Text()
	body := []byte(`{"text":"` + strings.Repeat("x", max(0, size-len(`{"text":""}`))) + `"}`)
	client := redis.NewClient(&redis.Options{Addr: args[1], Password: args[2]})
	serve := func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		for range trips {
			fresh, err := client.SetNX(r.Context(), "bare:"+run+":"+strconv.FormatInt(serial.Add(1), 36), "1", 10*time.Minute).Result()
			if err != nil || !fresh {
				http.Error(w, "seen before, or no redis", http.StatusInternalServerError)
				return
			}
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write(body)
	}
	http.HandleFunc("POST /", serve)
	http.HandleFunc("GET /readyz", func(http.ResponseWriter, *http.Request) {})
	err := http.ListenAndServe(args[0], nil) //nolint:gosec // on loopback, for a minute
	fmt.Fprintln(os.Stderr, "bench bare:", err)
	os.Exit(1)
}
