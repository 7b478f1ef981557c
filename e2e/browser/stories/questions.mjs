import { story } from "../playground.mjs";

story("security questions: each answer is judged by itself, and none is shown", async (it) => {
  await it.be("Dana Reyes");
  await it.calledBy("Mei Lin");
  await it.lock("corp");
  await it.ask("mei");
  await it.press("Verify security questions of Mei Lin");
  await it.sees("Say first: ", "What was the name of your first school?");
  await it.state("66-questions");
  const school = it.dialog.getByRole("textbox", { name: /first school/ });
  const town = it.dialog.getByRole("textbox", { name: /parents meet/ });
  await school.fill(" MARIGOLD ");
  await town.fill("Porto");
  await it.state("66-questions");
  await it.press("Verify");
  await it.sees("Answered right: What was the name of your first school?", /Not right\. 4 tries are left/);
  await it.state("67-questions-judged");
  await town.fill("Lisbon");
  await it.press("Verify");
  await it.sees("Passed: security questions.");
  await it.proveApp();
  await it.press("Next");
  await it.sees("Accounts to unlock");
  await it.leave();
});
