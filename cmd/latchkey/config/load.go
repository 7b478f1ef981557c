package config

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"reflect"

	"latchkey/bot"
)

// Inputs are all that Load looks at beside the file.
type Inputs struct {
	Getenv   func(name string) (value string, ok bool)
	ReadFile func(path string) ([]byte, error)
	// Canonical gives the canonical form of a distinguished name, or an error
	// where it is none (store/directory has the function).
	Canonical func(dn string) (bot.DN, error)
}

// System gives the inputs of this process.
func System(canonical func(string) (bot.DN, error)) Inputs {
	return Inputs{Getenv: os.LookupEnv, ReadFile: readSome, Canonical: canonical}
}

// readSome reads a file, but no more of it than tells that it is too large.
func readSome(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, max(maxFile, maxOutside)+1))
}

// Load reads and checks a configuration file. An error of kind Invalid holds
// Faults: all that is wrong, each with its line.
func Load(path string, in Inputs) (*Config, error) {
	content, err := in.ReadFile(path)
	if err != nil {
		f := Fault{File: path, What: "cannot be read", Mend: "is the name right, and may this user read it?"}
		if errors.Is(err, fs.ErrNotExist) {
			f = Fault{File: path, What: "does not exist", Mend: "name the configuration file with --config"}
		}
		return nil, bot.E(bot.Invalid, "read configuration", Faults{f})
	}
	return Parse(path, content, in)
}

// Parse does what Load does with a file's content; name stands in the faults.
func Parse(name string, content []byte, in Inputs) (*Config, error) {
	c := &Config{source: source{file: name, lines: make(map[string]int), bad: make(map[string]bool)}}
	if root := c.source.read(content); root != nil {
		c.source.lines[""] = 1
		d := decoder{source: &c.source, in: in}
		d.section(root, reflect.ValueOf(c).Elem(), place{})
		check(c, in.Canonical)
	}
	if len(c.source.faults) > 0 {
		c.source.faults.sort()
		return nil, bot.E(bot.Invalid, "read configuration", c.source.faults)
	}
	return c, nil
}

// File names the file that the configuration was read from.
func (c *Config) File() string { return c.source.file }

// Line gives the line where a key (roles[0].helpdesk_policy.mode) is written;
// for one that is not, the line of the nearest key above it; 0: none.
func (c *Config) Line(key string) int { return c.source.line(key) }
