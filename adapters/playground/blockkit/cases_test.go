package blockkit_test

import "latchkey/adapters/playground/blockkit"

// refusal is one payload of our own that Slack would refuse. In the payload
// <x*N> stands for N letters, and <item|item*N> for an item N times, with
// commas between and # for its number.
type refusal struct {
	name    string
	kind    blockkit.Kind
	payload string
	pointer string // where the first problem must be found
	words   string // and what it must say
}

// message, modal and input wrap what a case is about.
func message(blocks string) string {
	return `{"channel":"C1","text":"said aloud","blocks":[` + blocks + `]}`
}

func modal(blocks string) string {
	return `{"type":"modal","title":{"type":"plain_text","text":"Unlock"},"submit":{"type":"plain_text","text":"Go"},"blocks":[` + blocks + `]}`
}

func input(element string) string {
	return modal(`{"type":"input","block_id":"b","label":{"type":"plain_text","text":"Field"},"element":` + element + `}`)
}

func button(members string) string {
	return message(`{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Go"}` + members + `}]}`)
}

func menu(members string) string {
	return input(`{"type":"static_select",` + members + `}`)
}

func home(members, blocks string) string {
	return `{"type":"home"` + members + `,"blocks":[` + blocks + `]}`
}

const (
	section = `{"type":"section","text":{"type":"plain_text","text":"hello"}}`
	choice  = `{"text":{"type":"plain_text","text":"One"},"value":"1"}`
	other   = `{"text":{"type":"plain_text","text":"Two"},"value":"2"}`
	dialog  = `"title":{"type":"plain_text","text":"Sure?"},"text":{"type":"plain_text","text":"It is done at once."},` +
		`"confirm":{"type":"plain_text","text":"Yes"},"deny":{"type":"plain_text","text":"No"}`
)

// refusals holds the malformed and over-limit payloads.
func refusals() []refusal {
	const m, v = blockkit.PostMessage, blockkit.Modal
	return []refusal{
		// Messages as a whole.
		{"message is an array", m, `[]`, "", "must be an object"},
		{"message without channel", m, `{"text":"a"}`, "", "channel"},
		{"message without text", m, `{"channel":"C1","blocks":[` + section + `]}`, "", "text"},
		{"message with empty text", m, `{"channel":"C1","text":""}`, "/text", "at least 1"},
		{"message text too long", m, `{"channel":"C1","text":"<x*40001>"}`, "/text", "at most 40000"},
		{"blocks null", m, `{"channel":"C1","text":"a","blocks":null}`, "/blocks", "must be an array, not null"},
		{"no blocks in blocks", m, message(``), "/blocks", "at least 1"},
		{"51 blocks in a message", m, message(`<` + section + `*51>`), "/blocks", "at most 50"},
		{"attachments", m, `{"channel":"C1","text":"a","attachments":[]}`, "/attachments", "outdated"},
		{"unknown argument", m, `{"channel":"C1","text":"a","icon":"x"}`, "/icon", "no such field"},
		{"metadata null", m, `{"channel":"C1","text":"a","metadata":null}`, "/metadata", "must be an object"},
		{"metadata payload null", m, `{"channel":"C1","text":"a","metadata":{"event_type":"t","event_payload":null}}`, "/metadata/event_payload", "must be an object"},
		{"flag as string", m, `{"channel":"C1","text":"a","unfurl_links":"no"}`, "/unfurl_links", "true or false"},
		{"ephemeral without user", blockkit.PostEphemeral, `{"channel":"C1","text":"a"}`, "", "user"},
		{"update without ts", blockkit.UpdateMessage, `{"channel":"C1","text":"a"}`, "", "ts"},
		{"answer of unknown type", blockkit.Response, `{"text":"a","response_type":"public"}`, "/response_type", "one of"},
		{"answer that replaces with a string", blockkit.Response, `{"text":"a","replace_original":"true"}`, "/replace_original", "true or false"},
		{"deletion with a channel", blockkit.Response, `{"delete_original":true,"channel":"C1"}`, "/channel", "no such field"},

		// Blocks.
		{"block is a string", m, message(`"divider"`), "/blocks/0", "must be a block object"},
		{"block without type", m, message(`{"text":{"type":"plain_text","text":"a"}}`), "/blocks/0/type", "must be a string"},
		{"block type that is not known", m, message(`{"type":"video"}`), "/blocks/0/type", "may stand here"},
		{"input in a message", m, message(`{"type":"input","label":{"type":"plain_text","text":"a"},"element":{"type":"plain_text_input"}}`), "/blocks/0/type", "may stand here"},
		{"divider with text", m, message(`{"type":"divider","text":"a"}`), "/blocks/0/text", "no such field"},
		{"header in mrkdwn", m, message(`{"type":"header","text":{"type":"mrkdwn","text":"a"}}`), "/blocks/0/text/type", "may stand here"},
		{"header too long", m, message(`{"type":"header","text":{"type":"plain_text","text":"<x*151>"}}`), "/blocks/0/text/text", "at most 150"},
		{"section without text", m, message(`{"type":"section"}`), "/blocks/0", "needs text or fields"},
		{"section too long", m, message(`{"type":"section","text":{"type":"mrkdwn","text":"<x*3001>"}}`), "/blocks/0/text/text", "at most 3000"},
		{"section with empty text", m, message(`{"type":"section","text":{"type":"mrkdwn","text":""}}`), "/blocks/0/text/text", "at least 1"},
		{"eleven fields", m, message(`{"type":"section","fields":[<{"type":"mrkdwn","text":"a"}*11>]}`), "/blocks/0/fields", "at most 10"},
		{"field too long", m, message(`{"type":"section","fields":[{"type":"mrkdwn","text":"<x*2001>"}]}`), "/blocks/0/fields/0/text", "at most 2000"},
		{"emoji flag on mrkdwn", m, message(`{"type":"section","text":{"type":"mrkdwn","text":"a","emoji":true}}`), "/blocks/0/text/emoji", "no such field"},
		{"verbatim flag on plain_text", m, message(`{"type":"section","text":{"type":"plain_text","text":"a","verbatim":true}}`), "/blocks/0/text/verbatim", "no such field"},
		{"input as an accessory", m, message(`{"type":"section","text":{"type":"plain_text","text":"a"},"accessory":{"type":"plain_text_input"}}`), "/blocks/0/accessory/type", "may stand here"},
		{"eleven context items", m, message(`{"type":"context","elements":[<{"type":"mrkdwn","text":"a"}*11>]}`), "/blocks/0/elements", "at most 10"},
		{"button in a context", m, message(`{"type":"context","elements":[{"type":"button","text":{"type":"plain_text","text":"Go"}}]}`), "/blocks/0/elements/0/type", "may stand here"},
		{"no actions", m, message(`{"type":"actions","elements":[]}`), "/blocks/0/elements", "at least 1"},
		{"26 actions", m, message(`{"type":"actions","elements":[<{"type":"button","text":{"type":"plain_text","text":"Go"}}*26>]}`), "/blocks/0/elements", "at most 25"},
		{"text input among actions", m, message(`{"type":"actions","elements":[{"type":"plain_text_input"}]}`), "/blocks/0/elements/0/type", "may stand here"},
		{"image without alt_text", m, message(`{"type":"image","image_url":"https://example.invalid/a.png"}`), "/blocks/0", "alt_text"},
		{"image without a source", m, message(`{"type":"image","alt_text":"a"}`), "/blocks/0", "exactly one of image_url and slack_file"},
		{"image file by id and url", m, message(`{"type":"image","alt_text":"a","slack_file":{"id":"F1","url":"https://example.invalid"}}`), "/blocks/0/slack_file", "exactly one"},
		{"alert of unknown level", m, message(`{"type":"alert","text":{"type":"plain_text","text":"a"},"level":"fatal"}`), "/blocks/0/level", "one of"},
		{"block_id used twice", m, message(`{"type":"divider","block_id":"a"},{"type":"divider","block_id":"a"}`), "/blocks/1/block_id", "used twice"},
		{"block_id too long", m, message(`{"type":"divider","block_id":"<x*256>"}`), "/blocks/0/block_id", "at most 255"},
		{"action_id used twice", m, message(`{"type":"actions","elements":[<{"type":"button","action_id":"a","text":{"type":"plain_text","text":"Go"}}*2>]}`), "/blocks/0", "used twice"},

		// Rich text and tables.
		{"empty text in rich text", m, message(`{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":""}]}]}`), "/blocks/0/elements/0/elements/0/text", "at least 1"},
		{"style of rich text as a word", m, message(`{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a","style":"bold"}]}]}`), "/blocks/0/elements/0/elements/0/style", "must be an object"},
		{"list style that is not known", m, message(`{"type":"rich_text","elements":[{"type":"rich_text_list","style":"dash","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a"}]}]}]}`), "/blocks/0/elements/0/style", "one of"},
		{"list with an offset", m, message(`{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","offset":0,"elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"a"}]}]}]}`), "/blocks/0/elements/0/offset", "no such field"},
		{"list of bare texts", m, message(`{"type":"rich_text","elements":[{"type":"rich_text_list","style":"bullet","elements":[{"type":"text","text":"a"}]}]}`), "/blocks/0/elements/0/elements/0/type", "may stand here"},
		{"mention in preformatted text", m, message(`{"type":"rich_text","elements":[{"type":"rich_text_preformatted","elements":[{"type":"user","user_id":"U1"}]}]}`), "/blocks/0/elements/0/elements/0/type", "may stand here"},
		{"date without format", m, message(`{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"date","timestamp":1}]}]}`), "/blocks/0/elements/0/elements/0", "format"},
		{"timestamp as a string", m, message(`{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"date","timestamp":"1","format":"{date}"}]}]}`), "/blocks/0/elements/0/elements/0/timestamp", "must be a number"},
		{"101 rows", m, message(`{"type":"table","rows":[<[{"type":"raw_text","text":"a"}]*101>]}`), "/blocks/0/rows", "at most 100"},
		{"21 cells", m, message(`{"type":"table","rows":[[<{"type":"raw_text","text":"a"}*21>]]}`), "/blocks/0/rows/0", "at most 20"},
		{"cell of plain_text", m, message(`{"type":"table","rows":[[{"type":"plain_text","text":"a"}]]}`), "/blocks/0/rows/0/0/type", "may stand here"},
		{"column that is not aligned", m, message(`{"type":"table","rows":[[{"type":"raw_text","text":"a"}]],"column_settings":[{"align":""}]}`), "/blocks/0/column_settings/0/align", "one of"},
		{"table of too many characters", m, message(`{"type":"table","rows":[<[{"type":"raw_text","text":"<x*2500>"}]*5>]}`), "/blocks/0/rows", "at most 10000"},
		{"two tables", m, message(`<{"type":"table","rows":[[{"type":"raw_text","text":"a"}]]}*2>`), "/blocks", "one table"},

		// Elements.
		{"button without text", m, message(`{"type":"actions","elements":[{"type":"button"}]}`), "/blocks/0/elements/0", "text"},
		{"address without a host", m, button(`,"url":"/e/abc"`), "/blocks/0/elements/0/url", "whole address"},
		{"address that runs something", m, button(`,"url":"javascript:alert(1)"`), "/blocks/0/elements/0/url", "whole address"},
		{"address too long", m, button(`,"url":"https://example.invalid/<x*3000>"`), "/blocks/0/elements/0/url", "at most 3000"},
		{"address that is no text", m, button(`,"url":7`), "/blocks/0/elements/0/url", "must be a string"},
		{"button text too long", m, message(`{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"<x*76>"}}]}`), "/blocks/0/elements/0/text/text", "at most 75"},
		{"button value too long", m, button(`,"value":"<x*2001>"`), "/blocks/0/elements/0/value", "at most 2000"},
		{"button value is a number", m, button(`,"value":7`), "/blocks/0/elements/0/value", "must be a string"},
		{"button style", m, button(`,"style":"default"`), "/blocks/0/elements/0/style", "one of"},
		{"spoken label too long", m, button(`,"accessibility_label":"<x*76>"`), "/blocks/0/elements/0/accessibility_label", "at most 75"},
		{"button with a tooltip", m, button(`,"tooltip":"a"`), "/blocks/0/elements/0/tooltip", "no such field"},
		{"confirmation without deny", m, button(`,"confirm":{"title":{"type":"plain_text","text":"a"},"text":{"type":"plain_text","text":"a"},"confirm":{"type":"plain_text","text":"a"}}`), "/blocks/0/elements/0/confirm", "deny"},
		{"confirmation style", m, button(`,"confirm":{` + dialog + `,"style":"warning"}`), "/blocks/0/elements/0/confirm/style", "one of"},
		{"six overflow options", m, message(`{"type":"actions","elements":[{"type":"overflow","options":[<{"text":{"type":"plain_text","text":"a"},"value":"#"}*6>]}]}`), "/blocks/0/elements/0/options", "at most 5"},
		{"101 options", v, menu(`"options":[<{"text":{"type":"plain_text","text":"a"},"value":"#"}*101>]`), "/blocks/0/element/options", "at most 100"},
		{"no options", v, menu(`"options":[]`), "/blocks/0/element/options", "at least 1"},
		{"options and groups", v, menu(`"options":[` + choice + `],"option_groups":[{"label":{"type":"plain_text","text":"a"},"options":[` + other + `]}]`), "/blocks/0/element", "exactly one of options and option_groups"},
		{"option in mrkdwn in a menu", v, menu(`"options":[{"text":{"type":"mrkdwn","text":"a"},"value":"1"}]`), "/blocks/0/element/options/0/text/type", "may stand here"},
		{"option text too long", v, menu(`"options":[{"text":{"type":"plain_text","text":"<x*76>"},"value":"1"}]`), "/blocks/0/element/options/0/text/text", "at most 75"},
		{"option value too long", v, menu(`"options":[{"text":{"type":"plain_text","text":"a"},"value":"<x*76>"}]`), "/blocks/0/element/options/0/value", "at most 75"},
		{"option without value", v, menu(`"options":[{"text":{"type":"plain_text","text":"a"}}]`), "/blocks/0/element/options/0", "value"},
		{"two options of one value", v, menu(`"options":[` + choice + `,` + choice + `]`), "/blocks/0/element/options", "have the value"},
		{"initial option from elsewhere", v, menu(`"options":[` + choice + `],"initial_option":` + other), "/blocks/0/element/initial_option", "match one of options"},
		{"initial option of another text", v, menu(`"options":[` + choice + `,` + other + `],"initial_option":{"text":{"type":"plain_text","text":"Three"},"value":"2"}`), "/blocks/0/element/initial_option", "match one of options"},
		{"two initial options", v, menu(`"options":[` + choice + `,` + other + `],"initial_options":[` + choice + `,` + other + `]`), "/blocks/0/element/initial_options", "no such field"},
		{"initial option as a value", v, menu(`"options":[` + choice + `],"initial_option":"1"`), "/blocks/0/element/initial_option", "must be an object"},
		{"initial option null", v, menu(`"options":[` + choice + `],"initial_option":null`), "/blocks/0/element/initial_option", "must be an object"},
		{"initial option in no group", v, menu(`"option_groups":[{"label":{"type":"plain_text","text":"a"},"options":[` + choice + `]}],"initial_option":` + other), "/blocks/0/element/initial_option", "match one of options"},
		{"menu without options", v, input(`{"type":"static_select"}`), "/blocks/0/element", "exactly one of options and option_groups"},
		{"options null", v, menu(`"options":null`), "/blocks/0/element/options", "must be an array"},
		{"option that is a text", v, menu(`"options":["One"]`), "/blocks/0/element/options/0", "must be an object"},
		{"option with an address in a menu", v, menu(`"options":[{"text":{"type":"plain_text","text":"a"},"value":"1","url":"https://example.invalid"}]`), "/blocks/0/element/options/0/url", "no such field"},
		{"option description too long", v, menu(`"options":[{"text":{"type":"plain_text","text":"a"},"value":"1","description":{"type":"plain_text","text":"<x*76>"}}]`), "/blocks/0/element/options/0/description/text", "at most 75"},
		{"option of an empty value", v, menu(`"options":[{"text":{"type":"plain_text","text":"a"},"value":""}]`), "/blocks/0/element/options/0/value", "at least 1"},
		{"option of a number", v, menu(`"options":[{"text":{"type":"plain_text","text":"a"},"value":1}]`), "/blocks/0/element/options/0/value", "must be a string"},
		{"group label too long", v, menu(`"option_groups":[{"label":{"type":"plain_text","text":"<x*76>"},"options":[` + choice + `]}]`), "/blocks/0/element/option_groups/0/label/text", "at most 75"},
		{"empty group", v, menu(`"option_groups":[{"label":{"type":"plain_text","text":"a"},"options":[]}]`), "/blocks/0/element/option_groups/0/options", "at least 1"},
		{"placeholder in mrkdwn", v, menu(`"options":[` + choice + `],"placeholder":{"type":"mrkdwn","text":"a"}`), "/blocks/0/element/placeholder/type", "may stand here"},
		{"placeholder as a string", v, menu(`"options":[` + choice + `],"placeholder":"Choose"`), "/blocks/0/element/placeholder", "must be a plain_text object"},
		{"menu with a label of its own", v, menu(`"options":[` + choice + `],"label":{"type":"plain_text","text":"a"}`), "/blocks/0/element/label", "no such field"},
		{"menu that asks without a title", m, message(`{"type":"section","text":{"type":"plain_text","text":"a"},"accessory":{"type":"static_select","options":[` + choice + `],"confirm":{"text":{"type":"plain_text","text":"a"},"confirm":{"type":"plain_text","text":"a"},"deny":{"type":"plain_text","text":"a"}}}}`), "/blocks/0/accessory/confirm", "title"},
		{"101 options beside a text", blockkit.Home, home(``, `{"type":"section","text":{"type":"plain_text","text":"a"},"accessory":{"type":"static_select","options":[<{"text":{"type":"plain_text","text":"a"},"value":"#"}*101>]}}`), "/blocks/0/accessory/options", "at most 100"},
		{"list of accessories", m, message(`{"type":"section","text":{"type":"plain_text","text":"a"},"accessory":[{"type":"static_select","options":[` + choice + `]}]}`), "/blocks/0/accessory", "must be an accessory object"},
		{"menu in a context", m, message(`{"type":"context","elements":[{"type":"static_select","options":[` + choice + `]}]}`), "/blocks/0/elements/0/type", "may stand here"},
		{"menu as a block", v, modal(`{"type":"static_select","options":[` + choice + `]}`), "/blocks/0/type", "may stand here"},
		{"placeholder too long", v, menu(`"options":[` + choice + `],"placeholder":{"type":"plain_text","text":"<x*151>"}`), "/blocks/0/element/placeholder/text", "at most 150"},
		{"eleven boxes", v, input(`{"type":"checkboxes","options":[<{"text":{"type":"plain_text","text":"a"},"value":"#"}*11>]}`), "/blocks/0/element/options", "at most 10"},
		{"radio buttons with several picked", v, input(`{"type":"radio_buttons","options":[` + choice + `],"initial_options":[` + choice + `]}`), "/blocks/0/element/initial_options", "no such field"},
		{"max_length of 0", v, input(`{"type":"plain_text_input","max_length":0}`), "/blocks/0/element/max_length", "whole number from 1"},
		{"min_length above max_length", v, input(`{"type":"plain_text_input","min_length":9,"max_length":6}`), "/blocks/0/element/min_length", "must not be above"},
		{"length as a fraction", v, input(`{"type":"plain_text_input","max_length":6.5}`), "/blocks/0/element/max_length", "whole number"},
		{"number input that does not say of what", v, input(`{"type":"number_input"}`), "/blocks/0/element", "is_decimal_allowed"},
		{"number input with a number", v, input(`{"type":"number_input","is_decimal_allowed":false,"min_value":1}`), "/blocks/0/element/min_value", "must be a string"},
		{"date in another order", v, input(`{"type":"datepicker","initial_date":"31-12-2026"}`), "/blocks/0/element/initial_date", "YYYY-MM-DD"},
		{"dispatch on blur", v, input(`{"type":"plain_text_input","dispatch_action_config":{"trigger_actions_on":["on_blur"]}}`), "/blocks/0/element/dispatch_action_config/trigger_actions_on/0", "one of"},
		{"button in an input block", v, input(`{"type":"button","text":{"type":"plain_text","text":"Go"}}`), "/blocks/0/element/type", "may stand here"},
		{"input without label", v, modal(`{"type":"input","element":{"type":"plain_text_input"}}`), "/blocks/0", "label"},
		{"two elements that want the focus", v, modal(`<{"type":"input","label":{"type":"plain_text","text":"a"},"element":{"type":"plain_text_input","focus_on_load":true}}*2>`), "/blocks", "one element only"},

		// Views and the answers to them.
		{"modal without title", v, `{"type":"modal","blocks":[` + section + `]}`, "", "title"},
		{"title too long", v, `{"type":"modal","title":{"type":"plain_text","text":"<x*25>"},"blocks":[` + section + `]}`, "/title/text", "at most 24"},
		{"close too long", v, `{"type":"modal","title":{"type":"plain_text","text":"a"},"close":{"type":"plain_text","text":"<x*25>"},"blocks":[` + section + `]}`, "/close/text", "at most 24"},
		{"input without submit", v, `{"type":"modal","title":{"type":"plain_text","text":"a"},"blocks":[{"type":"input","label":{"type":"plain_text","text":"a"},"element":{"type":"plain_text_input"}}]}`, "", "needs submit"},
		{"101 blocks in a modal", v, modal(`<` + section + `*101>`), "/blocks", "at most 100"},
		{"private_metadata too long", v, `{"type":"modal","title":{"type":"plain_text","text":"a"},"private_metadata":"<x*3001>","blocks":[` + section + `]}`, "/private_metadata", "at most 3000"},
		{"view over 250 kB", v, modal(`<{"type":"section","text":{"type":"plain_text","text":"<x*2900>"}}*90>`), "", "at most 250000 bytes"},
		{"home with submit", blockkit.Home, home(`,"submit":{"type":"plain_text","text":"Go"}`, section), "/submit", "no such field"},
		{"home with close", blockkit.Home, home(`,"close":{"type":"plain_text","text":"Go"}`, section), "/close", "no such field"},
		{"home that clears on close", blockkit.Home, home(`,"clear_on_close":true`, section), "/clear_on_close", "no such field"},
		{"home that tells when it is closed", blockkit.Home, home(`,"notify_on_close":true`, section), "/notify_on_close", "no such field"},
		{"home without blocks", blockkit.Home, `{"type":"home"}`, "", "blocks"},
		{"home of no blocks", blockkit.Home, home(``, ``), "/blocks", "at least 1"},
		{"home of null", blockkit.Home, `{"type":"home","blocks":null}`, "/blocks", "must be an array"},
		{"home of 101 blocks", blockkit.Home, home(``, `<`+section+`*101>`), "/blocks", "at most 100"},
		{"callback id too long", blockkit.Home, home(`,"callback_id":"<x*256>"`, section), "/callback_id", "at most 255"},
		{"metadata of home too long", blockkit.Home, home(`,"private_metadata":"<x*3001>"`, section), "/private_metadata", "at most 3000"},
		{"published to nobody", blockkit.ViewsPublish, `{"view":` + home(``, section) + `}`, "", "user_id"},
		{"published to a number", blockkit.ViewsPublish, `{"user_id":7,"view":` + home(``, section) + `}`, "/user_id", "must be a string"},
		{"published by a trigger", blockkit.ViewsPublish, `{"user_id":"U1","trigger_id":"1.2","view":` + home(``, section) + `}`, "/trigger_id", "no such field"},
		{"published by view id", blockkit.ViewsPublish, `{"user_id":"U1","view_id":"V1","view":` + home(``, section) + `}`, "/view_id", "no such field"},
		{"published with an empty hash", blockkit.ViewsPublish, `{"user_id":"U1","hash":"","view":` + home(``, section) + `}`, "/hash", "at least 1"},
		{"home updated with a title", blockkit.ViewsUpdate, `{"view_id":"V1","view":` + home(`,"title":{"type":"plain_text","text":"a"}`, section) + `}`, "/view/title", "no such field"},
		{"home with a title", blockkit.Home, `{"type":"home","title":{"type":"plain_text","text":"a"},"blocks":[` + section + `]}`, "/title", "no such field"},
		{"workflow step", blockkit.ViewsUpdate, `{"view_id":"V1","view":{"type":"workflow_step","blocks":[` + section + `]}}`, "/view/type", "may stand here"},
		{"home opened as a modal", blockkit.ViewsOpen, `{"trigger_id":"1.2","view":{"type":"home","blocks":[` + section + `]}}`, "/view/type", "may stand here"},
		{"update of no view", blockkit.ViewsUpdate, `{"view":` + modal(section) + `}`, "", "exactly one of view_id and external_id"},
		{"modal published", blockkit.ViewsPublish, `{"user_id":"U1","view":` + modal(section) + `}`, "/view/type", "may stand here"},
		{"unknown response_action", blockkit.Submission, `{"response_action":"close"}`, "/response_action", "one of"},
		{"update without a view", blockkit.Submission, `{"response_action":"update"}`, "", "view"},
		{"clear with a view", blockkit.Submission, `{"response_action":"clear","view":` + modal(section) + `}`, "/view", "no such field"},
		{"no errors in errors", blockkit.Submission, `{"response_action":"errors","errors":{}}`, "/errors", "at least one"},
		{"error as a list", blockkit.Submission, `{"response_action":"errors","errors":{"b":["wrong"]}}`, "/errors/b", "must be a string"},
		{"options and groups offered", blockkit.Options, `{"options":[],"option_groups":[]}`, "", "exactly one"},
		{"offered option without value", blockkit.Options, `{"options":[{"text":{"type":"plain_text","text":"a"}}]}`, "/options/0", "value"},
		{"kind that is not known", blockkit.Kind("chat.scheduleMessage"), `{}`, "", "not a kind of payload"},
	}
}
