import assert from "node:assert/strict";
import { story } from "../playground.mjs";

// texted reads the newest message on the phone, once there are n.
async function texted(it, n) {
  const messages = it.caller.getByRole("list", { name: "Text messages" }).locator(".words");
  await messages.nth(n - 1).waitFor();
  const code = (await messages.first().innerText()).match(/\b\d{6}\b/);
  assert.ok(code, "there is no code in the message");
  return code[0];
}

story("Mei's phone shows a code by text message, and Dana enters it", async (it) => {
  await it.be("Dana Reyes");
  await it.calledBy("Mei Lin");
  await it.lock("corp");
  const before = await it.caller.getByRole("list", { name: "Text messages" }).locator(".words").count();
  await it.ask("mei");
  await it.press("Verify mobile of Mei Lin");
  await it.sees("Safer, and enrolled already: authenticator and chat.");
  await it.state("66-mobile-send");
  await it.fault(/Text messages away/, true);
  try {
    await it.press(/^Send a code/);
    await it.sees("takes no message just now");
  } finally {
    await it.fault(/Text messages away/, false);
  }
  await it.press(/^Send a code/);
  await it.sees("A code was sent to •••");
  await it.state("67-mobile-code");
  await it.enter(await texted(it, before + 1));
  await it.sees("Passed: mobile.");
  await it.press("Cancel the case of Mei Lin");
  await it.sees("was cancelled");
  await it.leave();
});
