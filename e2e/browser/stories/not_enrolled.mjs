import assert from "node:assert/strict";
import { story, wait } from "../playground.mjs";

story("Tom is not enrolled: refused in restricted mode, with a reminder", async (it) => {
  await it.be("Dana Reyes");
  await it.calledBy("Tom Berg");
  await it.lock("corp");
  const before = await it.mails().count();
  await it.ask("tom berg");
  await it.sees("Not possible", "is not enrolled with any authentication type that counts");
  assert.equal(await it.dialog.getByRole("button", { name: /Next|Skip|Unlock/ }).count(), 0);
  await it.state("14-not-enrolled-restricted");
  await it.press("Remind Tom Berg to enroll");
  await it.sees("The user was sent a reminder to enroll.");
  await wait("the reminder in Tom's mailbox", async () => (await it.mails().count()) > before);
  await it.state("15-reminded");
  await it.leave();
});

story("Tom is not enrolled: the unrestricted agent goes straight to page Unlock", async (it) => {
  await it.be("Ulf Brandt");
  await it.calledBy("Tom Berg");
  await it.lock("corp");
  await it.ask("tom berg");
  await it.sees("The user is not enrolled, so nothing could be authenticated. History says so.");
  await it.state("16-not-enrolled-unrestricted");
  await it.tick(/in corp/);
  await it.press("Unlock");
  await it.sees(/Unlocked: Tom Berg \(.+\) in corp\./);
  await it.leave();
  assert.match(await it.signInRight("corp"), /Welcome/);
});
