// Package cast is who acts in the demo: the people of a made-up company, with
// their managers, containers and groups in two directories, always the same,
// so that stories can rely on them. It fills directories of package ldap and
// knows nothing of the bot. cmd calls it for the demo, and the stories for names.
//
// Everybody's password is the login with "-demo" behind it: mlin-demo. Mail
// addresses are in example.com, and mobile numbers are North American ones from
// 555-0100 to 0199, which are nobody's and still valid: libraries that judge
// numbers refuse the ranges that other countries keep for films.
package cast
