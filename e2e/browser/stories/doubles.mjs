import assert from "node:assert/strict";
import { Playground, story } from "../playground.mjs";

const unlocked = (it) => it.slack.getByRole("article").filter({ hasText: "Ulf Brandt unlocked Mei Lin in corp" }).count();

// middle is where the mouse presses Unlock.
const middle = async (its) => {
  const button = its.dialog.getByRole("button", { name: "Unlock", exact: true });
  await button.scrollIntoViewIfNeeded();
  const box = await button.boundingBox();
  return [box.x + box.width / 2, box.y + box.height / 2];
};

story("a double click, and the same page open twice, unlock once", async (it) => {
  await it.be("Ulf Brandt");
  await it.calledBy("Mei Lin");
  await it.room(/audit/);
  const before = await unlocked(it);
  await it.room("Latchkey");
  await it.lock("corp");
  await it.ask("mei");
  await it.dialog.getByRole("button", { name: "Skip authentication of Mei Lin" }).dblclick();
  await it.sees("Accounts to unlock");

  const other = await new Playground(it.context).open();
  await other.page.getByRole("radio", { name: "Ulf Brandt" }).check();
  await other.sees("Accounts to unlock");
  await it.tick(/in corp/);
  await other.tick(/in corp/);
  // By the mouse alone: whichever is second may find the page changed under it.
  const [here, there] = [await middle(it), await middle(other)];
  await Promise.all([it.page.mouse.dblclick(...here), other.page.mouse.click(...there)]);
  await it.sees(/Unlocked: Mei Lin \(.+\) in corp\./);
  await other.sees(/Unlocked: Mei Lin \(.+\) in corp\./);
  await it.state("19-double-click");
  await other.page.close();
  await it.leave();
  await it.room(/audit/);
  await it.reads("Ulf Brandt unlocked Mei Lin in corp");
  assert.equal(await unlocked(it), before + 1, "one double click, one unlock");
});

story("a second agent on the same person is told, and what he did is seen by the first", async (it) => {
  await it.be("Dana Reyes");
  await it.calledBy("Mei Lin");
  await it.lock("corp");
  await it.ask("mei");
  await it.press("Verify e-mail of Mei Lin");
  await it.press(/^Send a code/);
  await it.sees("A code was sent to");
  await it.leave();
  await it.reads("Your case of Mei Lin in corp is still open");
  await it.state("20-open-case");

  await it.be("Ulf Brandt");
  await it.ask("mei");
  await it.sees(/was also worked on by .*Dana Reyes/, "Make sure that it is the same caller.");
  await it.state("21-second-agent");
  await it.press("Skip authentication of Mei Lin");
  await it.tick(/in corp/);
  await it.press("Unlock");
  await it.sees(/Unlocked: Mei Lin \(.+\) in corp\./);
  await it.leave();

  await it.page.getByRole("radio", { name: "Dana Reyes" }).check();
  await it.slack.getByRole("button", { name: "Continue the case of Mei Lin" }).last().click();
  await it.sees("is not locked, so unlocking would not help");
  await it.state("22-already-unlocked");
  await it.leave();
});
