package ldap

import (
	"fmt"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// Result codes (RFC 4511 4.1.9 and appendix A).
const (
	codeSuccess             = 0
	codeOperationsError     = 1
	codeProtocolError       = 2
	codeSizeLimit           = 4
	codeCompareFalse        = 5
	codeCompareTrue         = 6
	codeAuthUnsupported     = 7
	codeStrongerAuth        = 8
	codeUnavailableCritical = 12
	codeConfidentiality     = 13
	codeNoSuchAttribute     = 16
	codeUndefinedType       = 17
	codeConstraint          = 19
	codeValueExists         = 20
	codeInvalidSyntax       = 21
	codeNoSuchObject        = 32
	codeInvalidName         = 34
	codeInvalidCredentials  = 49
	codeInsufficientRights  = 50
	codeUnwilling           = 53
	codeNotOnNonLeaf        = 66
	codeEntryExists         = 68
)

// refusal is any result but success.
type refusal struct {
	code    int
	matched string // for codeNoSuchObject: what there is of the name
	text    string // diagnosticMessage
}

func (r *refusal) Error() string { return fmt.Sprintf("LDAP result %d: %s", r.code, r.text) }

func refuse(code int, format string, args ...any) *refusal {
	return &refusal{code: code, text: fmt.Sprintf(format, args...)}
}

// outcome is what a response says at its end.
type outcome struct {
	code          int
	matched, text string
	controls      []*ber.Packet
	more          []*ber.Packet // elements behind the LDAPResult
}

// outcomeOf: nil is success.
func outcomeOf(err *refusal) outcome {
	if err == nil {
		return outcome{}
	}
	return outcome{code: err.code, matched: err.matched, text: err.text}
}

// envelope is an LDAPMessage around an operation.
func envelope(id int64, op *ber.Packet, controls []*ber.Packet) *ber.Packet {
	p := ber.NewSequence("")
	p.AppendChild(ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, id, ""))
	p.AppendChild(op)
	if len(controls) > 0 {
		list := ber.Encode(ber.ClassContext, ber.TypeConstructed, controlsTag, nil, "")
		for _, c := range controls {
			list.AppendChild(c)
		}
		p.AppendChild(list)
	}
	return p
}

func application(tag ber.Tag) *ber.Packet {
	return ber.Encode(ber.ClassApplication, ber.TypeConstructed, tag, nil, "")
}

func octetString(s string) *ber.Packet {
	return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, s, "")
}

func contextString(tag ber.Tag, s string) *ber.Packet {
	return ber.NewString(ber.ClassContext, ber.TypePrimitive, tag, s, "")
}

func enumerated(n int) *ber.Packet {
	return ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, int64(n), "")
}

// response is an operation that ends with a result.
func response(tag ber.Tag, o outcome) *ber.Packet {
	p := application(tag)
	p.AppendChild(enumerated(o.code))
	p.AppendChild(octetString(o.matched))
	p.AppendChild(octetString(o.text))
	for _, m := range o.more {
		p.AppendChild(m)
	}
	return p
}

// answerControl is a control of a response.
func answerControl(kind string, value []byte) *ber.Packet {
	p := ber.NewSequence("")
	p.AppendChild(octetString(kind))
	p.AppendChild(octetString(string(value)))
	return p
}

// entryOf is one entry of an answer.
func entryOf(v view) *ber.Packet {
	p := application(searchEntry)
	p.AppendChild(octetString(v.dn))
	list := ber.NewSequence("")
	for _, a := range v.attributes {
		one := ber.NewSequence("")
		one.AppendChild(octetString(a.name))
		set := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSet, nil, "")
		for _, value := range a.values {
			set.AppendChild(octetString(value))
		}
		one.AppendChild(set)
		list.AppendChild(one)
	}
	p.AppendChild(list)
	return p
}
