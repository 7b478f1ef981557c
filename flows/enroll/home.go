package enroll

import (
	"context"

	"latchkey/bot"
	"latchkey/flows"
)

// Home is what of a person's enrollments stands on the bot's own page: what he
// has, and the way to change it. Nothing, for somebody who may not.
func (c *Conversation) Home(ctx context.Context, chat bot.Chatter, agent bot.AgentFacts) ([]flows.Block, error) {
	if agent.MayEnroll() != "" {
		return nil, nil
	}
	own, err := c.Enroller.Own(ctx, bot.Self{Account: agent.Account.ID, Chat: chat})
	if err != nil {
		return nil, err
	}
	return homeBlocks(own), nil
}

func homeBlocks(own bot.Own) []flows.Block {
	blocks := []flows.Block{{Divider: true}, say("home.enrollments", flows.Heading, titleOwn)}
	for _, o := range own.Types {
		if o.Has {
			blocks = append(blocks, say("home.enrollments.one", flows.Plain, capital(o.Type.Name()), " · ", heldWords(o)))
		}
	}
	if len(blocks) == 2 {
		blocks = append(blocks, say("home.enrollments.none", flows.Plain, "You are not enrolled. Without that the helpdesk cannot prove that it is you who calls."))
	}
	return append(blocks, flows.Block{Buttons: []flows.Button{{Kind: flows.BeginEnroll, Label: titleOwn, Name: "See and change your enrollments"}}})
}

// Waiting is what stands in the dialog while work goes on; ok is false for what
// is not of this conversation.
func Waiting(k flows.EventKind) (p flows.Page, ok bool) {
	text := "Working …"
	switch k {
	case flows.BeginEnroll:
		text = "Reading your enrollments …"
	case flows.SetAddress:
		text = "Sending the code … This takes up to ten seconds."
	case flows.Add, flows.Change, flows.Remove, flows.SetAnswers, flows.Renew:
	default:
		return flows.Page{}, false
	}
	return flows.Page{ID: "waiting", Title: titleOwn, Close: "Close", Blocks: []flows.Block{say("waiting", flows.Plain, text)}}, true
}
