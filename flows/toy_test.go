package flows_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/redis/go-redis/v9"

	"latchkey/bot"
	"latchkey/flows"
	"latchkey/servers"
)

// toy is the smallest conversation: what one event sets off is a function.
type toy struct {
	step func(r flows.Record, h flows.Happening) (flows.Move, error)
	run  func(ctx context.Context) (flows.Happening, error)
	runs int
}

func (*toy) Table() flows.Table {
	return flows.Table{{From: "", On: flows.Begin, To: "Open"}, {From: "Open", On: flows.Next, To: "Open"}, {From: "Open", On: "ran", To: "Open"},
		{From: "Open", On: flows.Failed, To: "Open"}}
}
func (*toy) Name() string                                    { return "toy" }
func (*toy) Admits(flows.Record, flows.Happening) bot.Reason { return "" }
func (*toy) Starts(k flows.EventKind) bool                   { return k == flows.Begin }
func (*toy) Lasting(flows.EventKind) bool                    { return false }
func (*toy) Open(flows.State) bool                           { return false }

func (c *toy) Step(r flows.Record, h flows.Happening) (flows.Move, error) {
	r.Body = json.RawMessage(`{}`)
	if h.Kind == flows.Begin {
		r.State, r.Page = "Open", flows.Page{ID: "open"}
		return flows.Move{Record: r}, nil
	}
	return c.step(r, h)
}

func (c *toy) Run(ctx context.Context, _ flows.Record, _ flows.Happening, _ flows.Effect) (flows.Happening, error) {
	c.runs++
	return c.run(ctx)
}

func openToy(t *testing.T, c *toy) (*desk, flows.Page) {
	d := openDesk(t, servers.SharedRedis(t))
	d.d.Conversations = []flows.Conversation{c}
	return d, d.must("", flows.Event{Kind: flows.Begin}, "open")
}

func ran(context.Context) (flows.Happening, error) {
	return flows.Happening{Kind: "ran", Found: 1}, nil
}

// TestNoEnd: effects that set off one another are cut off.
func TestNoEnd(t *testing.T) {
	c := &toy{run: ran, step: func(r flows.Record, _ flows.Happening) (flows.Move, error) {
		return flows.Move{Record: r, Effect: "again"}, nil
	}}
	d, page := openToy(t, c)
	d.refuse(page.Token, flows.Event{Kind: flows.Next}, bot.Internal)
	if c.runs == 0 || c.runs > 10 {
		t.Fatalf("%d effects ran", c.runs)
	}
}

// TestArrowNotInTheTable: a step that leaves the table is an error, and is not saved.
func TestArrowNotInTheTable(t *testing.T) {
	c := &toy{run: ran, step: func(r flows.Record, _ flows.Happening) (flows.Move, error) {
		r.State = "Elsewhere"
		return flows.Move{Record: r, Effect: "do"}, nil
	}}
	d, page := openToy(t, c)
	d.refuse(page.Token, flows.Event{Kind: flows.Next}, bot.Internal)
	if r, version := d.stored(page.Token); c.runs > 0 || r.State != "Open" || version != 1 {
		t.Fatalf("%d effects ran; state %q, version %d", c.runs, r.State, version)
	}
}

// TestEffectFails: what went wrong outside comes to the step, what went wrong
// inside to the caller.
func TestEffectFails(t *testing.T) {
	for kind, want := range map[bot.Kind]bot.Kind{bot.Unavailable: "", bot.Throttled: "", bot.NotFound: "", bot.Denied: "", bot.Internal: bot.Internal, "": bot.Internal} {
		var told error
		c := &toy{run: func(context.Context) (flows.Happening, error) {
			if kind == "" {
				return flows.Happening{}, context.Canceled // an error without a kind
			}
			return flows.Happening{}, bot.E(kind, "do", nil)
		}, step: func(r flows.Record, h flows.Happening) (flows.Move, error) {
			if h.Kind == flows.Failed {
				told = h.Found.(error)
				return flows.Move{Record: r}, nil
			}
			return flows.Move{Record: r, Effect: "do"}, nil
		}}
		d, page := openToy(t, c)
		_, err := d.send(page.Token, flows.Event{Kind: flows.Next})
		if bot.KindOf(err) != want || want == "" && bot.KindOf(told) != kind {
			t.Errorf("%q: error %v, the step was told %v", kind, err, told)
		}
	}
}

// TestSessionGoneMeanwhile: Redis loses the record while an effect runs. The
// case has ended; nobody reads of something that was not found.
func TestSessionGoneMeanwhile(t *testing.T) {
	r := servers.StartRedis(t, servers.RedisSpec{})
	client := redis.NewClient(&redis.Options{Addr: r.Addr, Password: r.Password})
	defer client.Close()
	c := &toy{run: func(ctx context.Context) (flows.Happening, error) {
		if err := client.FlushAll(ctx).Err(); err != nil {
			t.Error(err)
		}
		return ran(ctx)
	}, step: func(r flows.Record, h flows.Happening) (flows.Move, error) {
		if h.Kind == "ran" {
			return flows.Move{Record: r}, nil
		}
		return flows.Move{Record: r, Effect: "do"}, nil
	}}
	d := openDesk(t, r)
	d.d.Conversations = []flows.Conversation{c}
	page := d.must("", flows.Event{Kind: flows.Begin}, "open")
	d.refuse(page.Token, flows.Event{Kind: flows.Next}, bot.Expired)
}
