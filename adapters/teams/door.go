package teams

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"runtime/debug"
	"time"

	"go.uber.org/zap"

	"latchkey/adapters/chat"
	"latchkey/adapters/teams/activity"
	"latchkey/adapters/teams/identity"
)

// answer is what goes back, and the work that comes after it.
type answer struct {
	status int        // 0: 200
	body   any        // as JSON; nil: empty
	booked *chat.Slot // a place in the queue
	job    chat.Job   // started when the answer is out
}

// serve lets in what Microsoft's service has sent for this bot and tenant. The
// token is judged before anything of the body is read.
func (a *Adapter) serve(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler {
				panic(p)
			}
			a.log.Error("teams request crashed", zap.Any("panic", p), zap.ByteString("stack", debug.Stack()))
			w.WriteHeader(http.StatusInternalServerError)
		}
	}()
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	in, status := a.admit(r)
	if status != http.StatusOK || in.ID == "" {
		w.WriteHeader(status)
		return
	}
	a.give(w, a.answer(r.Context(), in))
}

// admit gives what was sent; without an id and with 200 it is nothing that
// anybody serves.
func (a *Adapter) admit(r *http.Request) (activity.Received, int) {
	var none activity.Received
	caller, err := a.callers.Verify(r.Context(), r.Header)
	if err != nil {
		a.refused(err)
		return none, identity.StatusOf(err)
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return none, http.StatusUnsupportedMediaType
	}
	in, err := activity.ReadFrom(r.Body, r.ContentLength)
	switch {
	case errors.Is(err, activity.ErrUnserved):
		a.log.Debug("teams activity of a kind that is not used")
		return none, http.StatusOK
	case err != nil:
		a.log.Warn("teams activity refused", zap.Error(err))
		// Whoever is let in and sends no activity is as little served as one who is not.
		if status := activity.StatusOf(err); status != http.StatusBadRequest {
			return none, status
		}
		return none, http.StatusForbidden
	}
	err = a.callers.Permit(caller, identity.Claim{ChannelID: in.ChannelID, ServiceURL: in.ServiceURL,
		ConversationTenant: in.ConversationTenant, ChannelTenant: in.ChannelTenant})
	if err != nil {
		a.refused(err)
		return none, identity.StatusOf(err)
	}
	service := in.ServiceURL
	a.service.Store(&service)
	return in, http.StatusOK
}

func (a *Adapter) refused(err error) {
	var why *identity.Refusal
	if errors.As(err, &why) {
		a.log.Warn(string(why.Reason), zap.Error(err))
		return
	}
	a.log.Warn("teams request refused", zap.Error(err))
}

// arrival says whether an activity is to be carried out.
type arrival int

const (
	isNew    arrival = iota
	repeated         // sent again: by Teams, which had no answer in time, or by somebody else
	unknown          // Redis is away, so nobody can tell: never carried out
)

// first remembers an activity by its id.
func (a *Adapter) first(ctx context.Context, in activity.Received) arrival {
	ctx, cancel := context.WithTimeout(ctx, gateLife)
	defer cancel()
	fresh, err := a.gate.First(ctx, "teams:activity:"+chat.Fingerprint(in.Conversation.ID, in.Type, in.Name, in.ID), replayLife)
	switch {
	case err != nil:
		a.log.Warn("teams activity cannot be told from a replay, not carried out", zap.Error(err))
		return unknown
	case !fresh:
		return repeated
	}
	return isNew
}

// answer carries out an invoke, and takes anything else for later.
func (a *Adapter) answer(ctx context.Context, in activity.Received) answer {
	switch in.Type {
	case "message":
		return a.message(ctx, in)
	case "invoke":
		return a.invoke(ctx, in)
	}
	return a.roster(in)
}

// give writes the answer, and starts the work when Microsoft has it.
func (a *Adapter) give(w http.ResponseWriter, ans answer) {
	if ans.body == nil {
		w.WriteHeader(cmp.Or(ans.status, http.StatusOK))
	} else {
		data, err := json.Marshal(ans.body)
		if err != nil {
			ans.booked.Drop()
			panic(err) // our own structs
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_, _ = w.Write(data) // a caller that has gone is told nothing
	}
	if ans.booked == nil {
		return
	}
	if err := http.NewResponseController(w).Flush(); err != nil {
		a.log.Warn("teams answer was not flushed", zap.Error(err))
	}
	ans.booked.Start(ans.job)
}

// sentAt is when the person did it, by Microsoft's clock where that can be.
func (a *Adapter) sentAt(in activity.Received) time.Time {
	now := a.now()
	if t := in.Timestamp; t != nil && t.Before(now.Add(5*time.Minute)) && t.After(now.Add(-24*time.Hour)) {
		return *t
	}
	return now
}
