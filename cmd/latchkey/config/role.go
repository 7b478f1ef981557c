package config

import "latchkey/bot"

// Role is a security role.
type Role struct {
	Name                 string                `yaml:"name" required:"true" pattern:"^[^\\s].{0,63}$" like:"helpdesk" doc:"by which history and texts call it"`
	Store                string                `yaml:"store" required:"true" like:"corp" doc:"identity store where its members are"`
	ActsOn               []string              `yaml:"acts_on" shown:"true" like:"[corp]" doc:"stores whose accounts its members may unlock; none: no other person's account"`
	Priority             int                   `yaml:"priority" required:"true" like:"10" min:"0" max:"1000000" doc:"a person is in the role with the lowest number"`
	Members              Members               `yaml:"members" required:"true" doc:"who is in it"`
	Permissions          []bot.Permission      `yaml:"permissions" required:"true" like:"[unlock_any_account, enroll, remind, view_history]" enum:"unlock_any_account,unlock_my_account,enroll,unenroll,remind,view_history,export_history,view_report,clear_authentication_lockout,lift_freeze" doc:"what its members may do; whatever is not named is denied"`
	MayUnlockProtected   []DN                  `yaml:"may_unlock_protected" like:"[\"CN=Domain Admins,CN=Users,DC=corp,DC=example,DC=com\"]" doc:"protected groups and containers whose protection does not bind this role"`
	HelpdeskPolicy       *HelpdeskPolicy       `yaml:"helpdesk_policy" shown:"true" doc:"how its members unlock others; without it: restricted, one type passed"`
	AuthenticationPolicy *AuthenticationPolicy `yaml:"authentication_policy" doc:"what its members are asked for when they are the caller"`
	StepUp               *StepUp               `yaml:"step_up" doc:"when members prove themselves with their own authenticator"`
}

// Members says who is in a role: any of the groups, containers, or everyone.
type Members struct {
	Groups     []DN `yaml:"groups" shown:"true" like:"[\"CN=Helpdesk,OU=Groups,DC=corp,DC=example,DC=com\"]" doc:"members of these groups, nested ones too"`
	Containers []DN `yaml:"containers" like:"[\"OU=Staff,DC=corp,DC=example,DC=com\"]" doc:"everyone under these, sub-containers too"`
	Everyone   bool `yaml:"everyone" doc:"everyone in the store"`
}

// HelpdeskPolicy is how a role's members unlock others.
type HelpdeskPolicy struct {
	Mode              bot.Mode       `yaml:"mode" default:"restricted" enum:"restricted,unrestricted" doc:"restricted: page Authenticate must be passed; unrestricted: it may be skipped"`
	Containers        []DN           `yaml:"containers" like:"[\"OU=Staff,DC=corp,DC=example,DC=com\"]" doc:"restricted: each limits the store whose base holds it; a store without one is whole"`
	Authenticate      Authenticate   `yaml:"authenticate" doc:"restricted: which types have to be passed"`
	SecurityQuestions int            `yaml:"security_questions" default:"0" min:"0" max:"20" doc:"restricted: at least so many right answers"`
	Assurance         string         `yaml:"assurance" like:"medium" enum:"context,restricted,medium,strong" doc:"restricted: the strength that at least one passed type must have"`
	Reason            bot.ReasonRule `yaml:"reason" default:"none" enum:"none,optional,required" doc:"whether page Unlock asks for a reason and a ticket"`
	Approval          Approval       `yaml:"approval" doc:"when somebody else has to approve"`
}

// Authenticate is one of two forms. With neither, one enrolled type has to be passed.
type Authenticate struct {
	AtLeast int  `yaml:"at_least" shown:"true" like:"1" min:"1" max:"5" doc:"so many types, any that the user is enrolled with"`
	AsUser  bool `yaml:"as_user" doc:"the types that the user's own role asks for"`
}

// Approval is when and by whom an unlock is approved.
type Approval struct {
	When           []string `yaml:"when" like:"[unverified, repeated]" enum:"always,unverified,protected,repeated" doc:"any of these; none: never"`
	By             string   `yaml:"by" default:"manager" enum:"manager,groups" doc:"the target's manager in the directory, or members of groups"`
	Groups         []DN     `yaml:"groups" like:"[\"CN=Helpdesk Leads,OU=Groups,DC=corp,DC=example,DC=com\"]" doc:"with by groups: who may approve"`
	FallbackGroups []DN     `yaml:"fallback_groups" like:"[\"CN=Helpdesk Leads,OU=Groups,DC=corp,DC=example,DC=com\"]" doc:"who is asked where the manager cannot be"`
	Approvers      int      `yaml:"approvers" default:"1" min:"1" max:"10" doc:"how many have to approve"`
	Expires        Duration `yaml:"expires" default:"15m" min:"1m" max:"72h" doc:"how long they have"`
	UserCode       bool     `yaml:"user_code" doc:"the approver types six digits that the user received"`
}

// AuthenticationPolicy is what an end user is asked for.
type AuthenticationPolicy struct {
	Enforced      []bot.Type `yaml:"enforced" like:"[authenticator]" enum:"security_questions,mobile,email,authenticator,chat" doc:"each of these types"`
	Chosen        int        `yaml:"chosen" default:"0" min:"0" max:"5" doc:"and so many more, of the user's choice"`
	Questions     int        `yaml:"questions" default:"0" min:"0" max:"20" doc:"number of security questions to enroll with"`
	MinimumAnswer int        `yaml:"minimum_answer" default:"4" min:"1" max:"128" doc:"shortest answer, in characters"`
	Lockout       *Lockout   `yaml:"lockout" doc:"disables authentication after wrong values in a row; never touches the directory"`
}

// Lockout is the role's authentication lockout.
type Lockout struct {
	Failures int      `yaml:"failures" required:"true" min:"1" max:"1000" like:"5" doc:"wrong values in a row"`
	Duration Duration `yaml:"duration" required:"true" min:"1s" max:"1y" like:"30m" doc:"how long authentication stays off"`
}

// StepUp asks a role's members for their own authenticator.
type StepUp struct {
	Agent    Duration `yaml:"agent" min:"1m" max:"24h" like:"8h" doc:"before the first case of a shift this long"`
	Approver string   `yaml:"approver" enum:"each" doc:"each: before each approval"`
}
