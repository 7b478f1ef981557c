package bot

// Level says how a part of the installation was found.
type Level string

// The levels. Only a Fault makes `latchkey check` fail.
const (
	LevelOK      Level = "ok"
	LevelWarning Level = "warning" // it serves, but an administrator should know
	LevelFault   Level = "fault"   // it does not serve until this is mended
)

// Finding is one line of `latchkey check`: a part that was tried, and what came
// of it. Neither text holds a secret or personal data.
type Finding struct {
	Part  string `json:"part"` // "redis", "mail", "directory corp"
	Level Level  `json:"level"`
	What  string `json:"what"`           // what was found, one sentence
	Mend  string `json:"mend,omitempty"` // how to mend it; empty where there is nothing to do
}

// Worst gives the gravest level among findings, and LevelOK for none.
func Worst(findings []Finding) Level {
	worst := LevelOK
	for _, f := range findings {
		switch {
		case f.Level == LevelFault:
			return LevelFault
		case f.Level == LevelWarning:
			worst = LevelWarning
		}
	}
	return worst
}
