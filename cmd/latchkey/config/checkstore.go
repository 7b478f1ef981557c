package config

import (
	"fmt"
	"slices"

	"latchkey/bot"
)

func (c *checker) store(i int) {
	s := c.cfg.Stores[i]
	key := fmt.Sprintf("identity_stores[%d]", i)
	for j := range i {
		if c.cfg.Stores[j].Name == s.Name && c.sound(key+".name") {
			c.fault(key+".name", "%s is the name of another store (line %d); choose another", quote(s.Name), c.line(fmt.Sprintf("identity_stores[%d].name", j)))
		}
	}
	for j, u := range s.URLs {
		at := fmt.Sprintf("%s.urls[%d]", key, j)
		if c.address(at, u, "ldaps", "ldap") && (u.Path != "" && u.Path != "/" || u.User != "" || u.Query != "") {
			c.fault(at, "holds more than a server; write ldaps://host or ldaps://host:port")
		}
	}
	c.writeTo(key, s)
	c.types(key+".authentication_types", s)
	c.trust(key+".trust_enrollment_of", s)
	if c.sound(key+".default_policy") && c.sound(key+".kind") && s.Kind != OpenLDAP {
		c.fault(key+".default_policy", "is for kind openldap alone; remove it")
	}
	c.within(key+".protected.groups", s.Protected.Groups, []IdentityStore{s})
	c.within(key+".protected.containers", s.Protected.Containers, []IdentityStore{s})
}

func (c *checker) writeTo(key string, s IdentityStore) {
	at := key + ".write_to"
	switch {
	case !c.sound(at) || c.bad[key+".kind"]:
	case s.WriteTo == WriteToPDC && s.Kind != ActiveDirectory:
		c.fault(at, "is pdc, which only an active_directory has; name one of urls, or remove it")
	case s.WriteTo != WriteToPDC && s.Writer() == nil:
		c.fault(at, "%s is not one of urls; write pdc or one of urls, exactly as it stands there", quote(s.WriteTo))
	}
}

// Writer gives the one of URLs that write_to names; nil where it names the
// controller with the PDC emulator role, or nothing.
func (s *IdentityStore) Writer() *Address {
	var written Address
	if written.scan(text{{said: s.WriteTo}}) != "" {
		return nil
	}
	for i := range s.URLs {
		if s.URLs[i] == written {
			return &s.URLs[i]
		}
	}
	return nil
}

func (c *checker) types(key string, s IdentityStore) {
	c.once(key, words(s.AuthenticationTypes))
	if slices.Contains(s.AuthenticationTypes, bot.Email) && c.cfg.Mail == nil && !c.has("mail") {
		c.fault(fmt.Sprintf("%s[%d]", key, slices.Index(s.AuthenticationTypes, bot.Email)), "needs a mail server, and there is no section mail; add one")
	}
	if slices.Contains(s.AuthenticationTypes, bot.Mobile) && c.cfg.SMS == nil && !c.has("sms") {
		c.fault(fmt.Sprintf("%s[%d]", key, slices.Index(s.AuthenticationTypes, bot.Mobile)), "needs a gateway of text messages, and there is no section sms; add one")
	}
}

func (c *checker) trust(key string, s IdentityStore) {
	c.once(key, s.TrustEnrollmentOf)
	for j, name := range s.TrustEnrollmentOf {
		at := fmt.Sprintf("%s[%d]", key, j)
		if name == s.Name && c.sound(at) {
			c.fault(at, "is the store itself, whose enrollments count anyway; remove it")
			continue
		}
		c.knownStore(at, name)
	}
}

// once notes a fault for each value of a list that stands in it twice.
func (c *checker) once(key string, values []string) {
	for j, v := range values {
		if at := fmt.Sprintf("%s[%d]", key, j); v != "" && slices.Contains(values[:j], v) && c.sound(at) {
			c.fault(at, "%s is named twice; keep one", quote(v))
		}
	}
}

func words[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// within notes a fault for each name that is in none of the stores' trees.
func (c *checker) within(key string, dns []DN, stores []IdentityStore) {
	for j, dn := range dns {
		at := fmt.Sprintf("%s[%d]", key, j)
		inside := func(s IdentityStore) bool { return c.under(dn, s) }
		if c.sound(at) && len(stores) > 0 && !slices.ContainsFunc(stores, inside) {
			if i := slices.IndexFunc(c.cfg.Stores, inside); i >= 0 && c.names[dn] != "" {
				c.fault(at, "%s belongs to store %s, which this is not about; name it where that store is meant, or remove it", quote(string(dn)), c.cfg.Stores[i].Name)
				continue
			}
			bases := make([]string, len(stores))
			for k, s := range stores {
				bases[k] = s.Name + " (" + string(s.Base) + ")"
			}
			c.fault(at, "%s is not below the base of %s; is it spelled right?", quote(string(dn)), join(bases, "or"))
		}
	}
}

// join lists words with a last one after "or" or "and".
func join(w []string, last string) string {
	out := ""
	for i, s := range w {
		switch {
		case i == 0:
			out = s
		case i == len(w)-1:
			out += " " + last + " " + s
		default:
			out += ", " + s
		}
	}
	return out
}
