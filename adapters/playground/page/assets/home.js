// The App Home: what the bot has published for this person, and the tabs that
// lead from it to the messages and back.
import { blocks } from "./blocks.js";
import { byId, fill, h, say } from "./dom.js";
import { post } from "./link.js";
import { get } from "./store.js";
import { go, place, state } from "./state.js";

let drawn = null; // { part, id, person, node, typed, trouble }
let trouble = ""; // what went wrong at the last press

const tabs = [["home", "Home"], ["messages", "Messages"]];

// openTab shows a tab of the app; the bot is told, as Slack tells it.
export async function openTab(tab) {
  go({ place: tab === "home" ? "home" : "" });
  return post("home", { person: state.person, tab });
}

// drawTabs shows the tabs of the app, or nothing in a channel.
export function drawTabs(app, tell) {
  const bar = byId("tabs");
  bar.hidden = !app;
  const body = byId("room-body");
  body.setAttribute("role", app ? "tabpanel" : "group");
  const here = place() === "home" ? "home" : "messages";
  body.setAttribute("aria-labelledby", app ? `tab-${here}` : "slack-title");
  if (!app) return;
  const focused = bar.contains(document.activeElement);
  fill(bar, tabs.map(([id, name]) => h("button", {
    type: "button", role: "tab", id: `tab-${id}`, "aria-controls": "room-body", "aria-selected": String(id === here), tabindex: id === here ? "0" : "-1",
    onclick: () => to(id, tell), onkeydown: (event) => keys(event, id, tell),
  }, name)));
  if (focused) byId(`tab-${here}`).focus();
}

async function to(tab, tell) {
  const wrong = await openTab(tab);
  if (wrong) tell(wrong);
}

function keys(event, at, tell) {
  const other = tabs.find(([id]) => id !== at)[0];
  const next = { ArrowLeft: other, ArrowRight: other, Home: "home", End: "messages" }[event.key];
  if (!next) return;
  event.preventDefault();
  byId(`tab-${next}`).focus();
  to(next, tell);
}

// drawHome draws the Home tab anew only when it has changed, so that the focus
// and what was typed stay.
export function drawHome(body) {
  const part = get("home");
  if (!part) {
    drawn = null;
    fill(body, h("div", { class: "empty" }, h("p", {}, h("strong", {}, "No Home tab yet.")), h("p", {}, "Latchkey has published nothing here for you.")));
    return;
  }
  const mine = drawn?.person === state.person && drawn.id === part.id;
  if (!mine) trouble = "";
  if (mine && drawn.part === part && drawn.trouble === trouble && body.contains(drawn.node)) return;
  const typed = mine ? drawn.typed : new Map();
  for (const block of typed.keys()) if (!part.blocks.some((b) => b.block_id === block)) typed.delete(block);
  const send = async (verb, more) => {
    const who = state.person;
    const wrong = await post(verb, { person: who, view: part.id, values: [...typed.values()], ...more });
    if (wrong === trouble || who !== state.person) return;
    trouble = wrong;
    if (place() === "home") drawHome(body);
    else if (wrong) say(wrong);
  };
  const at = {
    typed, entered: (block, action) => part.entered[block]?.[action], faults: {},
    press: (block, action) => send("press", { block, action }),
    pick: (block, action, option) => send("pick", { block, action, option }),
  };
  const focus = document.activeElement?.closest?.("#room-body [data-focus]")?.dataset.focus;
  const changed = mine && JSON.stringify(drawn.part.blocks) !== JSON.stringify(part.blocks);
  const node = h("div", { class: "home" }, trouble && h("p", { class: "trouble", role: "alert" }, trouble), blocks(part.blocks, at));
  fill(body, node);
  if (!mine) body.scrollTop = 0;
  drawn = { part, id: part.id, person: state.person, node, typed, trouble };
  const same = focus && body.querySelector(`[data-focus="${CSS.escape(focus)}"]`);
  if (same) same.focus();
  else if (focus) body.focus();
  if (changed) say("The Home tab has changed.");
}
