import assert from "node:assert/strict";
import { story, wait } from "../playground.mjs";

// proved passes the code that goes to Tom's mail address in the directory.
async function proved(it, button) {
  const before = await it.mails().count();
  await it.press(button);
  await it.sees("Prove that it is you");
  await it.press(/^Send/);
  await it.dialog.getByRole("textbox", { name: /code/i }).fill(await it.mailedCode(before + 1));
  await it.page.keyboard.press("Enter");
}

story("Tom enrolls with his authenticator: the QR code on the one-time page, and six digits", async (it) => {
  await it.be("Tom Berg");
  await it.say("/unlock enroll");
  await it.sees("Your enrollments", "Not enrolled");
  await it.state("77-enrollments");
  await proved(it, /^(Add|Enroll with) authenticator/);

  // The seed is on the page alone, never in the chat.
  const link = it.dialog.getByRole("link");
  await link.waitFor();
  await it.state("78-link");
  const opened = it.context.waitForEvent("page");
  await link.click();
  const tab = await opened;
  const code = tab.getByRole("img", { name: /QR code/ });
  await code.waitFor();
  const key = (await tab.locator(".key").innerText().catch(() => "")) || (await tab.locator(".key").textContent());
  assert.ok(!(await it.dialog.innerText()).includes(key.replace(/\s/g, "")), "the key stands in the chat");
  const picture = await code.screenshot();
  assert.equal((await tab.reload()).status(), 410, "the page is shown twice");
  await tab.close();

  await it.caller.getByText("Add account by QR code").click();
  await it.caller.getByLabel(/Or a picture of the code/).setInputFiles({ name: "code.png", mimeType: "image/png", buffer: picture });
  await it.caller.getByText("Added. Its digits are above.").waitFor();
  await it.state("79-scanned");
  const digits = it.dialog.getByRole("textbox", { name: /code|digits/i });
  await digits.fill(await it.phoneCode());
  await it.page.keyboard.press("Enter");
  await it.sees("Your enrollments");
  await wait("the authenticator to be enrolled", async () => /Remove/.test(await it.dialog.innerText()));
  await it.state("80-enrolled");

  // As before, for the stories that come later.
  await it.press(/^Remove/);
  const sure = it.page.getByRole("alertdialog");
  await wait("the proof, or a question before it", async () => (await sure.count()) || /Prove that it is you/.test(await it.dialog.innerText()));
  if (await sure.count()) await sure.getByRole("button").last().click();
  await it.sees("Prove that it is you");
  await it.leave();
});
