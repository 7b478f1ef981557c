package flows

import (
	"context"
	"encoding/json"
	"slices"

	"go.uber.org/zap"

	"latchkey/bot"
)

// maxOpen bounds the open cases that are remembered of one agent; the oldest
// go first. They lead to records and say nothing of them.
const maxOpen = 20

func rosterID(agent bot.AccountID) string { return "cases:" + agent.String() }

// enlist remembers that the record is a case of the agent's, so that his home
// page can lead back to it. Losing it costs that line, never the case.
func (d *Dispatcher) enlist(ctx context.Context, r Record) {
	for range maxHops {
		ids, version, err := d.roster(ctx, r.Agent)
		if err == nil {
			ids = append(slices.DeleteFunc(ids, func(id string) bool { return id == r.ID }), r.ID)
			err = d.saveRoster(ctx, r.Agent, version, ids[max(0, len(ids)-maxOpen):])
		}
		if bot.KindOf(err) == bot.Conflict {
			continue // two cases at once
		}
		if err != nil {
			d.Log.Warn("open case not listed", zap.String("session", r.ID), zap.Error(err))
		}
		return
	}
}

// roster gives the ids of an agent's cases, oldest first; version 0: there is none.
func (d *Dispatcher) roster(ctx context.Context, agent bot.AccountID) (ids []string, version int64, err error) {
	id := rosterID(agent)
	data, version, err := d.Sessions.Load(ctx, id)
	if bot.KindOf(err) == bot.NotFound {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	data, ours := openRecord(d.Signer, id, version, data)
	if !ours || json.Unmarshal(data, &ids) != nil {
		return nil, version, nil // begun anew
	}
	return ids, version, nil
}

func (d *Dispatcher) saveRoster(ctx context.Context, agent bot.AccountID, version int64, ids []string) error {
	id := rosterID(agent)
	data, err := json.Marshal(ids)
	if err != nil {
		return bot.E(bot.Internal, "write list of cases", err)
	}
	if data, err = sealRecord(d.Signer, id, version+1, data); err != nil {
		return err
	}
	ends := d.Now().Add(d.Limits.Life)
	if version == 0 {
		return d.Sessions.Create(ctx, id, data, ends)
	}
	return d.Sessions.Save(ctx, id, version, data, ends)
}

// openCases gives the agent's cases that can be taken up from this chat, newest
// first. What is damaged in the store costs its line, and no other.
func (d *Dispatcher) openCases(ctx context.Context, agent bot.AccountID, chat bot.Chatter) ([]OpenCase, error) {
	ids, _, err := d.roster(ctx, agent)
	if bot.KindOf(err) == bot.Internal {
		d.Log.Error("list of open cases cannot be read", zap.Error(err))
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []OpenCase
	for _, id := range slices.Backward(ids) {
		r, version, err := d.load(ctx, id)
		switch bot.KindOf(err) {
		case bot.Expired:
			continue
		case bot.Internal:
			d.Log.Error("open case cannot be read", zap.String("session", id), zap.Error(err))
			continue
		}
		if err != nil {
			return nil, err
		}
		if r.Agent != agent || r.Chat != chat || !d.talk(r).Open(r.State) {
			continue
		}
		token, err := d.token(r, version)
		if err != nil {
			return nil, err
		}
		out = append(out, OpenCase{Record: r, Token: token})
	}
	return out, nil
}
