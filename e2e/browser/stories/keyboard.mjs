import assert from "node:assert/strict";
import { story, wait } from "../playground.mjs";

const focus = (it) => it.page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.id ?? "");
const inDialog = (it) => it.page.evaluate(() => document.querySelector("[role=dialog]")?.contains(document.activeElement) ?? false);

story("everything by keyboard: complete a command, stay in the dialog, leave it", async (it) => {
  await it.be("Dana Reyes");
  await it.calledBy("Mei Lin");
  await it.lock("corp");

  await it.line.focus();
  await it.page.keyboard.type("/un");
  await it.page.keyboard.press("ArrowDown");
  assert.equal(await it.page.getByRole("listbox", { name: "Commands" }).getByRole("option", { selected: true }).count(), 1);
  await it.state("38-keyboard-completion");
  await it.page.keyboard.press("Enter");
  assert.equal(await it.line.inputValue(), "/unlock ");
  await it.page.keyboard.type("mei");
  await it.page.keyboard.press("Enter");
  await it.chosen();
  await it.sees("must be authenticated before page Unlock opens");
  await wait("the focus in the dialog", () => inDialog(it));
  for (let i = 0; i < 12; i++) {
    await it.page.keyboard.press(i < 8 ? "Tab" : "Shift+Tab");
    assert.ok(await inDialog(it), `the focus left the dialog after ${i + 1} steps`);
  }

  await it.dialog.getByRole("button", { name: "Verify authenticator of Mei Lin" }).focus();
  await it.page.keyboard.press("Enter");
  await it.sees("the code that the authenticator app shows now");
  await wait("the focus in the field", () => it.page.evaluate(() => document.activeElement?.tagName === "INPUT"));
  await it.page.keyboard.press("Enter");
  await it.sees("Please complete this required field.");
  await it.state("39-keyboard-required");

  await it.page.keyboard.press("F6");
  assert.equal(await focus(it), "caller-title");
  const code = await it.phoneCode();
  await it.page.keyboard.press("Shift+F6");
  await wait("the focus back in the field", () => it.page.evaluate(() => document.activeElement?.tagName === "INPUT"));
  await it.page.keyboard.type(code);
  await it.page.keyboard.press("Enter");
  await it.sees("Passed: authenticator.");
  await it.page.keyboard.press("Escape");
  await it.dialog.waitFor({ state: "detached" });
  assert.equal(await focus(it), "line");
  await it.reads("Your case of Mei Lin in corp is still open");
  await it.slack.getByRole("button", { name: "Cancel the case of Mei Lin" }).last().focus();
  await it.page.keyboard.press("Enter");
  await it.reads("The case of Mei Lin was cancelled");
});

story("a screen reader hears what comes", async (it) => {
  await it.be("Dana Reyes");
  await it.say("/unlock help");
  await it.page.locator("[aria-live=polite]").getByText(/Latchkey: .*unlock/i).first().waitFor({ state: "attached" });
  for (const [role, name] of [["banner", ""], ["main", ""], ["navigation", "Slack"], ["region", "Your first unlock"], ["region", "Latchkey"], ["region", "The caller"]]) {
    assert.equal(await it.page.getByRole(role, name ? { name, exact: true } : {}).count(), 1, `${role} ${name}`);
  }
});
