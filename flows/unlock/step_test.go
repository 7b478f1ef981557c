package unlock

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"latchkey/bot"
	"latchkey/flows"
)

func states() []flows.State {
	return []flows.State{"", AwaitingQuery, AwaitingPick, AwaitingProof, AwaitingConfirm, ReadingHistory, AwaitingRemoval, AwaitingReminders, Unlocking, Unknown, Done, Cancelled, Refused,
		"AwaitingApproval", "awaitingproof"}
}

func kinds() []flows.EventKind {
	return append(personal(), found, introduced, caseRead, opened, judged, offered, wrote, recalled, reminded, heldRead, unenrolled, crowdCounted, remindersStopped, flows.Failed)
}

func personal() []flows.EventKind {
	return []flows.EventKind{flows.Begin, flows.BeginHistory, flows.BeginLocked, flows.BeginAuthor, flows.Search, flows.Pick, flows.More, flows.Previous,
		flows.Confirm, flows.ChooseType, flows.SendCode, flows.Verify,
		flows.Overview, flows.Next, flows.Skip, flows.Unlock, flows.OpenHistory, flows.Back, flows.Remind, flows.Cancel, flows.Closed, flows.Resume, flows.OpenUnenroll, flows.Unenroll,
		flows.BeginRemind, flows.RemindMany, flows.CountCrowd, flows.StopReminders}
}

func recordIn(s flows.State) flows.Record {
	r := flows.Record{Format: 2, ID: "s1", State: s, Page: pageQuery(false, looked{}, stores, nil)}
	if s != "" {
		r.Body = json.RawMessage(`{"target":{"store":"corp","guid":"4f1c"},"name":"Mei Lin"}`)
	}
	return r
}

// TestUnknownEvents: what a state does not know is Invalid, and never counts
// as something else.
func TestUnknownEvents(t *testing.T) {
	c := &Conversation{PageSize: 5}
	for _, s := range states() {
		for _, k := range append(kinds(), "", "odd", "Unlock") {
			if c.Table().Knows(s, k) {
				continue
			}
			h := flows.Happening{Kind: k, Now: shown, Agent: bot.AgentFacts{Role: &bot.Role{}}}
			m, err := c.Step(recordIn(s), h)
			if bot.KindOf(err) != bot.Invalid || m.Effect != nil {
				t.Errorf("%q on %q: effect %v, error %v", s, k, m.Effect, err)
			}
		}
	}
}

// TestFindingsNeedTheirKind: an event that says it is the finding of an effect,
// and is not, is an error: nobody steps on without the effect.
func TestFindingsNeedTheirKind(t *testing.T) {
	c := &Conversation{PageSize: 5}
	for _, arrow := range table() {
		for _, k := range []flows.EventKind{found, introduced, caseRead, opened, judged, offered, wrote, recalled, reminded, heldRead, unenrolled, crowdCounted, remindersStopped, flows.Failed} {
			if arrow.On != k {
				continue
			}
			for _, finding := range []any{nil, "forged", &caseFound{}} {
				h := flows.Happening{Kind: k, Found: finding, Now: shown, Agent: bot.AgentFacts{Role: &bot.Role{}}}
				if _, err := c.Step(recordIn(arrow.From), h); err == nil {
					t.Errorf("%q on %q took %v for a finding", arrow.From, k, finding)
				}
			}
		}
	}
}

// TestRecordOfAnotherFormat: a body that cannot be read ends the case.
func TestRecordOfAnotherFormat(t *testing.T) {
	c := &Conversation{PageSize: 5}
	r := recordIn(AwaitingProof)
	r.Body = json.RawMessage(`{"target":7}`)
	if _, err := c.Step(r, flows.Happening{Kind: flows.Next}); bot.KindOf(err) != bot.Expired {
		t.Errorf("error %v, want Expired", err)
	}
}

// pure steps twice on the same input and demands the same of both, and that
// the input is as it was.
func pure(t failer, c *Conversation, r flows.Record, h flows.Happening) (flows.Move, error) {
	t.Helper()
	before := asText(t, r)
	one, err := c.Step(r, h)
	two, again := c.Step(r, h)
	if (err == nil) != (again == nil) || bot.KindOf(err) != bot.KindOf(again) {
		t.Fatalf("%q on %q: %v, and then %v", r.State, h.Kind, err, again)
	}
	if diff := cmp.Diff(one, two, exportAll, cmp.Comparer(sameTime)); diff != "" {
		t.Fatalf("%q on %q gives another move the second time:\n%s", r.State, h.Kind, diff)
	}
	if after := asText(t, r); after != before {
		t.Fatalf("%q on %q changed its record:\n%s", r.State, h.Kind, cmp.Diff(before, after))
	}
	return one, err
}

func asText(t failer, r flows.Record) string {
	t.Helper()
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatalf("writing a record: %v", err)
	}
	return string(data)
}

// exportAll lets comparisons look into the conversation's own findings.
var exportAll = cmp.Exporter(func(reflect.Type) bool { return true })
