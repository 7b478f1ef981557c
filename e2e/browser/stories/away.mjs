import { story } from "../playground.mjs";

story("the directory is away: it is said, nothing is done, and it goes on by itself", async (it) => {
  await it.be("Dana Reyes");
  await it.calledBy("Mei Lin");
  await it.fault(/Directory away/, true);
  try {
    await it.caller.getByLabel("Password").fill("anything");
    await it.caller.getByRole("button", { name: "Sign in" }).click();
    await it.caller.getByText("does not answer").waitFor();
    await it.say("/unlock mei");
    await it.slack.getByText(/not answer/i).first().waitFor({ timeout: 15_000 });
    await it.state("28-directory-away");
    if (await it.dialog.count()) await it.leave();
  } finally {
    await it.fault(/Directory away/, false);
  }
  await it.lock("corp");
  await it.ask("mei");
  await it.sees("must be authenticated before page Unlock opens");
  await it.press("Cancel the case of Mei Lin");
  await it.sees("was cancelled");
  await it.leave();
});

story("Redis is away: it is said, and nothing is let through", async (it) => {
  await it.be("Dana Reyes");
  await it.fault(/Redis away/, true);
  try {
    await it.say("/unlock mei");
    await it.slack.getByText("Latchkey cannot reach its memory (Redis)").first().waitFor();
    await it.state("29-redis-away");
  } finally {
    await it.fault(/Redis away/, false);
  }
});
