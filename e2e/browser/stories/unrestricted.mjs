import assert from "node:assert/strict";
import { story } from "../playground.mjs";

story("an unrestricted agent skips the check, and history says so", async (it) => {
  await it.be("Ulf Brandt");
  await it.calledBy("Mei Lin");
  await it.lock("corp");
  await it.ask("mei");
  await it.sees("you can authenticate the user, or skip this page");
  await it.state("12-unrestricted");
  await it.press("Skip authentication of Mei Lin");
  await it.sees("Page Authenticate was skipped. History says so.");
  await it.tick(/in corp/);
  await it.state("13-skipped");
  await it.press("Unlock");
  await it.sees(/Unlocked: Mei Lin \(.+\) in corp\./);
  await it.leave();
  assert.match(await it.signInRight("corp"), /Welcome/);
  await it.say("/unlock history mei");
  await it.chosen();
  await it.sees("Ulf Brandt skipped authentication of Mei Lin", "Ulf Brandt unlocked Mei Lin in corp without authentication");
  await it.leave();
});
