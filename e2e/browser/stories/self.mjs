import assert from "node:assert/strict";
import { story } from "../playground.mjs";

story("Mei unlocks herself: her authenticator and one more, and no helpdesk", async (it) => {
  await it.be("Mei Lin");
  await it.lock("corp");
  await it.say("/unlock me");
  await it.sees("Prove that it is you before your account is unlocked. Still needed: authenticator and 1 more type.");
  assert.equal(await it.dialog.getByRole("button", { name: "Next" }).count(), 0, "Next is there before anything was passed");
  assert.equal(await it.dialog.getByRole("button", { name: /chat/ }).count(), 0, "the chat proves whoever sits in it");
  assert.equal(await it.own.innerText(), "", "Mei's Slack stands there twice");
  await it.state("75-self");

  await it.press(/^Verify authenticator/);
  await it.enter(await it.phoneCode());
  await it.sees("Passed: authenticator.");
  const before = await it.mails().count();
  await it.press(/^Verify e-mail/);
  await it.sees("read it to nobody");
  await it.press(/^Send a code/);
  await it.sees("A code was sent to");
  await it.enter(await it.mailedCode(before + 1));
  await it.sees("You have proved that it is you. Press Next.");
  await it.press("Next");
  await it.tick(/Mei Lin \(.+\) in corp/);
  await it.state("76-self-unlock");
  await it.press("Unlock");
  await it.sees(/Unlocked: Mei Lin \(.+\) in corp\./);
  await it.leave();
  assert.match(await it.signInRight("corp"), /Welcome/);
  await it.room(/audit/);
  await it.reads(/Mei Lin unlocked by self-service in corp/);
});
