package cast

import (
	"fmt"

	"latchkey/adapters/playground/ldap"
)

// Service is the bot's own account in both directories.
const Service = "svc-latchkey"

// Corp fills an Active Directory with everybody, and gives the bot's account,
// with its password, the right to unlock below OU=Staff.
//
//	OU=Staff     a container for each department
//	OU=Tier0     administrators' accounts
//	OU=Service   the bot
//	OU=Groups    all groups but Domain Admins, which is in CN=Users
//
// It gives the bot's bind name.
func Corp(s *ldap.Server, servicePassword string) (bindDN string, err error) {
	staff, err := s.AddOU(s.Base(), "Staff")
	if err != nil {
		return "", fmt.Errorf("filling corp: %w", err)
	}
	tier0, err := s.AddOU(s.Base(), "Tier0")
	if err != nil {
		return "", fmt.Errorf("filling corp: %w", err)
	}
	places := map[string]string{}
	dns := map[string]string{}
	for i, p := range People() {
		at := tier0
		if !p.Tier0 {
			if at = places[p.Department]; at == "" {
				if at, err = s.AddOU(staff, p.Department); err != nil {
					return "", fmt.Errorf("filling corp: %w", err)
				}
				places[p.Department] = at
			}
		}
		if dns[p.Login], err = add(s, p, at, dns[p.Manager], i); err != nil {
			return "", fmt.Errorf("filling corp: %w", err)
		}
		if p.MustChange {
			if err := s.Set(dns[p.Login], "pwdLastSet", "0"); err != nil {
				return "", fmt.Errorf("filling corp: %w", err)
			}
		}
	}
	if err := addGroups(s, dns); err != nil {
		return "", fmt.Errorf("filling corp: %w", err)
	}
	return service(s, servicePassword, staff)
}

// Lab fills an OpenLDAP directory with those who work in the lab, below
// ou=people, and gives the bot's account, with its password, the right to
// unlock them. It gives the bot's bind name.
func Lab(s *ldap.Server, servicePassword string) (bindDN string, err error) {
	people, err := s.AddOU(s.Base(), "people")
	if err != nil {
		return "", fmt.Errorf("filling lab: %w", err)
	}
	groups, err := s.AddOU(s.Base(), "groups")
	if err != nil {
		return "", fmt.Errorf("filling lab: %w", err)
	}
	dns := map[string]string{}
	var all []string
	for i, p := range People() {
		if !p.Lab {
			continue
		}
		if dns[p.Login], err = add(s, p, people, dns[p.Manager], i); err != nil {
			return "", fmt.Errorf("filling lab: %w", err)
		}
		all = append(all, dns[p.Login])
	}
	if _, err := s.AddGroup(groups, LabUsers, all...); err != nil {
		return "", fmt.Errorf("filling lab: %w", err)
	}
	return service(s, servicePassword, people)
}

func add(s *ldap.Server, p Person, under, manager string, place int) (string, error) {
	return s.AddUser(ldap.User{
		Login: p.Login, Under: under, Password: p.Password(), PasswordAge: p.passwordAge(place),
		First: p.First, Last: p.Last, Mail: p.Mail, Mobile: p.Mobile, Title: p.Title, Department: p.Department,
		Manager: manager, Number: p.Number, Disabled: p.Disabled,
	})
}

// addGroups: a group that is there already gets more members.
func addGroups(s *ldap.Server, dns map[string]string) error {
	at, err := s.AddOU(s.Base(), "Groups")
	if err != nil {
		return err
	}
	made := map[string]string{DomainAdmins: "CN=" + DomainAdmins + ",CN=Users," + s.Base()}
	for _, g := range Groups() {
		var members []string
		for _, login := range g.Members {
			members = append(members, dns[login])
		}
		for _, name := range g.Groups {
			members = append(members, made[name])
		}
		if dn := made[g.Name]; dn != "" {
			err = s.AddMember(dn, members...)
		} else {
			made[g.Name], err = s.AddGroup(at, g.Name, members...)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func service(s *ldap.Server, password, container string) (string, error) {
	at, err := s.AddOU(s.Base(), "Service")
	if err != nil {
		return "", fmt.Errorf("making the bot's account: %w", err)
	}
	dn, err := s.AddUser(ldap.User{Login: Service, Under: at, Password: password, PasswordNeverExpires: true})
	if err != nil {
		return "", fmt.Errorf("making the bot's account: %w", err)
	}
	return dn, s.Delegate(dn, container)
}
