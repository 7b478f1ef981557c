import assert from "node:assert/strict";
import { story, wait } from "../playground.mjs";

// begun has somebody in Teams ask for Mei, in a dialog that the bot's card opens.
async function begun(it, line = "unlock mei") {
  const answers = it.slack.getByRole("article").filter({ hasText: "It opens in a window of its own" });
  const before = await answers.count();
  await it.say(line);
  await wait("the answer to the line", async () => (await answers.count()) > before);
  await it.opens("Open");
  const title = () => it.dialog.getByRole("heading", { level: 2 }).innerText();
  if ((await title()) === "Which person?") await it.card(/^Choose/);
}

async function proved(it) {
  const before = await it.mails().count();
  await it.card("Verify e-mail of Mei Lin");
  await it.sees("A code goes to the e-mail address");
  await it.card(/^Send code|^Send a code/);
  await it.sees("A code was sent to");
  const code = await it.mailedCode(before + 1);
  await it.state("101-teams-code");
  await it.enter(code);
  await it.sees("Passed: e-mail.");
  await it.state("102-teams-one-passed");
  await it.card("Verify authenticator of Mei Lin");
  await it.sees("the code that the authenticator app shows now");
  await it.enter(await it.phoneCode());
  await it.sees("Passed: authenticator.");
}

async function ended(it) {
  if (await it.dialog.getByRole("button", { name: "Back to overview" }).count()) await it.card("Back to overview");
  await it.card("Cancel the case of Mei Lin");
  await it.sees("was cancelled");
  await it.leave();
}

story("Dana works in Teams: she checks who calls, unlocks, and Mei signs in", async (it) => {
  await it.be("Dana Reyes");
  await it.calledBy("Mei Lin");
  await it.works("Teams");
  await it.lock("corp");
  await it.line.fill("u");
  await it.page.getByRole("listbox", { name: "Commands" }).getByRole("option", { name: /^unlock name/ }).waitFor();
  await it.state("99-teams-commands");
  await begun(it);
  await it.sees("must be authenticated before page Unlock opens");
  await it.state("100-teams-authenticate");
  await proved(it);
  await it.card("Next");
  await it.sees("Authenticated with e-mail and authenticator.");
  await it.card("Unlock"); // nothing is ticked yet
  await it.sees("Tick at least one.");
  await it.tick(/Mei Lin \(.+\) in corp/);
  await it.state("103-teams-unlock");
  await it.card("Unlock");
  await it.sees(/Unlocked: Mei Lin \(.+\) in corp\./);
  await it.state("104-teams-result");
  await it.leave();
  assert.match(await it.signInRight("corp"), /Welcome/);
  await it.say("home");
  await it.slack.getByRole("article").getByRole("heading", { name: "My last unlocks" }).last().waitFor();
  await it.state("105-teams-home");

  await it.works("Slack"); // the same person, and the same program behind it
  await it.room(/audit/);
  await it.reads("Dana Reyes unlocked Mei Lin in corp after e-mail and authenticator");
});

async function digits(it) {
  await it.sees("Read these six digits to the user");
  const text = await it.dialog.innerText();
  return text.match(/\b\d{3} \d{3}\b/)[0].replace(/\D/g, "");
}

async function answers(it, right) {
  await it.own.getByRole("button", { name: /^Enter the digits/ }).last().click();
  const form = it.own.getByRole("dialog", { name: "The helpdesk asks" });
  await form.getByRole("textbox", { name: "Six digits" }).fill(right);
  await it.page.keyboard.press("Enter");
  await form.getByText("Dana Reyes sees that it is you.").waitFor();
  return form;
}

story("Dana asks in Teams, and Mei answers in Slack", async (it) => {
  await it.be("Dana Reyes");
  await it.calledBy("Mei Lin");
  await it.works("Teams");
  await it.reader("Slack");
  await it.lock("corp");
  await begun(it);
  await it.card("Verify chat of Mei Lin");
  await it.sees("Only the user can");
  await it.card(/^Ask in the chat|^Ask Mei Lin/);
  const right = await digits(it);
  await it.state("106-teams-asks-slack");
  await answers(it, right);
  await it.card("Refresh");
  await it.sees("passed · strength: medium");
  await it.state("107-slack-answered-teams");
  await it.page.keyboard.press("Escape");
  await it.own.getByRole("dialog").getByRole("button", { name: "Close", exact: true }).click();
  await begun(it);
  await ended(it);
});

story("Dana asks in Slack, and Hannah, who has Teams alone, answers there", async (it) => {
  await it.be("Dana Reyes");
  await it.calledBy("Hannah Wong");
  await it.works("Slack");
  await it.own.getByRole("heading", { name: "Hannah's Teams" }).waitFor();
  assert.equal(await it.own.getByRole("radio").count(), 0, "there is a switch to a Slack that Hannah does not have");
  await it.lock("corp");
  await it.ask("hwong");
  await it.press("Verify chat of Hannah Wong");
  await it.sees("Only the user can");
  await it.press(/^Ask Hannah Wong|^Ask in the chat/);
  const right = await digits(it);
  await it.own.getByText("Real helpdesk staff will say first").last().waitFor();
  assert.ok(!(await it.own.innerText()).includes(right), "the digits stand in Hannah's chat");
  await it.state("108-slack-asks-teams");
  await it.own.getByRole("button", { name: /^Enter the digits/ }).last().click();
  const form = it.own.getByRole("dialog", { name: "The helpdesk asks" });
  const field = form.getByRole("textbox", { name: "Six digits" });
  await field.waitFor();
  assert.ok(await field.evaluate((f) => f === document.activeElement), "one cannot type at once");
  await field.fill(right === "000000" ? "000001" : "000000");
  await it.page.keyboard.press("Enter");
  await form.getByText("Those digits are not right. 4 tries are left.").waitFor();
  await it.sees("The user has entered other digits. 4 tries are left."); // Dana has done nothing
  await it.state("109-teams-other-digits");
  await form.getByRole("textbox", { name: "Six digits" }).fill(right);
  await it.page.keyboard.press("Enter");
  await form.getByText("Dana Reyes sees that it is you.").waitFor();
  await it.sees("passed · strength: medium");
  await form.getByRole("button", { name: "Close this dialog" }).click();
  await form.waitFor({ state: "detached" });
  await it.press("Cancel the case of Hannah Wong");
  await it.sees("was cancelled");
  await it.leave();
});

story("Hannah has Teams alone: she opens in it, and says in a card that she did not call", async (it) => {
  await it.be("Dana Reyes");
  await it.calledBy("Hannah Wong");
  await it.works("Teams");
  await it.lock("corp");
  await begun(it, "unlock hwong");
  await it.card("Verify chat of Hannah Wong");
  await it.card(/^Ask in the chat|^Ask Hannah Wong/);
  await digits(it);
  const notMe = it.own.getByRole("button", { name: "This is not me", exact: true }).last();
  await notMe.focus();
  await it.page.keyboard.press("Enter"); // the small card that asks once more
  assert.equal(await notMe.getAttribute("aria-expanded"), "true");
  await it.own.getByText("nothing of yours is unlocked within a day").last().waitFor();
  await it.state("116-teams-sure");
  await it.page.keyboard.press("Enter"); // folded again: nothing was done
  assert.equal(await notMe.getAttribute("aria-expanded"), "false");
  await it.leave();

  await it.be("Hannah Wong");
  await it.page.getByRole("navigation", { name: "Teams", exact: true }).waitFor();
  assert.equal(await it.slack.getByRole("radio").count(), 0);
  const there = it.slack.getByRole("article").filter({ hasText: "Real helpdesk staff will say first" }).last();
  await there.getByRole("button", { name: "This is not me", exact: true }).click();
  await there.getByRole("button", { name: "It is not me", exact: true }).click();
  await it.reads("The case of Dana Reyes has ended");
  await it.state("117-teams-not-me");
  await it.be("Ulf Brandt");
  await it.works("Teams");
  await begun(it, "unlock hwong");
  await it.card(/^Lift the freeze/);
  await wait("the freeze to be lifted, or a question", async () => /is lifted|Lift it/.test(await it.dialog.innerText()));
  const sure = it.dialog.locator(".ac-inner:not([hidden])").getByRole("button");
  if (await sure.count()) await sure.last().click();
  await it.sees("The freeze of Hannah Wong is lifted");
  await it.leave();
});

const focused = (it) => it.page.evaluate(() => ({ tag: document.activeElement?.tagName, dialog: document.activeElement?.closest("[role=dialog]") !== null, title: document.activeElement?.title, id: document.activeElement?.id, value: document.activeElement?.value }));

story("Teams by keyboard: the switch, a command, a card's button, the dialog, and back", async (it) => {
  const key = (name) => it.page.keyboard.press(name);
  await it.be("Dana Reyes");
  await it.calledBy("Mei Lin");
  await it.lock("corp");
  await it.slack.getByRole("radio", { name: "Slack" }).focus();
  await key("ArrowRight");
  await it.page.getByRole("navigation", { name: "Teams", exact: true }).waitFor();
  assert.equal((await focused(it)).value, "teams", "the switch lost the focus");

  await it.line.focus();
  await it.page.keyboard.type("unl");
  await key("ArrowDown");
  await key("Enter");
  assert.equal(await it.line.inputValue(), "unlock ");
  await it.page.keyboard.type("mei");
  await key("Enter");
  const open = it.slack.getByRole("article").getByRole("button", { name: "Open", exact: true }).last();
  await open.waitFor();
  await it.page.locator("[aria-live=polite]").getByText(/Latchkey: .*window of its own/).first().waitFor({ state: "attached" });
  await open.focus();
  await key("Enter");
  await it.dialog.waitFor();
  await wait("the focus in the dialog", async () => (await focused(it)).dialog);
  const choose = it.dialog.getByRole("button", { name: /^Choose/ }).first();
  if (await choose.count()) {
    await choose.focus();
    await key("Enter");
  }
  await it.sees("must be authenticated before page Unlock opens");
  for (let i = 0; i < 14; i++) {
    await key(i < 9 ? "Tab" : "Shift+Tab");
    assert.ok((await focused(it)).dialog, `the focus left the dialog after ${i + 1} steps`);
  }
  await it.dialog.getByTitle("Verify authenticator of Mei Lin").focus();
  await key("Enter");
  await it.sees("the code that the authenticator app shows now");
  await wait("the focus in the field", async () => (await focused(it)).tag === "INPUT");
  await key("Enter");
  await it.sees("Type something here.");
  assert.equal((await focused(it)).tag, "INPUT");
  await it.state("110-teams-keyboard-required");
  await key("F6");
  assert.equal((await focused(it)).id, "caller-title");
  const code = await it.phoneCode();
  await key("Shift+F6");
  await wait("the focus back in the field", async () => (await focused(it)).tag === "INPUT");
  await it.page.keyboard.type(code);
  await key("Enter");
  await it.sees("Passed: authenticator.");
  await key("Escape");
  await it.dialog.waitFor({ state: "detached" });
  assert.equal((await focused(it)).id, "line");
  await begun(it);
  await ended(it);
});

story("Teams on a dark screen of 390 pixels", async (it) => {
  const pane = (name) => it.page.getByRole("navigation", { name: "Parts of the page" }).getByRole("button", { name }).click();
  const narrow = async () => assert.ok(await it.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the screen");
  await it.be("Dana Reyes");
  await pane("Caller");
  await it.calledBy("Mei Lin");
  await it.lock("corp");
  await pane("Slack");
  await it.works("Teams");
  await begun(it);
  await it.sees("must be authenticated before page Unlock opens");
  await it.state("111-teams-narrow-authenticate");
  await narrow();
  await it.card("Verify e-mail of Mei Lin");
  await it.card(/^Send code|^Send a code/);
  await it.sees("A code was sent to");
  await it.enter("000000");
  await it.sees("That code is not right.");
  await it.state("112-teams-narrow-wrong");
  await narrow();
  await ended(it);
  await it.say("help");
  await it.slack.getByRole("article").getByText("goes straight to the person").last().waitFor();
  await it.state("113-teams-narrow-help");
  await narrow();
}, { viewport: { width: 390, height: 844 }, colorScheme: "dark" });

story("in a channel of Teams, who mentions the bot is answered alone, and a message leads to its writer", async (it) => {
  await it.be("Dana Reyes");
  await it.calledBy("Mei Lin");
  await it.works("Teams");
  await it.page.getByRole("navigation", { name: "Teams", exact: true }).getByRole("button").filter({ hasNotText: "Latchkey" }).first().click();
  await it.say("Who has the spare phone?");
  await it.reads("Who has the spare phone?");
  await it.line.fill("@");
  await it.page.getByRole("listbox", { name: "Commands" }).getByRole("option", { name: /^@Latchkey/ }).click();
  await it.line.pressSequentially("help");
  await it.line.press("Enter");
  await it.reads("goes straight to the person");
  await it.slack.getByRole("article").filter({ hasText: "goes straight to the person" }).last().getByText("Only you can see this message").waitFor();
  await it.slack.locator(".mention").getByText("@Latchkey").last().waitFor();
  await it.state("114-teams-channel");
  await it.shortcutOn("Who has the spare phone?", /Unlock this person/);
  await it.dialog.waitFor();
  await it.state("115-teams-extension");
  await it.leave();
});
