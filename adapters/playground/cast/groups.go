package cast

// Group is a group of the company's directory.
type Group struct {
	Name    string
	Members []string // logins
	Groups  []string // names of groups that are in it, made before it
}

// Names of the groups that roles and protection go by.
const (
	Helpdesk         = "Helpdesk"          // agents, in restricted mode
	HelpdeskLeads    = "Helpdesk Leads"    // in unrestricted mode
	HelpdeskTrainees = "Helpdesk Trainees" // may look, and unlock nobody
	DomainAdmins     = "Domain Admins"     // protected; every domain has it
	LabUsers         = "lab-users"         // in the lab, of all who are there
)

// Groups are all groups, nested ones before those that hold them.
func Groups() []Group {
	var out []Group
	departments := map[string]int{} // the group's place
	for _, p := range People() {
		at, there := departments[p.Department]
		if !there {
			at = len(out)
			departments[p.Department] = at
			out = append(out, Group{Name: p.Department + " Team"})
		}
		if !p.Tier0 {
			out[at].Members = append(out[at].Members, p.Login)
		}
	}
	everybody := Group{Name: "All Staff"}
	for _, g := range out {
		everybody.Groups = append(everybody.Groups, g.Name)
	}
	return append(out, everybody,
		Group{Name: "Helpdesk Night Shift", Members: []string{"lkowalski", "rwest"}},
		Group{Name: Helpdesk, Members: []string{"dreyes", "abaptiste", "jbanerjee"}, Groups: []string{"Helpdesk Night Shift"}},
		Group{Name: HelpdeskLeads, Members: []string{"ubrandt"}},
		Group{Name: HelpdeskTrainees, Members: []string{"nquist"}},
		Group{Name: "Tier 0 Operators", Members: []string{"aadmin"}},
		Group{Name: DomainAdmins, Groups: []string{"Tier 0 Operators"}},
		Group{Name: "VPN Users", Groups: []string{"Sales Team", "Engineering Team", "IT Team"}},
		Group{Name: "Payroll Access", Members: []string{"abakker", "dcohen", "fmartin"}},
	)
}
