package playground

// The views methods (docs.slack.dev/reference/methods). All run with mu held
// and on arguments that judge has accepted.

func (w *Workspace) viewsOpen(a arguments) reply {
	t, code := w.redeem(a.str("trigger_id"))
	if code != "" {
		return refuse(code)
	}
	// Opened out of a modal, the new one lies on top of it. Opened from
	// elsewhere, it takes the place of what was open.
	if t.view == nil || !t.view.open {
		w.clear(t.user)
	}
	return w.raise(t, a)
}

func (w *Workspace) viewsPush(a arguments) reply {
	t, code := w.redeem(a.str("trigger_id"))
	if code != "" {
		return refuse(code)
	}
	if t.view == nil || !t.view.open {
		return refuse("not_found", "[ERROR] views.push needs a trigger from a modal that is still open")
	}
	return w.raise(t, a)
}

// raise lays the modal of a call on the stack of the trigger's user.
func (w *Workspace) raise(t *trigger, a arguments) reply {
	content, _ := a.values["view"].(map[string]any)
	switch {
	case len(w.stacks[t.user]) >= maxStack:
		return refuse("push_limit_reached")
	case w.externalTaken(content, nil):
		return refuse("duplicate_external_id")
	}
	t.used = true
	v := w.newView(t.user, content)
	w.push(v)
	return ok(map[string]any{"view": w.viewJSON(v)})
}

func (w *Workspace) viewsUpdate(a arguments) reply {
	v := w.findView(a.str("view_id"), a.str("external_id"))
	if v == nil {
		return refuse("not_found")
	}
	content, _ := a.values["view"].(map[string]any)
	hash := a.str("hash")
	switch {
	case hash != "" && hash != v.hash:
		return refuse("hash_conflict")
	case content["type"] != v.content["type"]:
		return refuse("invalid_arguments", "[ERROR] a view cannot change its type [json-pointer:/view/type]")
	case w.externalTaken(content, v):
		return refuse("duplicate_external_id")
	}
	w.fill(v, content)
	return ok(map[string]any{"view": w.viewJSON(v)})
}

func (w *Workspace) viewsPublish(a arguments) reply {
	user := a.str("user_id")
	switch {
	case w.opts.NoHome:
		return refuse("not_enabled")
	case w.offered(user) != nil:
		return refuse("invalid_arguments", "invalid `user_id`")
	}
	content, _ := a.values["view"].(map[string]any)
	home, published := w.homes[user]
	hash := a.str("hash")
	switch {
	case hash != "" && (!published || hash != home.hash):
		return refuse("hash_conflict")
	case w.externalTaken(content, home):
		return refuse("duplicate_external_id")
	}
	if !published {
		home = w.newView(user, content)
		w.homes[user] = home
	} else {
		w.fill(home, content)
	}
	return ok(map[string]any{"view": w.viewJSON(home)})
}

// externalTaken tells whether another open view has the external id.
func (w *Workspace) externalTaken(content map[string]any, mine *view) bool {
	external := str(content["external_id"])
	if external == "" {
		return false
	}
	other := w.findView("", external)
	return other != nil && other != mine
}
