package config

import "latchkey/bot"

// The kinds of directories.
const (
	ActiveDirectory = "active_directory"
	OpenLDAP        = "openldap"
	DS389           = "389ds"
)

// WriteToPDC is the word of write_to for the controller that holds the PDC
// emulator role.
const WriteToPDC = "pdc"

// IdentityStore is one directory.
type IdentityStore struct {
	Name                string     `yaml:"name" required:"true" pattern:"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$" like:"corp" doc:"by which roles and commands call it; history keeps it, so never change it"`
	Kind                string     `yaml:"kind" required:"true" enum:"active_directory,openldap,389ds" doc:"what sort of server"`
	URLs                []Address  `yaml:"urls" required:"true" min:"1" like:"[\"ldaps://dc1.corp.example.com\"]" doc:"its servers, tried in this order; ldap:// means StartTLS, required"`
	Base                DN         `yaml:"base" required:"true" like:"DC=corp,DC=example,DC=com" doc:"below which people and groups are"`
	BindDN              DN         `yaml:"bind_dn" required:"true" like:"CN=latchkey,OU=Service,DC=corp,DC=example,DC=com" doc:"the service account"`
	BindPassword        Secret     `yaml:"bind_password" required:"true" like:"${CORP_PASSWORD}" doc:"its password"`
	CAFile              string     `yaml:"ca_file" like:"/etc/latchkey/corp-ca.pem" doc:"PEM file with the authority that signed the servers' certificates; the system's without it"`
	AuthenticationTypes []bot.Type `yaml:"authentication_types" required:"true" like:"[email, authenticator]" enum:"security_questions,mobile,email,authenticator,chat" doc:"authentication types that the store uses"`
	QuestionPool        []string   `yaml:"question_pool" like:"[\"In which town did your parents meet?\"]" doc:"security questions that its people may choose"`
	WriteTo             string     `yaml:"write_to" like:"pdc" doc:"the server that is written to: pdc (the default of active_directory) or one of urls (the default elsewhere: the first)"`
	LinkAttribute       string     `yaml:"link_attribute" pattern:"^[A-Za-z][A-Za-z0-9-]{0,63}$" like:"employeeID" doc:"the same value in two stores makes two accounts linked"`
	TrustEnrollmentOf   []string   `yaml:"trust_enrollment_of" like:"[lab]" doc:"stores whose enrollments, made on a linked account, count here too"`
	DefaultPolicy       DN         `yaml:"default_policy" like:"cn=default,ou=policies,dc=example,dc=com" doc:"openldap: the policy that the overlay uses for accounts without their own"`
	Attributes          Attributes `yaml:"attributes" doc:"attributes to read where they are not the usual ones"`
	Protected           Protected  `yaml:"protected" doc:"accounts that nobody unlocks from chat, except a role whose may_unlock_protected names the group or container"`
}

// Attributes are names of attributes. An empty one: what the kind of directory uses.
type Attributes struct {
	Mobile  string `yaml:"mobile" pattern:"^[A-Za-z][A-Za-z0-9-]{0,63}$" like:"mobile" doc:"mobile number"`
	Mail    string `yaml:"mail" pattern:"^[A-Za-z][A-Za-z0-9-]{0,63}$" like:"mail" doc:"mail address"`
	Manager string `yaml:"manager" pattern:"^[A-Za-z][A-Za-z0-9-]{0,63}$" like:"manager" doc:"name of the manager's entry"`
}

// Protected names what is out of reach.
type Protected struct {
	Groups     []DN `yaml:"groups" like:"[\"CN=Domain Admins,CN=Users,DC=corp,DC=example,DC=com\"]" doc:"members, nested ones too"`
	Containers []DN `yaml:"containers" like:"[\"OU=Tier0,DC=corp,DC=example,DC=com\"]" doc:"everything under them"`
}
