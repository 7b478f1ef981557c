package courier_test

import (
	"strings"
	"testing"

	"latchkey/adapters/courier"
	"latchkey/bot"
)

func TestNewNamesTheKeyToMend(t *testing.T) {
	good := courier.Config{Host: "mail.example.test", TLSMode: courier.Implicit, From: "helpdesk@example.test"}
	if _, err := courier.New(good); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		key    string
		change func(*courier.Config)
	}{
		{"mail.url", func(c *courier.Config) { c.TLSMode = "" }},
		{"mail.url", func(c *courier.Config) { c.TLSMode = "plain" }},
		{"mail.url", func(c *courier.Config) { c.Host = "" }},
		{"mail.url", func(c *courier.Config) { c.Host = "user@mail.example.test" }},
		{"mail.url", func(c *courier.Config) { c.Port = 70000 }},
		{"mail.url", func(c *courier.Config) { c.Port = -1 }},
		{"mail.from", func(c *courier.Config) { c.From = "" }},
		{"mail.from", func(c *courier.Config) { c.From = "Helpdesk" }},
		{"mail.from", func(c *courier.Config) { c.From = "a@example.test, b@example.test" }},
		{"mail.from", func(c *courier.Config) { c.From = "Help\r\nBcc: x@example.test <a@example.test>" }},
		{"mail.from", func(c *courier.Config) { c.From = "梅@example.test" }},
		{"mail.ca_file", func(c *courier.Config) { c.CA = []byte("no certificate") }},
	} {
		config := good
		c.change(&config)
		if _, err := courier.New(config); bot.KindOf(err) != bot.Invalid || !strings.Contains(bot.TextOf(err), c.key) {
			t.Errorf("%+v answered %v", config, err)
		}
	}
}
