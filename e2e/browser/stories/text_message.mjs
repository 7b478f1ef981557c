import assert from "node:assert/strict";
import { address, story } from "../playground.mjs";

// post sends a form to the demo's gateway, as a client of Twilio does.
async function post(account, token, fields) {
  const answer = await fetch(`${address}/2010-04-01/Accounts/${account}/Messages.json`, {
    method: "POST",
    headers: { Authorization: `Basic ${Buffer.from(`${account}:${token}`).toString("base64")}` },
    body: new URLSearchParams(fields),
  });
  return [answer.status, await answer.json()];
}

story("a text message that the gateway takes comes to the caller's phone", async (it) => {
  await it.be("Dana Reyes");
  await it.calledBy("Mei Lin");
  await it.caller.getByText("Codes by text message come here").waitFor();
  await it.caller.getByText("Send one yourself").click();
  await it.state("42-no-messages");

  const told = await it.caller.locator("#gateway").innerText();
  const [, account, token] = told.match(/-u (\w+):(\S+)/);
  const [, To] = told.match(/To=(\S+)/);
  const [, From] = told.match(/From=(\S+)/);
  assert.ok(told.includes(`${address}/2010-04-01/Accounts/${account}/Messages.json`), told);
  assert.deepEqual((await post(account, "wrong", { To, From, Body: "no" }))[1].code, 20003);
  assert.deepEqual((await post(account, token, { To: "555", From, Body: "no" }))[1].code, 21211);
  const [status, message] = await post(account, token, { To, From, Body: "012 345 is your code for the helpdesk." });
  assert.equal(status, 201, JSON.stringify(message));
  const list = it.caller.getByRole("list", { name: "Text messages" });
  await list.getByText("012 345 is your code for the helpdesk.").waitFor();
  assert.equal(await list.getByRole("listitem").count(), 1, "what was refused has come, too");
  await it.state("43-text-message");

  await it.calledBy("Tom Berg");
  assert.equal(await list.getByText("012 345").count(), 0, "Tom's phone shows Mei's message");
});
