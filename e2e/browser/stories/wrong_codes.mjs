import assert from "node:assert/strict";
import { story } from "../playground.mjs";

story("wrong codes until authentication is locked out, and not the account", async (it) => {
  await it.be("Dana Reyes");
  await it.calledBy("Mei Lin");
  await it.lock("corp");
  await it.ask("mei");
  await it.press("Verify authenticator of Mei Lin");

  await it.enter("12345x");
  await it.sees("That is not a code: enter its digits and nothing else. No try was used.");

  const right = await it.phoneCode();
  for (let i = 1; i <= 5; i++) {
    const wrong = String((Number(right) + 7 * i) % 1_000_000).padStart(6, "0");
    await it.enter(wrong);
    if (i < 5) await it.sees(new RegExp(`That code is not right\\. ${5 - i} `));
    if (i === 1) await it.state("17-wrong-code");
  }
  await it.sees("Nothing more can be verified of Mei Lin now", "authentication of the user is locked out for a while", "This does not change the lock of the account in the directory.");
  await it.state("18-authentication-lockout");

  await it.press("Back to overview");
  await it.press("Verify e-mail of Mei Lin");
  await it.press(/^Send a code/);
  await it.sees("Nothing more can be verified of Mei Lin now");
  await it.press("Back to overview");
  await it.press("Cancel the case of Mei Lin");
  await it.sees("The case of Mei Lin was cancelled. Nothing was changed.");
  await it.leave();

  await it.later(31);
  await it.lock("corp");
  await it.ask("mei");
  await it.press("Verify authenticator of Mei Lin");
  await it.enter(await it.phoneCode());
  await it.sees("Passed: authenticator.");
  await it.press("Cancel the case of Mei Lin");
  await it.sees("was cancelled");
  await it.leave();
  assert.match(await it.signInRight("corp"), /Locked/);
});
