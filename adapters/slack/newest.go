package slack

import (
	"sync"
	"sync/atomic"
	"time"

	"latchkey/flows"
)

// newest knows, for each dialog, whose result was the newest, so that an older
// event which took longer does not overwrite what a newer one shows. It knows
// this of its own replica only; on another one the hash that goes with
// views.update says so in most cases, and the token of an older page is
// refused by the flow in all.
type newest struct {
	now func() time.Time

	mu    sync.Mutex
	views map[string]*standing
	forms map[string]*outcome // by what tells one submission from another
}

type standing struct {
	accepted, finished int
	at                 time.Time
}

// shown is a dialog as it stood when an event was accepted in it.
type shown struct {
	view, hash string
	n          int
	external   string   // the name of the view that our answer makes, until it stands
	form       *outcome // of a submission
}

// outcome is the result of a submission. Whoever sends the same form again
// meanwhile sees 'Checking …' once more, which must be replaced as well.
type outcome struct {
	n       int
	at      time.Time
	placed  atomic.Bool // the result stands in the dialog
	done    bool
	page    flows.Page
	waiting []*shown
}

// Dialogs are forgotten after forgetViews, looked at when there are manyViews.
const (
	manyViews   = 4096
	forgetViews = 30 * time.Minute
)

func newNewest(clock func() time.Time) *newest {
	return &newest{now: clock, views: map[string]*standing{}, forms: map[string]*outcome{}}
}

// next numbers the events of a dialog as they are accepted.
func (s *newest) next(view, hash string) *shown {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget()
	v := s.views[view]
	if v == nil {
		v = &standing{}
		s.views[view] = v
	}
	v.accepted++
	v.at = s.now()
	return &shown{view: view, hash: hash, n: v.accepted}
}

// finish notes that the event's result is there, and reports whether it may be
// shown: no newer event has a result.
func (s *newest) finish(d *shown) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.views[d.view]
	if v == nil {
		return true
	}
	v.finished = max(v.finished, d.n)
	return v.finished == d.n
}

// overtaken reports whether a newer event has a result.
func (s *newest) overtaken(d *shown) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.views[d.view]
	return v != nil && v.finished > d.n
}

// submit begins a submission that others may join.
func (s *newest) submit(key string, d *shown) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d.form = &outcome{n: d.n, at: s.now()}
	s.forms[key] = d.form
}

// join counts d to a submission that was begun. known is false where this
// replica has not seen it; the page is given where it is there already,
// otherwise settled gives d when it is.
func (s *newest) join(key string, d *shown) (page *flows.Page, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.forms[key]
	if o == nil {
		return nil, false
	}
	d.form, d.n = o, o.n
	if o.done {
		return &o.page, true
	}
	o.waiting = append(o.waiting, d)
	return nil, true
}

// settled keeps the result of a submission and gives those who joined it.
func (s *newest) settled(o *outcome, page flows.Page) []*shown {
	if o == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	waiting := o.waiting
	o.done, o.page, o.waiting = true, page, nil
	return waiting
}

// forget drops what is old, once there is much. The caller holds mu.
func (s *newest) forget() {
	if len(s.views)+len(s.forms) < manyViews {
		return
	}
	old := s.now().Add(-forgetViews)
	for id, v := range s.views {
		if v.at.Before(old) {
			delete(s.views, id)
		}
	}
	for key, o := range s.forms {
		if o.at.Before(old) {
			delete(s.forms, key)
		}
	}
}
