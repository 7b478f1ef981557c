package config

// Enrollment says when an enrollment counts.
type Enrollment struct {
	MinAge Duration `yaml:"min_age" default:"72h" min:"0s" max:"1y" doc:"one younger than this does not count yet; 0: at once, which lets whoever takes over a mailbox enroll and call"`
}

// Limits are the numbers that slow down guessing.
type Limits struct {
	Code     CodeLimits     `yaml:"code" doc:"codes that are sent"`
	Target   TargetLimits   `yaml:"target" doc:"for one account, over all types, agents and replicas"`
	Fleet    FleetLimits    `yaml:"fleet" doc:"for all accounts together"`
	Agent    AgentLimits    `yaml:"agent" doc:"for one agent"`
	Session  SessionLimits  `yaml:"session" doc:"the dialog"`
	Evidence EvidenceLimits `yaml:"evidence" doc:"a type that was passed"`
	Grant    GrantLimits    `yaml:"grant" doc:"the right to unlock that page Unlock gives"`
	Freeze   FreezeLimits   `yaml:"freeze" doc:"after 'This is not me'"`
}

// CodeLimits are for codes sent by mail or SMS.
type CodeLimits struct {
	Digits int      `yaml:"digits" default:"6" min:"6" max:"8" doc:"length"`
	Life   Duration `yaml:"life" default:"5m" min:"1s" max:"10m" doc:"how long a code is good"`
	Tries  int      `yaml:"tries" default:"5" min:"1" max:"5" doc:"tries at one code"`
}

// TargetLimits are for one account.
type TargetLimits struct {
	WrongPerDay   int `yaml:"wrong_per_day" default:"10" min:"1" max:"1000000" doc:"wrong values in 24 hours"`
	WrongInARow   int `yaml:"wrong_in_a_row" default:"100" min:"1" max:"1000000" doc:"wrong values in a row that stop it until latchkey unblock"`
	UnlocksPerDay int `yaml:"unlocks_per_day" default:"3" min:"1" max:"1000000" doc:"unlocks in 24 hours without approval"`
	CodesPerHour  int `yaml:"codes_per_hour" default:"10" min:"1" max:"1000000" doc:"codes sent"`

	PushesPerCase  int `yaml:"pushes_per_case" default:"3" min:"1" max:"1000000" doc:"messages in the chat during one case"`
	PushesPerHour  int `yaml:"pushes_per_hour" default:"5" min:"1" max:"1000000" doc:"messages in the chat"`
	FreezesPerWeek int `yaml:"freezes_per_week" default:"2" min:"0" max:"1000000" doc:"'This is not me' that freezes unlocking; later ones end the case alone"`
}

// FleetLimits are for all accounts together.
type FleetLimits struct {
	WrongPerHour int `yaml:"wrong_per_hour" default:"300" min:"1" max:"100000000" doc:"wrong values: one guess at each of ten thousand people is an attack too"`
}

// AgentLimits are for one agent.
type AgentLimits struct {
	CasesPerHour int `yaml:"cases_per_hour" default:"60" min:"1" max:"1000000" doc:"cases begun"`

	UnenrollsPerHour int `yaml:"unenrolls_per_hour" default:"10" min:"1" max:"1000000" doc:"users from whom enrollments are taken away"`
}

// SessionLimits are for the dialog.
type SessionLimits struct {
	Life Duration `yaml:"life" default:"15m" min:"1s" max:"8h" doc:"from its start"`
	Idle Duration `yaml:"idle" default:"5m" min:"1s" max:"8h" doc:"without a click; at most life"`
}

// EvidenceLimits are for a type that was passed.
type EvidenceLimits struct {
	Life Duration `yaml:"life" default:"15m" min:"1s" max:"1h" doc:"how long it counts"`
}

// FreezeLimits are for a person who has said that it is not he who asks.
type FreezeLimits struct {
	Life Duration `yaml:"life" default:"24h" min:"1m" max:"30d" doc:"how long nothing of that person's is unlocked"`
}

// GrantLimits are for the right to unlock.
type GrantLimits struct {
	Life Duration `yaml:"life" default:"5m" min:"1s" max:"15m" doc:"from the moment page Unlock opens"`
}

// History says how long history is kept and how it is proved.
type History struct {
	Retain     Duration    `yaml:"retain" min:"1d" max:"100y" like:"2y" doc:"what is older is exported to archive, then removed; without it nothing is removed"`
	Archive    string      `yaml:"archive" like:"/var/lib/latchkey/archive" doc:"folder for what is removed; needed with retain"`
	Checkpoint *Checkpoint `yaml:"checkpoint" doc:"signed statements of what history holds, published outside the database"`
	SIEM       *SIEM       `yaml:"siem" doc:"where security events are sent"`
}

// Checkpoint is where signed checkpoints are published.
type Checkpoint struct {
	File  string   `yaml:"file" required:"true" like:"/var/lib/latchkey/checkpoints" doc:"file that grows by one a period"`
	Every Duration `yaml:"every" default:"1m" min:"1s" max:"1d" doc:"the period"`
}

// SIEM is a receiver of security events.
type SIEM struct {
	Kind string  `yaml:"kind" required:"true" enum:"ocsf,ecs,cef" doc:"form of the events"`
	To   Address `yaml:"to" required:"true" like:"tcp://siem.example.com:6514" doc:"tcp://host:port"`
}
