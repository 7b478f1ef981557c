import assert from "node:assert/strict";
import { story, wait } from "../playground.mjs";

story("Mei locks herself out, Dana checks who calls, unlocks both accounts, Mei signs in", async (it) => {
  await it.be("Dana Reyes");
  await it.calledBy("Mei Lin");
  await it.state("01-start");

  assert.match(await it.signIn("corp", "guess one"), /Wrong/);
  assert.match(await it.signIn("corp", "guess two"), /Wrong/);
  assert.match(await it.signIn("corp", "guess three"), /Locked|Wrong/);
  await it.lock("corp");
  await it.lock("lab");
  await it.state("02-locked");

  await it.line.fill("/un");
  assert.deepEqual(await it.page.getByRole("listbox", { name: "Commands" }).getByRole("option").allInnerTexts().then((all) => all.map((o) => o.split("\n")[0].trim())),
    ["/unlock name, login or mail", "/unlock history name, login or mail", "/unlock me", "/unlock enroll", "/unlock help", "/unlock", "Unlock an account Shortcut"]);
  await it.state("03-completion");

  await it.ask("mei");
  await it.sees("Authenticate", "Mei Lin (mlin)", "must be authenticated before page Unlock opens");
  assert.equal(await it.dialog.getByRole("button", { name: "Next" }).count(), 0, "Next is there before anything was passed");
  assert.equal(await it.dialog.getByRole("button", { name: /Skip/ }).count(), 0, "a restricted agent can skip");
  await it.state("04-authenticate");

  const before = await it.mails().count();
  await it.press("Verify e-mail of Mei Lin");
  await it.press(/^Send a code/);
  await it.sees("A code was sent to");
  const code = await it.mailedCode(before + 1);
  await it.state("05-code");
  await it.enter(code);
  await it.sees("Passed: e-mail.", "Still needed");
  await it.state("06-one-passed");
  await it.proveApp();
  await it.sees("All that policy asks for is passed. Press Next.");
  await it.press("Next");

  await it.sees("Authenticated with e-mail and authenticator.", "Accounts to unlock");
  await it.tick(/Mei Lin \(.+\) in corp/);
  await it.tick(/Mei Lin \(.+\) in lab/);
  await it.state("07-unlock");
  await it.press("Unlock");
  await it.sees(/Unlocked: Mei Lin \(.+\) in corp\./, /Unlocked: Mei Lin \(.+\) in lab\./);
  await it.state("08-result");
  await it.press("Close");
  await it.dialog.waitFor({ state: "detached" });

  assert.match(await it.signInRight("lab"), /Welcome/);
  assert.match(await it.signInRight("corp"), /Welcome/);
  await wait("the tour to be done", async () => (await it.page.locator("#steps > .done").count()) === 6);
  await it.state("09-signed-in");

  await it.room(/audit/);
  await it.reads("Dana Reyes unlocked Mei Lin in corp after e-mail and authenticator");
  await it.reads("Dana Reyes unlocked Mei Lin in lab after e-mail and authenticator");
  await it.state("10-audit");
  await it.room("Latchkey");
  await it.reads("Dana Reyes unlocked Mei Lin in corp");
  await it.tab("Home");
  await it.state("11-home");
});
