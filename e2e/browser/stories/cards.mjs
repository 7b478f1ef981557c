// Every card that the bot sends to Teams, drawn by Microsoft's own renderer in a
// browser: nothing is dropped, nothing stands out, and the forms work.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { hostConfig, sheet } from "../hostconfig.mjs";
import { launch, pictures } from "../playground.mjs";

const folder = new URL("../../../adapters/teams/card/testdata/golden/", import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith(".json")).sort();
const cards = names.map((name) => {
  const sent = JSON.parse(readFileSync(new URL(name, folder)));
  return { name: name.replace(".json", ""), dialog: Boolean(sent.task), card: sent.task?.value.card.content ?? sent.attachments[0].content };
});
const script = createRequire(import.meta.url);
const library = ["markdown-it/dist/markdown-it.min.js", "adaptivecards/dist/adaptivecards.min.js"].map((path) => script.resolve(path.split("/")[0] + "/package.json").replace("package.json", path.split("/").slice(1).join("/")));

// drawn opens a page with cards on it, each in a section with its name.
async function drawn(browser, look, wide, list) {
  const context = await browser.newContext({ viewport: { width: wide * 3 + 60, height: 1200 }, locale: "en-US", timezoneId: "Europe/Berlin", colorScheme: look });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("request", (request) => { if (!request.url().startsWith("about:") && !request.url().startsWith("data:")) errors.push(`asks for ${request.url()}`); });
  await page.setContent(`<!doctype html><html lang="en"><title>Cards</title><style>${sheet(look, wide)} :root { --wide: ${wide}px; }</style><main id="cards"></main></html>`);
  for (const path of library) await page.addScriptTag({ path });
  const wrong = await page.evaluate(draw, { list, config: hostConfig(look) });
  return { page, context, wrong: [...errors, ...wrong] };
}

// draw runs in the browser. It gives a sentence for everything that a reader of
// the card would miss.
function draw({ list, config }) {
  const AC = globalThis.AdaptiveCards;
  const markdown = globalThis.markdownit();
  AC.AdaptiveCard.onProcessMarkdown = (text, result) => { result.outputHtml = markdown.render(text); result.didProcess = true; };
  globalThis.pressed = [];
  const wrong = [];
  const plain = (s) => s.replace(/\s+/g, " ").trim();
  const ofMarkdown = (text) => { const at = document.createElement("div"); at.innerHTML = markdown.render(text); return plain(at.textContent); };
  const visible = (at) => { const box = at.getBoundingClientRect(); return box.width > 0 && box.height > 0; };

  function expected(node, out = { texts: [], labels: [], actions: [], opens: [] }) {
    if (Array.isArray(node)) node.forEach((one) => expected(one, out));
    if (!node || typeof node !== "object" || Array.isArray(node)) return out;
    const { type } = node;
    if (type === "TextBlock") out.texts.push(ofMarkdown(dated(node.text)));
    if (type === "RichTextBlock") out.texts.push(plain(dated(node.inlines.map((run) => run.text).join(""))));
    if (type === "FactSet") for (const f of node.facts) out.texts.push(ofMarkdown(dated(f.title)), ofMarkdown(dated(f.value)));
    if (type?.startsWith("Input.")) { out.labels.push(plain(node.label ?? node.title ?? "")); for (const c of node.style === "expanded" ? node.choices : []) out.texts.push(ofMarkdown(c.title)); }
    if (type?.startsWith("Action.")) { (type === "Action.ShowCard" ? out.opens : out.actions).push(plain(node.title)); return out; }
    for (const key of ["body", "items", "columns", "actions", "inlines"]) expected(node[key], out);
    return out;
  }
  // dated is a text with its dates as the library says them.
  function dated(text) {
    return (text ?? "").replace(/\{\{(DATE|TIME)\(([^,)]+)(?:,\s*(\w+))?\)\}\}/g, (all, kind, at, style) => {
      const date = new Date(at);
      const long = style === "LONG" ? "long" : "short";
      if (kind === "TIME") return date.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
      return date.toLocaleDateString(undefined, style && style !== "COMPACT" ? { day: "numeric", weekday: long, month: long, year: "numeric" } : {});
    });
  }

  for (const { name, card } of list) {
    const say = (what) => wrong.push(`${name}: ${what}`);
    const context = new AC.SerializationContext();
    const made = new AC.AdaptiveCard();
    made.hostConfig = new AC.HostConfig(config);
    made.onExecuteAction = (action) => globalThis.pressed.push({ card: name, title: action.title, type: action.getJsonTypeName(), data: action.data, verb: action.verb });
    made.parse(card, context);
    for (let i = 0; i < context.eventCount; i++) say(context.getEventAt(i).message);
    const section = document.createElement("section");
    section.dataset.card = name;
    const title = document.createElement("h2");
    title.textContent = name;
    const at = made.render();
    section.append(title, at ?? "nothing");
    document.querySelector("#cards").append(section);
    if (!at) { say("is not drawn"); continue; }
    for (const v of made.validateProperties().validationEvents) say(v.message);

    const want = expected({ body: card.body, actions: card.actions });
    const there = plain(at.innerText);
    const squeezed = there.replace(/\s/g, "");
    for (const text of want.texts) if (text && !squeezed.includes(text.replace(/\s/g, ""))) say(`does not say "${text.slice(0, 80)}"`);
    for (const label of want.labels) if (!squeezed.includes(label.replace(/\s/g, ""))) say(`has no field "${label}"`);
    const buttons = [...at.querySelectorAll("button, [role=button], [role=link]")].filter(visible);
    const titles = buttons.map((b) => plain(b.innerText));
    for (const action of [...want.actions, ...want.opens]) if (!titles.includes(action)) say(`has no button "${action}"`);
    const edge = section.getBoundingClientRect();
    for (const b of buttons) { const box = b.getBoundingClientRect(); if (box.right > edge.right + 1 || b.scrollWidth > b.clientWidth + 1) say(`the button "${plain(b.innerText)}" is cut off`); }
    if (section.scrollWidth > section.clientWidth + 1) say(`is ${section.scrollWidth - section.clientWidth} pixels too wide`);
    for (const field of at.querySelectorAll("input, select, textarea")) {
      const named = field.getAttribute("aria-label") || field.labels?.length || (field.getAttribute("aria-labelledby") ?? "").split(" ").some((id) => document.getElementById(id)?.textContent);
      if (!named) say(`a ${field.tagName.toLowerCase()} has no accessible name`);
    }
    for (const opener of want.opens) {
      const before = buttons.find((b) => plain(b.innerText) === opener);
      before?.click();
      const inner = [...at.querySelectorAll("button")].filter(visible).length;
      if (inner <= buttons.length) say(`"${opener}" opens nothing`);
      before?.click();
    }
  }
  return wrong;
}

async function browsing(tell) {
  const browser = await chromium.launch(launch);
  try { await tell(browser); } finally { await browser.close(); }
}

const chunks = (list, size) => Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));

test("Microsoft's renderer draws every card whole, at the widths of a desktop and of a phone", { timeout: 180_000 }, () => browsing(async (browser) => {
  assert.ok(cards.length === names.length && cards.length > 300, `${cards.length} of ${names.length} cards`);
  for (const [look, wide] of [["light", 500], ["dark", 320]]) {
    const { context, wrong } = await drawn(browser, look, wide, cards);
    await context.close();
    assert.deepEqual(wrong, [], `${look}, ${wide} pixels`);
  }
}));

// Pictures for people's eyes: all but those that try the bounds.
test("the cards are legible, light and dark", { timeout: 240_000 }, () => browsing(async (browser) => {
  const usual = cards.filter(({ name }) => !/hostile|extreme|huge/.test(name));
  for (const look of ["light", "dark"]) {
    for (const [i, some] of chunks(usual, 16).entries()) {
      const { page, context, wrong } = await drawn(browser, look, 400, some);
      assert.deepEqual(wrong, []);
      const axe = new AxeBuilder({ page }).include("#cards"); // what dark can change is the contrast alone
      const found = await (look === "dark" ? axe.withRules(["color-contrast"]) : axe.disableRules(["heading-order", "landmark-one-main", "page-has-heading-one", "region"])).analyze();
      assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes[0].target} (${v.nodes.length}), ${v.nodes[0].failureSummary}`), [], `axe-core, ${look}`);
      await page.screenshot({ path: `${pictures}cards-${look}-${String(i + 1).padStart(2, "0")}.png`, fullPage: true });
      await context.close();
    }
  }
}));

test("a form is checked before it is sent, and sends what stands in it", { timeout: 60_000 }, () => browsing(async (browser) => {
  const { page } = await drawn(browser, "light", 500, cards.filter(({ name }) => name === "code_email"));
  const verify = page.getByRole("button", { name: "Verify" });
  await verify.click();
  await page.getByText("Type something here.").waitFor();
  assert.deepEqual(await page.evaluate(() => globalThis.pressed), [], "an empty form was sent");
  await page.getByLabel(/^Code/).fill("123456");
  await verify.click();
  const [sent] = await page.evaluate(() => globalThis.pressed);
  assert.equal(sent.type, "Action.Submit");
  assert.match(sent.data.act, /^latchkey:verify:/);
  assert.equal(Object.entries(sent.data).find(([id]) => id.startsWith("in:code:"))?.[1], "123456");
}));

test("what Microsoft's renderer would not draw is found", { timeout: 60_000 }, () => browsing(async (browser) => {
  const card = (...body) => ({ type: "AdaptiveCard", version: "1.5", body });
  for (const [name, broken, says] of [
    ["an unknown element", card({ type: "Carousel3000" }), /Carousel3000|Unknown element/i],
    ["a field without a label", card({ type: "Input.Text", id: "a" }), /accessible name|no label|should have a label/i],
    ["a row of buttons that is too long", card({ type: "ActionSet", actions: ["one", "two", "three"].map((n) => ({ type: "Action.Submit", title: `Back to overview ${n}, and more` })) }), /cut off/],
    ["a text that is not shown", card({ type: "TextBlock", text: "unseen", isVisible: false }), /does not say "unseen"/],
    ["a button that is not shown", card({ type: "ActionSet", actions: Array.from({ length: 9 }, (_, i) => ({ type: "Action.Submit", title: `b${i}` })) }), /no button|maximum|actions/i],
  ]) {
    const { context, wrong } = await drawn(browser, "light", 500, [{ name, card: broken }]);
    await context.close();
    assert.match(wrong.join("; "), says, name);
  }
}));
