package config

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// The largest file and the deepest nesting that are read: far above any real
// configuration, and below what costs the parser noticeable time.
const (
	maxFile  = 256 << 10
	maxDepth = 32
)

// read parses the file's bytes into the one mapping that a configuration is.
// nil: it is none, and the faults say why.
func (s *source) read(content []byte) *ast.MappingNode {
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	if problem, line := unreadable(content); problem != "" {
		s.faultAt(line, "", "%s", problem)
		return nil
	}
	file, err := parse(content)
	if err != nil {
		s.syntax(err)
		return nil
	}
	switch {
	case len(file.Docs) > 1:
		s.faultAt(startOf(file.Docs[1]), "", "is the start of a second document; keep one, and remove the lines --- and ... between them")
		return nil
	case len(file.Docs) == 0 || file.Docs[0].Body == nil:
		s.faultAt(0, "", "is empty; begin with the example configuration")
		return nil
	}
	switch body := file.Docs[0].Body.(type) {
	case *ast.MappingNode:
		return body
	case *ast.MappingValueNode:
		return ast.Mapping(body.Start, false, body)
	default:
		s.faultAt(lineOf(body), "", "holds %s where sections such as server: are expected; begin with the example configuration", kindOf(body))
		return nil
	}
}

// unreadable refuses what the parser should not see.
func unreadable(content []byte) (problem string, line int) {
	switch {
	case len(content) > maxFile:
		return "is larger than 256 KiB; is this the configuration?", 0
	case bytes.HasPrefix(content, []byte("\xff\xfe")) || bytes.HasPrefix(content, []byte("\xfe\xff")) || bytes.IndexByte(content, 0) >= 0:
		return "is not text in UTF-8 (it may be UTF-16 or no text at all); save it as UTF-8", 0
	}
	line = 1
	for _, l := range bytes.Split(content, []byte("\n")) {
		if !utf8.Valid(l) {
			return "holds bytes that are not UTF-8; save the file as UTF-8", line
		}
		if rest := bytes.TrimLeft(l, " "); bytes.HasPrefix(rest, []byte("\t")) && len(bytes.TrimSpace(rest)) > 0 {
			return "is indented with a tab; indent with spaces", line
		}
		line++
	}
	if line, deep := tooDeep(lexer.Tokenize(string(content))); deep {
		return "is nested too deeply; remove brackets or dashes", line
	}
	return "", 0
}

// tooDeep finds nesting by brackets, and by dashes within one line, that no
// configuration needs; the parser's work grows with its square.
func tooDeep(tokens token.Tokens) (line int, deep bool) {
	brackets, marks := 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, marks = t.Position.Line, 0
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			brackets++
		case token.SequenceEndType, token.MappingEndType:
			brackets--
		case token.SequenceEntryType, token.MappingKeyType, token.AnchorType, token.TagType, token.AliasType:
			marks++
		}
		if brackets > maxDepth || marks > maxDepth {
			return line, true
		}
	}
	return 0, false
}

// errParser stands for a panic within the parser: the file is at fault, the
// program goes on.
var errParser = errors.New("cannot be read as YAML")

func parse(content []byte) (file *ast.File, err error) {
	defer func() {
		if recover() != nil {
			file, err = nil, errParser
		}
	}()
	return parser.ParseBytes(content, 0, parser.AllowDuplicateMapKey())
}

// syntax tells a parser's error by its place and message alone: its full text
// shows lines of the file, which may hold secrets.
func (s *source) syntax(err error) {
	line, message := 0, ""
	var e yaml.Error
	if errors.As(err, &e) {
		message = e.GetMessage()
		if t := e.GetToken(); t != nil && t.Position != nil {
			line = t.Position.Line
		}
	}
	if strings.ContainsAny(message, "\n") || len(message) > 120 {
		message = ""
	}
	mend := "check quotes, brackets, colons and indentation here and in the line before"
	if strings.Contains(message, "',' or '}'") {
		mend = "within { } put a value that holds braces, such as \"${NAME}\", in quotes"
	}
	if message != "" {
		message = " (" + message + ")"
	}
	s.faultAt(line, "", "is not YAML%s; %s", message, mend)
}

func startOf(d *ast.DocumentNode) int {
	if d.Start != nil {
		return d.Start.Position.Line
	}
	return lineOf(d.Body)
}

func lineOf(n ast.Node) int {
	if n == nil {
		return 0
	}
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return lineOf(m.Values[0].Key)
	}
	if v, ok := n.(*ast.MappingValueNode); ok {
		return lineOf(v.Key)
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 0
}

// kindOf names what stands there, for a person.
func kindOf(n ast.Node) string {
	switch n.(type) {
	case nil, *ast.NullNode:
		return "nothing"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "keys"
	case *ast.SequenceNode:
		return "a list"
	case *ast.BoolNode:
		return "true or false"
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "a number"
	case *ast.AnchorNode, *ast.AliasNode, *ast.MergeKeyNode:
		return "an anchor or alias"
	case *ast.TagNode:
		return "a tag"
	}
	return "text"
}
