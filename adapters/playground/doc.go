// Package playground is a stand-in for Slack: a workspace with people, rooms,
// messages and modals, which talks to a bot over HTTP as Slack does and refuses
// what Slack refuses. The end-to-end stories act in it; the demo's page will be
// served beside it. It knows of the bot its address, token and signing secret,
// and nothing of its inside.
//
// # A story
//
//	ws, err := playground.New(playground.Options{Users: people, Channels: rooms, DumpDir: dir})
//	err = ws.Start("127.0.0.1:0")        // the bot's Slack API base is ws.APIURL()
//	ws.SetBotURL("http://127.0.0.1:9090") // where the bot listens
//	defer ws.Close()
//
//	dana := ws.As("U_DANA")
//	err = dana.Say("/unlock mei")                     // a command, in her DM with the bot
//	modal, err := dana.Modal("Authenticate", "Mei")   // waits until the modal says both
//	err = modal.Click("Verify authenticator")         // by its text or accessibility label
//	modal, err = dana.Modal("Enter the code")
//	err = modal.Type("Code", "123456")                // by the field's label
//	err = modal.Submit()                              // does what response_action says
//	err = modal.Until("Unlock accounts")              // after a views.update
//	err = modal.Tick("mei.tan in example.com")
//	card, err := dana.DM().Message("is unlocked")     // waits for a message
//	err = card.Click("History")
//	audit, err := ws.Channel("C_AUDIT").Message("Mei Tan")
//	trouble := ws.Problems()                          // empty at the end of a good story
//
// Home, shortcuts and menus go by what stands on the screen, too:
//
//	err = dana.OpenHome()                             // app_home_opened
//	home, err := dana.Home("No case is open")         // waits until it says so
//	err = home.Click("Unlock an account")
//	err = dana.Shortcut("Unlock an account")          // from the menu of the app
//	_, err = mei.In("C_HELP").Write("I am locked out") // the bot hears nothing
//	m, err := dana.In("C_HELP").Room().Message("locked out")
//	err = m.Shortcut("Unlock this person")            // from the message's menu
//	err = modal.Select("Store", "corp")               // Choices and Chosen read menus
//
// Every verb returns when the bot has answered, with an [AnswerError] when
// Slack would not take the answer (late, an error status, a bad payload); what
// the bot does afterwards is waited for with Modal, NoModal, Until, Message and
// Home. Text gives what a person reads; Buttons, Fields and Errors the rest. A
// [View] and a [Message] share [Screen] and are live: they show what is there now.
//
// # Attacks and accidents
//
// ClickRequest, SubmitRequest, [Workspace.CommandRequest] and
// [Workspace.EventRequest] give the signed [Request] without sending it: change
// header or body, [Workspace.Sign] or [SignWith] again or not, then
// [Workspace.Send] it as often as wanted. ClickTwice, ClickAtOnce and
// SubmitAtOnce double what a person does. [Workspace.Fail] makes API methods
// fail. [Workspace.Calls] and [Workspace.Exchanges] are the logs, with times.
package playground
