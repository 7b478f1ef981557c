package slack

// What a person is told when a dialog cannot be changed, or only late.
const (
	textUnshown = "The dialog could not be changed, so the answer is not there. What was done is done. Type /unlock and the name again to see where the case stands."
	textLate    = "This takes longer than it should: a server is slow to answer. The result will stand here. If you close this, nothing that was begun is lost."
)

// trim bounds a foreign word in the log.
func trim(s string, most int) string { return clean(s, most) }
