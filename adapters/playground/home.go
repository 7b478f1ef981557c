package playground

import "fmt"

// OpenHome opens the bot's Home tab: the bot gets app_home_opened, with the
// view where it has published one before.
func (p *Person) OpenHome() error { return p.open("home") }

// OpenMessages opens the tab beside it, the direct message: the bot gets the
// same event, which names the other tab and carries no view.
func (p *Person) OpenMessages() error { return p.open("messages") }

func (p *Person) open(tab string) error {
	req, err := p.ws.HomeOpenedRequest(p.id, tab)
	if err != nil {
		return err
	}
	return p.ws.act(req)
}

// HomeOpenedRequest is the event of a person who opens a tab of the App Home,
// home or messages, not sent yet
// (docs.slack.dev/reference/events/app_home_opened).
func (w *Workspace) HomeOpenedRequest(user, tab string) (Request, error) {
	w.mu.Lock()
	inner, err := w.homeOpened(user, tab)
	w.mu.Unlock()
	if err != nil {
		return Request{}, fmt.Errorf("%s opens the app: %w", user, err)
	}
	req, err := w.EventRequest(user, inner)
	req.settle = func(*Exchange) {} // an event has no answer to show
	return req, err
}

// homeOpened is the event itself. The caller holds mu.
func (w *Workspace) homeOpened(user, tab string) (map[string]any, error) {
	if err := w.offered(user); err != nil {
		return nil, err
	}
	if tab == "home" && w.opts.NoHome {
		return nil, fmt.Errorf("the app has no Home tab: its manifest leaves it off")
	}
	r, _ := w.directRoom(user)
	inner := map[string]any{"type": "app_home_opened", "user": user, "channel": r.ID, "tab": tab, "event_ts": w.stamp()}
	if home := w.homes[user]; home != nil && tab == "home" {
		inner["view"] = w.viewJSON(home)
	}
	return inner, nil
}

// offered tells why Slack's client shows a user nothing of the app, or nil: the
// app belongs to this workspace and to people who work in it. The caller holds
// mu.
func (w *Workspace) offered(user string) error {
	switch u, known := w.users[user]; {
	case !known:
		return fmt.Errorf("there is no user %q in the workspace", user)
	case u.Deleted:
		return fmt.Errorf("%s is deactivated", user)
	case u.IsBot:
		return fmt.Errorf("%s is a bot, which opens nothing", user)
	case u.IsStranger:
		return fmt.Errorf("%s is a stranger from a shared channel: Slack offers her neither commands nor shortcuts nor the Home tab of the app", user)
	}
	return nil
}
