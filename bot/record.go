package bot

// record begins a history record about the case: who, on whom, by which way.
func (f *Facts) record(id string, action Action, status Status) Record {
	r := Record{
		ID: id, Operation: id, Session: f.Case.Session, At: f.Now, Action: action, Status: status,
		Actor: f.Agent.Party(f.Case.Chat), Client: f.Case.Client, Workspace: f.Case.Workspace, Helpdesk: !f.Case.Self,
	}
	if f.Case.Self {
		r.Actor.Kind = ActorEndUser
	} else if f.Agent.Role != nil {
		r.Mode = f.Agent.Role.Helpdesk.Mode
	}
	if len(f.Accounts) > 0 {
		r.about(f.Accounts[0].Account)
	}
	return r
}

// about sets whom the record is about.
func (r *Record) about(a Account) {
	r.Target, r.Store = PartyOf(a, ActorEndUser), a.ID.Store
}

// PartyOf names an account's owner for history.
func PartyOf(a Account, kind ActorKind) Party {
	return Party{Kind: kind, Account: a.ID, Login: a.Login, Name: a.DisplayName}
}

// Party names the agent for history.
func (a AgentFacts) Party(chat Chatter) Party {
	p := PartyOf(a.Account, ActorAgent)
	p.Chat = chat.String()
	return p
}
