package directory

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"latchkey/bot"

	"github.com/go-ldap/ldap/v3"
)

// attributes sees that the attributes that the configuration names exist, and
// warns where users write the one that links accounts themselves.
func (r *report) attributes(ctx context.Context, c *connection) error {
	config := r.store.config
	named := map[string]string{"link_attribute": config.LinkAttribute, "attributes.mail": config.Attributes.Mail,
		"attributes.mobile": config.Attributes.Mobile, "attributes.manager": config.Attributes.Manager}
	root, _, err := c.base(ctx, "", anything, "subschemaSubentry")
	if err != nil {
		return err
	}
	schema, _, err := c.base(ctx, root.get("subschemaSubentry"), "(objectClass=subschema)", "attributeTypes")
	if err != nil {
		return err
	}
	types := schema.all("attributeTypes")
	for _, key := range []string{"link_attribute", "attributes.mail", "attributes.mobile", "attributes.manager"} {
		name := named[key]
		if name == "" || len(types) == 0 {
			continue
		}
		known := regexp.MustCompile(`(?i)\bNAME\s+(\(\s*('[^']*'\s+)*)?'` + regexp.QuoteMeta(name) + `'`)
		if !slices.ContainsFunc(types, known.MatchString) {
			r.fault(fmt.Sprintf("%s: the schema has no attribute %s", key, name), "put the name right")
		}
	}
	if config.LinkAttribute == "" || config.Kind != ActiveDirectory {
		return nil
	}
	return r.selfWritten(ctx, c, config.LinkAttribute)
}

// Property sets that Active Directory lets users write of themselves (MS-ADTS
// 3.1.1.2.3.3 and the class user's default access list): personal, mail and web
// information.
func selfWrittenSets() []string {
	return []string{"77b5b886-944a-11d1-aebd-0000f80367c1", "e45795b2-9455-11d1-aebd-0000f80367c1", "e45795b3-9455-11d1-aebd-0000f80367c1"}
}

func (r *report) selfWritten(ctx context.Context, c *connection, name string) error {
	found, _, err := c.search(ctx, query{base: "CN=Schema," + c.root.configuration, scope: ldap.ScopeSingleLevel, most: 2,
		filter: "(&(objectClass=attributeSchema)(lDAPDisplayName=" + ldap.EscapeFilter(name) + "))", attributes: []string{"attributeSecurityGUID"}})
	if err != nil || len(found) != 1 {
		return err
	}
	set := activeDirectory{}.guid(entry{attributes: []attribute{{"objectGUID", [][]byte{found[0].bytes("attributeSecurityGUID")}}}})
	if slices.Contains(selfWrittenSets(), set) {
		r.warning("link_attribute "+name+" belongs to what users write of themselves, by Active Directory's defaults: who sets another's value is linked to his account",
			"link by an attribute that administrators alone write, such as employeeID")
	}
	return nil
}

// names sees that groups and containers exist and are spelled as here.
func (r *report) names(ctx context.Context, c *connection, names []bot.DN) error {
	for _, want := range names {
		e, there, err := c.base(ctx, string(want), anything, "objectClass")
		if codeIs(err, ldap.LDAPResultInvalidDNSyntax, ldap.LDAPResultReferral) {
			there, err = false, nil
		}
		if err != nil {
			return err
		}
		if what, mend := misnamed(want, e, there); what != "" {
			r.fault(what, mend)
		}
	}
	return nil
}

// misnamed says what is wrong with a name, "" for nothing.
func misnamed(want bot.DN, e entry, there bool) (what, mend string) {
	dn, _ := Canonical(e.dn)
	classes := strings.ToLower(strings.Join(e.all("objectClass"), " "))
	switch {
	case !there:
		return fmt.Sprintf("%s does not exist, or may not be seen: it protects nobody and gives nobody a role", want), "put the name right"
	case dn != want:
		return fmt.Sprintf("%s is spelled %s in the directory, and is not recognised by the other spelling", want, dn), "write the name as the directory does"
	case strings.Contains(classes, "posixgroup") && !strings.Contains(classes, "groupof"):
		return fmt.Sprintf("%s is a posixGroup, which names its members by memberUid: that is not read", want), "name a group with member or uniqueMember"
	}
	return "", ""
}

// policies sees that the ends of locks can be told.
func (r *report) policies(ctx context.Context, c *connection) error {
	if r.store.config.Kind == ActiveDirectory {
		e, err := c.remembered(ctx, c.root.domain, "lockoutDuration")
		if err == nil && e.get("lockoutDuration") == "" {
			r.warning("the domain's lockoutDuration may not be read: when a lock ends by itself is not told", "let the account of bind_dn read the domain's entry")
		}
		return err
	}
	d := openLDAP{r.store}
	if r.store.config.DefaultPolicy == "" {
		r.warning("default_policy is not set: locks of accounts without pwdPolicySubentry count as locks without an end", "set default_policy to the overlay's ppolicy_default")
		return nil
	}
	p, err := d.policy(ctx, c, "")
	if err == nil && !p.known {
		r.fault("default_policy does not exist, or may not be read", "put its name right, or let the account of bind_dn read it")
	}
	return err
}
