import assert from "node:assert/strict";
import { story, wait } from "../playground.mjs";

// asked locks Mei out and has Dana ask her in the chat; it gives the digits that
// Dana's page shows.
async function asked(it) {
  await it.be("Dana Reyes");
  await it.calledBy("Mei Lin");
  await closeOwn(it); // of an earlier story
  await it.lock("corp");
  await it.ask("mei");
  await it.press("Verify chat of Mei Lin");
  await it.sees("Only the user can");
  await it.press(/^Ask Mei Lin|^Ask in the chat/);
  return digits(it);
}

async function closeOwn(it) {
  const open = it.own.getByRole("dialog");
  if (!(await open.count())) return;
  await open.getByRole("button", { name: "Close", exact: true }).click();
  await open.waitFor({ state: "detached" });
}

async function digits(it) {
  await it.sees("Read these six digits to the user");
  return (await it.dialog.getByRole("heading", { name: /^\d{3} \d{3}$/ }).innerText()).replace(/\D/g, "");
}

async function closeCase(it) {
  if (await it.dialog.getByRole("button", { name: "Back to overview" }).count()) await it.press("Back to overview");
  await it.press("Cancel the case of Mei Lin");
  await it.sees("was cancelled");
  await it.leave();
}

story("Mei is asked in the chat, and enters the digits that Dana reads to her", async (it) => {
  const right = await asked(it);
  const phrase = (await it.dialog.getByText(/^Say first/).innerText()).match(/Say first: (\w+ \w+)\./)[1];
  await it.own.getByText(`Real helpdesk staff will say first: ${phrase}.`).last().waitFor();
  assert.ok(!(await it.own.innerText()).includes(right), "the digits stand in Mei's chat");
  await it.state("68-asked");

  await it.own.getByRole("button", { name: /^Enter the digits/ }).last().click();
  const form = it.own.getByRole("dialog", { name: "The helpdesk asks" });
  await form.getByText(phrase).waitFor();
  await form.getByRole("textbox", { name: "Six digits" }).fill(right === "000000" ? "000001" : "000000");
  await it.page.keyboard.press("Enter");
  await form.getByText("Those digits are not right. 4 tries are left.").waitFor();
  await it.sees("The user has entered other digits. 4 tries are left."); // Dana has done nothing
  await it.state("69-other-digits");

  await form.getByRole("textbox", { name: "Six digits" }).fill(`${right.slice(0, 3)} ${right.slice(3)}`);
  await it.page.keyboard.press("Enter");
  await form.getByText("Those are not six digits. No try was used.").waitFor();
  await form.getByRole("textbox", { name: "Six digits" }).fill(right);
  await it.page.keyboard.press("Enter");
  await form.getByText("Dana Reyes sees that it is you.").waitFor();
  await it.sees("Still needed: 1 more type", "passed · strength: medium");
  await it.state("70-answered");
  await closeOwn(it);

  await it.proveApp();
  await it.press("Next");
  await it.sees("Authenticated with authenticator and chat.");
  await it.tick(/Mei Lin \(.+\) in corp/);
  await it.press("Unlock");
  await it.sees(/Unlocked: Mei Lin \(.+\) in corp\./);
  assert.match(await it.signInRight("corp"), /Welcome/);
});

story("what Dana types stays while Mei answers, and the answer of an older question counts no more", async (it) => {
  const first = await asked(it);
  await it.press("Ask Mei Lin again in the chat");
  const second = await wait("other digits", async () => { const now = await digits(it); return now !== first && now; });
  await it.press("Back to overview");
  await it.press("Verify authenticator of Mei Lin");
  const code = it.dialog.getByRole("textbox", { name: "Code" });
  await code.pressSequentially("123");

  await it.own.getByRole("button", { name: /^Enter the digits/ }).last().click();
  const form = it.own.getByRole("dialog", { name: "The helpdesk asks" });
  await form.getByRole("textbox", { name: "Six digits" }).fill(second);
  await it.page.keyboard.press("Enter");
  await wait("the answer to Mei", async () => /sees that it is you|can no longer be answered/.test(await form.innerText()));
  assert.equal(await code.inputValue(), "123", "what Dana typed has gone");
  await it.state("71-typing");
  await closeOwn(it);
  await closeCase(it);
});

story("“This is not me” ends the case and freezes unlocking, until a lead lifts it", async (it) => {
  await asked(it);
  const notMe = it.own.getByRole("button", { name: /^This is not me/ }).last();
  await notMe.click();
  const box = it.page.getByRole("alertdialog", { name: "Is somebody else calling?" });
  await box.getByText("nothing of yours is unlocked within a day").waitFor();
  await it.state("72-sure");
  await it.page.keyboard.press("Escape"); // nothing was done
  await box.waitFor({ state: "detached" });
  await it.sees("Read these six digits to the user");

  await notMe.press("Enter");
  await box.getByRole("button", { name: "It is not me" }).click();
  await it.own.getByRole("dialog").getByText("The case of Dana Reyes has ended").waitFor();
  await it.sees("Mei Lin has said in the chat: this is not me. The case has ended.");
  await it.state("73-not-me");
  await closeOwn(it);
  await it.leave();

  await it.ask("mei");
  await it.sees("Nothing of his is unlocked until");
  await it.state("74-frozen");
  await it.leave();
  await it.be("Mei Lin");
  await it.say("/unlock me");
  await it.sees("You have said in the chat that it was not you who asked.");
  await it.leave();

  await it.be("Ulf Brandt");
  await it.ask("mei");
  await it.press(/^Lift the freeze/);
  const sure = it.page.getByRole("alertdialog");
  await wait("the freeze to be lifted, or a question", async () => (await sure.count()) || /is lifted/.test(await it.dialog.innerText()));
  if (await sure.count()) await sure.getByRole("button").last().click();
  await it.sees("The freeze of Mei Lin is lifted");
  await it.leave();
  await it.room(/audit/);
  await it.reads(/Mei Lin/);
});

story("both sides of the chat on a dark screen of 390 pixels", async (it) => {
  const pane = (name) => it.page.getByRole("navigation", { name: "Parts of the page" }).getByRole("button", { name }).click();
  const narrow = async () => assert.ok(await it.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the screen");
  await it.be("Dana Reyes");
  await pane("Caller");
  await it.calledBy("Mei Lin");
  await closeOwn(it);
  await it.lock("corp");
  await pane("Slack");
  await it.ask("mei");
  await it.press("Verify chat of Mei Lin");
  await it.press(/^Ask Mei Lin|^Ask in the chat/);
  const right = await digits(it);
  await it.state("81-narrow-digits");
  await pane("Caller");
  await it.state("82-narrow-asked");
  await narrow();
  await it.own.getByRole("button", { name: /^Enter the digits/ }).last().click();
  const field = it.own.getByRole("textbox", { name: "Six digits" });
  await field.waitFor();
  assert.ok(await field.evaluate((f) => f === document.activeElement), "one cannot type at once");
  await it.page.keyboard.type(right);
  await it.state("83-narrow-form");
  await narrow();
  await it.page.keyboard.press("Enter");
  await it.own.getByRole("dialog").getByText("Dana Reyes sees that it is you.").waitFor();
  await it.page.keyboard.press("Escape");
  await it.own.getByRole("dialog").waitFor({ state: "detached" });
  await pane("Slack");
  await it.sees("passed · strength: medium");
  await closeCase(it);
}, { viewport: { width: 390, height: 844 }, colorScheme: "dark" });
