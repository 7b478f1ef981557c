package unlock

import (
	"encoding/json"

	"latchkey/bot"
	"latchkey/flows"
)

// Home is what an agent finds on the bot's own page: his open cases, what waits
// for him, how his last unlocks ended, and the way to begin one. Who is no
// agent, or is locked, finds what he can do for himself.
func Home(h flows.Home) flows.Page {
	p := flows.Page{ID: "home", Title: "Latchkey"}
	switch {
	case h.Why == bot.AgentLocked:
		return homeLocked(p, h.Agent)
	case h.Why != "":
		return homeRefused(p, h.Why)
	case !h.Agent.Role.Can(bot.UnlockAnyAccount):
		return homeOwn(p, h.Agent)
	}
	p.Blocks = append(p.Blocks, say("home.head", flows.Heading, "Unlock accounts"))
	p.Blocks = append(p.Blocks, flows.Block{Buttons: []flows.Button{{Kind: flows.Begin, Label: "Unlock an account", Style: flows.StylePrimary}}})
	if len(h.Open) == 0 && len(h.Last) == 0 {
		p.Blocks = append(p.Blocks, lesson()...)
	}
	p.Blocks = append(p.Blocks, section("home.open", "My open cases")...)
	if len(h.Open) == 0 {
		p.Blocks = append(p.Blocks, say("home.open.none", flows.Plain, "None. A case that you begin stands here until it is done or has ended."))
	}
	for _, c := range h.Open {
		p.Blocks = append(p.Blocks, flows.Block{Row: caseRow(c)})
	}
	p.Blocks = append(p.Blocks, section("home.waiting", "Waiting for me")...)
	p.Blocks = append(p.Blocks, say("home.waiting.none", flows.Plain, "Nothing waits for you."))
	p.Blocks = append(p.Blocks, section("home.done", "My last unlocks")...)
	if len(h.Last) == 0 {
		p.Blocks = append(p.Blocks, say("home.done.none", flows.Plain, "None yet."))
	}
	for _, r := range h.Last {
		p.Blocks = append(p.Blocks, say("home.done.one", flows.Plain, flows.Sentence(r)))
	}
	return p
}

func section(id, head string) []flows.Block {
	return []flows.Block{{Divider: true}, say(id, flows.Heading, head)}
}

// lesson stands where nothing else does yet.
func lesson() []flows.Block {
	return []flows.Block{
		say("home.lesson.caller", flows.Plain, "Somebody has locked himself out and calls you? Press the button, type a part of his name, and follow the two pages:"),
		say("home.lesson.authenticate", flows.Plain, "1. Authenticate: the caller proves who he is, by a code that is sent to him or that his app shows. You type what he reads out."),
		say("home.lesson.unlock", flows.Plain, "2. Unlock: you tick the locked accounts. The caller signs in while he is on the phone."),
		say("home.lesson.ways", flows.Note, "In any channel: /unlock mei goes straight to the person, /unlock locked lists who is locked now, /unlock help has more."),
	}
}

func caseRow(c flows.OpenCase) *flows.Row {
	var b body
	_ = json.Unmarshal(c.Record.Body, &b) // a case that cannot be read has no name, and says so when it is opened
	waits := "Page Authenticate: the caller has to prove who he is"
	if c.Record.State == AwaitingConfirm {
		waits = "Page Unlock: you have to choose what is unlocked"
	}
	return &flows.Row{
		Title:  bot.Line(b.Name + " in " + b.Target.Store),
		Detail: flows.Say(waits, ". It ends if nothing is done: ", c.Record.Ends, "."),
		Button: &flows.Button{Kind: flows.Resume, Label: "Continue", Name: clip("Continue the case of "+b.Name, 75), Token: c.Token},
	}
}

// homeOwn is the page of somebody who unlocks nobody else's account. What he is
// enrolled with stands below it.
func homeOwn(p flows.Page, me bot.AgentFacts) flows.Page {
	unlocks := me.MayHelpHimself() == ""
	if !unlocks && me.MayEnroll() != "" {
		return homeRefused(p, bot.NoPermission)
	}
	p.Blocks = append(p.Blocks, say("home.own.head", flows.Heading, "Your account"))
	if !unlocks {
		p.Blocks = append(p.Blocks, say("home.own.call", flows.Plain,
			"When you have locked yourself out, call the helpdesk. It asks you to prove that it is you, with what you are enrolled with."))
		return p
	}
	p.Blocks = append(p.Blocks, say("home.own.self", flows.Plain,
		"When you have locked yourself out, you can unlock your account here, after you have proved that it is you. /unlock me does the same in any channel."))
	p.Blocks = append(p.Blocks, flows.Block{Buttons: []flows.Button{unlockMe("")}})
	return p
}

// homeLocked is the page of somebody whose own account is locked: until that is
// mended he does nothing else here, agent or not.
func homeLocked(p flows.Page, me bot.AgentFacts) flows.Page {
	p.Blocks = append(p.Blocks, say("home.own.head", flows.Heading, "Your account"),
		say("home.own.locked", flows.Warning, "Your account ", me.Account.Login, " in ", me.Account.ID.Store, " is locked."))
	if me.MayHelpHimself() != "" {
		p.Blocks = append(p.Blocks, say("home.own.call", flows.Plain, "Please call the helpdesk: your role does not permit you to unlock it yourself."))
		return p
	}
	p.Blocks = append(p.Blocks, say("home.own.self", flows.Plain, "You can unlock it here, after you have proved that it is you."))
	p.Blocks = append(p.Blocks, flows.Block{Buttons: []flows.Button{unlockMe(flows.StylePrimary)}})
	return p
}

func unlockMe(style flows.Style) flows.Button {
	return flows.Button{Kind: flows.BeginMe, Label: "Unlock my account", Style: style}
}

func homeRefused(p flows.Page, why bot.Reason) flows.Page {
	said := PageRefused(why)
	p.Blocks = append([]flows.Block{say("home.head", flows.Heading, "Unlock accounts"),
		say("home.what", flows.Plain, "Latchkey lets the helpdesk unlock directory accounts, after the caller has proved who he is.")}, said.Blocks...)
	return p
}
