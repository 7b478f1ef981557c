import assert from "node:assert/strict";
import { story } from "../playground.mjs";

story("dark, as the system asks, and light by the switch", async (it) => {
  await it.be("Dana Reyes");
  await it.calledBy("Mei Lin");
  await it.state("30-dark");
  await it.lock("corp");
  await it.ask("mei");
  await it.sees("must be authenticated before page Unlock opens");
  await it.state("31-dark-authenticate");
  await it.press("Verify authenticator of Mei Lin");
  await it.enter("000000");
  await it.sees("That code is not right.");
  await it.state("32-dark-code");
  await it.press("Back to overview");
  await it.press("Cancel the case of Mei Lin");
  await it.sees("was cancelled");
  await it.leave();
  await it.page.getByRole("button", { name: "Switch to light look" }).click();
  assert.equal(await it.page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "light");
  await it.page.reload();
  await it.page.getByRole("button", { name: "Switch to dark look" }).waitFor();
}, { colorScheme: "dark" });

const narrow = async (it) => assert.ok(await it.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "it scrolls sideways");

story("a screen of 390 pixels: one part at a time", async (it) => {
  const pane = (name) => it.page.getByRole("navigation", { name: "Parts of the page" }).getByRole("button", { name }).click();
  await it.be("Dana Reyes");
  await it.state("33-narrow-guide");
  await narrow(it);
  await pane("Caller");
  await it.calledBy("Mei Lin");
  await it.lock("corp");
  await it.state("34-narrow-caller");
  await narrow(it);
  await pane("Slack");
  await it.state("35-narrow-slack");
  await it.ask("mei");
  await it.sees("must be authenticated before page Unlock opens");
  await it.state("36-narrow-authenticate");
  await narrow(it);
  await it.press("Verify e-mail of Mei Lin");
  await it.press(/^Send a code/);
  await it.sees("A code was sent to");
  await pane("Caller");
  const code = await it.mailedCode(1);
  await pane("Slack");
  await it.enter(code);
  await it.sees("Passed: e-mail.");
  await it.state("37-narrow-passed");
  await it.press("Cancel the case of Mei Lin");
  await it.sees("was cancelled");
}, { viewport: { width: 390, height: 844 } });
