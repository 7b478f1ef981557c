// The playground as a person sees it: who one is, what one types and presses,
// what one reads. Everything is found by its role and name.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

export const address = process.env.LATCHKEY_DEMO;
if (!address) throw new Error("LATCHKEY_DEMO is not set: start `latchkey demo` and give the address that it prints.");

export const pictures = fileURLToPath(new URL("../../build/screenshots/", import.meta.url));
mkdirSync(pictures, { recursive: true });

const patience = 10_000;
export const launch = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
};

// story runs one story in a browser of its own, and looks afterwards for what
// no story may leave behind: problems, errors, requests to anywhere else.
export function story(name, tell, options = {}) {
  test(name, { timeout: 180_000 }, async () => {
    const browser = await chromium.launch(launch);
    try {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 }, locale: "en-US", timezoneId: "Europe/Berlin", reducedMotion: "reduce", ...options,
      });
      context.setDefaultTimeout(patience);
      const it = await new Playground(context).open();
      if (!options.asItIs) await it.later(30); // what earlier stories left open has ended
      try {
        await tell(it);
        it.nothingWrong();
      } catch (failure) {
        await it.show(name, failure);
        throw failure;
      }
    } finally {
      await browser.close();
    }
  });
}

// wait looks again until check gives something.
export async function wait(what, check, within = patience) {
  for (const end = Date.now() + within; Date.now() < end;) {
    const got = await check();
    if (got) return got;
    await new Promise((done) => setTimeout(done, 50));
  }
  assert.fail(`waited ${within / 1000} s for ${what}`);
}

// demo starts another demo, by default on a free port, for what one program
// alone cannot show.
export async function demo(...args) {
  const program = process.env.LATCHKEY_PROGRAM;
  if (!program) throw new Error("LATCHKEY_PROGRAM is not set: give the path of the built program.");
  const child = spawn(program, ["demo", "--listen", "127.0.0.1:0", ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  let printed = "";
  child.stdout.on("data", (data) => { printed += data; });
  const [at] = await wait("the address of another demo", () => printed.match(/http:[/][/][\d.:]+/));
  const stop = async () => {
    child.kill("SIGINT");
    assert.deepEqual(await ended, [0, null], "the demo did not end well");
  };
  return { address: at, listen: new URL(at).host, stop };
}

export class Playground {
  constructor(context, at = address) {
    this.context = context;
    this.address = at;
    this.wrong = [];
    this.problemsExpected = false;
    this.away = false; // the program is not there, as the story wants it
  }

  async open() {
    this.page = await this.context.newPage();
    this.page.on("pageerror", (error) => this.wrong.push(`script: ${error.message}`));
    this.page.on("console", (message) => {
      const awaited = message.text().includes("502") || (this.away && /ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE|CONNECTION_RESET)/.test(message.text()));
      if (message.type() === "error" && !awaited) this.wrong.push(`console: ${message.text()}`);
    });
    this.page.on("request", (request) => {
      if (new URL(request.url()).origin !== new URL(this.address).origin) this.wrong.push(`a request to ${request.url()}`);
    });
    await this.page.goto(this.address);
    await this.page.locator("#people input").first().waitFor({ state: "attached" });
    this.slack = this.page.locator("#slack");
    this.dialog = this.slack.getByRole("dialog");
    this.line = this.page.getByRole("combobox", { name: "Message" });
    this.own = this.page.locator("#own"); // the caller's Slack
    this.caller = this.page.locator("#caller");
    return this;
  }

  // show tells what stood on the page when a story failed, and keeps a picture.
  async show(name, failure) {
    const slug = name.toLowerCase().replace(/[^a-z]+/g, "-").slice(0, 40);
    await this.page.screenshot({ path: `${pictures}failed-${slug}.png` }).catch(() => {});
    const dialog = (await this.dialog.count()) ? await this.dialog.innerText().catch(() => "") : "none";
    const box = await this.caller.getByRole("status").innerText().catch(() => "");
    failure.message += `\nThe dialog: ${dialog}\nThe sign-in box: ${box}`;
  }

  nothingWrong() {
    assert.deepEqual(this.wrong, []);
  }

  // state keeps a picture and has axe-core look for barriers.
  async state(name) {
    await this.page.screenshot({ path: `${pictures}${name}.png` });
    const found = await new AxeBuilder({ page: this.page }).analyze();
    assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes[0].html} ${v.nodes[0].failureSummary}`), [], `axe-core on ${name}`);
    if (!this.problemsExpected) assert.equal(await this.page.getByRole("heading", { name: /^Problems/ }).count(), 0, `Problems on ${name}`);
  }

  async be(name) {
    await this.page.getByRole("radio", { name }).check();
    await wait(`the Slack of ${name}`, async () => (await this.page.title()).startsWith(name));
    if (await this.dialog.count()) await this.leave();
  }

  // leave closes whatever dialog an earlier story left.
  async leave() {
    await this.dialog.focus();
    await this.page.keyboard.press("Escape");
    await this.dialog.waitFor({ state: "detached" });
  }

  // works in a chat, as the person that one is; reads in one, as the caller.
  async works(chat) {
    await this.slack.getByRole("radio", { name: chat }).check();
    await this.page.getByRole("navigation", { name: chat, exact: true }).waitFor();
    if (await this.dialog.count()) await this.leave();
  }

  async reader(chat) {
    await this.own.getByRole("radio", { name: chat }).check();
    await this.own.getByRole("heading", { name: new RegExp(`'s ${chat}`) }).waitFor();
  }

  // opens presses a button of the newest message that has it, and waits for the
  // dialog that it opens.
  async opens(name) {
    await this.slack.getByRole("article").getByRole("button", { name }).last().click();
    await this.dialog.waitFor();
  }

  // card presses a button of a card in the dialog, by its title or by what it
  // says beside that.
  async card(name) {
    const named = this.dialog.getByRole("button", { name, exact: typeof name === "string" });
    await named.or(this.dialog.getByTitle(name, { exact: typeof name === "string" })).first().click();
  }

  async calledBy(name) {
    await this.page.getByLabel("On the phone").selectOption({ label: name });
    await this.caller.getByRole("heading", { name: `${name.split(" ")[0]}'s mailbox` }).waitFor();
  }

  async say(words) {
    await this.line.fill(words);
    await this.line.press("Enter");
  }

  // ask types /unlock and a name, and chooses the first account where several fit.
  async ask(who) {
    await this.say(`/unlock ${who}`);
    await this.chosen();
  }

  async chosen() {
    const title = () => this.dialog.getByRole("heading", { level: 2 }).innerText();
    const shown = await wait("a page about somebody", async () => {
      const now = (await this.dialog.count()) ? await title().catch(() => "") : "";
      return now !== "Unlock account" && now;
    });
    if (shown === "Which person?") await this.dialog.getByRole("button", { name: /^Choose/ }).first().click();
  }

  // sees waits until the dialog says all of the words.
  async sees(...words) {
    for (const word of words) await this.dialog.getByText(word).first().waitFor();
  }

  // reads waits until a message says the words.
  async reads(words) {
    await this.slack.getByRole("article").getByText(words).first().waitFor();
  }

  press(name) {
    return this.dialog.getByRole("button", { name, exact: typeof name === "string" }).click();
  }

  async room(name) {
    await this.page.getByRole("navigation", { name: /^(Slack|Teams)$/ }).getByRole("button", { name }).click();
  }

  // tab opens Home or Messages of the app.
  async tab(name) {
    if (!(await this.page.getByRole("tablist", { name: "Latchkey" }).count())) await this.room("Latchkey");
    const answered = this.page.waitForResponse((r) => r.url().endsWith("/play/home"));
    await this.page.getByRole("tab", { name }).click();
    await answered;
  }

  // shortcut picks a global shortcut from the menu beside the message field.
  async shortcut(name) {
    await this.page.getByRole("button", { name: "Shortcuts" }).click();
    await this.page.getByRole("menuitem", { name }).click();
  }

  // shortcutOn picks a shortcut from the menu of the newest message that says words.
  async shortcutOn(words, name) {
    const message = this.slack.getByRole("listitem").filter({ hasText: words }).last();
    await message.hover();
    await message.getByRole("button", { name: /^More actions/ }).click();
    await this.page.getByRole("menuitem", { name }).click();
  }

  async later(minutes) {
    for (; minutes >= 30; minutes -= 30) await this.forward(30);
    for (; minutes >= 5; minutes -= 5) await this.forward(5);
    for (; minutes >= 1; minutes -= 1) await this.forward(1);
  }

  async forward(minutes) {
    const answered = this.page.waitForResponse((r) => r.url().endsWith("/play/advance"));
    await this.page.getByRole("button", { name: `Move the clock forward by ${minutes} minutes` }).click();
    await answered;
  }

  async fault(name, on) {
    const answered = this.page.waitForResponse((r) => r.url().endsWith("/play/fault"));
    await this.page.getByRole("switch", { name }).setChecked(on);
    await answered;
  }

  // signIn tries a password at the caller's computer and gives the verdict.
  async signIn(store, password) {
    await this.caller.getByLabel("Directory").selectOption(store);
    await this.caller.getByLabel("Password").fill(password);
    const answered = this.page.waitForResponse((r) => r.url().endsWith("/play/signin"));
    await this.caller.getByRole("button", { name: "Sign in" }).click();
    await answered;
    const verdict = this.caller.getByRole("status");
    await verdict.getByText(/\w/).first().waitFor();
    return verdict.innerText();
  }

  // signInRight uses the right password, which stands under the box.
  async signInRight(store) {
    await this.caller.getByLabel("Directory").selectOption(store);
    return this.signIn(store, await this.caller.locator("#right code").innerText());
  }

  async lock(store) {
    for (let i = 0; i < 6; i++) if ((await this.signIn(store, `wrong ${i}`)).includes("Locked")) return;
    assert.fail(`six wrong passwords did not lock the account in ${store}`);
  }

  // phoneCode reads the authenticator app, not in its last second.
  async phoneCode() {
    const line = this.caller.locator(".codes li").first();
    await wait("a code with some time left", async () => parseInt(await line.locator(".seconds").innerText(), 10) > 2);
    return (await line.locator(".code").innerText()).replace(/\D/g, "");
  }

  mails() {
    return this.caller.locator(".mails details");
  }

  // mailedCode reads the newest mail, once there are n.
  async mailedCode(n) {
    await wait("the mail with the code", async () => (await this.mails().count()) >= n);
    const text = await this.mails().first().locator(".words").innerText();
    const code = text.match(/\b\d{6}\b/);
    assert.ok(code, `there is no code in the mail: ${text}`);
    return code[0];
  }

  async enter(code) {
    await this.dialog.getByRole("textbox", { name: "Code" }).fill(code);
    await this.page.keyboard.press("Enter");
  }

  async tick(name) {
    await this.dialog.getByRole("checkbox", { name }).check();
  }

  // proveMail and proveApp pass one type each, from page Authenticate.
  async proveMail(who = "Mei Lin") {
    const before = await this.mails().count();
    await this.press(`Verify e-mail of ${who}`);
    await this.sees("A code goes to the e-mail address");
    await this.press(/^Send a code/);
    await this.sees("A code was sent to");
    await this.enter(await this.mailedCode(before + 1));
    await this.sees("Passed: e-mail.");
  }

  async proveApp(who = "Mei Lin") {
    await this.press(`Verify authenticator of ${who}`);
    await this.sees("the code that the authenticator app shows now");
    await this.enter(await this.phoneCode());
    await this.sees("Passed: authenticator.");
  }
}
