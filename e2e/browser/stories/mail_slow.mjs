import assert from "node:assert/strict";
import { story, wait } from "../playground.mjs";

story("mail is slow: the agent is never left waiting, and a code that comes too late does not count", async (it) => {
  await it.be("Dana Reyes");
  await it.calledBy("Mei Lin");
  await it.lock("corp");
  const before = await it.mails().count();
  await it.ask("mei");
  await it.press("Verify e-mail of Mei Lin");
  await it.sees("A code goes to the e-mail address");
  await it.fault(/Mail slow/, true);
  try {
    const pressed = Date.now();
    await it.press(/^Send a code/);
    await it.sees("Sending the code");
    assert.ok(Date.now() - pressed < 3000, "for three seconds nothing was said");
    await it.state("46-mail-slow");
    await it.dialog.getByText(/mail server does not answer/).first().waitFor({ timeout: 15_000 });
    assert.ok(Date.now() - pressed < 12_000, "nobody waits that long for a mail server");
    await it.dialog.getByRole("button", { name: /^Send a code/ }).waitFor();
    await it.state("47-mail-not-taken");
    await wait("the mail that comes late", async () => (await it.mails().count()) > before, 20_000);
  } finally {
    await it.fault(/Mail slow/, false);
  }
  const late = await it.mailedCode(before + 1);
  await it.press(/^Send a code/);
  await it.sees("A code was sent to");
  const fresh = await it.mailedCode(before + 2);
  if (late !== fresh) {
    await it.enter(late);
    await it.sees("That code is not right.");
    await it.state("48-late-code");
  }
  await it.enter(fresh);
  await it.sees("Passed: e-mail.");
  await it.press("Cancel the case of Mei Lin");
  await it.sees("was cancelled");
  await it.leave();
});
