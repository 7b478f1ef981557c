package pagetest

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.uber.org/zap"

	"latchkey/bot"
	"latchkey/flows"
)

// Messages gives what the bot posts by itself once an unlock has ended:
// audit_… in the audit channel, result_… to the agent. The announcer makes
// them, so they are what is sent. It panics where one is not made.
func Messages() []Fixture {
	var out []Fixture
	for _, s := range stories() {
		audit := bot.Notice{ID: "1", Kind: bot.NoticeAudit, Record: s.record}
		agent := bot.Notice{ID: "2", Kind: bot.NoticeAgent, To: reader.String(), Record: s.record}
		post := &post{due: []bot.Notice{audit, agent}}
		announcer := flows.Announcer{Outbox: post, Messengers: map[string]flows.Messenger{reader.Platform: post},
			Now: func() time.Time { return s.record.At }, Log: zap.NewNop()}
		if n, err := announcer.Announce(context.Background()); n != 2 || err != nil || len(post.pages) != 2 {
			panic(fmt.Sprintf("the announcer posted %d pages about %q: %v", len(post.pages), s.name, err))
		}
		out = append(out, Fixture{Name: "audit_" + s.name, Page: post.pages[0]}, Fixture{Name: "result_" + s.name, Page: post.pages[1]})
	}
	return out
}

var reader = bot.Chatter{Platform: "chat", Tenant: "T1", User: "U1"}

type story struct {
	name   string
	record bot.Record
}

// stories are the ends of an unlock, and names that a directory may hold.
func stories() []story {
	unlock := func(status bot.Status, change func(*bot.Record)) bot.Record {
		r := bot.Record{ID: "r1", Operation: "7f3c0d", At: time.Date(2026, time.November, 2, 9, 30, 0, 0, time.UTC), Action: bot.ActionUnlock, Status: status,
			Actor:  bot.Party{Kind: bot.ActorAgent, Name: "Dana Reyes", Login: "dana"},
			Target: bot.Party{Kind: bot.ActorEndUser, Name: "Mei Lin", Login: "mei"}, Store: "corp", Helpdesk: true}
		change(&r)
		return r
	}
	hostile := func(who string) bot.Record {
		return unlock(bot.StatusSuccess, func(r *bot.Record) {
			r.Actor.Name, r.Target.Name, r.Reason, r.Ticket, r.Detail = who, who, who, who, who
		})
	}
	return []story{
		{"applied", unlock(bot.StatusSuccess, func(r *bot.Record) {
			r.Types, r.Reason, r.Ticket = []bot.Type{bot.Email, bot.Authenticator}, "Called from the sales floor.", "INC-1"
		})},
		{"skipped", unlock(bot.StatusSuccess, func(*bot.Record) {})},
		{"not_applied", unlock(bot.StatusFailure, func(r *bot.Record) { r.Detail = "the service account may not unlock this account" })},
		{"refused", unlock(bot.StatusFailure, func(r *bot.Record) { r.Why = bot.TooManyUnlocks })},
		{"unknown", unlock(bot.StatusUnknown, func(r *bot.Record) { r.Detail = "the directory could not be read for a day" })},
		{"hostile_markup", hostile("<!channel> *Mei* _Lin_ `x` <https://evil.example|here> & @everyone")},
		{"hostile_right_to_left", hostile("Mei \u202egnol\u202c \u200fLin\u2069")},
		{"hostile_control", hostile("Mei\x00\x07\nLin\r\t\x1b[31m")},
		{"hostile_huge", hostile(strings.Repeat("Mei Lin ", 1280))},
	}
}

// post is an outbox with a few notices, and the chat that they go to.
type post struct {
	due   []bot.Notice
	pages []flows.Page
}

func (p *post) Due(context.Context, time.Time, int, time.Duration) ([]bot.Notice, error) {
	return p.due, nil
}

func (p *post) Done(context.Context, string) error { return nil }

func (p *post) Remember(context.Context, bot.Notice) error { return nil }

func (p *post) Later(context.Context, string, time.Time) error { return nil }

func (p *post) Audit(_ context.Context, page flows.Page) error {
	p.pages = append(p.pages, page)
	return nil
}

func (p *post) Direct(_ context.Context, _ bot.Chatter, page flows.Page) error {
	p.pages = append(p.pages, page)
	return nil
}

func (p *post) Show(context.Context, bot.Chatter, string, flows.Page) error { return nil }

func (p *post) Card(context.Context, bot.Chatter, string, flows.Page) (string, error) {
	return "", nil
}
