package slack

import (
	"context"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"
	"go.uber.org/zap"

	"latchkey/adapters/chat"
	"latchkey/bot"
	"latchkey/flows"
)

// homes remembers who has opened the App Home, as far as this replica was told.
type homes struct {
	now    func() time.Time
	mu     sync.Mutex
	opened map[string]time.Time
}

func newHomes(clock func() time.Time) *homes {
	return &homes{now: clock, opened: map[string]time.Time{}}
}

func (h *homes) open(user string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.opened) >= chat.Many {
		clear(h.opened)
	}
	h.opened[user] = h.now()
}

func (h *homes) isOpen(user string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	at, known := h.opened[user]
	return known && h.now().Sub(at) < chat.HomeLife
}

// renewHome publishes the App Home anew after an event that may have changed
// what stands there. What ends a case renews it always: another replica may have
// been told that it was opened.
func (a *Adapter) renewHome(ctx context.Context, from sender, kind flows.EventKind) {
	open := a.homes.isOpen(from.User)
	if changes, ends := chat.ChangesHome(kind); ends || changes && open {
		a.publishHome(ctx, from, open)
	}
}

// homeOpened answers app_home_opened. The messages tab needs nothing.
func (a *Adapter) homeOpened(e envelope) answer {
	from := sender{User: e.Event.User, Team: e.Team, Enterprise: e.Enterprise, Shared: e.Shared}
	if e.Event.Tab == "messages" || !personID.MatchString(from.User) || a.outsider(from) != "" {
		return answered(nil)
	}
	booked := a.work.Book()
	if booked == nil {
		a.log.Warn("no room to show an App Home", zap.String("user", from.User))
		return answered(nil)
	}
	a.homes.open(from.User)
	return answer{status: 200, booked: booked, job: func(ctx context.Context) { a.publishHome(ctx, from, true) }}
}

// publishHome shows the App Home as it is now, or why it cannot be shown to who
// looks at it.
func (a *Adapter) publishHome(ctx context.Context, from sender, looks bool) {
	ev := flows.Event{Workspace: a.cfg.Workspace}
	var page flows.Page
	var err error
	if ev.Actor, ev.Profile, err = a.person(ctx, from, false); err == nil {
		page, err = a.desk.Home(ctx, ev)
	}
	if err != nil && !looks {
		return
	}
	if err != nil {
		page = chat.Failure(a.words.Explain(err, ev, from.User), bot.KindOf(err), ev)
	}
	if err := a.api.publish(ctx, from.User, home(page)); err != nil {
		a.log.Warn("slack App Home not shown", zap.String("user", from.User), zap.Error(err))
	}
}

// home renders a page as the App Home.
func home(p flows.Page) slackgo.HomeTabViewRequest {
	r := renderer{home: true, token: p.Token}
	return slackgo.HomeTabViewRequest{Type: slackgo.VTHomeTab, Blocks: slackgo.Blocks{BlockSet: r.render(p)},
		CallbackID: actionMark + ":home"}
}

// publish puts a view on a person's App Home.
func (c *client) publish(ctx context.Context, user string, view slackgo.HomeTabViewRequest) error {
	const op = "publish slack App Home"
	answer, err := c.api.PublishViewContext(ctx, slackgo.PublishViewContextRequest{UserID: user, View: view})
	if err == nil && (answer == nil || answer.ID == "") {
		return bot.E(bot.Unavailable, op, errNoReason)
	}
	return fault(op, err)
}
