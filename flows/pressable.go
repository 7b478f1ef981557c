package flows

// Pressable reports whether a page may offer the kind, as a button or as its
// submit: what is pressed there belongs to the page's record. What comes back
// from a chat and is not pressable was never offered.
func (k EventKind) Pressable() bool {
	switch k {
	case Search, Pick, More, Previous, Confirm, ChooseType, SendCode, Verify, Overview, Next, Skip, Unlock,
		OpenHistory, Back, Remind, Cancel, Resume, Answer, NotMe, Clear, Lift, OpenUnenroll, Unenroll, RemindMany, CountCrowd,
		Add, Change, Remove, SetAddress, SetAnswers, Renew, Propose, Link, Unlink:
		return true
	}
	return false
}

// Opens reports whether a button may begin a new record with the kind: it
// stands on home pages and in messages, needs no token and says nothing more.
func (k EventKind) Opens() bool {
	switch k {
	case Begin, BeginHistory, BeginLocked, BeginMe, BeginEnroll, BeginRemind, StopReminders:
		return true
	}
	return false
}
