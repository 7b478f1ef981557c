import assert from "node:assert/strict";
import { story } from "../playground.mjs";

story("History opens from page Authenticate and leads back", async (it) => {
  await it.be("Dana Reyes");
  await it.calledBy("Mei Lin");
  await it.lock("corp");
  await it.ask("mei");
  await it.press("History of Mei Lin");
  await it.sees("Done to and by Mei Lin", /unlocked Mei Lin in corp/);
  await it.state("23-history");
  await it.press("Back");
  await it.sees("must be authenticated before page Unlock opens");
  await it.press("Cancel the case of Mei Lin");
  await it.sees("was cancelled");
  await it.leave();
});

story("without the permission one reads history, and unlocks nobody", async (it) => {
  await it.be("Nora Quist");
  await it.ask("mei");
  await it.sees("Your role does not have the permission Unlock Any Account");
  await it.state("24-no-permission");
  await it.leave();
  await it.say("/unlock history mei");
  await it.chosen();
  await it.sees("Done to and by Mei Lin");
  await it.leave();
});

story("the caller has her own side of the page and her own Slack, and is not at the desk", async (it) => {
  await it.be("Mei Lin");
  assert.equal(await it.page.getByLabel("On the phone").locator("option:checked").innerText(), "Mei Lin");
  await it.say("/unlock tom");
  await it.sees("does not have the permission Unlock Any Account");
  await it.state("25-caller");
  await it.leave();
});

story("help is for oneself alone", async (it) => {
  await it.be("Dana Reyes");
  await it.say("/unlock help");
  await it.reads("/unlock opens a form that asks who it is.");
  await it.slack.getByText("Only visible to you").first().waitFor();
  await it.state("26-help");
  await it.say("/unlock");
  await it.dialog.getByRole("textbox", { name: "Who is it?" }).fill("nobody of that name");
  await it.press("Search");
  await it.sees("Nobody was found for");
  await it.state("27-nobody");
  await it.leave();
});
