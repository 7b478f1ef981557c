import assert from "node:assert/strict";
import { demo, Playground, story } from "../playground.mjs";

// own tells a story in a demo of its own, where nobody has done anything yet.
const own = (name, tell, options) => story(name, async (first) => {
  const program = await demo();
  try {
    const it = await new Playground(first.context, program.address).open();
    await tell(it);
    it.nothingWrong();
    await it.page.close();
  } finally {
    await first.page.close();
    await program.stop();
  }
}, { asItIs: true, ...options });

const home = (it) => it.page.getByRole("tabpanel", { name: "Home" });

own("Home teaches, leads back to an open case, and shows what was done", async (it) => {
  await it.be("Dana Reyes");
  await it.calledBy("Mei Lin");
  await it.tab("Home");
  await home(it).getByText("Somebody has locked himself out and calls you?").waitFor();
  await it.state("50-home-empty");
  await it.lock("corp");

  await home(it).getByRole("button", { name: "Unlock an account" }).click();
  await it.dialog.getByRole("textbox", { name: "Who is it?" }).fill("mei");
  await it.dialog.getByRole("combobox", { name: "Identity store" }).selectOption("corp");
  await it.state("51-form-with-menus");
  await it.press("Search");
  await it.chosen();
  await it.sees("Mei Lin (mlin)", "must be authenticated before page Unlock opens");
  await it.leave();

  await home(it).getByText("the caller has to prove who he is").waitFor();
  assert.equal(await home(it).getByText("Somebody has locked himself out").count(), 0, "Home still teaches");
  await it.state("52-home-open-case");
  await home(it).getByRole("button", { name: "Continue the case of Mei Lin" }).click();
  await it.proveMail();
  await it.proveApp();
  await it.press("Next");
  await it.tick(/Mei Lin \(.+\) in corp/);
  await it.press("Unlock");
  await it.sees(/Unlocked: Mei Lin/);
  await it.press("Close");
  await home(it).getByText("Dana Reyes unlocked Mei Lin in corp after e-mail and authenticator").waitFor();
  assert.equal(await home(it).getByRole("button").count(), 1, "a case that is done has a button");
  await it.state("53-home-after-an-unlock");
});

own("a message leads to whoever wrote it", async (it) => {
  await it.be("Dana Reyes");
  await it.calledBy("Mei Lin");
  await it.lock("corp");
  await it.room("helpdesk");
  const mei = it.slack.getByRole("listitem").filter({ hasText: "Same here" });
  await mei.getByText("Same here").click({ button: "right" });
  await it.page.getByRole("menuitem", { name: /Unlock this person/ }).waitFor();
  await it.state("54-message-menu");
  await it.page.keyboard.press("Enter");
  await it.sees("Right person?", "author of the message", "Mei Lin (mlin)", "Department", "Manager");
  await it.state("55-right-person");
  await it.press("Go on with Mei Lin (mlin)");
  await it.sees("must be authenticated before page Unlock opens");
  await it.leave();

  for (const [words, answer, picture] of [
    ["print01", "was written by an app", "56-written-by-an-app"],
    ["My guest account", "only a guest", "57-written-by-a-guest"],
    ["Hello from Initech", "belongs to another workspace", "58-written-by-a-stranger"],
  ]) {
    await it.shortcutOn(words, /Unlock this person/);
    await it.slack.getByText(answer).first().waitFor();
    await it.state(picture);
    if (await it.dialog.count()) await it.leave();
  }
  await it.calledBy("Tom Berg");
  await it.lock("corp");
  await it.shortcutOn("My screen says", /Unlock this person/);
  await it.sees("Right person?", "Tom Berg");
  await it.press(/^Go on with Tom Berg/);
  await it.sees("Not possible", "is not enrolled with any authentication type that counts");
});

own("shortcuts and menus by keyboard", async (it) => {
  const focused = () => it.page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent);
  await it.be("Dana Reyes");
  await it.line.focus();
  await it.page.keyboard.press("Shift+Tab");
  assert.equal(await focused(), "Shortcuts");
  await it.page.keyboard.press("Enter");
  await it.page.getByRole("menu", { name: "Shortcuts" }).waitFor();
  await it.page.keyboard.press("Escape");
  assert.equal(await focused(), "Shortcuts", "Escape does not lead back to the button");
  await it.page.keyboard.press("Enter");
  await it.page.keyboard.press("Enter");
  await it.sees("Who is it?");
  await it.dialog.getByRole("combobox", { name: "Enrollment" }).focus();
  await it.page.keyboard.press("End");
  await it.dialog.getByRole("textbox", { name: "Who is it?" }).fill("tom");
  await it.page.keyboard.press("Enter");
  await it.sees("Tom Berg");
  await it.leave();

  await it.room("helpdesk");
  await it.line.focus();
  for (let i = 0; i < 2; i++) await it.page.keyboard.press("Shift+Tab"); // over the plus, to the newest message
  assert.match(await focused(), /^More actions for the message of Mei Lin/);
  await it.state("59-keyboard-message");
  await it.page.keyboard.press("Enter");
  await it.page.keyboard.press("Enter");
  await it.sees("Right person?", "Mei Lin (mlin)");
  await it.leave();

  await it.room("Latchkey");
  await it.page.getByRole("tab", { name: "Messages" }).focus();
  await it.page.keyboard.press("ArrowLeft");
  await home(it).getByText("Somebody has locked himself out").waitFor();
  assert.equal(await focused(), "Home");
  await it.page.keyboard.press("ArrowRight");
  await it.line.waitFor();
  assert.equal(await focused(), "Messages");
});

own("who is locked now, and pages of hits", async (it) => {
  await it.be("Ulf Brandt");
  await it.calledBy("Mei Lin");
  await it.say("/unlock locked");
  await it.sees(/locked now/);
  await it.leave();
  await it.lock("corp");
  await it.lock("lab");
  await it.say("/unlock locked");
  await it.sees("Mei Lin (mlin)", /locked since/, /until/);
  await it.state("60-locked-now");
  await it.leave();
  await it.say("/unlock in:corp an");
  await it.sees("Which person?", /^1 to 10 of/);
  await it.state("61-hits");
  await it.press("More people found");
  await it.sees(/^11 to/);
  await it.press("The people before these");
  await it.sees(/^1 to 10 of/);
  await it.leave();
});

own("Home, a message's menu and a form with menus on a dark screen of 390 pixels", async (it) => {
  const narrow = async () => assert.ok(await it.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "it scrolls sideways");
  await it.be("Dana Reyes");
  await it.page.getByRole("navigation", { name: "Parts of the page" }).getByRole("button", { name: "Slack" }).click();
  await it.tab("Home");
  await home(it).getByText("Somebody has locked himself out").waitFor();
  await it.state("62-narrow-home");
  await narrow();
  await home(it).getByRole("button", { name: "Unlock an account" }).click();
  await it.sees("Who is it?");
  await it.state("63-narrow-form");
  await it.leave();
  await it.room("helpdesk");
  await it.slack.getByRole("button", { name: /^More actions for the message of Mei Lin/ }).click();
  await it.page.getByRole("menuitem", { name: /Unlock this person/ }).waitFor();
  await it.state("64-narrow-message");
  await narrow();
  await it.page.getByRole("menuitem", { name: /Unlock this person/ }).click();
  await it.sees("Right person?");
  await it.state("65-narrow-right-person");
  await narrow();
}, { viewport: { width: 390, height: 844 }, colorScheme: "dark" });
