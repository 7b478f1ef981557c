package mail

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"slices"
	"strings"
	"time"
)

// Message is one mail as its reader sees it.
type Message struct {
	From    string      `json:"from"` // of the envelope
	Subject string      `json:"subject"`
	Text    string      `json:"text"` // decoded, lines end in \n
	At      time.Time   `json:"at"`
	Header  mail.Header `json:"-"`
}

// Mailbox gives the mails of an address, oldest first; case does not matter.
func (s *Server) Mailbox(address string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.boxes[fold(address)])
}

// Addresses gives those that have mail, sorted.
func (s *Server) Addresses() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for address := range s.boxes {
		out = append(out, address)
	}
	slices.Sort(out)
	return out
}

// Wait gives the mails of an address as soon as there are n or more, or an
// error when the context ends first.
func (s *Server) Wait(ctx context.Context, address string, n int) ([]Message, error) {
	for {
		s.mu.Lock()
		box, arrived := slices.Clone(s.boxes[fold(address)]), s.arrived
		s.mu.Unlock()
		if len(box) >= n {
			return box, nil
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return box, fmt.Errorf("%d mails of %d came to %s: %w", len(box), n, address, ctx.Err())
		}
	}
}

func (s *Server) deliver(to []string, m Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, address := range to {
		box := append(s.boxes[fold(address)], m)
		s.boxes[fold(address)] = box[max(0, len(box)-mailboxLimit):]
	}
	close(s.arrived)
	s.arrived = make(chan struct{})
}

// read takes a mail of one plain text apart; the body of any other stays as it came.
func read(r io.Reader, from string) (Message, error) {
	parsed, err := mail.ReadMessage(r)
	if err != nil {
		return Message{}, err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
	if err != nil {
		return Message{}, err
	}
	body := parsed.Body
	switch strings.ToLower(parsed.Header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return Message{}, err
	}
	return Message{From: from, Subject: subject, Text: strings.ReplaceAll(string(text), "\r\n", "\n"), At: time.Now(), Header: parsed.Header}, nil
}

func fold(address string) string { return strings.ToLower(address) }
