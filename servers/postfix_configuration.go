package servers

import (
	"fmt"
	"strings"
)

// mainText is main.cf: TLS and a login before anything, one domain delivered
// into folders, no way out of this machine.
func (s *Postfix) mainText() string {
	return strings.NewReplacer("@DIR@", s.Dir, "@NAME@", mailHost, "@DOMAIN@", mailDomain).Replace(`compatibility_level = 3.6
queue_directory = @DIR@/spool
data_directory = @DIR@/data
maillog_file = @DIR@/postfix.out
maillog_file_prefixes = @DIR@
myhostname = @NAME@
mydestination =
mynetworks =
inet_interfaces = loopback-only
inet_protocols = ipv4
smtpd_tls_cert_file = @DIR@/cert.pem
smtpd_tls_key_file = @DIR@/key.pem
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
cyrus_sasl_config_path = @DIR@/etc/sasl
smtpd_sasl_local_domain = @NAME@
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_recipient_access regexp:@DIR@/etc/recipients, permit_sasl_authenticated, reject
smtpd_peername_lookup = no
virtual_mailbox_domains = @DOMAIN@
virtual_mailbox_base = @DIR@/mail
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 1
default_transport = error:mail of a test stays here
relay_transport = error:mail of a test stays here
alias_maps =
`)
}

// masterText is master.cf: the services that receiving and delivering need.
func (s *Postfix) masterText() string {
	return fmt.Sprintf(`%s:%d inet n - n - - smtpd
%s:%d inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
`, s.Host, smtpPort, s.Host, smtpsPort)
}
