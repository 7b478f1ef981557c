package ldap

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"

	ber "github.com/go-asn1-ber/asn1-ber"
)

const (
	mostMessage = 128 << 10 // bytes of a request
	mostNested  = 48        // levels of one: a filter's, and those around it
)

// Operations by their application tag (RFC 4511 4.2 to 4.14).
const (
	bindRequest       ber.Tag = 0
	bindResponse      ber.Tag = 1
	unbindRequest     ber.Tag = 2
	searchRequest     ber.Tag = 3
	searchEntry       ber.Tag = 4
	searchDone        ber.Tag = 5
	modifyRequest     ber.Tag = 6
	modifyResponse    ber.Tag = 7
	addRequest        ber.Tag = 8
	addResponse       ber.Tag = 9
	deleteRequest     ber.Tag = 10
	deleteResponse    ber.Tag = 11
	renameRequest     ber.Tag = 12
	renameResponse    ber.Tag = 13
	compareRequest    ber.Tag = 14
	compareResponse   ber.Tag = 15
	abandonRequest    ber.Tag = 16
	searchReference   ber.Tag = 19
	extendedRequest   ber.Tag = 23
	extendedResponse  ber.Tag = 24
	passwordTag       ber.Tag = 0 // simple, of a bind's authentication choices
	controlsTag       ber.Tag = 0
	extendedNameTag   ber.Tag = 10 // of a response
	extendedValueTag  ber.Tag = 11
	disconnectionName         = "1.3.6.1.4.1.1466.20036"
)

// errMalformed: what came is no LDAP message; there is no way to go on.
var errMalformed = errors.New("this is not an LDAP message")

// message is one request.
type message struct {
	id       int64
	op       *ber.Packet
	controls []control
}

// control of a request (RFC 4511 4.1.11).
type control struct {
	kind     string
	critical bool
	value    []byte
}

// readMessage reads one LDAPMessage. Its length is looked at before anything
// is kept, and its nesting before it is decoded, since each level of a decoded
// packet holds a copy of what is in it.
func readMessage(in *bufio.Reader) (message, error) {
	raw, err := readElement(in)
	if err != nil {
		return message{}, err
	}
	return decodeMessage(raw)
}

func readElement(in *bufio.Reader) ([]byte, error) {
	if _, err := in.Peek(1); err != nil {
		return nil, err // between two messages: the end
	}
	head, err := in.Peek(2)
	if err != nil {
		return nil, errMalformed
	}
	size := 2
	if head[1] > 0x80 {
		size += int(head[1] & 0x7f)
	}
	if size > 2+4 {
		return nil, errMalformed
	}
	if head, err = in.Peek(size); err != nil {
		return nil, errMalformed
	}
	_, length, ok := header(head)
	if !ok || head[0] != 0x30 || size+length > mostMessage {
		return nil, errMalformed
	}
	// Kept as it comes: who announces much and sends nothing takes no memory.
	raw, err := io.ReadAll(io.LimitReader(in, int64(size+length)))
	if err != nil || len(raw) != size+length {
		return nil, errMalformed
	}
	return raw, nil
}

// header reads identifier and length of a BER element: tags below 31 and
// definite lengths alone, as RFC 4511 5.1 has it.
func header(b []byte) (size, length int, ok bool) {
	if len(b) < 2 || b[0]&0x1f == 0x1f {
		return 0, 0, false
	}
	size, length = 2, int(b[1])
	if length >= 0x80 {
		octets := length & 0x7f
		if octets == 0 || octets > 4 || len(b) < 2+octets {
			return 0, 0, false
		}
		size, length = 2+octets, 0
		for _, o := range b[2:size] {
			length = length<<8 | int(o)
		}
	}
	return size, length, length <= mostMessage
}

// sound reports whether elements are nested rightly, not too deeply, and of
// the universal types that LDAP knows.
func sound(b []byte, levels int) bool {
	for len(b) > 0 {
		size, length, ok := header(b)
		if !ok || size+length > len(b) || levels == 0 {
			return false
		}
		if b[0]&0xc0 == 0 { // universal
			switch b[0] {
			case 0x01, 0x02, 0x04, 0x0a, 0x30, 0x31: // BOOLEAN, INTEGER, OCTET STRING, ENUMERATED, SEQUENCE, SET
			default:
				return false
			}
		}
		if b[0]&0x20 != 0 && !sound(b[size:size+length], levels-1) {
			return false
		}
		b = b[size+length:]
	}
	return true
}

func decodeMessage(raw []byte) (message, error) {
	size, length, ok := header(raw)
	if !ok || raw[0] != 0x30 || size+length != len(raw) || !sound(raw, mostNested) {
		return message{}, errMalformed
	}
	packet, err := ber.DecodePacketErr(raw)
	if err != nil {
		return message{}, fmt.Errorf("%w: %w", errMalformed, err)
	}
	f := fieldsOf(packet)
	m := message{id: f.number(ber.TagInteger), op: f.next()}
	if f.bad || m.id < 0 || m.id > math.MaxInt32 || m.op.ClassType != ber.ClassApplication {
		return message{}, errMalformed
	}
	if f.more() {
		list := f.next()
		if list.ClassType != ber.ClassContext || list.Tag != controlsTag || list.TagType != ber.TypeConstructed || f.more() {
			return message{}, errMalformed
		}
		if m.controls, err = readControls(list); err != nil {
			return message{}, err
		}
	}
	return m, nil
}

func readControls(list *ber.Packet) ([]control, error) {
	var out []control
	for _, p := range list.Children {
		f := fieldsOf(p)
		c := control{kind: f.text()}
		if f.peek(ber.TagBoolean) {
			c.critical = f.flag()
		}
		if f.more() {
			c.value = []byte(f.text())
		}
		if f.bad || f.more() {
			return nil, errMalformed
		}
		out = append(out, c)
	}
	return out, nil
}
