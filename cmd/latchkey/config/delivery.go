package config

// Mail is the server that takes mail.
type Mail struct {
	URL    Address `yaml:"url" required:"true" like:"smtps://latchkey:${SMTP_PASSWORD}@mail.example.com:465" doc:"smtps://…: TLS from the start; smtp://…: STARTTLS, required"`
	From   string  `yaml:"from" required:"true" like:"\"Helpdesk <helpdesk@example.com>\"" doc:"sender"`
	CAFile string  `yaml:"ca_file" like:"/etc/latchkey/mail-ca.pem" doc:"PEM file with the authority that signed the server's certificate; the system's without it"`

	RemindersPerMinute int `yaml:"reminders_per_minute" default:"60" min:"1" max:"6000" doc:"reminders to many people at most, all jobs and replicas together"`
}

// SMS is the gateway that takes text messages: exactly one of twilio and webhook.
type SMS struct {
	Region  string   `yaml:"region" pattern:"^[A-Z]{2}$" like:"DE" doc:"country of mobile numbers that are written without one, by its two letters; without it such numbers are refused"`
	Twilio  *Twilio  `yaml:"twilio" doc:"Twilio's programmable messaging"`
	Webhook *Webhook `yaml:"webhook" doc:"any gateway that takes a JSON POST"`
}

// Twilio is an account there.
type Twilio struct {
	AccountSID string  `yaml:"account_sid" required:"true" like:"AC0123" doc:"account"`
	AuthToken  Secret  `yaml:"auth_token" required:"true" like:"${TWILIO_TOKEN}" doc:"its token"`
	From       string  `yaml:"from" required:"true" pattern:"^\\+[0-9]{4,15}$" like:"\"+15550100\"" doc:"sender, E.164"`
	APIURL     Address `yaml:"api_url" default:"https://api.twilio.com" doc:"base of the API"`
}

// Webhook is a gateway's address.
type Webhook struct {
	URL     Address           `yaml:"url" required:"true" like:"https://sms.example.com/send" doc:"where each message is posted"`
	Headers map[string]Secret `yaml:"headers" like:"{ Authorization: \"Bearer ${SMS_TOKEN}\" }" doc:"headers of each request"`
	CAFile  string            `yaml:"ca_file" like:"/etc/latchkey/sms-ca.pem" doc:"PEM file with the authority that signed the gateway's certificate; the system's without it"`
}

// Region is the country of mobile numbers that are written without one, or "".
func (c *Config) Region() string {
	if c.SMS == nil {
		return ""
	}
	return c.SMS.Region
}
