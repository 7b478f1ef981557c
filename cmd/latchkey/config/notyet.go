package config

import "fmt"

// NotYet finds keys that parse and are not served by this version. stop holds
// those without which the configuration would promise what does not happen: a
// restriction that is not enforced, or a part that cannot run. serve and check
// refuse with them. warn holds those whose absence denies nothing and grants
// nothing; serve says them and goes on.
func NotYet(cfg *Config) (stop, warn Faults) {
	n := notYet{cfg: cfg}
	n.parts()
	for i, s := range cfg.Stores {
		n.store(fmt.Sprintf("identity_stores[%d]", i), s)
	}
	for i, r := range cfg.Roles {
		n.role(fmt.Sprintf("roles[%d]", i), r)
	}
	n.stop.sort()
	n.warn.sort()
	return n.stop, n.warn
}

type notYet struct {
	cfg        *Config
	stop, warn Faults
}

func (n *notYet) refuse(key, mend string) {
	n.stop = append(n.stop, n.fault(key, "is not supported yet, so Latchkey does not start", mend))
}

func (n *notYet) tell(key, effect string) {
	n.warn = append(n.warn, n.fault(key, "is not supported yet", effect))
}

func (n *notYet) fault(key, what, mend string) Fault {
	return Fault{File: n.cfg.File(), Line: n.cfg.Line(key), Key: key, What: what, Mend: mend}
}

func (n *notYet) parts() {
	c := n.cfg
	if c.History.Retain > 0 {
		n.tell("history.retain", "nothing is removed from history")
	}
	if c.History.Checkpoint != nil {
		n.tell("history.checkpoint", "no checkpoint is published")
	}
	if c.History.SIEM != nil {
		n.tell("history.siem", "no event is sent")
	}
}

func (n *notYet) store(key string, s IdentityStore) {
	if s.Kind == DS389 {
		n.refuse(key+".kind", "remove the store, or use active_directory or openldap")
	}
}

func (n *notYet) role(key string, r Role) {
	if r.StepUp != nil {
		n.refuse(key+".step_up", "remove it, since nobody would be asked")
	}
	h := r.HelpdeskPolicy
	if h == nil {
		return
	}
	if len(h.Approval.When) > 0 {
		n.refuse(key+".helpdesk_policy.approval.when", "write when: [], since nobody would be asked")
	}
}
