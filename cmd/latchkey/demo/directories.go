package demo

import (
	"fmt"

	"latchkey/adapters/playground/cast"
	"latchkey/adapters/playground/ldap"
	"latchkey/adapters/playground/page"
)

// directories starts corp and lab, with everybody in them.
func (s *Stage) directories() error {
	var err error
	if s.corp, s.at.corpBind, err = s.filled("corp", ldap.ActiveDirectory, cast.Corp); err != nil {
		return err
	}
	if s.lab, s.at.labBind, err = s.filled("lab", ldap.OpenLDAP, cast.Lab); err != nil {
		return err
	}
	if s.at.corpCA, err = s.start("corp", s.corp); err != nil {
		return err
	}
	if s.at.labCA, err = s.start("lab", s.lab); err != nil {
		return err
	}
	s.at.corp, s.at.corpBase = s.corp.URL(), s.corp.Base()
	s.at.lab, s.at.labBase, s.at.labPolicy = s.lab.URL(), s.lab.Base(), s.lab.DefaultPolicy()
	return nil
}

// filled makes a directory with everybody in it, as they were kept or as at
// first.
func (s *Stage) filled(name, flavour string, fill func(*ldap.Server, string) (string, error)) (server *ldap.Server, bind string, err error) {
	if server, err = ldap.New(ldap.Options{Flavour: flavour, Domain: name + ".example.com", Now: s.Clock.Now}); err != nil {
		return nil, "", err
	}
	if bind, err = fill(server, servicePassword); err != nil {
		return nil, "", err
	}
	if s.before != nil && server.Restore(s.before.Directories[name]) != nil {
		return nil, "", brokenWorld(s.dir)
	}
	return server, bind, nil
}

func (s *Stage) start(name string, server *ldap.Server) (ca string, err error) {
	if err := server.Start("127.0.0.1:0"); err != nil {
		return "", fmt.Errorf("start the directory %s: %w", name, err)
	}
	s.after(func() { _ = server.Close() })
	return s.write(name+"-ca.pem", server.CA())
}

// people are those whom the page can be, and the caller.
func (s *Stage) people() []page.Person {
	return []page.Person{
		person("dreyes", "U0DANA", "agent, restricted mode", "Dana unlocks only after two checks, one of them strong enough. She cannot skip, see or forge one.", false, true),
		person("ubrandt", "U0ULF", "agent, unrestricted mode", "Ulf may skip page Authenticate. History says when he does.", false, true),
		person("nquist", "U0NORA", "trainee, without the permission", "Nora may look at history, and unlocks nobody.", false, true),
		s.caller(),
		person("tberg", "U0TOM", "caller, not enrolled", "Tom has enrolled with nothing: in restricted mode nobody can check that it is him.", true, false),
		person("hwong", "", "caller, in Teams alone", "Hannah has no Slack: where the helpdesk asks her in the chat, it asks in Teams.", true, false),
		person("mruiz", "U0MARTA", "Mei's manager", "Marta is only a person until approvals exist.", false, false),
	}
}

func (s *Stage) caller() page.Person {
	return person("mlin", "U0MEI", "caller, enrolled", "Mei has locked herself out and calls the helpdesk. She has a mailbox, a phone for text messages, and an authenticator app.", true, false)
}

// person gives one of the cast as the page shows him. Who is not in Slack has no id there.
func person(login, id, part, about string, caller, agent bool) page.Person {
	p, _ := cast.Find(login)
	out := page.Person{ID: id, Teams: objectID(login), Name: p.Name(), Part: part, About: about, Email: p.Mail, Mobile: p.Mobile, Caller: caller, Agent: agent,
		Logins: map[string]string{"corp": p.Login}, Password: p.Password()}
	if p.Lab {
		out.Logins["lab"] = p.Login
	}
	for _, pair := range known()[login] {
		out.Knows = append(out.Knows, page.Known{Question: pair[0], Answer: pair[1]})
	}
	return out
}
