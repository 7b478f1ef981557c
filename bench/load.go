package main

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// connections is how many requests are under way at once.
const connections = 32

// request gives the bytes of a request to a host, each time those of a new one.
type request func(host string) []byte

// shot is a signed command of Slack.
type shot struct {
	secret string
	form   url.Values
}

// with is the same request of another command.
func (h shot) with(command, text string) shot {
	form := url.Values{}
	for k, v := range h.form {
		form[k] = v
	}
	form.Set("command", command)
	form.Set("text", text)
	return shot{h.secret, form}
}

// bytes is the whole request, with a trigger of its own, signed now.
func (h shot) bytes(host string) []byte {
	form := url.Values{}
	for k, v := range h.form {
		form[k] = v
	}
	form.Set("trigger_id", "1.2."+rand.Text())
	body := form.Encode()
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(h.secret))
	mac.Write([]byte("v0:" + stamp + ":" + body))
	var out bytes.Buffer
	fmt.Fprintf(&out, "POST /slack/commands HTTP/1.1\r\nHost: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n"+
		"X-Slack-Request-Timestamp: %s\r\nX-Slack-Signature: v0=%s\r\n\r\n%s", host, len(body), stamp, hex.EncodeToString(mac.Sum(nil)), body)
	return out.Bytes()
}

// fire sends one request by a connection and gives how long the answer took
// and how many bytes it has.
func (q request) fire(conn net.Conn, in *bufio.Reader) (took time.Duration, size int, err error) {
	all := q(conn.RemoteAddr().String())
	began := time.Now()
	if _, err := conn.Write(all); err != nil {
		return 0, 0, err
	}
	answer, err := http.ReadResponse(in, nil)
	if err != nil {
		return 0, 0, err
	}
	body, err := io.ReadAll(answer.Body)
	took = time.Since(began)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("the answer is %d %s", answer.StatusCode, body)
	}
	return took, len(body), err
}

// volley is what came of firing for a while.
type volley struct {
	took     []time.Duration // of each request
	whole    time.Duration
	size     int
	requests int
}

// fireFor keeps all connections busy for a while.
func (q request) fireFor(at string, while time.Duration) (v volley, err error) {
	var mu sync.Mutex
	var wait sync.WaitGroup
	began := time.Now()
	for range connections {
		wait.Go(func() {
			took, size, failed := q.one(at, began.Add(while))
			mu.Lock()
			defer mu.Unlock()
			v.took, v.size, err = append(v.took, took...), size, errors.Join(err, failed)
		})
	}
	wait.Wait()
	v.whole, v.requests = time.Since(began), len(v.took)
	return v, err
}

func (q request) one(at string, until time.Time) (all []time.Duration, size int, err error) {
	conn, err := net.Dial("tcp", at)
	if err != nil {
		return nil, 0, err
	}
	defer conn.Close()
	_ = conn.SetDeadline(until.Add(10 * time.Second))
	in := bufio.NewReader(conn)
	for time.Now().Before(until) {
		var took time.Duration
		if took, size, err = q.fire(conn, in); err != nil {
			return all, size, err
		}
		all = append(all, took)
	}
	return all, size, nil
}
