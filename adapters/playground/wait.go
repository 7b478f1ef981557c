package playground

import "time"

// await looks again after every change until check holds or patience ends. It
// sleeps on the workspace's changes, never for a fixed time.
func (w *Workspace) await(patience time.Duration, check func() bool) bool {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for {
		changed := w.Changed()
		if check() {
			return true
		}
		select {
		case <-changed:
		case <-timer.C:
			return check()
		}
	}
}

// Eventually waits until check holds, looking again after every change on any
// screen or in the logs; false when patience ends first (Options.Patience).
func (w *Workspace) Eventually(check func() bool) bool { return w.await(w.opts.Patience, check) }

// lastTrouble words the newest problem for an error about something that did
// not appear: it is often the reason.
func (w *Workspace) lastTrouble() string {
	if all := w.Problems(); len(all) > 0 {
		return "\nthe last problem was: " + all[len(all)-1]
	}
	return ""
}
