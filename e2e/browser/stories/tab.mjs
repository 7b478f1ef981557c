import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { demo, Playground, story, wait } from "../playground.mjs";

story("a tab of an earlier run says so in one sentence, and does nothing", async (it) => {
  await it.page.route("**/", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replace(/name="run" content="\w+"/, 'name="run" content="EARLIER"') });
  });
  await it.page.reload();
  await it.page.getByRole("alert").getByText("This tab belongs to an earlier run of the demo. Load the page again.").waitFor();
  await it.state("40-earlier-run");
  await it.page.unroute("**/");
  await it.page.getByRole("button", { name: "Load again" }).click();
  await it.page.getByRole("heading", { name: "The caller" }).waitFor();
  assert.equal(await it.page.getByRole("alert").count(), 0);
}, { asItIs: true });

story("a tab outlives its program: it says that it is gone, and of the next one that it must be loaded again", async (first) => {
  const before = await demo();
  let after;
  const it = await new Playground(first.context, before.address).open();
  try {
    await it.be("Dana Reyes");
    it.away = true;
    await before.stop();
    const alert = it.page.getByRole("alert");
    await alert.getByText("The demo does not answer. If it was stopped, start it again").waitFor();
    await it.state("44-stopped");
    await it.caller.getByLabel("Password").fill("anything");
    await it.caller.getByRole("button", { name: "Sign in" }).click();
    await it.caller.getByText("The demo does not answer. It may have been stopped.").waitFor();

    after = await demo("--listen", before.listen);
    await alert.getByText("This tab belongs to an earlier run of the demo. Load the page again.").waitFor({ timeout: 30_000 });
    assert.equal(await it.page.getByRole("alert").count(), 1);
    assert.equal(await it.page.locator("main > [inert]").count(), 3, "what belongs to the earlier run can still be used");
    await it.state("45-another-run");
    it.away = false;
    await it.page.getByRole("button", { name: "Load again" }).click();
    await it.page.getByRole("radio", { name: "Dana Reyes" }).waitFor({ state: "attached" });
    assert.equal(await alert.count(), 0);
    assert.match(await it.signInRight("corp"), /Welcome/);
    it.nothingWrong();
  } finally {
    await it.page.close();
    await after?.stop();
  }
}, { asItIs: true });

const golden = new URL("../../../adapters/slack/testdata/golden/", import.meta.url);
const modal = (page) => ({ id: "V1", hash: "1", title: page.title.text, submit: page.submit?.text ?? "", close: "Close", blocks: page.blocks.map((b, i) => ({ block_id: `b${i}`, ...b })), entered: {}, faults: {} });

story("every page that the bot has is drawn, and an unknown block is refused loudly", async (it) => {
  const told = [];
  const events = [];
  const send = (...parts) => events.push(`event: parts\ndata: ${JSON.stringify(parts.map(([key, value]) => ({ key, value })))}\n\n`);
  const person = { id: "U1", name: "Dana Reyes", part: "agent", about: "", email: "dana@example.com", caller: true, agent: true, logins: {}, password: "" };
  send(["world", { people: [person], stores: [], commands: [], tour: [], notes: [], has: {} }], ["person", "U1"], ["caller", "U1"], ["names", {}], ["modals", []],
    ["rooms", [{ id: "DU1", name: "Latchkey", direct: true, order: [] }]]);
  const names = readdirSync(golden).filter((name) => name.endsWith(".json"));
  const messages = [];
  for (const name of names) {
    const page = JSON.parse(readFileSync(new URL(name, golden)));
    if (page.type === "modal") send(["modals", [modal(page)]]);
    else if (page.type === "home") send(["modals", [modal({ title: { text: "Home" }, ...page })]]); // drawn by the same hand
    else messages.push([`message DU1 ${messages.length + 1}.0`, { ts: `${messages.length + 1}.0`, by: { name: "Latchkey", app: true }, by: { name: "Latchkey", app: true }, text: page.text ?? "", blocks: page.blocks, only: false, edited: false }]);
  }
  assert.ok(names.length > 100 && messages.length > 10, `${names.length} pages, ${messages.length} messages`);
  send(["modals", []], ["rooms", [{ id: "DU1", name: "Latchkey", direct: true, order: messages.map(([, m]) => m.ts) }]], ...messages);
  const strange = [
    { type: "table", block_id: "t", rows: [] },
    { type: "section", block_id: "s", text: { type: "plain_text", text: "x" }, accessory: { type: "overflow", options: [] } },
    { type: "actions", block_id: "a", elements: [{ type: "button", action_id: "a", text: { type: "plain_text", text: "x" }, workflow: {} }] },
    { type: "actions", block_id: "c", elements: [{ type: "button", action_id: "c", text: { type: "plain_text", text: "x" }, confirm: { image: "x" } }] },
  ];
  await it.page.route("**/play/problem", (route) => { told.push(route.request().postDataJSON().text); return route.fulfill({ json: {} }); });
  let body = events.join("");
  await it.page.route("**/play/stream**", (route) => route.fulfill({ contentType: "text/event-stream", body }));
  await it.page.reload();
  await wait("the messages", async () => (await it.slack.getByRole("article").count()) === messages.length);
  assert.deepEqual(told, [], "what the bot shows and the page cannot draw");

  send(["modals", [modal({ title: { text: "Strange" }, blocks: strange })]]);
  body = events.join("");
  it.problemsExpected = true;
  await it.page.reload();
  await it.sees("Not drawn:", "table", "section › overflow", "button › workflow", "confirm › image");
  await wait("four problems", () => told.length === 4);
  await it.state("41-refused");
}, { asItIs: true });
