// The line to the program: one stream in, small requests out.
import { byId, h, fill } from "./dom.js";
import { get, take } from "./store.js";

const run = document.querySelector("meta[name=run]").content;
let source;
let over = false;

// follow opens the stream of a person with a caller on the phone, each in a
// chat, instead of the one before.
export function follow(person, caller, chat, ownchat) {
  if (over) return;
  source?.close();
  let first = true;
  const mine = new EventSource(`/play/stream?${new URLSearchParams({ run, person, caller, chat, ownchat })}`);
  source = mine;
  mine.addEventListener("parts", (event) => {
    mend();
    take(JSON.parse(event.data), first);
    first = false;
  });
  mine.addEventListener("stale", (event) => end(JSON.parse(event.data)));
  mine.addEventListener("error", () => {
    first = true; // what comes after a break is the whole again
    if (!over && mine === source) trouble("The demo does not answer. If it was stopped, start it again; this page then says how to go on.");
  });
}

function trouble(sentence) {
  if (byId("gone").textContent !== sentence) fill(byId("gone"), sentence);
  byId("gone").hidden = false;
}

function mend() {
  if (!over) byId("gone").hidden = true;
}

// end is for a tab that outlived its program: nothing in it works any more.
function end(sentence) {
  over = true;
  source?.close();
  fill(byId("gone"), sentence, " ", h("button", { type: "button", class: "button", onclick: () => location.reload() }, "Load again"));
  byId("gone").hidden = false;
  for (const pane of document.querySelectorAll("main > *")) {
    pane.inert = true;
    pane.hidden = !get("world"); // nothing was drawn in it yet
  }
  byId("people").disabled = true;
  byId("people").hidden = !get("world");
}

// post asks for one thing. It gives "" or a sentence that says what went wrong.
export async function post(verb, body) {
  try {
    const answer = await fetch(`/play/${verb}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Latchkey-Run": run },
      body: JSON.stringify(body),
    });
    const said = await answer.json().catch(() => ({ error: `The playground answered ${answer.status}.` }));
    if (answer.status === 409) end(said.error);
    return said.error || "";
  } catch {
    return "The demo does not answer. It may have been stopped.";
  }
}
