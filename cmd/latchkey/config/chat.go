package config

// Slack is the Slack app.
type Slack struct {
	Mode          string   `yaml:"mode" default:"http" enum:"http,socket" doc:"http: Slack calls listen; socket: Latchkey connects to Slack, and no inbound port is needed"`
	SigningSecret []Secret `yaml:"signing_secret" shown:"true" single:"true" min:"1" max:"2" like:"${SLACK_SIGNING_SECRET}" doc:"proves that a request is from Slack; two while it is rotated. Needed in mode http, not used in mode socket"`
	BotToken      Secret   `yaml:"bot_token" required:"true" like:"${SLACK_BOT_TOKEN}" doc:"the bot user's token, xoxb-…"`
	AppToken      Secret   `yaml:"app_token" like:"${SLACK_APP_TOKEN}" doc:"the app-level token, xapp-…, with the scope connections:write; needed in mode socket"`
	Workspace     string   `yaml:"workspace" required:"true" pattern:"^[TE][A-Z0-9]{2,30}$" like:"T0123456789" doc:"the only workspace, or with E… the only organisation, whose people are served; guests and shared channels are refused"`
	AuditChannel  string   `yaml:"audit_channel" required:"true" pattern:"^[CG][A-Z0-9]{2,30}$" like:"C0123456789" doc:"id of the channel where every result is told"`
	APIURL        Address  `yaml:"api_url" default:"https://slack.com/api/" doc:"base of Slack's Web API"`
	ResponseHosts []string `yaml:"response_hosts" default:"hooks.slack.com" single:"true" min:"1" doc:"hosts to which a response_url may point"`
}

// Teams is the Teams app.
type Teams struct {
	AppID        string      `yaml:"app_id" required:"true" pattern:"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$" like:"00000000-0000-0000-0000-000000000000" doc:"the bot's application id"`
	TenantID     string      `yaml:"tenant_id" required:"true" pattern:"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$" like:"00000000-0000-0000-0000-000000000000" doc:"the only tenant whose people are served"`
	ClientSecret Secret      `yaml:"client_secret" shown:"true" like:"${TEAMS_CLIENT_SECRET}" doc:"the application's secret; one of the three credentials is needed"`
	Certificate  string      `yaml:"certificate_file" like:"/etc/latchkey/teams.pem" doc:"instead of the secret: certificate and its private key, in PEM"`
	Federated    string      `yaml:"federated_token_file" like:"/var/run/secrets/azure/tokens/azure-identity-token" doc:"instead of the secret: a token that a federated credential of the application trusts (workload identity)"`
	AuditChannel string      `yaml:"audit_channel" required:"true" pattern:"^19:[^\\s]{1,200}$" like:"19:abc@thread.tacv2" doc:"id of the channel where every result is told"`
	Cloud        *TeamsCloud `yaml:"cloud" doc:"other addresses than the public cloud's: national clouds, tests"`
}

// TeamsCloud is a Microsoft cloud: by its name, and by single addresses where
// they differ from those that the name stands for.
type TeamsCloud struct {
	Name              string   `yaml:"name" default:"public" enum:"public,gcc,gcchigh,dod" doc:"which of Microsoft's clouds; it gives the addresses below"`
	TokenURL          Address  `yaml:"token_url" like:"https://login.microsoftonline.com/TENANT/oauth2/v2.0/token" doc:"where the bot fetches its token; without it the cloud's, of the tenant"`
	Scope             string   `yaml:"scope" like:"https://api.botframework.com/.default" doc:"scope of that token; without it the cloud's"`
	Issuer            string   `yaml:"issuer" like:"https://api.botframework.com" doc:"who signs the tokens of incoming requests; without it the cloud's"`
	OpenIDMetadataURL Address  `yaml:"openid_metadata_url" like:"https://login.botframework.com/v1/.well-known/openidconfiguration" doc:"where the signer's keys are found; without it the cloud's"`
	ServiceHosts      []string `yaml:"service_hosts" like:"smba.trafficmanager.net" single:"true" doc:"hosts to which answers may be sent; without it the cloud's"`
}

// People says how chat persons are bound, chat by chat. Without a chat's part
// its people are bound by latchkey people alone.
type People struct {
	Slack *SlackPeople `yaml:"slack" shown:"true" doc:"people of Slack"`
	Teams *TeamsPeople `yaml:"teams" doc:"people of Teams"`
}

// SlackPeople is how a Slack person is found in a directory the first time.
type SlackPeople struct {
	Store        string   `yaml:"store" required:"true" like:"corp" doc:"identity store in which to look"`
	Match        string   `yaml:"match" default:"none" enum:"email,none" doc:"email: by the mail address that Slack has confirmed; none: by latchkey people bind alone"`
	EmailDomains []string `yaml:"email_domains" single:"true" like:"[example.com]" doc:"only addresses of these domains are matched; needed with match email"`
}

// TeamsPeople is how a Teams person is found in a directory the first time.
type TeamsPeople struct {
	Store string `yaml:"store" required:"true" like:"corp" doc:"identity store in which to look"`
	Match string `yaml:"match" default:"none" enum:"upn,none" doc:"upn: by user principal name; none: by latchkey people bind alone"`
}
