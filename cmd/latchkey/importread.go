package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"latchkey/bot"
)

// The bounds of a file, so that memory has one: all rows are held until all
// are checked.
const (
	maxImportFile = 64 << 20 // bytes
	maxImportRows = 250_000
	maxImportUser = 256 // characters, as for any search
	maxImportMail = 254 // bytes, RFC 5321 4.5.3.1.3 without the brackets
)

var importHeader = []string{"store", "user", "type", "value"}

// read reads the file's rows and what is wrong with each by itself. loose:
// others than its owner have a right to the file.
func (i *importing) read() (loose bool, err error) {
	f, err := os.Open(i.file)
	if err != nil {
		return false, unreadableImport(i.file, err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	switch {
	case err != nil:
		return false, unreadableImport(i.file, err)
	case info.IsDir():
		return false, bot.Ef(bot.Invalid, "import enrollments", "%s is a folder. Name the CSV file.", i.file)
	}
	limited := &io.LimitedReader{R: f, N: maxImportFile + 1}
	i.readRows(limited)
	if limited.N <= 0 {
		return false, bot.Ef(bot.Invalid, "import enrollments", "%s is larger than %d MiB. Divide it.", i.file, maxImportFile>>20)
	}
	return info.Mode().Perm()&0o077 != 0, nil
}

func unreadableImport(file string, err error) error {
	text := file + " cannot be read. Is the name right, and may this user read it?"
	if errors.Is(err, fs.ErrNotExist) {
		text = "There is no file " + file + "."
	}
	return &bot.Error{Kind: bot.Invalid, Op: "import enrollments", Text: text, Err: err}
}

// readRows reads CSV (RFC 4180) in UTF-8, with or without a byte order mark.
func (i *importing) readRows(from io.Reader) {
	text := bufio.NewReader(from)
	if mark, _ := text.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		_, _ = text.Discard(len(mark))
	} else if bytes.HasPrefix(mark, []byte("\xff\xfe")) || bytes.HasPrefix(mark, []byte("\xfe\xff")) {
		i.fault(1, "", "is UTF-16", "save the file as CSV in UTF-8")
		return
	}
	r := csv.NewReader(text)
	r.FieldsPerRecord, r.ReuseRecord = -1, true
	for first := true; ; first = false {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			i.ended(first)
			return
		}
		var wrong *csv.ParseError
		switch {
		case errors.As(err, &wrong):
			if i.full(wrong.StartLine) {
				return
			}
			i.rows = append(i.rows, importRow{line: wrong.StartLine})
			i.fault(wrong.StartLine, "", "is not CSV ("+wrong.Err.Error()+")", `put a value that holds a quote or a comma in quotes, and write a quote within as ""`)
			if first {
				return // what is no header says nothing of the rest
			}
			continue
		case err != nil:
			i.fault(i.lastLine()+1, "", "cannot be read: "+err.Error(), "copy the file anew")
			return
		}
		line, _ := r.FieldPos(0)
		if first {
			if !i.header(line, fields) {
				return
			}
			continue
		}
		if i.full(line) {
			return
		}
		i.row(line, fields)
	}
}

// full reports, and says of the line, that there are as many rows as are taken
// at once, with those that are no CSV.
func (i *importing) full(line int) bool {
	if len(i.rows) < maxImportRows {
		return false
	}
	i.fault(line, "", fmt.Sprintf("is one more than the %d rows that are taken at once", maxImportRows), "divide the file")
	return true
}

// ended looks at what was read when the file ends; empty: not even a header.
func (i *importing) ended(empty bool) {
	switch {
	case empty:
		i.fault(1, "", "is missing: the file is empty", "begin it with the line "+strings.Join(importHeader, ","))
	case len(i.rows) == 0 && len(i.faults) == 0:
		i.fault(1, "", "is the only line", "write a line for each enrollment below it")
	}
}

func (i *importing) lastLine() int {
	if len(i.rows) == 0 {
		return 1
	}
	return i.rows[len(i.rows)-1].line
}

func (i *importing) header(line int, fields []string) bool {
	want := strings.Join(importHeader, ",")
	if strings.Join(fields, ",") == want && len(fields) == len(importHeader) {
		return true
	}
	mend := "begin the file with the line " + want
	if len(fields) == 1 && strings.Contains(fields[0], ";") {
		mend = "separate with commas, and " + mend
	}
	i.fault(line, "", "is not the header", mend)
	return false
}

// row notes a line. A value is never quoted in a fault, and neither is what
// may stand in the place of one: it may be a seed.
func (i *importing) row(line int, fields []string) {
	r := importRow{line: line}
	defer func() { i.rows = append(i.rows, r) }()
	if len(fields) != len(importHeader) {
		i.fault(line, "", fmt.Sprintf("has not %d fields but %d", len(importHeader), len(fields)), "write "+strings.Join(importHeader, ",")+"; the value may be empty")
		return
	}
	before := len(i.faults)
	for at, column := range importHeader {
		what, mend := unfit(fields[at], column == "value")
		if column == "value" && fields[2] == string(bot.Mobile) {
			what, mend = unfitNumber(fields[at])
		}
		if what != "" {
			i.fault(line, column, what, mend)
		}
	}
	if len(i.faults) > before {
		return
	}
	r.user = fields[1]
	stored, kind := i.storeOf(line, fields[0]), i.typeOf(line, fields[2])
	if stored != nil && kind != "" && !slices.Contains(stored.AuthenticationTypes, kind) {
		i.fault(line, "type", "is not used by the identity store "+stored.Name, "add "+string(kind)+" to its authentication_types first")
	}
	switch r.kind = kind; kind {
	case bot.Email:
		r.address = i.mailOf(line, fields[3])
	case bot.Mobile:
		r.address = i.numberOf(line, fields[3])
	case bot.Authenticator:
		r.seed = i.seedOf(line, fields[3])
	}
	if stored != nil && len(i.faults) == before {
		r.store = stored.Name
	}
}
