package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"latchkey/bot"
	"latchkey/cmd/latchkey/config"
	"latchkey/flows"
	"latchkey/store/ledger"
)

// asked is what `history list` is told.
type asked struct {
	user, since, until string
	limit              int
}

func (p *program) historyCommand() *cobra.Command {
	var a asked
	list := p.command("list", "List history, newest first", func(ctx context.Context) error { return p.listHistory(ctx, a) })
	list.Flags().StringVar(&a.user, "user", "", "`PART` of a name or login, as actor or as the one acted on")
	list.Flags().StringVar(&a.since, "since", "", "only from `TIME` on: 2026-11-30, 2026-11-30T08:00:00Z, or 24h (ago)")
	list.Flags().StringVar(&a.until, "until", "", "only before `TIME`")
	list.Flags().IntVar(&a.limit, "limit", 100, "at most so many records; 0: all")
	return p.group(&cobra.Command{Use: "history", Short: "Read history, and prove that nothing in it was changed"},
		list, p.command("verify", "Walk the hash chain and find the first record that was changed, removed or moved", p.verifyHistory))
}

// query reads the flags.
func (p *program) query(a asked) (bot.HistoryQuery, error) {
	q := bot.HistoryQuery{Text: a.user}
	if a.limit < 0 {
		return q, usage("--limit %d is below 0", a.limit)
	}
	var err error
	if q.Since, err = p.moment("--since", a.since); err != nil {
		return q, err
	}
	if q.Until, err = p.moment("--until", a.until); err != nil {
		return q, err
	}
	if !q.Since.IsZero() && !q.Until.IsZero() && !q.Since.Before(q.Until) {
		return q, usage("--since is not before --until")
	}
	return q, nil
}

// moment reads a time, or how long ago it was.
func (p *program) moment(flag, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{time.RFC3339, time.DateOnly, "2006-01-02T15:04", time.DateTime} {
		if t, err := time.ParseInLocation(form, s, time.Local); err == nil {
			return t, nil
		}
	}
	if ago, ok := config.ParseDuration(s); ok {
		return p.now().Add(-ago.Std()), nil
	}
	return time.Time{}, usage("%s %q is no time: write 2026-11-30, 2026-11-30T08:00:00Z, or 24h for a day ago", flag, s)
}

func (p *program) listHistory(ctx context.Context, a asked) error {
	q, err := p.query(a)
	if err != nil {
		return err
	}
	return p.onRecord(ctx, subject{}, func(o opened) error {
		records, more, err := found(ctx, o.ledger, q, a.limit)
		if err != nil {
			return err
		}
		out, rows := []recordAnswer{}, [][]string{}
		for _, r := range records {
			out = append(out, recordAnswerOf(r))
			rows = append(rows, []string{fmt.Sprint(r.Seq), r.At.UTC().Format(time.DateTime), r.Operation, flows.Sentence(r).Plain()})
		}
		text := "Nothing is recorded that fits."
		if len(rows) > 0 {
			text = table([]string{"RECORD", "TIME (UTC)", "OPERATION", "WHAT"}, rows)
		}
		if more {
			text = strings.TrimRight(text, "\n") + fmt.Sprintf("\nThere are more than these %d. See --limit; 0 lists all.", len(rows))
		}
		return p.answer(out, text)
	})
}

// found reads at most limit records (0: all), and whether there are more.
func found(ctx context.Context, l *ledger.Ledger, q bot.HistoryQuery, limit int) (out []bot.Record, more bool, err error) {
	const page = 1000
	for {
		if q.Limit = page; limit > 0 {
			q.Limit = min(page, limit+1-len(out))
		}
		records, err := l.History(ctx, q)
		if err != nil {
			return nil, false, err
		}
		out = append(out, records...)
		if limit > 0 && len(out) > limit {
			return out[:limit], true, nil
		}
		if len(records) < q.Limit {
			return out, false, nil
		}
		q.Before = out[len(out)-1].Seq
	}
}

// recordAnswer is a record in JSON: the fields of history, by name.
type recordAnswer struct {
	Seq       int64       `json:"seq"`
	ID        string      `json:"id"`
	Operation string      `json:"operation"`
	Session   string      `json:"session,omitempty"`
	At        time.Time   `json:"at"`
	Action    bot.Action  `json:"action"`
	Status    bot.Status  `json:"status"`
	Why       bot.Reason  `json:"why,omitempty"`
	Detail    string      `json:"detail,omitempty"`
	Types     []bot.Type  `json:"types,omitempty"`
	Actor     partyAnswer `json:"actor"`
	Target    partyAnswer `json:"target,omitzero"`
	Store     string      `json:"store,omitempty"`
	Client    bot.Client  `json:"client"`
	Helpdesk  bool        `json:"helpdesk"`
	Workspace string      `json:"workspace,omitempty"`
	Address   string      `json:"address,omitempty"`
	Mode      bot.Mode    `json:"mode,omitempty"`
	Reason    string      `json:"reason,omitempty"`
	Ticket    string      `json:"ticket,omitempty"`
	Sentence  string      `json:"sentence"`
}

type partyAnswer struct {
	Kind  bot.ActorKind `json:"kind,omitempty"`
	Store string        `json:"store,omitempty"`
	GUID  string        `json:"guid,omitempty"`
	Login string        `json:"login,omitempty"`
	Name  string        `json:"name,omitempty"`
	Chat  string        `json:"chat,omitempty"`
}

func partyAnswerOf(p bot.Party) partyAnswer {
	return partyAnswer{Kind: p.Kind, Store: p.Account.Store, GUID: p.Account.GUID, Login: p.Login, Name: p.Name, Chat: p.Chat}
}

func recordAnswerOf(r bot.Record) recordAnswer {
	return recordAnswer{Seq: r.Seq, ID: r.ID, Operation: r.Operation, Session: r.Session, At: r.At.UTC(), Action: r.Action,
		Status: r.Status, Why: r.Why, Detail: r.Detail, Types: slices.Clone(r.Types), Actor: partyAnswerOf(r.Actor), Target: partyAnswerOf(r.Target),
		Store: r.Store, Client: r.Client, Helpdesk: r.Helpdesk, Workspace: r.Workspace, Address: r.Address, Mode: r.Mode,
		Reason: r.Reason, Ticket: r.Ticket, Sentence: flows.Sentence(r).Plain()}
}

func (p *program) verifyHistory(ctx context.Context) error {
	return p.onRecord(ctx, subject{}, func(o opened) error {
		v, err := o.ledger.Verify(ctx)
		if err != nil {
			return err
		}
		found := map[string]any{"records": v.Rows, "seq": v.Seq, "hash": v.Hash, "whole": v.Fault == nil}
		if v.Fault == nil {
			return p.answer(found, fmt.Sprintf("History is whole: %d records, the last has hash %s.\nWhoever may write the database can also compute the chain anew: compare the hash with one that was noted elsewhere.", v.Rows, v.Hash))
		}
		found["fault"] = map[string]any{"seq": v.Fault.Seq, "kind": v.Fault.Kind, "text": v.Fault.Text}
		if p.json {
			if err := p.answer(found, ""); err != nil {
				return err
			}
		}
		return bot.Ef(bot.Conflict, "verify history", "History was changed, at record %d: %s", v.Fault.Seq, v.Fault.Text)
	})
}
