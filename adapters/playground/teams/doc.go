// Package teams is a stand-in for Microsoft's side of Teams: login, signing
// keys, the Connector, and the clients of the people of one tenant. It talks
// to a bot over HTTP as Teams does and refuses what Teams refuses. It knows of
// the bot its address, id and secret, and nothing of its inside. The
// end-to-end stories act in it; the demo's page shows it.
//
// # A story
//
//	tenant, err := teams.New(teams.Options{Users: people, Channels: rooms, DumpDir: dir})
//	err = tenant.Start("127.0.0.1:0")       // TokenURL, MetadataURL, ServiceURL
//	tenant.SetBotURL("http://127.0.0.1:9090") // activities go to /api/messages
//	defer tenant.Close()
//	tenant.Announce()                        // installationUpdate for everybody
//
//	dana := tenant.As("dana's object id")
//	err = dana.Say("unlock mei")                       // in her 1:1 chat with the bot
//	card, err := dana.DM().Message("Unlock", "Mei")    // waits for a message
//	err = card.Click("Open")                           // task/fetch: a dialog opens
//	dialog, err := dana.Modal("Authenticate")          // waits for the dialog
//	err = dialog.Type("Code", "123456")                // by the input's label
//	err = dialog.Submit()                              // task/submit, and what it answers
//	err = dana.In(channel).Say("unlock mei")           // with a mention of the bot
//	err = message.Shortcut("Unlock this person")       // the message extension
//	trouble := tenant.Problems()                       // empty at the end of a good story
//
// The verbs are those of playground.Person, Screen, View, Message and Room, so
// that one script can play on both. What differs: a line never opens a dialog,
// a card's button does; a button that opens a small card to ask once more is
// confirmed by Click, as Slack's confirmation is; Home is a card in the 1:1
// chat, and OpenHome asks for it with the word "home"; what Errors gives are
// the texts in the color attention right below an input.
//
// A person in refresh.userIds gets her own view when she looks; the answer to
// an Action.Execute changes the card for her alone, until the bot updates it.
//
// # Attacks and accidents
//
// ClickRequest, SubmitRequest, [Tenant.ActivityRequest] and
// [Tenant.InvokeRequest] give the signed [Request] unsent; [Request.Change]
// alters its activity, [Tenant.Sign] signs again, [Tenant.Forgeries] lists
// the ways to sign wrongly. [Tenant.Fail] breaks one operation, [Tenant.Rotate]
// changes the signing key.
package teams
