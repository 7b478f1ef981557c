package config

import (
	"regexp"
	"strings"
)

// text is a value of the file, taken apart into what stands there and what was
// read from the environment or a file.
type text []piece

type piece struct {
	said    string
	outside bool // from the environment or a file: never printed, never parsed as part of an address
}

func (t text) joined() string {
	var b strings.Builder
	for _, p := range t {
		b.WriteString(p.said)
	}
	return b.String()
}

// maxOutside is the largest file that file:PATH reads, in bytes.
const maxOutside = 64 << 10

// variable finds ${NAME}, and $${ which stands for ${ itself. An opening that
// is no variable is found too, to be told.
var variable = regexp.MustCompile(`\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$\{`)

// expand reads the environment for each ${NAME} and, where the whole begins
// with file:, that file. What was read is not expanded again. fault is "" or
// what is wrong, without any secret.
func (in Inputs) expand(raw string) (t text, fault string) {
	if t, fault = in.variables(raw); fault != "" {
		return nil, fault
	}
	if !strings.HasPrefix(raw, "file:") {
		return t, ""
	}
	path := strings.TrimPrefix(t.joined(), "file:")
	content, err := in.ReadFile(path)
	switch {
	case err != nil:
		return nil, "names file " + quote(strings.TrimPrefix(raw, "file:")) + ", which cannot be read; create it, readable for Latchkey alone"
	case len(content) > maxOutside:
		return nil, "names a file larger than 64 KiB; name the file that holds this one value"
	}
	s := strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r")
	if s == "" {
		return nil, "names a file that is empty; put the value into it"
	}
	return text{{said: s, outside: true}}, ""
}

func (in Inputs) variables(raw string) (t text, fault string) {
	at := 0
	for _, m := range variable.FindAllStringSubmatchIndex(raw, -1) {
		if m[0] > at {
			t = append(t, piece{said: raw[at:m[0]]})
		}
		at = m[1]
		switch {
		case raw[m[0]:m[1]] == "$${":
			t = append(t, piece{said: "${"})
		case m[2] < 0:
			return nil, "has ${ that begins no variable; write ${NAME}, or $${ for the two characters themselves"
		default:
			name := raw[m[2]:m[3]]
			value, ok := in.Getenv(name)
			if !ok {
				return nil, "names the environment variable " + name + ", which is not set; set it before Latchkey starts"
			}
			if value == "" {
				return nil, "names the environment variable " + name + ", which is set and empty; give it a value before Latchkey starts"
			}
			t = append(t, piece{said: value, outside: true})
		}
	}
	if at < len(raw) {
		t = append(t, piece{said: raw[at:]})
	}
	return t, ""
}
