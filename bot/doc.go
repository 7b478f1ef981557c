// Package bot is the middle of Latchkey: the words of the helpdesk (account,
// agent, role, policy, authentication type, evidence, grant, history record),
// the policy decision, and the unlock core.
//
// It owns what may be unlocked, by whom, after which proof, and the order in
// which an unlock is written down. It knows nothing of chat, Redis, SQL, LDAP
// or HTTP: it names the ports that it needs and imports the standard library
// alone. flows calls it for each step of a conversation, cmd wires its ports.
package bot
