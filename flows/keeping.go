package flows

import (
	"context"
	"encoding/json"

	"go.uber.org/zap"

	"latchkey/bot"
)

func (d *Dispatcher) load(ctx context.Context, id string) (Record, int64, error) {
	data, version, err := d.Sessions.Load(ctx, id)
	if bot.KindOf(err) == bot.NotFound {
		return Record{}, 0, ended(err)
	}
	if err != nil {
		return Record{}, 0, err
	}
	data, ours := openRecord(d.Signer, id, version, data)
	if !ours {
		d.Log.Error("session record is not ours and counts as lost", zap.String("session", id))
		return Record{}, 0, ended(nil)
	}
	var r Record
	if err := json.Unmarshal(data, &r); err != nil || r.Format != recordFormat || r.ID != id || d.talk(r) == nil {
		return Record{}, 0, ended(err)
	}
	if !d.Now().Before(r.Ends) {
		return Record{}, 0, ended(nil)
	}
	return r, version, nil
}

// ended: a case is over by its clocks, or its record was lost.
func ended(err error) error {
	return &bot.Error{Kind: bot.Expired, Op: "load session", Err: err,
		Text: "This case has ended. Nothing more was changed. Type /unlock and the name to begin again."}
}

func (d *Dispatcher) save(ctx context.Context, r *Record, version int64) (int64, error) {
	now := d.Now()
	r.Ends = r.Started.Add(d.Limits.Life)
	if idle := now.Add(d.Limits.Idle); idle.Before(r.Ends) {
		r.Ends = idle
	}
	data, err := json.Marshal(r)
	if err != nil {
		return 0, bot.E(bot.Internal, "write session record", err)
	}
	if data, err = sealRecord(d.Signer, r.ID, version+1, data); err != nil {
		return 0, err
	}
	if version == 0 {
		return 1, d.Sessions.Create(ctx, r.ID, data, r.Ends)
	}
	err = d.Sessions.Save(ctx, r.ID, version, data, r.Ends)
	if bot.KindOf(err) == bot.NotFound { // it ended while the event was worked on
		err = bot.E(bot.Expired, "save session", err)
	}
	return version + 1, err
}

// claim makes the record the agent's open case about its subject, or gives the
// one that is open already: a case whose dialog was closed is taken up again.
func (d *Dispatcher) claim(ctx context.Context, r Record) (older *Record, version int64, err error) {
	key := r.Agent.String() + ">" + r.Subject
	id, err := d.Sessions.Pointed(ctx, key)
	if err == nil && id != r.ID {
		o, v, err := d.load(ctx, id)
		if err == nil && o.Talk == r.Talk && d.talk(o).Open(o.State) && o.Agent == r.Agent && o.Chat == r.Chat && o.Subject == r.Subject {
			return &o, v, nil
		}
		if err != nil && bot.KindOf(err) != bot.Expired {
			return nil, 0, err
		}
	}
	if err != nil && bot.KindOf(err) != bot.NotFound {
		return nil, 0, err
	}
	return nil, 0, d.Sessions.Point(ctx, key, r.ID, r.Started.Add(d.Limits.Life))
}
