import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { story, wait } from "../playground.mjs";

// What Teams shows, without Teams: the stream is the story's own.

const golden = new URL("../../../adapters/teams/card/testdata/golden/", import.meta.url);
const bot = { id: "28:bot", name: "Latchkey", app: true, note: "" };
const dana = { id: "U1", name: "Dana Reyes", part: "agent", about: "", email: "dana@example.com", caller: false, agent: true, logins: {}, password: "", chats: ["slack", "teams"] };
const mei = { ...dana, id: "U2", name: "Mei Lin", part: "user", email: "mei@example.com", caller: true, agent: false };
const direct = "a:1/dana";
const at = Date.UTC(2026, 10, 2, 9, 30);

function cardOf(value) {
  if (value?.type === "AdaptiveCard") return value;
  return value && typeof value === "object" ? Object.values(value).map(cardOf).find(Boolean) : undefined;
}

const goldens = () => readdirSync(golden).filter((name) => name.endsWith(".json"))
  .map((name) => { const page = JSON.parse(readFileSync(new URL(name, golden))); return { name, card: cardOf(page), title: page.task?.value?.title }; }).filter((g) => g.card);

const modal = (card, title, hash = "1") => ({ chat: "teams", id: "1", title, said: "", card, hash });
const message = (ts, more) => [`message ${direct} ${ts}`, { chat: "teams", ts, at, by: bot, text: "", card: null, only: false, edited: false, thread: "", ...more }];

// playing serves streams of parts; each call of show() begins one anew.
async function playing(it) {
  const deeds = [];
  let body = "";
  await it.page.route("**/play/*", (route) => {
    const verb = new URL(route.request().url()).pathname.split("/").pop();
    if (verb === "stream") return route.fulfill({ contentType: "text/event-stream", body });
    deeds.push({ verb, ...route.request().postDataJSON() });
    return route.fulfill({ json: {} });
  });
  const world = { people: [dana, mei], stores: [], commands: [], tour: [], notes: [], has: {}, shortcuts: [],
    teams: { commands: [{ line: "unlock ", hint: "name, login or mail", about: "Unlock an account" }, { line: "help", hint: "", about: "All commands" }], shortcuts: [{ id: "unlock_person", name: "Unlock this person", about: "", message: true }] } };
  const events = (list) => list.map((parts) => `event: parts\ndata: ${JSON.stringify(parts.map(([key, value]) => ({ key, value })))}\n\n`).join("");
  const show = async (...list) => {
    body = events([[["world", world], ["person", "U1"], ["caller", "U2"], ["chat", "teams"], ["ownchat", "teams"], ["names", {}], ["modals", []],
      ["rooms", [{ id: direct, name: "Latchkey", direct: true, order: [] }]]], ...list]);
    await it.page.reload();
  };
  return { deeds, show };
}

const problems = (deeds) => deeds.filter((d) => d.verb === "problem").map((d) => d.text);

story("every card that the bot has is drawn, and an unknown element is refused loudly", async (it) => {
  const { deeds, show } = await playing(it);
  const all = goldens();
  const messages = all.filter((g) => !g.title).map((g, i) => message(`${at + i}1`, { card: g.card }));
  assert.ok(all.length > 200 && messages.length > 10, `${all.length} cards, ${messages.length} of them messages`);
  await show(...all.filter((g) => g.title).map((g) => [["modals", [modal(g.card, g.title, g.name)]]]),
    [["modals", []], ["rooms", [{ id: direct, name: "Latchkey", direct: true, order: messages.map(([, m]) => m.ts) }]], ...messages]);
  await wait("the messages", async () => (await it.slack.getByRole("article").count()) === messages.length);
  assert.deepEqual(problems(deeds), [], "what the bot shows and the page cannot draw");

  it.problemsExpected = true;
  await show([["modals", [modal({ type: "AdaptiveCard", version: "1.5", body: [
    { type: "Media", sources: [] }, { type: "TextBlock", text: "x", colour: "red" }, { type: "Action.Submit", title: "x" },
    { type: "ActionSet", actions: [{ type: "Action.Http", title: "x" }, { type: "Action.OpenUrl", title: "x", url: "javascript:alert(1)" }] },
    { type: "Carousel", fallback: { type: "TextBlock", text: "Instead of pictures" } }, { type: "Chart", fallback: "drop" },
  ] }, "Strange")]]]);
  await it.sees("Not drawn:", "card › Media", "TextBlock › colour", "card › Action.Submit in this place", "card › Action.Http", "Action.OpenUrl › url", "Instead of pictures");
  await wait("five problems", () => problems(deeds).length === 5);
  await it.state("90-teams-refused");
}, { asItIs: true });

story("a form in a card: checked before it is sent, by keyboard, and sent with all that stands in it", async (it) => {
  const { deeds, show } = await playing(it);
  const card = { type: "AdaptiveCard", version: "1.5", body: [
    { type: "TextBlock", text: "Everything **bold**, _slanted_, [linked](https://example.com) and \\*plain\\* on {{DATE(2026-11-02T23:30:00Z, SHORT)}} at {{TIME(2026-11-02T23:30:00Z)}}", wrap: true },
    { type: "TextBlock", text: "- one\n- two", wrap: true },
    { type: "Input.Text", id: "code", label: "Code", isRequired: true, regex: "^[0-9]{6}$", errorMessage: "Six digits." },
    { type: "TextBlock", text: "That code is not right.", color: "attention", wrap: true },
    { type: "Input.ChoiceSet", id: "store", label: "Identity store", style: "compact", isRequired: true, errorMessage: "Choose one.", placeholder: "Choose", choices: [{ title: "corp", value: "0" }, { title: "lab", value: "1" }] },
    { type: "Input.ChoiceSet", id: "accounts", label: "Accounts", style: "expanded", isMultiSelect: true, isRequired: true, errorMessage: "Tick at least one.", choices: [{ title: "First of corp", value: "0" }, { title: "Second of lab", value: "1" }] },
    { type: "Input.ChoiceSet", id: "why", label: "Why", style: "expanded", value: "c", choices: [{ title: "Called", value: "c" }, { title: "Came", value: "d" }] },
    { type: "Input.Toggle", id: "sure", label: "Sure", title: "I am sure", isRequired: true, errorMessage: "Be sure." },
    { type: "Input.Number", id: "n", label: "Number", min: 1, max: 9, value: 3 },
    { type: "Input.Date", id: "d", label: "Day", value: "2026-11-02" },
    { type: "Container", id: "more", isVisible: false, items: [{ type: "TextBlock", text: "More to read" }] },
    { type: "ActionSet", actions: [{ type: "Action.ToggleVisibility", title: "More", targetElements: ["more"] },
      { type: "Action.ShowCard", title: "Freeze", style: "destructive", card: { type: "AdaptiveCard", body: [{ type: "TextBlock", text: "Are you sure?" }], actions: [{ type: "Action.Submit", title: "Yes, freeze", associatedInputs: "none", data: {} }] } },
      { type: "Action.Submit", title: "Not yet", isEnabled: false, tooltip: "Nothing to send yet" }] },
  ], actions: [{ type: "Action.Submit", title: "Verify", style: "positive", data: {} }] };
  await show([["modals", [modal(card, "Everything")]]]);
  const field = it.dialog.getByRole("textbox", { name: "Code" });
  await field.waitFor();
  await wait("the focus in the field", () => field.evaluate((f) => f === document.activeElement));
  assert.match(await it.dialog.getByText("Everything bold").innerText(), /Everything bold, slanted, linked and \*plain\* on Tue, Nov 3, 2026 at 12:30\sAM/); // Berlin's
  assert.equal(await it.dialog.getByRole("listitem").count(), 2);
  assert.ok(await it.dialog.getByRole("button", { name: "Not yet" }).isDisabled());
  assert.ok(await it.dialog.getByText("More to read").isHidden());
  await it.press("More");
  assert.ok(await it.dialog.getByText("More to read").isVisible());

  await field.focus();
  await it.page.keyboard.type("12ab");
  await it.page.keyboard.press("Enter");
  await it.sees("Six digits.", "Choose one.", "Tick at least one.", "Be sure.");
  assert.match(await field.evaluate((f) => f.getAttribute("aria-describedby").split(" ").map((id) => document.getElementById(id).textContent).join(" ")), /Six digits. That code is not right./);
  assert.deepEqual(deeds.filter((d) => d.verb === "press"), [], "an incomplete form was sent");
  await it.state("91-teams-form");

  const freeze = it.dialog.getByRole("button", { name: "Freeze", exact: true });
  await freeze.focus();
  await it.page.keyboard.press("Enter");
  assert.equal(await freeze.getAttribute("aria-expanded"), "true");
  await it.page.keyboard.press("Tab");
  await it.page.keyboard.press("Enter"); // Yes, freeze: it asks for no input
  await wait("the press", () => deeds.some((d) => d.verb === "press"));
  assert.equal(deeds.find((d) => d.verb === "press").pointer, "/body/11/actions/1/card/actions/0");

  await field.fill("123456");
  assert.equal(await it.dialog.getByText("Six digits.").count(), 0, "it still says that it is wrong");
  await it.dialog.getByLabel("Identity store").selectOption("lab");
  await it.tick("Second of lab");
  await it.tick("First of corp");
  await it.tick("I am sure");
  await it.press("Verify");
  const sent = await wait("the second press", () => deeds.filter((d) => d.verb === "press")[1]);
  assert.deepEqual(sent, { verb: "press", person: "U1", view: "1", chat: "teams", pointer: "/actions/0",
    inputs: { code: "123456", store: "1", accounts: "0,1", why: "c", sure: "true", n: "3", d: "2026-11-02" } });
  await it.page.keyboard.press("Escape");
  await wait("the cross", () => deeds.some((d) => d.verb === "close" && d.view === "1" && d.chat === "teams"));
}, { asItIs: true });

for (const [look, options] of [["light", {}], ["dark", { colorScheme: "dark" }], ["narrow", { viewport: { width: 390, height: 844 } }]]) {
  story(`the look of Teams, ${look}`, async (it) => {
    const { deeds, show } = await playing(it);
    const card = (name) => goldens().find((g) => g.name === `${name}.json`).card;
    const by = { id: "dana", name: "Dana Reyes", app: false, note: "" };
    const list = [message(`${at}1`, { by, text: "home" }), message(`${at}2`, { card: card("home") }), message(`${at}3`, { by, text: "<at>Latchkey</at> unlock *mei*" }),
      message(`${at}4`, { card: card("card"), edited: true, note: "Somebody else has answered this already." }), message(`${at}5`, { card: card("audit_applied"), only: true })];
    const own = { ...message(`${at}6`, { card: card("locked") })[1] };
    await show([["rooms", [{ id: direct, name: "Latchkey", direct: true, order: list.map(([, m]) => m.ts) }, { id: "19:audit", name: "Helpdesk › Audit", topic: "What was unlocked", direct: false, order: [] }]], ...list,
      ["own-room", { id: "a:1/mei", name: "Latchkey", direct: true, order: [own.ts] }], [`message a:1/mei ${own.ts}`, own], ["own-modals", []]]);
    const pane = (name) => look === "narrow" && it.page.getByRole("navigation", { name: "Parts of the page" }).getByRole("button", { name }).click();
    await pane("Teams");
    await it.slack.getByRole("radio", { name: "Teams" }).waitFor();
    await it.state(`92-teams-${look}`);
    await it.slack.getByRole("article").first().scrollIntoViewIfNeeded();
    await it.state(`93-teams-${look}-top`);
    await it.line.fill("u");
    await it.page.getByRole("listbox", { name: "Commands" }).getByRole("option", { name: /^unlock name/ }).waitFor();
    await it.state(`94-teams-${look}-commands`);
    await it.line.fill("");
    await pane("Caller");
    await it.own.scrollIntoViewIfNeeded();
    await it.state(`95-teams-${look}-caller`);
    assert.ok(await it.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "it scrolls sideways");
    assert.deepEqual(problems(deeds), []);
  }, { asItIs: true, ...options });
}
