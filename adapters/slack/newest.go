package slack

import (
	"sync"
	"sync/atomic"
	"time"

	"latchkey/flows"
)

// newest knows, for each dialog, whose result was the newest, so that an older
// event which took longer does not overwrite what a newer one shows. It knows
// this of its own replica only. Of another one, the hash that goes with
// views.update tells in most cases, showNewest looks at the record after each
// result, and the token of an older page is refused by the flow.
type newest struct {
	now func() time.Time

	mu    sync.Mutex
	views map[string]*standing
	forms map[string]*outcome // by what tells one submission from another
}

// standing is what one dialog has seen: how many events were accepted in it,
// the newest with a result, and how often it was told of what happened
// elsewhere.
type standing struct {
	accepted, finished, told int
	form                     *outcome // of the last submission
	at                       time.Time
}

// shown is a dialog as it stood when an event was accepted in it; told is as
// of the event's result, once there is one.
type shown struct {
	view, hash string
	n, told    int
	external   string   // the name of the view that our answer makes, until it stands
	form       *outcome // of a submission
	elsewhere  bool     // told of what happened there
}

// outcome is the result of a submission. Whoever sends the same form again
// meanwhile sees 'Checking …' once more, which must be replaced as well.
type outcome struct {
	n        int
	at       time.Time
	external string      // the name of the view that the first answer makes
	placed   atomic.Bool // something stands in the place of 'Checking …'
	news     atomic.Bool // and that is news, not the result
	done     bool
	told     int
	page     flows.Page
	waiting  []*shown
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
	v := s.of(view)
	v.accepted++
	return &shown{view: view, hash: hash, n: v.accepted, told: v.told}
}

// of gives what a dialog has seen. The caller holds mu.
func (s *newest) of(view string) *standing {
	s.forget()
	v := s.views[view]
	if v == nil {
		v = &standing{}
		s.views[view] = v
	}
	v.at = s.now()
	return v
}

// finish notes that the event's result is there. last reports whether it may
// be shown in the place of what stands: no newer event has a result, and it is
// not the answer to a repeated click. joined are those who have sent the same
// form meanwhile.
func (s *newest) finish(d *shown, page flows.Page) (last bool, joined []*shown) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last = !page.Repeat
	if v := s.views[d.view]; v != nil {
		d.told = v.told
		if last {
			v.finished = max(v.finished, d.n)
			last = v.finished == d.n
		}
	}
	if o := d.form; o != nil {
		joined, o.waiting = o.waiting, nil
		o.done, o.page, o.told = true, page, d.told
		for _, other := range joined {
			other.told = d.told
		}
	}
	return last, joined
}

// tell notes that the dialog is told of what happened elsewhere: that is newer
// than every result that is there, and older than all that are to come. Where
// a form was sent and its 'Checking …' may not stand yet, the page has to take
// that one's place, and whoever sends the form again sees the page, too.
func (s *newest) tell(view string, page flows.Page) *shown {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.of(view)
	v.told++
	d := &shown{view: view, n: v.finished, told: v.told, elsewhere: true}
	if o := v.form; o != nil {
		if o.done {
			o.page, o.told = page, v.told
		}
		if !o.placed.Load() {
			d.external, d.form = o.external, o
		}
	}
	return d
}

// overtaken reports whether something newer stands in the dialog.
func (s *newest) overtaken(d *shown) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	v := s.views[d.view]
	return v != nil && (v.finished > d.n || v.told > d.told)
}

// submit begins a submission that others may join.
func (s *newest) submit(key string, d *shown) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d.form = &outcome{n: d.n, at: s.now(), external: d.external}
	s.forms[key], s.of(d.view).form = d.form, d.form
}

// join counts d to a submission that was begun. known is false where this
// replica has not seen it; the page is given where it is there already,
// otherwise finish gives d when it is.
func (s *newest) join(key string, d *shown) (page *flows.Page, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.forms[key]
	if o == nil {
		return nil, false
	}
	d.form, d.n = o, o.n
	if o.done {
		d.told = o.told
		return &o.page, true
	}
	o.waiting = append(o.waiting, d)
	return nil, true
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
